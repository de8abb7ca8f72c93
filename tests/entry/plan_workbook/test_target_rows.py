"""Targets and baselines from the sheet 目標: what a row revises, from when, and why."""

from decimal import Decimal

from kpis.models import FinalTarget, YearlyTarget
from kpis.recording import close_years_through
from tests.entry.plan_workbook.kpi_sheets import (
    FILE,
    TARGETS,
    differences,
    one,
    problems,
    take,
    targets,
    workbook,
)
from tests.factories import make_kpi

SAID = ("effective_from", "value", "baseline", "baseline_year", "reason")


def rows(kpi):
    return list(kpi.final_targets.values_list(*SAID))


def test_first_row_is_corrected_with_the_baseline_of_the_beginning(kikaku, kpi):
    take(kikaku, targets(["P1-1", "", "６０件", "１２件", "令和５年度", "議会の議決"]))

    kpi.refresh_from_db()
    assert rows(kpi) == [(2024, 60, None, None, "議会の議決")]
    assert (kpi.baseline, kpi.baseline_year) == (12, 2023)
    changed = kpi.final_targets.get().history.first()
    assert (changed.history_user, changed.history_change_reason) == (
        kikaku,
        f"ファイルの取り込み：{FILE}",
    )


def test_final_target_goes_by_both_its_headings(kikaku, kpi):
    take(kikaku, targets(["P1-1", "60"], headings=["KPI番号", "最終目標値"]))

    assert rows(kpi) == [(2024, 60, None, None, "計画策定時の目標値")]
    both = targets(["P1-1", "60", "60"], headings=["KPI番号", "目標値", "最終目標値"])
    assert problems(kikaku, both) == [
        ("シート「目標」", "見出し「目標値」が2つ以上あります。1つにしてください。")
    ]


def test_row_of_a_later_year_revises_from_that_year_on(kikaku, kpi):
    close_years_through(kpi.project.strategy, 2024, user=kikaku)

    take(kikaku, targets(["P1-1", "R7", "60", "12", "R5", "議会の議決"]))

    kpi.refresh_from_db()
    assert rows(kpi) == [
        (2024, 50, None, None, "計画策定時の目標値"),
        (2025, 60, 12, 2023, "議会の議決"),
    ]
    assert kpi.baseline is None


def test_same_revision_again_is_none(kikaku, kpi):
    close_years_through(kpi.project.strategy, 2024, user=kikaku)
    content = targets(["P1-1", "2025", "60", "12", "2023", "改定"])
    take(kikaku, content)

    assert differences(kikaku, content) == []
    assert kpi.final_targets.count() == 2


def test_revision_of_a_closed_year_is_refused_with_the_year(kikaku, kpi):
    close_years_through(kpi.project.strategy, 2024, user=kikaku)

    found = problems(kikaku, targets(["P1-1", "", "60", "", "", "改定"]))

    place, said = one(found)
    assert place.startswith("シート「目標」の2行目")
    assert "令和6年度は締め済みのため、最終目標値は変えられません。" in said


def test_baseline_of_a_closed_year_is_refused_with_the_year(kikaku, kpi):
    close_years_through(kpi.project.strategy, 2024, user=kikaku)

    found = problems(kikaku, targets(["P1-1", "", "", "12", "2023", ""]))

    assert found
    assert all("締め済み" in said for _place, said in found), found


def test_revision_asks_for_its_reason(kikaku, kpi):
    found = problems(kikaku, targets(["P1-1", "2025", "60", "", "", ""]))

    assert [place for place, _said in found] == ["シート「目標」の2行目 F列（理由）"]


def test_blank_cells_keep_target_baseline_and_reason(kikaku, project):
    kpi = make_kpi(project, baseline=12, baseline_year=2023)

    assert differences(kikaku, targets(["P1-1", "", "", "", "", ""])) == []
    assert differences(kikaku, targets(["P1-1", "", "60", "", "", ""])) == [
        ("目標", "P1-1／", "目標値", "50", "60")
    ]
    take(kikaku, targets(["P1-1", "", "60", "", "", ""]))

    kpi.refresh_from_db()
    assert rows(kpi) == [(2024, 60, None, None, "計画策定時の目標値")]
    assert (kpi.baseline, kpi.baseline_year) == (12, 2023)


