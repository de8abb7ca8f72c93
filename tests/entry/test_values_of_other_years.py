"""Values of other years and in words at every door: typed, taken over, pasted, by file."""

import json
import re

import pytest
from django.urls import reverse

from kpis.models import Aggregation, FinalTarget, Kpi, YearlyActual
from tests.entry.actuals_files import (
    as_text,
    confirm,
    csv_bytes,
    csv_rows,
    differences,
    preview,
    problems,
    take,
)
from tests.entry_forms import typed
from tests.factories import final, make_kpi, record

PAGE = "/plans/mihon/entry/2025/"
HEADS = ["KPI番号", "年度", "実績値", "値の年度"]


def stated(kpi, year=2025):
    row = YearlyActual.objects.get(kpi=kpi, fiscal_year=year)
    return row.value, row.value_year, row.value_words, row.state


def errors_of(answer, code="P1-1"):
    (row,) = (one for one in answer.context["rows"] if one.code == code)
    return [(one.label, one.message) for one in row.errors]


@pytest.fixture
def judged(project):
    """A KPI whose target is words that people judge by."""
    kpi = make_kpi(project, 3, target=None, unit="")
    FinalTarget.objects.create(kpi=kpi, effective_from=2024, words="推進", met_by="people")
    return kpi


# Typed


@pytest.mark.parametrize("written", ["令和4年度", "R4", "2022", "令和４"])
def test_year_of_a_value_is_read_in_any_spelling(planner, kpi, written):
    planner.post(PAGE, typed(P1_1={"value": "40", "value_year": written}))

    assert stated(kpi) == (40, 2022, "", "final")
    assert 'value="令和4年度"' in planner.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("row", "label", "sentence"),
    [
        ({"value": "40", "value_year": "R7"}, "値の年度", "令和7年度より前の年度を入力"),
        ({"value": "40", "value_year": "去年"}, "値の年度", "年度「去年」を読み取れません"),
        ({"value_year": "R4"}, "値の年度", "値の年度は、実績値と一緒に入力してください"),
        (
            {"state": "unmeasured", "unmeasured_reason": "隔年", "value_year": "R4"},
            "値の年度",
            "実績値がないときは空けてください",
        ),
    ],
)
def test_year_that_does_not_go_with_the_row_is_refused(planner, kpi, row, label, sentence):
    answer = planner.post(PAGE, typed(P1_1=row))

    assert answer.status_code == 422
    assert any(label == one and sentence in message for one, message in errors_of(answer))
    assert not YearlyActual.objects.exists()


def test_cumulative_kpi_has_no_field_for_another_year(planner, kpi):
    Kpi.objects.update(aggregation=Aggregation.CUMULATIVE)
    page = planner.get(PAGE).content.decode()

    assert "前の年度に測った値のとき" not in page
    answer = planner.post(PAGE, typed(P1_1={"value": "40", "value_year": "R4"}))
    assert errors_of(answer) == [
        (
            "値の年度",
            (
                "累計の指標では、ほかの年度の値を引き継げません（同じ数を2度足すことになります）。"
                "値の年度を空けてください。"
            ),
        )
    ]


def test_year_goes_with_its_value(planner, kpi, kikaku):
    record(kpi, {2025: final(40, value_year=2022)}, kikaku)
    row = {
        "value": "", "value_year": "令和4年度", "state": "pending", "expected_on": "2026-08-20",
        "version": "1",
    }  # fmt: skip
    planner.post(PAGE, typed(P1_1=row))

    assert stated(kpi) == (None, None, "", "pending")


# Taken over


def test_last_value_is_taken_over_without_a_script(planner, kpi, kikaku):
    record(kpi, {2024: 40}, kikaku)
    page = planner.get(PAGE).content.decode()
    (address,) = re.findall(r'href="([^"]+\?carry=1)"', page)
    assert "令和6年度の40件" in as_text(planner.get(PAGE))

    (row,) = planner.get(address).context["rows"]
    assert (row.typed["value"], row.typed["value_year"]) == ("40", "令和6年度")
    assert not YearlyActual.objects.filter(fiscal_year=2025).exists()
    planner.post(PAGE, typed(P1_1={name: row.typed[name] for name in ("value", "value_year")}))
    assert stated(kpi) == (40, 2024, "", "final")


