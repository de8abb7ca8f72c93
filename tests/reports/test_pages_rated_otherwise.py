"""Pages of plans that rate as other cities do: ten marks, by position, by people, not at all.

P1-1 stands at 42% and 62%, P1-2 at 80% and 64%, P1-3 at 155% in both years, P1-4 at 90% and then
not entered.
"""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpis.models import KpiRatingRules, YearlyActual
from kpis.plan_changes.rating_rules import revise_rating_rules
from projects.bands import bands_to_data
from projects.models import ProjectReview
from tests.factories import make_kpi, make_project, make_strategy, record
from tests.page_text import main_of, said, table_row, text_of
from tests.rated_otherwise import OF_PEOPLE, TEN_MARKS, rate_otherwise

HEADLINES = {
    "ten marks": (
        "4指標のうち、1指標が「目標を大きく上回る」、2指標が「遅れ」です。"
        "まだ入力されていない指標が1件あります。"
    ),
    "by position": (
        "4指標のうち、1指標が「↗」、1指標が「→」、1指標が「↘」です。「↘」は「指標2」です。"
        "まだ入力されていない指標が1件あります。"
    ),
    "by people": (
        "4指標のうち、1指標が「期待を超える」、1指標が「やや不足」です。"
        "評価のない指標が2件あり、うち1件は未入力、1件は評価未定です。"
    ),
    "not at all": (
        "4指標の平均は、進捗率75.3%（3指標）、達成率75.3%（3指標）です。"
        "まだ入力されていない指標が1件あります。"
    ),
}
OTHERWISE = pytest.mark.parametrize("how", HEADLINES)
PAGES = [
    "?fy=2025",
    "?fy=2025&view=meeting",
    "projects/?fy=2025",
    "projects/P1/?fy=2025",
    "kpis/?fy=2025",
    "kpis/P1-1/?fy=2025",
    "kpis/P1-4/?fy=2025",
    "reports/2025/",
    "entry/2025/",
]


@pytest.fixture
def plan(kikaku):
    project = make_project(make_strategy(), purpose="働く場を増やす")
    for number, target, values in (
        (1, 50, {2024: 21, 2025: 31}),
        (2, 50, {2024: 40, 2025: 32}),
        (3, 20, {2024: 31, 2025: 31}),
        (4, 10, {2024: 9}),
    ):
        record(make_kpi(project, number, target=target), values, kikaku)
    return project.strategy


def rated(plan, how):
    """The plan, rated so; where people rate, with bounds, and with what they said of 2025."""
    rate_otherwise(plan, how)
    if how == "by people":
        bounds = zip(OF_PEOPLE, (100, 90, 80, None), strict=True)
        plan.bands = bands_to_data(
            [replace(band, lower=lower and Decimal(lower)) for band, lower in bounds]
        )
        plan.save()
        of_2025 = YearlyActual.objects.filter(fiscal_year=2025)
        of_2025.filter(kpi__number=1).update(
            proposed_place=2, proposal_reason="窓口が混んだため。",
            decided_place=3, decision_reason="水準で判断した。",
        )  # fmt: skip
        of_2025.filter(kpi__number=2).update(proposed_place=4)
        of_2025.filter(kpi__number=3).update(decided_place=1)
        ProjectReview.objects.create(
            project=plan.projects.get(), fiscal_year=2025, rating_place=2, external_place=1,
            rating_reason="新しい取組が始まったため。", updated_at=timezone.now(),
        )  # fmt: skip
    return plan


def own_scale(number, *bands):
    kpi = YearlyActual.objects.filter(kpi__number=number).first().kpi
    return KpiRatingRules.objects.create(kpi=kpi, effective_from=2024, bands=bands_to_data(bands))


def chips(markup):
    """The classes and the words of each chip."""
    found = re.findall(r'<span class="chip ([^"]*)">(?:<svg.*?</svg>)?([^<]*)</span>', markup)
    return [(look, word) for look, word in found]


def without_term(text):
    """A text without the field's own word for KPIs, which holds 評価."""
    return text.replace("重要業績評価指標", "")


def column(page, head):
    """The cells of a column of the first table, by row."""
    return {name: table_row(page, name).get(head) for name in ("P1-1", "P1-2", "P1-3", "P1-4")}


@OTHERWISE
def test_headline_quotes_marks_or_says_the_means(planner, plan, how):
    rated(plan, how)

    for page in ("?fy=2025", "?fy=2025&view=meeting", "projects/P1/?fy=2025"):
        assert HEADLINES[how] in said(planner.get(f"/plans/mihon/{page}"))


