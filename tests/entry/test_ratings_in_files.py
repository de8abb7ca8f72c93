"""The file of actuals where people rate: columns for what is proposed and what is decided."""

import pytest

from kpis.models import KpiRatingRules
from projects.bands import bands_to_data
from tests.entry.actuals_files import (
    HEADERS,
    PAGE,
    csv_bytes,
    csv_rows,
    differences,
    preview,
    problems,
    take,
)
from tests.entry.actuals_files import actual as saved
from tests.factories import assign, final, make_kpi, make_source, record
from tests.rated_otherwise import OF_PEOPLE, rate_otherwise

PROPOSED = {"proposed_place": 2, "proposal_reason": "見込みどおり"}
PROPOSALS = ["評価の案", "評価の案の理由"]
DECISIONS = ["評価", "評価の理由"]
MARKS = "「S 期待を超える」「A 期待どおり」「B やや不足」「C 不足」"
CSV = "/plans/mihon/entry/2025/actuals.csv"


@pytest.fixture
def own(kpi, tantou):
    rate_otherwise(kpi.project.strategy, "by people")
    assign(kpi, tantou)
    return kpi


def judged(kpi):
    row = saved(kpi)
    return (row.proposed_place, row.proposal_reason, row.decided_place, row.decision_reason)


def cells(*pairs):
    """A heading row and a row of P1-1 with some cells."""
    return ["KPI番号", "年度", *(heading for heading, _cell in pairs)], [
        "P1-1", "2025", *(cell for _heading, cell in pairs),
    ]  # fmt: skip


def test_planners_file_has_all_columns_and_imports_as_it_is(own, planner, kikaku):
    record(own, {2025: final(9, **PROPOSED, decided_place=1, decision_reason="全国一")}, kikaku)
    content = planner.get(CSV).content
    headings, row = csv_rows(content)

    assert headings == [*HEADERS, *PROPOSALS, *DECISIONS]
    assert row[-4:] == ["A 期待どおり", "見込みどおり", "S 期待を超える", "全国一"]
    assert preview(planner, content).context["result"].unchanged == 1
    assert planner.get("/plans/mihon/entry/2025/actuals.xlsx").status_code == 200


def test_departments_file_has_the_proposal_alone(own, editor):
    (headings, row) = csv_rows(editor.get(CSV).content)
    page = editor.get(PAGE)

    assert headings == [*HEADERS, *PROPOSALS]
    assert row[-2:] == ["", ""]
    assert [one for one in page.context["meanings"] if "評価" in one] == PROPOSALS


def test_plan_in_which_people_do_not_rate_has_no_such_columns(kpi, planner, kikaku):
    record(kpi, {2025: 9}, kikaku)
    (headings, _row) = csv_rows(planner.get(CSV).content)
    answer = preview(planner, csv_bytes(*cells(("実績値", "9"), ("評価", "A"))))

    assert headings == HEADERS
    assert answer.context["result"].unchanged == 1
    assert "評価" in answer.context["table"].ignored
    assert not [one for one in planner.get(PAGE).context["meanings"] if "評価" in one]


@pytest.mark.parametrize("mark", ["A", "ａ", "期待どおり", "A 期待どおり", "A　期待どおり"])
def test_mark_is_its_symbol_or_its_label_or_both(own, editor, mark):
    take(editor, *cells(("実績値", "9"), ("評価の案", mark), ("評価の案の理由", "伸びた")))

    assert judged(own) == (2, "伸びた", None, "")


def test_word_for_none_takes_a_mark_back_with_its_reason(own, planner, kikaku):
    record(own, {2025: final(9, **PROPOSED, decided_place=1, decision_reason="全国一")}, kikaku)
    take(planner, *cells(("評価", "未定"), ("版", "1")))
    assert judged(own) == (2, "見込みどおり", None, "")

    take(planner, *cells(("評価の案", "未定"), ("版", "2")))
    assert judged(own) == (None, "", None, "")


def test_preview_shows_marks_and_not_their_places(own, planner, kikaku):
    record(own, {2025: final(9, **PROPOSED)}, kikaku)
    answer = preview(
        planner, csv_bytes(*cells(("評価", "S"), ("評価の理由", "全国一"), ("版", "1")))
    )

    assert differences(answer) == [
        ("P1-1", "評価", "", "S 期待を超える"),
        ("P1-1", "評価の理由", "", "全国一"),
    ]


@pytest.mark.parametrize(
    ("pairs", "place", "sentence"),
    [
        (
            [("評価の案", "優"), ("評価の案の理由", "よい")],
            "C2",
            f"「優」は使えません。評価の案は、{MARKS}から選んでください。",
        ),
        ([("評価の案", "A")], "D2", "評価の案の理由を書いてください。"),
        (
            [("評価の案", "A"), ("評価の案の理由", "よい"), ("評価", "S")],
            "F2",
            "案の「A 期待どおり」と違う評価にする理由を書いてください。",
        ),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_cell(own, planner, pairs, place, sentence):
    answer = preview(planner, csv_bytes(*cells(*pairs)))

    assert [message for _place, message in problems(answer)] == [sentence]
    assert saved(own) is None


@pytest.mark.parametrize("pair", [("評価", "S"), ("評価の理由", "よい")])
def test_department_decides_nothing_by_a_file(own, editor, kikaku, pair):
    record(own, {2025: final(9, **PROPOSED, decided_place=2)}, kikaku)
    answer = preview(editor, csv_bytes(*cells(("実績値", "10"), pair, ("版", "1"))))

    assert [message for _place, message in problems(answer)] == [
        "評価を決めるのは企画担当です。空欄にしてください。"
    ]
    # What stands already is no change, and no reason to refuse the rest.
    take(editor, *cells(("実績値", "10"), ("評価", "A"), ("版", "1")))
    assert judged(own) == (2, "見込みどおり", 2, "")
    assert saved(own).value == 10


def test_department_withdraws_no_decided_year_by_a_file(own, editor, kikaku):
    record(own, {2025: final(9, decided_place=2)}, kikaku)
    answer = preview(editor, csv_bytes(*cells(("実績値", "削除"), ("版", "1"))))

    ((_place, sentence),) = problems(answer)
    assert sentence.startswith("企画担当が評価を決めているため、未入力に戻せません。")


def test_only_the_kpi_that_people_rate_takes_a_mark(kpi, planner):
    make_kpi(kpi.project, 2)
    KpiRatingRules.objects.create(
        kpi=kpi, effective_from=2025, rating_method="people", bands=bands_to_data(OF_PEOPLE),
        reason="試行",
    )  # fmt: skip
    headings, row = cells(("評価の案", "A"), ("評価の案の理由", "よい"))
    answer = preview(planner, csv_bytes(headings, row, ["P1-2", *row[1:]]))

    assert [message for _place, message in problems(answer)] == [
        (
            "令和7年度は人が評価を決める年度ではないため、評価の案は入れられません。"
            "空にしてください。"
        )
    ]


def test_shared_figure_has_this_plans_rating(own, planner, kikaku):
    record(make_source(own), {2025: 9}, kikaku)
    take(planner, *cells(("評価の案", "A"), ("評価の案の理由", "伸びた"), ("評価", "A")))

    assert judged(own) == (2, "伸びた", 2, "")
    assert csv_rows(planner.get(CSV).content)[1][-4:] == [
        "A 期待どおり",
        "伸びた",
        "A 期待どおり",
        "",
    ]
