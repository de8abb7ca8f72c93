"""目標を見直す: the screen, from the KPI's page to what stands afterwards."""

from decimal import Decimal

import pytest

from kpis.models import FinalTarget, YearlyTarget
from kpis.recording import close_years_through
from reports.models import PlanChange
from tests.admin_forms import fields_of, messages_of
from tests.change_screens import carry_out, faults_of, look_over
from tests.factories import make_kpi, record
from tests.page_text import said

AT = "/plans/mihon/changes/targets/P1-1/"
ROW = (
    "effective_from", "value", "words", "met_by", "is_strict", "tolerance", "target_year",
    "baseline", "baseline_year", "reason",
)  # fmt: skip


def rows(kpi, *columns):
    return list(kpi.final_targets.values_list(*(columns or ("effective_from", "value"))))


@pytest.fixture
def revised(kpi, strategy, kikaku):
    """P1-1 with 2024 closed."""
    record(kpi, {2024: 20}, kikaku)
    close_years_through(strategy, 2024, user=kikaku)
    return kpi


def test_screen_is_found_from_the_kpis_page_the_list_and_the_changes(planner, kpi):
    for page in (
        "/plans/mihon/kpis/P1-1/",
        "/plans/mihon/changes/targets/",
        f"/admin/kpis/kpi/{kpi.pk}/change/",
    ):
        assert f'href="{AT}"' in planner.get(page).content.decode(), page
    changes = planner.get("/plans/mihon/changes/").content.decode()
    assert 'href="/plans/mihon/changes/targets/"' in changes


def test_form_shows_what_is_in_force_without_idle_decimals(planner, revised):
    shown = fields_of(planner.get(AT).context["form"])

    assert (shown["effective_from"], shown["value"], shown["condition"]) == (2025, "50", "reached")
    assert shown["target_year"] == shown["baseline"] == ""


def test_target_is_revised_from_an_open_year_after_a_look_over(planner, kikaku, revised):
    page = look_over(planner, AT, value="８０件", effective_from="2026", reason="制度の変更")

    assert [
        (year.fiscal_year, one.item, one.before, one.after)
        for year in page.context["years"]
        for one in year.changes
        if one.item.startswith("最終目標")
    ] == [
        (2026, "最終目標の改定", "", "令和8年度から80件（制度の変更）"),
        (2026, "最終目標", "50件", "80件"),
        (2027, "最終目標", "50件", "80件"),
        (2028, "最終目標", "50件", "80件"),
    ]
    assert rows(revised) == [(2024, 50)]

    done = planner.post(AT, {"confirmed": page.context["signed"]})

    assert done["Location"] == "/plans/mihon/kpis/P1-1/"
    assert messages_of(done) == [
        'P1-1の目標を見直しました。<a href="/plans/mihon/changes/1/">新旧対照表を受け取る</a>'
    ]
    assert rows(revised, "effective_from", "value", "reason") == [
        (2024, 50, "計画策定時の目標値"),
        (2026, 80, "制度の変更"),
    ]
    written = FinalTarget.objects.get(effective_from=2026).history.get()
    assert (written.history_user, written.history_change_reason) == (kikaku, "制度の変更")
    change = PlanChange.objects.get()
    assert (change.kind, change.subject) == ("目標の見直し", "P1-1「支援件数」")


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ({"condition": "strict"}, (2025, 50, "", "", True, None, None, None, None, "改定")),
        (
            {"kind": "words", "words": "増加"},
            (2025, None, "増加", "better", False, None, None, None, None, "改定"),
        ),
        (
            {"kind": "words", "words": "現状維持", "met_by": "people"},
            (2025, None, "現状維持", "people", False, None, None, None, None, "改定"),
        ),
        (
            {"kind": "words", "words": "評価の高い取組"},
            (2025, None, "評価の高い取組", "people", False, None, None, None, None, "改定"),
        ),
        ({"kind": "none"}, (2025, None, "", "", False, None, None, None, None, "改定")),
        ({"target_year": "R9"}, (2025, 50, "", "", False, None, 2027, None, None, "改定")),
        (
            {"condition": "kept", "tolerance": "5", "baseline": "50", "baseline_year": "R6"},
            (2025, 50, "", "", False, 5, None, 50, 2024, "改定"),
        ),
        (
            {"condition": "kept", "baseline": "50"},
            (2025, 50, "", "", False, 0, None, 50, None, "改定"),
        ),
    ],
)
def test_row_says_condition_words_year_and_baseline(planner, revised, typed, row):
    carry_out(planner, AT, reason="改定", **typed)

    assert rows(revised, *ROW)[1] == row