@pytest.mark.parametrize(
    ("how", "marks"),
    [
        ("ten marks", ["遅れ", "遅れ", "目標を大きく上回る", "未入力"]),
        ("by position", ["↗", "↘", "→", "未入力"]),
        (
            "by people",
            [
                "B やや不足 計算では「C 不足」",
                "評価未定 計算では「C 不足」",
                "S 期待を超える",
                "未入力",
            ],
        ),
    ],
)
def test_kpis_have_the_marks_of_their_plan(planner, plan, how, marks):
    rated(plan, how)

    found = column(planner.get("/plans/mihon/kpis/?fy=2025"), "評価")

    assert list(found.values()) == marks


@pytest.mark.parametrize(
    ("how", "of_kpis", "of_project"),
    [
        ("ten marks", ["やや順調 80.00%", "遅れ 64.00%"], ["やや遅れ 78.00%", "やや遅れ 75.33%"]),
        ("by position", ["算出不可", "↘ 64.0%"], ["78.0%", "75.3%"]),
        ("by people", ["評価未定", "評価未定"], ["評価未定", "A期待どおり 75.3%"]),
        ("not at all", ["80.0%", "64.0%"], ["78.0%", "75.3%"]),
    ],
)
def test_years_stand_beside_each_other(planner, plan, how, of_kpis, of_project):
    rated(plan, how)
    page = planner.get("/plans/mihon/?fy=2025")

    kpi, project = table_row(page, "P1-2"), table_row(page, "P1 ")
    assert [kpi[year] for year in ("令和6", "令和7")] == of_kpis
    assert [project[year].replace(" 期", "期") for year in ("令和6", "令和7")] == of_project


def test_ten_marks_are_counted_and_graded_without_noughts(planner, plan):
    rated(plan, "ten marks")
    page = main_of(planner.get("/plans/mihon/?fy=2025"))
    tally = re.search(r'<ul class="tally">.*?</ul>', page, re.DOTALL)[0]

    assert chips(tally) == [
        ("chip--1", "目標を大きく上回る"), ("chip--3 late-4", "遅れ"), ("chip--0", "評価なし"),
    ]  # fmt: skip
    assert re.findall(r"<b>(\d+)</b>", tally) == ["1", "2", "1"]
    assert "ほかの8区分は0" in tally
    assert re.findall(r'<rect class="(tone[^"]*)"', page) == ["tone-1", "tone-3 late-4", "tone-0"]


def test_marks_that_moved_stand_with_rates_where_these_say_it(planner, plan):
    rated(plan, "ten marks")
    page = said(planner.get("/plans/mihon/?fy=2025"))

    assert "大幅な遅れ 42.00% → 遅れ 62.00%" in page
    assert "やや順調 80.00% → 遅れ 64.00%" in page


def test_marks_of_people_that_moved_stand_alone(planner, plan):
    rated(plan, "by people")
    YearlyActual.objects.filter(kpi__number=1, fiscal_year=2024).update(decided_place=4)

    assert "「C」から「B」へ" in said(planner.get("/plans/mihon/?fy=2025"))


def test_what_is_behind_is_what_is_ticked(planner, plan):
    bands = [replace(band, is_late=band.label == "未着手に近い") for band in TEN_MARKS]
    rated(plan, "ten marks")
    plan.bands = bands_to_data(bands)
    plan.save()

    assert "令和7年度に遅れている指標はありません。" in said(planner.get("/plans/mihon/?fy=2025"))


def test_proposal_decision_and_computed_rating_stand_on_the_kpis_page(planner, plan):
    rated(plan, "by people")
    decided = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2025"))
    undecided = said(planner.get("/plans/mihon/kpis/P1-2/?fy=2025"))
    missing = said(planner.get("/plans/mihon/kpis/P1-4/?fy=2025"))

    assert (
        "所管課の案 A 期待どおり 窓口が混んだため。 企画担当の決定 B やや不足 水準で判断した。"
        " 計算による評価 C 不足 決まった評価と違います。"
    ) in decided
    assert "企画担当の決定 まだ決まっていません 計算による評価 C 不足" in undecided
    assert "決まった評価と違います" not in undecided
    assert "評価の決め方" not in missing