def test_figures_are_read_as_everywhere(kikaku, project):
    written = {"80％": 80, "80%": 80, "１，２３４．５": Decimal("1234.5"), "△3": -3}
    for number in range(1, len(written) + 1):
        make_kpi(
            project, number, unit="%", decimal_places=1, formula="from_baseline", baseline=-5
        )  # fmt: skip
    rows = [[f"P1-{number}", cell, "改定"] for number, cell in enumerate(written, start=1)]

    take(kikaku, targets(*rows, headings=["KPI番号", "目標値", "理由"]))

    values = FinalTarget.objects.order_by("kpi__number").values_list("value", flat=True)
    assert list(values) == list(written.values())


BAD_CELLS = [
    ("目標値", "5.5", "最終目標値は整数で"),
    ("目標値", "0", "算式「実績÷目標」では、目標値を0より大きく"),
    ("目標値", "80%", "単位が指標の「件」と違います。"),
    ("目標値", "60人", "単位が指標の「件」と違います。"),
    ("目標値", "=1+1", "数式は取り込めません。"),
    ("目標値", "95①", "「①」は数字ではありません。"),
    ("目標値", "未定", "「未定」は数字ではありません。"),
    ("基準値", "多い", "「多い」を数字として読み取れません。"),
    ("基準値", "1.5", "基準値は整数で入力してください。"),
    ("基準値", "集計中", "「集計中」は数字ではありません。値がないときは"),
    ("基準値の年度", "昔", "年度「昔」を読み取れません。"),
    ("基準値の年度", "令和⑤年度", "⑤"),
    ("適用年度", "R20", "計画期間（令和6年度から令和10年度まで）の年度を"),
    ("KPI番号", "P1-99", "「P1-99」は、シート「指標」にありません（あるもの：P1-1、"),
]


def test_every_bad_cell_is_named_with_its_remedy_in_one_answer(kikaku, project):
    rows = []
    for number, (heading, cell, _sentence) in enumerate(BAD_CELLS, start=1):
        make_kpi(project, number)
        row = {"KPI番号": f"P1-{number}", "目標値": "60", "理由": "改定", heading: cell}
        if heading == "基準値":
            row["基準値の年度"] = "2023"
        rows.append([row.get(one, "") for one in TARGETS])

    found = dict(problems(kikaku, targets(*rows)))

    assert len(found) == len(BAD_CELLS)
    for row, (heading, _cell, sentence) in enumerate(BAD_CELLS, start=2):
        at = f"シート「目標」の{row}行目 {'ABCDEF'[TARGETS.index(heading)]}列（{heading}）"
        assert sentence in found[at], at
    assert set(FinalTarget.objects.values_list("value", flat=True)) == {50}


def test_same_row_twice_is_refused(kikaku, kpi):
    content = targets(["P1-1", "R7", "60", "", "", "改定"], ["p1-1", "2025", "70", "", "", "改定"])

    assert problems(kikaku, content) == [
        (
            "シート「目標」の3行目 A列（KPI番号）",
            "2行目とKPI番号・適用年度が同じです。KPI番号・適用年度を直すか、1行にまとめてください。",
        )
    ]


def test_target_below_a_yearly_one_is_refused_and_both_may_change_in_one_file(kikaku, project):
    kpi = make_kpi(project, target=100, aggregation="cumulative")
    for year, value in ((2025, 75), (2026, 100)):
        YearlyTarget.objects.create(kpi=kpi, fiscal_year=year, value=value)
    row = ["P1-1", "", "80", "", "", "改定"]

    found = problems(kikaku, targets(row))
    assert any(
        "年度目安が最終目標値を超えています：令和8年度の100（最終目標値80）。" in said
        for _place, said in found
    ), found
    take(
        kikaku,
        workbook(
            目標=[["KPI番号", "適用年度", "目標値", "基準値", "基準値の年度", "理由"], row],
            年度目安=[["KPI番号", "令和7年度", "R8"], ["P1-1", "60", "70"]],
        ),
    )

    assert kpi.final_targets.get().value == 80
    yearly = kpi.yearly_targets.values_list("fiscal_year", "value")
    assert dict(yearly) == {2025: 60, 2026: 70}
