"""評価のきまりを改める: its screen, from what is typed to what is kept."""

import pytest

from kpis.models import KpiRatingRules
from kpis.recording import close_fiscal_year
from projects.models import RatingRules, Strategy
from reports.models import PlanChange
from tests.factories import make_kpi, make_project, make_strategy, record
from tests.page_text import said
from tests.rule_forms import bands, posted_by, shown_rules, steps, without

AT = "/plans/mihon/changes/rules/"
THREE = bands(("Ｓ", "目標達成", "１００"), ("", "", ""), ("A", "順調", "87.5%"), ("B", "遅れ"))
ARROWS = bands(("↗",), ("→",), ("↘", "", "", "on"))
SINCE_LAST = steps(
    ("previous", "better", "3", "percent", "1"),
    ("previous", "similar", "3%", "percent", "2"),
    otherwise=3,
)


@pytest.fixture
def plan(kikaku):
    """100 by 2028, on pace in 2024 and 2025; both are closed."""
    strategy = make_strategy()
    kpi = make_kpi(make_project(strategy), target=100, aggregation="cumulative")
    record(kpi, {2024: 20, 2025: 18}, kikaku)
    for year in (2024, 2025):
        close_fiscal_year(strategy, year, user=kikaku)
    return strategy


def typed(planner, *tables, **fields):
    """The form as it is offered, with what somebody types into it."""
    data = shown_rules(planner, AT) | {"reason": "改定"}
    for table in tables:
        data = without(data, next(iter(table)).split("-")[0]) | table
    return data | fields


def confirmed(planner, data):
    """Look over what was typed and confirm it; the page of the look over."""
    page = planner.post(AT, data)
    assert page.status_code == 200, said(page)
    done = planner.post(AT, {"confirmed": page.context["signed"]})
    assert (done.status_code, done.url) == (302, "/plans/mihon/changes/")
    return said(page)


def refused(planner, data):
    page = planner.post(AT, data)
    assert page.status_code == 422
    assert not RatingRules.objects.exists()
    return page


def test_form_shows_what_holds_and_says_it(planner, plan):
    page = planner.get(AT)
    form = page.context["form"]
    shown = posted_by(form)

    assert [value for value, _label in form.fields["effective_from"].choices] == [2026, 2027, 2028]
    assert [shown[f"bands-1-{one}"] for one in ("symbol", "label", "lower")] == [
        "B", "概ね順調", "80",
    ]  # fmt: skip
    assert "bands-1-late" not in shown
    assert shown["bands-2-late"] == "on"
    assert (shown["rating_method"], shown["average_floor"]) == ("rate", "0")
    assert (
        "指標は進捗率で評価します。100%以上は「A 順調」、80%以上は「B 概ね順調」、"
        "60%以上は「C やや遅れ」、それより低ければ「D 遅れ」。"
        "遅れとみなすのは「C やや遅れ」「D 遅れ」です。"
    ) in said(page)


def test_bands_are_typed_into_rows(planner, plan):
    looked_over = confirmed(planner, typed(planner, THREE, average_cap="１２０％"))

    assert (
        "100%以上は「S 目標達成」、87.5%以上は「A 順調」、それより低ければ「B 遅れ」。"
        in looked_over
    )
    row = RatingRules.objects.get()
    assert row.bands == [
        {"symbol": "S", "label": "目標達成", "lower": "100", "is_late": False},
        {"symbol": "A", "label": "順調", "lower": "87.5", "is_late": False},
        {"symbol": "B", "label": "遅れ", "lower": None, "is_late": False},
    ]
    assert (row.effective_from, row.average_cap, row.reason) == (2026, 120, "改定")
    assert Strategy.objects.get().bands == plan.bands
    assert PlanChange.objects.get().subject == "令和8年度から"


def test_ticks_that_say_what_the_places_say_are_not_kept(planner, plan):
    tables = bands(("○", "良い", "50"), ("×", "悪い", "", "on"))

    confirmed(planner, typed(planner, tables))

    assert RatingRules.objects.get().bands == [
        {"symbol": "○", "label": "良い", "lower": "50"},
        {"symbol": "×", "label": "悪い", "lower": None},
    ]


def test_conditions_name_the_rows_of_their_bands(planner, plan):
    spaced = bands(("↗",), ("",), ("→",), ("↘", "", "", "on"))
    conditions = steps(
        ("previous", "better", "3", "percent", "1"),
        ("", "", "", "percent", ""),
        ("previous", "similar", "3ポイント", "points", "3"),
        otherwise=4,
    )
    looked_over = confirmed(
        planner,
        typed(planner, spaced, conditions, rating_method="position", project_method="none"),
    )

    row = RatingRules.objects.get()
    assert (row.rating_method, row.project_method) == ("position", "none")
    assert [(one["place"], one["tolerance"], one["width"]) for one in row.rating_steps] == [
        (1, "3", "percent"), (2, "3", "points"), (3, None, "percent"),
    ]  # fmt: skip
    assert (
        "前の値より良い（幅3%）なら「↗」、前の値と同程度（幅3ポイント）なら「→」、"
        "どれでもなければ「↘」。"
    ) in looked_over