def test_page_that_took_a_value_over_tells_its_script_what_is_saved(planner, kpi, kikaku):
    record(kpi, {2024: 40}, kikaku)
    (row,) = planner.get(f"{PAGE}P1-1/?carry=1").context["rows"]
    page = planner.get(f"{PAGE}P1-1/?carry=1").content.decode()

    (standing,) = re.findall(r'data-standing="([^"]+)"', page)
    assert json.loads(standing.replace("&quot;", '"'))["value"] == ""
    assert row.differing == ["value", "value_year"]


def test_value_taken_over_again_keeps_its_own_year(planner, kpi, kikaku):
    record(kpi, {2024: final(40, value_year=2022)}, kikaku)

    (row,) = planner.get(f"{PAGE}P1-1/?carry=1").context["rows"]
    assert (row.typed["value"], row.typed["value_year"]) == ("40", "令和4年度")


def test_before_the_first_measurement_the_baseline_is_offered(planner, kpi):
    Kpi.objects.update(baseline=35, baseline_year=2022)

    assert "令和4年度の35件" in as_text(planner.get(PAGE))


def test_nothing_is_offered_where_nothing_was_measured(planner, kpi):
    assert "前回の値を引き継ぐ" not in planner.get(PAGE).content.decode()


# Doubts


def test_value_taken_over_is_in_no_doubt(planner, kpi, kikaku):
    record(kpi, {2024: 4}, kikaku)
    row = {"P1-1-value": "4", "P1-1-value_year": "R6", "P1-1-state": "final", "P1-1-version": "0"}
    (shown,) = re.findall(
        r'data-part="doubts">(.*?)</div>',
        planner.get(f"{PAGE}P1-1/effect/", row).content.decode(),
        re.DOTALL,
    )

    assert shown.strip() == ""


def test_other_value_of_the_same_year_asks(planner, kpi, kikaku):
    record(kpi, {2024: 40}, kikaku)
    row = {"P1-1-value": "41", "P1-1-value_year": "R6", "P1-1-state": "final", "P1-1-version": "0"}

    assert (
        "令和6年度の値は、令和6年度の実績では40件です。同じ年度の値が違っています。"
        "どちらが正しいか確かめてください。"
    ) in planner.get(f"{PAGE}P1-1/effect/", row).content.decode()


def test_year_itself_asks_where_a_later_row_tells_of_it(planner, kpi, kikaku):
    record(kpi, {2026: final(41, value_year=2025)}, kikaku)
    row = {"P1-1-value": "40", "P1-1-state": "final", "P1-1-version": "0"}

    assert (
        "令和7年度の値は、令和8年度の実績では41件です。"
        in planner.get(f"{PAGE}P1-1/effect/", row).content.decode()
    )


def test_jump_is_told_from_the_value_that_was_carried(planner, kpi, kikaku):
    record(kpi, {2024: final(4, value_year=2022)}, kikaku)
    row = {"P1-1-value": "40", "P1-1-state": "final", "P1-1-version": "0"}

    assert (
        "前の値（令和4年度の4件）の10倍以上です。"
        in planner.get(f"{PAGE}P1-1/effect/", row).content.decode()
    )


# Pasted


def test_pasted_row_says_what_its_year_means(planner, kpi, kikaku):
    record(kpi, {2024: 40}, kikaku)
    row = typed(P1_1={"value": "41", "value_year": "R6"}) | {"P1-1-columns": "value"}
    answer = planner.post(reverse("entry_paste", args=["mihon", 2025]), row)

    assert "令和6年度の実績では40件です" in answer.content.decode()


# By file


def test_file_brings_a_value_of_another_year(planner, kpi):
    answer = preview(planner, csv_bytes(HEADS, ["P1-1", "R7", "40", "令和4年度"]))

    assert differences(answer) == [
        ("P1-1", "実績値", "", "40件"),
        ("P1-1", "値の年度", "", "令和4年度"),
        ("P1-1", "状態", "未入力", "確定"),
    ]
    confirm(planner, answer)
    assert stated(kpi) == (40, 2022, "", "final")