def test_first_row_of_an_open_plan_is_corrected_with_the_kpis_own_baseline(planner, kpi):
    carry_out(planner, AT, value="60", baseline="１，２３４件", baseline_year="令和5年度",
              reason="誤り")  # fmt: skip

    kpi.refresh_from_db()
    assert rows(kpi, "effective_from", "value", "baseline") == [(2024, 60, None)]
    assert (kpi.baseline, kpi.baseline_year) == (1234, 2023)
    assert kpi.history.first().history_change_reason == "誤り"


def test_yearly_targets_are_added_changed_and_dropped(planner, revised):
    for year, value in ((2025, 20), (2026, 30)):
        YearlyTarget.objects.create(kpi=revised, fiscal_year=year, value=value)

    carry_out(planner, AT, yearly_2025="", yearly_2026="35", yearly_2027="６０件", value="70",
              reason="改定")  # fmt: skip

    yearly = revised.yearly_targets.values_list("fiscal_year", "value")
    assert list(yearly) == [(2026, 35), (2027, 60)]
    dropped = YearlyTarget.history.filter(history_type="-").get()
    assert (dropped.fiscal_year, dropped.history_change_reason) == (2025, "改定")


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("fields", "spread", "typed", "yearly"),
    [
        # B = 57, T = 70: 2.6 a year from the year before the first on.
        (
            {"baseline": Decimal(57), "decimal_places": 1, "unit": "%", "target": 70},
            "baseline",
            {},
            {2025: "62.2", 2026: "64.8", 2027: "67.4"},
        ),
        ({"target": 50}, "due", {"value": "80"}, {2025: 58, 2026: 65, 2027: 73}),
        (
            {"target": 50, "aggregation": "cumulative"},
            "due",
            {"value": "80", "effective_from": "2026"},
            {2026: 40, 2027: 60},
        ),
        ({"target": 50}, "none", {}, {}),
    ],
)
def test_yearly_targets_are_spread_upon_a_line(
    planner, strategy, project, kikaku, fields, spread, typed, yearly
):
    kpi = make_kpi(project, **fields)
    close_years_through(strategy, 2024, user=kikaku)
    if spread == "none":
        YearlyTarget.objects.create(kpi=kpi, fiscal_year=2026, value=30)

    carry_out(planner, AT, spread=spread, reason="年度目安", **typed)

    found = kpi.yearly_targets.values_list("fiscal_year", "value")
    assert dict(found) == {year: Decimal(value) for year, value in yearly.items()}


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("kpi_fields", "typed", "field", "sentence"),
    [
        ({}, {"value": "0"}, "value", "算式「実績÷目標」では、目標値を0より大きくしてください。"),
        ({}, {"value": "50.5"}, "value", "最終目標値は整数で入力してください。"),
        ({}, {"value": "五十"}, "value", "「五十」を数字として読み取れません。"),
        ({}, {"value": "6⁰件"}, "value", "「6⁰件」の「⁰」は数字ではありません。"),
        ({}, {"value": "60人"}, "value", "「60人」を数字として読み取れません。単位は「件」です。"),
        ({}, {"value": ""}, "value", "最終目標値を入力してください。"),
        ({}, {"kind": "words"}, "words", "ことばの目標を入力してください。"),
        ({}, {"kind": "words", "words": "増" * 41}, "words", "40"),
        ({}, {"reason": ""}, "reason", "計画を変える理由を書いてください。"),
        ({}, {"effective_from": "2024"}, "effective_from", "2024"),
        (
            {"formula": "from_baseline", "baseline": Decimal(40)},
            {"value": "40"},
            "value",
            "目標値を基準値より大きくしてください。",
        ),
        (
            {"formula": "from_baseline", "baseline": Decimal(40)},
            {"baseline": "55"},
            "value",
            "目標値を基準値より大きくしてください。",
        ),
        (
            {"direction": "decrease"},
            {"value": "0", "condition": "strict"},
            "condition",
            "「0未満」は、この算式では達することができません。「0以下」にしてください。",
        ),
        (
            {"direction": "decrease", "formula": "deviation"},
            {"value": "0", "condition": "strict"},
            "value",
            "目標値を0より大きくしてください。",
        ),
        ({}, {"condition": "kept"}, "tolerance", "「維持」には基準値が要ります。"),
        (
            {"baseline": Decimal(48)},
            {"condition": "kept", "tolerance": "2"},
            "value",
            "「維持」の目標値は、基準値（48）と同じにしてください。",
        ),
        (
            {"baseline": Decimal(50)},
            {"condition": "kept", "tolerance": "50"},
            "tolerance",
            "維持の幅は、目標値より小さくしてください。",
        ),
        (
            {"baseline": Decimal(50)},
            {"condition": "kept", "tolerance": "-1"},
            "tolerance",
            "維持の幅は0以上にしてください。",
        ),
        ({"formula": "deviation"}, {"condition": "kept"}, "condition", "選択"),
        ({}, {"target_year": "2029"}, "target_year", "計画期間（令和6年度から令和10年度まで）"),
        (
            {},
            {"effective_from": "2027", "target_year": "2026"},
            "target_year",
            "目標年度は、適用する最初の年度（令和9年度）より前にできません。",
        ),
        (
            {},
            {"target_year": "2026", "yearly_2026": "40"},
            "yearly_2026",
            "目標年度（令和8年度）の目安は最終目標値です。",
        ),
        ({}, {"yearly_2026": "-1"}, "yearly_2026", "目標値を0より大きくしてください。"),
        ({}, {"baseline_year": "2024"}, "baseline", "基準値を入力してください。"),
        ({}, {}, "__all__", "目標も年度目安も、今と同じです。"),
        ({}, {"spread": "baseline"}, "spread", "直線を引き始める値"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    planner, strategy, project, kikaku, kpi_fields, typed, field, sentence
):
    kpi = make_kpi(project, **kpi_fields)
    close_years_through(strategy, 2024, user=kikaku)

    page = look_over(planner, AT, **({"reason": "改定"} | typed))

    assert page.status_code == 422
    faults = faults_of(page)
    assert any(sentence in one for one in faults[field]), faults
    assert rows(kpi) == [(2024, 50)]
    shown = page.content.decode()
    assert all(value in shown for value in typed.values())


def test_yearly_target_of_zero_is_taken_where_more_is_better(planner, strategy, kpi, kikaku):
    close_years_through(strategy, 2024, user=kikaku)
    record(kpi, {2025: 0}, kikaku)

    carry_out(planner, AT, yearly_2025="0", reason="準備の年度")

    assert kpi.yearly_targets.get().value == 0
    page = planner.get("/plans/mihon/kpis/P1-1/?fy=2025").content.decode()
    assert "対象外" in page
    assert "この年度の目安は0のため、進捗率はありません。" in page


def test_year_that_is_closed_meanwhile_is_refused(planner, strategy, kpi, kikaku):
    page = look_over(planner, AT, value="60", reason="改定")
    close_years_through(strategy, 2024, user=kikaku)

    late = planner.post(AT, {"confirmed": page.context["signed"]})

    assert late.status_code == 409
    assert "2024" in faults_of(late)["effective_from"][0]
    assert rows(kpi) == [(2024, 50)]


def test_plan_without_an_open_year_says_so(planner, strategy, kpi, kikaku):
    for year in strategy.years:
        close_years_through(strategy, year, user=kikaku)

    page = planner.get(AT)

    assert page.status_code == 404
    assert "P1-1には、締めていない年度がありません。" in page.content.decode()


@pytest.mark.asked_once
def test_departments_neither_see_nor_use_it(editor, kpi):
    assert editor.get(AT).status_code == 403
    assert editor.post(AT, {"value": "1"}).status_code == 403
    assert editor.get("/plans/mihon/changes/targets/").status_code == 403
    assert "目標を見直す" not in editor.get("/plans/mihon/kpis/P1-1/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_targets_takes_a_constant_number_of_queries(
    planner, project, count, django_assert_num_queries
):
    for number in range(1, count + 1):
        make_kpi(project, number)
    planner.get("/plans/mihon/changes/targets/")

    with django_assert_num_queries(10):
        planner.get("/plans/mihon/changes/targets/")


def test_revision_that_is_set_back_is_taken_back(planner, revised):
    carry_out(planner, AT, value="80", effective_from="2026", yearly_2026="60", reason="改定")
    listed = said(planner.get("/plans/mihon/changes/targets/"))
    assert "50件以上 令和8年度から 80件以上" in listed

    carry_out(planner, AT, value="50", effective_from="2026", yearly_2026="40", reason="撤回")

    assert rows(revised) == [(2024, 50)]
    assert revised.yearly_targets.get().value == 40
    gone = FinalTarget.history.filter(history_type="-").get()
    assert (gone.value, gone.history_change_reason) == (80, "撤回")