def test_people_may_be_held_against_a_rate_or_against_nothing(planner, plan):
    letters = bands(("S", "期待を超える"), ("A", "期待どおり"), ("B", "不足", "", "on"))
    by_people = {"rating_method": "people", "project_method": "people", "effective_from": "2027"}
    confirmed(planner, typed(planner, letters, compared_with="none", **by_people))
    bounded = bands(("S", "超える", "120"), ("A", "どおり", "100"), ("B", "不足", "", "on"))
    by_people["effective_from"] = "2026"
    confirmed(planner, typed(planner, bounded, compared_with="rate", **by_people))

    first, second = RatingRules.objects.order_by("effective_from")
    assert [one["lower"] for one in first.bands] == ["120", "100", None]
    assert [one["lower"] for one in second.bands] == [None, None, None]


def test_projects_experts_means_and_decimals_are_set(planner, plan):
    own = bands(("◎", "", "90"), ("△", "", "", "on"), name="project_bands")
    experts = bands(("", "有効"), ("", "有効でない", "", "on"), name="external_bands")
    looked_over = confirmed(
        planner,
        typed(
            planner, own, experts, experts="rate", average_cap="", average_floor="-50",
            rate_decimals="2", rate_rounding="cut",
        ),
    )  # fmt: skip

    row = RatingRules.objects.get()
    assert [one["symbol"] for one in row.project_bands] == ["◎", "△"]
    assert [one["label"] for one in row.external_bands] == ["有効", "有効でない"]
    assert (row.average_cap, row.average_floor) == (None, -50)
    assert (row.rate_decimals, row.rate_rounding) == (2, "cut")
    assert "外部有識者はプロジェクトを「有効」「有効でない」で評価します。" in looked_over
    assert "平均では、-50%を下回る率は-50%として数えます。上限はありません。" in looked_over
    assert "率は小数第2位まで示し、端数は切り捨てにします。" in looked_over


def test_nothing_is_rated_without_a_method_and_bands_wait(planner, plan):
    broken = bands(("", "", "たくさん"))

    confirmed(planner, typed(planner, broken, rating_method="none", project_method="none"))

    row = RatingRules.objects.get()
    assert (row.rating_method, row.bands) == ("none", plan.bands)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (bands(("A", "順調", "100")), "評価区分は2つから12個までにしてください。"),
        (bands(("A", "順調", "100"), ("B", "遅れ", "50")), "下限のない評価区分は、いちばん下の"),
        (
            bands(("A", "順調", "80"), ("B", "普通", "90"), ("C", "遅れ")),
            "良い区分から順に小さくしてください。",
        ),
        (bands(("A", "順調", "たくさん"), ("B", "遅れ")), "1行目の下限：「たくさん」"),
        (bands(("A", "順調", "100"), ("", "", "50"), ("B", "遅れ")), "2行目：記号か名称を書いて"),
        (bands(("A", "順調", "100"), ("A", "遅れ")), "評価区分の記号が重なっています。"),
        (bands(("",)), "評価区分を書いてください。"),
        (bands(*[(str(n), "", str(200 - n)) for n in range(12)], ("下",)), "12個までに"),
    ],
)
def test_bands_that_make_no_scale_are_refused(planner, plan, table, sentence):
    data = typed(planner, table, average_cap="百")

    page = refused(planner, data)

    assert sentence in " ".join(page.context["form"].errors["bands"])
    again = posted_by(page.context["form"])
    assert {key: again[key] for key in table} == table
    assert again["average_cap"] == "百"


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (steps(otherwise=3), "条件の行がひとつと「その他」の行が要ります。"),
        (steps(("", "better", "", "percent", "1"), otherwise=3), "1行目：比べる相手を選んで"),
        (steps(("final", "", "", "percent", "1"), otherwise=3), "1行目：相手との関係を選んで"),
        (steps(("final", "better", "広く", "unit", "1"), otherwise=3), "1行目：幅：「広く」"),
        (steps(("final", "better", "-1", "unit", "1"), otherwise=3), "1行目：幅は0以上の数に"),
        (steps(("final", "better", "", "unit", "9"), otherwise=3), "記号か名称を書いた行から"),
        (steps(("final", "better", "", "days", "1"), otherwise=3), "幅の数え方を選んで"),
        (steps(("final", "better", "", "unit", "1"), otherwise=""), "「その他」の評価区分を"),
        (steps(("final", "better", "", "unit", "1"), otherwise=3), "上から2番目の評価区分になる"),
    ],
)
def test_conditions_that_decide_nothing_are_refused(planner, plan, table, sentence):
    method = {"rating_method": "position", "project_method": "none"}

    page = refused(planner, typed(planner, ARROWS, table, **method))

    assert sentence in " ".join(page.context["form"].errors["rating_steps"])


def test_mean_of_projects_needs_bounds_where_kpis_have_none(planner, plan):
    page = refused(planner, typed(planner, ARROWS, SINCE_LAST, rating_method="position"))

    assert "プロジェクトの評価区分に下限を書いてください。" in said(page)
    assert page.context["form"].errors["project_bands"]