def test_rating_that_means_late_asks_for_an_analysis(planner, plan):
    rated(plan, "by position")

    assert "遅れているため、要因分析" in said(planner.get("/plans/mihon/kpis/P1-2/?fy=2025"))
    assert "遅れているため" not in said(planner.get("/plans/mihon/kpis/P1-1/?fy=2025"))
    entry = said(planner.get("/plans/mihon/entry/2025/"))
    assert entry.count("要因分析が要ります") == 1


def test_projects_show_people_experts_and_what_is_computed(planner, plan):
    rated(plan, "by people")
    project = said(planner.get("/plans/mihon/projects/P1/?fy=2025"))
    projects = said(planner.get("/plans/mihon/projects/?fy=2025"))
    row = table_row(planner.get("/plans/mihon/?fy=2025"), "P1 ")
    wall = table_row(planner.get("/plans/mihon/?fy=2025&view=meeting"), "P1 ")
    report = said(planner.get("/plans/mihon/reports/2025/"))

    both = "A 期待どおり 計算では「C 不足」"
    assert f"総括 令和7年度 評価 {both} 新しい取組が始まったため。" in project
    assert "外部有識者の意見 令和7年度 評価 有効" in project
    assert f"{both} 外部有識者 有効 率は4指標中3指標の平均" in projects
    assert (row["評価"], row["外部有識者"]) == (wall["評価"], wall["外部有識者"]) == (both, "有効")
    assert f"{both} 外部有識者 有効" in report
    assert "評価の理由： 新しい取組が始まったため。" in report


def test_project_that_nobody_rated_is_undecided(planner, plan):
    rated(plan, "by people")
    ProjectReview.objects.all().delete()

    row = table_row(planner.get("/plans/mihon/?fy=2025"), "P1 ")
    assert row["評価"] == "評価未定 計算では「C 不足」"
    assert row["外部有識者"] == "評価未定"


@pytest.mark.parametrize(
    ("how", "legend"),
    [
        ("ten marks", "評価（進捗率による）：目標を大きく上回る 150%以上、目標を上回る 120%以上、"),
        (
            "by position",
            "：前の値より良い（幅3%）なら「↗」、前の値と同程度（幅3%）なら「→」、その他は「↘」。平均は",
        ),
        (
            "by people",
            "B やや不足、C 不足。計算による評価（進捗率による）：S 期待を超える 100%以上、A 期待",
        ),
    ],
)
def test_foot_says_by_what_is_rated(planner, plan, how, legend):
    rated(plan, how)

    for page in ("?fy=2025", "projects/P1/?fy=2025", "reports/2025/", "entry/2025/"):
        assert legend in text_of(planner.get(f"/plans/mihon/{page}"))


def test_plan_without_ratings_shows_no_trace_of_them(manager, plan):
    rated(plan, "not at all")

    for page in PAGES:
        html = without_term(text_of(manager.get(f"/plans/mihon/{page}", follow=True)))
        for word in ("評価", "遅れて", "前年度からの動き", "heat--1", "tone-", "chip--1", "tally"):
            assert word not in html, (page, word)


def test_plan_without_ratings_still_says_what_is_missing(manager, plan):
    rated(plan, "not at all")
    dashboard = said(manager.get("/plans/mihon/?fy=2025"))
    kpis = column(manager.get("/plans/mihon/kpis/?fy=2025"), "状態")
    project = manager.get("/plans/mihon/projects/P1/?fy=2025")

    assert "率のない指標 未入力 P1-4 指標4 所管課 未設定" in dashboard
    assert kpis == {"P1-1": "", "P1-2": "", "P1-3": "", "P1-4": "未入力"}
    assert "P1-4 未入力" in said(project)
    assert "目安 100%" in text_of(project)
    assert "未入力" in said(manager.get("/plans/mihon/kpis/P1-4/?fy=2025"))


def test_column_without_anything_in_it_is_left_out(manager, plan, kikaku):
    rated(plan, "not at all")
    record(plan.projects.get().kpis.get(number=4), {2025: 10}, kikaku)

    assert "状態" not in said(manager.get("/plans/mihon/kpis/?fy=2025"))