def test_blank_beside_a_value_means_its_own_year(planner, kpi, kikaku):
    record(kpi, {2025: final(40, value_year=2022)}, kikaku)
    take(planner, [*HEADS, "版"], ["P1-1", "R7", "40", "", "1"])

    assert stated(kpi) == (40, None, "", "final")


def test_file_without_the_column_keeps_the_year_of_what_it_repeats(planner, kpi, kikaku):
    record(kpi, {2025: final(40, value_year=2022)}, kikaku)
    heads = ["KPI番号", "年度", "実績値", "要因分析", "版"]
    take(planner, heads, ["P1-1", "R7", "40", "隔年の調査", "1"])
    assert stated(kpi) == (40, 2022, "", "final")

    take(planner, heads, ["P1-1", "R7", "44", "", "2"])
    assert stated(kpi) == (44, None, "", "final")


def test_year_alone_is_that_of_the_value_that_stands(planner, kpi, kikaku):
    record(kpi, {2025: 40}, kikaku)
    take(planner, [*HEADS, "版"], ["P1-1", "R7", "", "R4", "1"])

    assert stated(kpi) == (40, 2022, "", "final")


@pytest.mark.parametrize(
    ("value", "year", "sentence"),
    [
        ("40", "R7", "値の年度には、令和7年度より前の年度を入力してください。"),
        ("40", "去年", "年度「去年」を読み取れません。"),
        ("", "R4", "値の年度に、実績値がありません。"),
    ],
)
def test_file_with_a_year_that_does_not_fit_is_refused(planner, kpi, value, year, sentence):
    ((place, message),) = problems(preview(planner, csv_bytes(HEADS, ["P1-1", "R7", value, year])))

    assert place == "2行目 D列（値の年度）"
    assert message.startswith(sentence)


def test_carried_figure_of_another_plan_comes_back_unchanged(planner, kpi, source, kikaku):
    record(source, {2025: final(40, value_year=2022)}, kikaku)
    content = planner.get(f"{PAGE}actuals.csv").content

    assert csv_rows(content)[1][-1] == "2022"
    assert preview(planner, content, page=f"{PAGE}import/").context["result"].unchanged == 1


# In words


def test_words_are_taken_where_people_judge(planner, judged):
    planner.post(PAGE, typed(P1_3={"value": "3地区で実施"}))

    assert stated(judged) == (None, None, "3地区で実施", "final")
    assert 'value="3地区で実施"' in planner.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("集計中", "「集計中」は数字ではありません"),
        ("95①", "「①」は数字ではありません"),
        ("実" * 41, "ことばの実績値は40字までです（今は41字）。"),
    ],
)
def test_what_is_no_value_is_no_words_either(planner, judged, written, sentence):
    answer = planner.post(PAGE, typed(P1_3={"value": written}))

    ((_label, message),) = errors_of(answer, "P1-3")
    assert sentence in message


def test_words_elsewhere_are_refused_as_ever(planner, kpi):
    answer = planner.post(PAGE, typed(P1_1={"value": "実施"}))

    assert errors_of(answer) == [
        ("実績値", "「実施」を数字として読み取れません。数字で入力してください（例：1,234）。")
    ]


def test_words_go_out_and_come_in_by_file(planner, judged):
    take(planner, HEADS[:3], ["P1-3", "R7", "実施"])
    assert stated(judged) == (None, None, "実施", "final")

    content = planner.get(f"{PAGE}actuals.csv").content
    assert csv_rows(content)[1][4] == "実施"
    assert preview(planner, content).context["result"].unchanged == 1


# Without a unit


def test_file_says_that_a_kpi_has_no_unit(planner, judged):
    answer = preview(
        planner, csv_bytes(["KPI番号", "単位", "年度", "実績値"], ["P1-3", "件", "R7", "3"])
    )

    assert problems(answer) == [
        ("2行目 B列（単位）", "P1-3には単位がありません。番号を確かめ、単位を空欄にしてください。")
    ]