def test_closed_year_is_not_offered_for_other_rules(planner, plan):
    page = refused(planner, typed(planner, THREE, effective_from="2025"))

    assert "締めていない年度から選んでください。" in said(page)


def test_example_is_put_into_the_form_and_what_was_typed_stays(planner, plan):
    page = planner.post(AT, typed(planner, average_cap="150") | {"start": "previous"})

    shown = posted_by(page.context["form"])
    assert (page.status_code, shown["average_cap"], shown["reason"]) == (200, "150", "改定")
    assert (shown["rating_method"], shown["project_method"]) == ("position", "none")
    assert (shown["bands-0-symbol"], shown["otherwise"]) == ("↗", "3")
    assert not PlanChange.objects.exists()
    confirmed(planner, shown)
    assert RatingRules.objects.get().rating_steps[0]["against"] == "previous"


@pytest.mark.parametrize(
    "start", ["progress", "achievement", "target", "previous", "baseline", "people", "none"]
)
def test_every_example_is_a_rule_that_can_hold(planner, plan, start):
    page = planner.post(AT, typed(planner, average_cap="150") | {"start": start})

    confirmed(planner, posted_by(page.context["form"]))


def test_row_comes_in_between_and_conditions_follow_their_bands(planner, plan):
    data = typed(planner, ARROWS, SINCE_LAST, rating_method="position")

    shown = posted_by(planner.post(AT, data | {"rows": "bands:1"}).context["form"])

    assert [shown[f"bands-{n}-symbol"] for n in range(4)] == ["↗", "", "→", "↘"]
    places = [shown[f"rating_steps-{n}-place"] for n in range(2)]
    assert (places, shown["otherwise"]) == (["1", "3"], "4")
    longer = planner.post(AT, shown | {"rows": "rating_steps:end"}).context["form"]
    assert "rating_steps-4-against" in posted_by(longer)


KPI = "/plans/mihon/changes/rules/P1-1/"


def test_one_kpi_gets_its_own_rules_and_the_plans_again(planner, plan):
    assert f'href="{KPI}"' in planner.get(AT).content.decode()
    assert f'href="{KPI}"' in planner.get("/plans/mihon/kpis/P1-1/").content.decode()
    page = planner.post(KPI, shown_rules(planner, KPI) | {"start": "previous"})
    data = posted_by(page.context["form"])
    assert data["own"] == "own"

    looked_over = planner.post(KPI, data | {"reason": "性質が違うため"})
    assert "どれでもなければ「↘ 下向き」。" in said(looked_over)
    done = planner.post(KPI, {"confirmed": looked_over.context["signed"]})

    assert (done.status_code, done.url) == (302, "/plans/mihon/kpis/P1-1/")
    row = KpiRatingRules.objects.get()
    assert (row.effective_from, row.rating_method) == (2026, "position")
    assert PlanChange.objects.get().subject == "P1-1「指標1」（令和8年度から）"
    assert "令和8年度から、この指標だけのきまりで評価します。理由：性質が違うため。" in said(
        planner.get("/plans/mihon/kpis/P1-1/")
    )
    assert "P1-1 指標1 （別のきまりがあります）" in said(planner.get(AT))
    assert "P1-1は、その指標だけのきまりで評価します。この改定では変わりません。" in said(
        planner.post(AT, typed(planner, THREE))
    )
    back = shown_rules(planner, KPI) | {"own": "plan", "reason": "もどす"}
    page = planner.post(KPI, back)
    assert "計画のきまりで評価します。" in said(page)
    planner.post(KPI, {"confirmed": page.context["signed"]})
    assert not KpiRatingRules.objects.exists()


def test_own_rules_need_a_method_and_rows_that_decide(planner, plan):
    data = shown_rules(planner, KPI) | {"own": "own", "reason": "改定"}

    page = planner.post(KPI, data | {"rating_method": ""})
    assert page.context["form"].errors["rating_method"] == ["評価の方法を選んでください。"]
    page = planner.post(KPI, data)
    assert page.status_code == 200, "the plan's own bands, held against the KPI alone"
    page = planner.post(KPI, data | {"rating_method": "position"})
    assert page.status_code == 422
    assert page.context["form"].errors["rating_steps"]


def test_revision_of_a_later_year_is_opened_and_taken_back(planner, plan):
    confirmed(planner, typed(planner, THREE, effective_from="2027"))
    assert 'href="?from=2027"' in planner.get(AT).content.decode()

    later = shown_rules(planner, f"{AT}?from=2027")
    first = shown_rules(planner, AT)

    assert (later["effective_from"], later["bands-0-label"]) == (2027, "目標達成")
    assert (first["effective_from"], first["bands-0-label"]) == (2026, "順調")
    confirmed(planner, first | {"effective_from": "2027", "reason": "取りやめ"})
    assert not RatingRules.objects.exists()


def test_screens_of_rules_are_the_planners(client, plan, kanri):
    client.force_login(kanri)

    assert [client.get(at).status_code for at in (AT, KPI)] == [403, 403]
    assert "changes/rules/" not in client.get("/plans/mihon/kpis/P1-1/").content.decode()