def test_kpi_with_a_scale_of_its_own_looks_and_counts_by_it(planner, plan):
    own_scale(1, *(replace(mark, lower=lower) for mark, lower in zip(
        (OF_PEOPLE[0], OF_PEOPLE[3]), (Decimal("61.96"), None), strict=True)))  # fmt: skip
    dashboard = planner.get("/plans/mihon/?fy=2025")
    kpi = planner.get("/plans/mihon/kpis/P1-1/?fy=2025")

    assert (
        "4指標のうち、1指標が「順調」、1指標が「やや遅れ」、1指標が「期待を超える」です。"
        in said(dashboard)
    )
    assert table_row(dashboard, "P1-1")["令和7"] == "S 62.0%"
    assert ("chip--1", "S 期待を超える") in chips(main_of(kpi))
    assert "評価（進捗率による）：S 期待を超える 61.96%以上、C 不足 それ未満。" in text_of(kpi)
    assert "P1-1は別のきまりで評価し、そのきまりは指標のページに示します。" in text_of(dashboard)


def test_years_before_a_plan_stopped_rating_keep_their_marks(planner, plan, kikaku):
    terms = {"rating_method": "none", "project_method": "none"}
    revise_rating_rules(plan, effective_from=2025, user=kikaku, reason="やめる", **terms)
    page = planner.get("/plans/mihon/?fy=2025")

    assert [table_row(page, "P1-2")[year] for year in ("令和6", "令和7")] == ["B 80.0%", "64.0%"]
    assert [table_row(page, "P1 ")[year] for year in ("令和6", "令和7")] == [
        "C やや遅れ 78.0%", "75.3%",
    ]  # fmt: skip
    assert "評価" not in table_row(page, "P1 ")


@pytest.mark.parametrize(
    ("cap", "floor", "legend", "note"),
    [
        ("100", "0", "平均は各指標を100%までで数えます。", "各指標を100%までとした平均"),
        (None, "0", "平均は各指標を上限なしで数えます。", "各指標を平均"),
        (
            "120",
            "50",
            "平均は各指標を50%から120%までで数えます。",
            "各指標を50%から120%までとした平均",
        ),
        ("100", None, "平均は各指標を100%まで、下限なしで数えます。", "各指標を100%までとした平均"),
        (None, None, "平均は各指標を上限も下限もなしで数えます。", "各指標を平均"),
        (
            None,
            "50",
            "平均は各指標を下限50%、上限なしで数えます。",
            "各指標を下限を50%とした平均",
        ),
    ],
)
def test_means_say_both_limits(planner, plan, cap, floor, legend, note):
    plan.average_cap, plan.average_floor = cap and Decimal(cap), floor and Decimal(floor)
    plan.save()
    page = planner.get("/plans/mihon/?fy=2025")

    assert legend in text_of(page)
    assert note in said(page)


def test_changes_of_rates_have_the_plans_decimals(planner, plan):
    plan.rate_decimals = 2
    plan.save()

    assert "前年度 42.00%（20.00ポイント増）" in said(
        planner.get("/plans/mihon/kpis/P1-1/?fy=2025")
    )
    assert "前年度 78.00%（4指標の平均）" in said(planner.get("/plans/mihon/?fy=2025"))


@OTHERWISE
def test_lists_of_the_admin_rate_as_the_plan_does(planner, plan, how):
    rated(plan, how)
    kpis = without_term(said(planner.get("/admin/kpis/kpi/?fy=2025")))
    projects = said(planner.get("/admin/projects/project/?fy=2025"))

    of_kpi = {
        "ten marks": "遅れ", "by position": "↗", "by people": "B やや不足（計算ではC）",
    }.get(how)  # fmt: skip
    of_project = {"ten marks": "やや遅れ", "by people": "A 期待どおり（計算ではC）"}.get(how)
    assert ("評価" in kpis) == (of_kpi is not None)
    assert of_kpi is None or of_kpi in kpis
    assert ("評価" in projects) == (of_project is not None)
    assert of_project is None or of_project in projects


@pytest.mark.parametrize(
    ("how", "path"),
    [*((how, "?fy=2025") for how in HEADLINES), ("by people", "projects/P1/"),
     ("not at all", "projects/P1/"), ("by people", "kpis/P1-1/")],
)  # fmt: skip
def test_page_asks_no_more_for_other_ratings(planner, plan, how, path):
    with CaptureQueriesContext(connection) as as_ever:
        planner.get(f"/plans/mihon/{path}")
    rated(plan, how)

    with CaptureQueriesContext(connection) as otherwise:
        assert planner.get(f"/plans/mihon/{path}").status_code == 200
    # People's ratings of projects are one query more.
    of_people = how == "by people" and not path.startswith("kpis")
    assert len(otherwise) == len(as_ever) + of_people
