"""Sheets and headings with other names: one mistake is told once, with what was meant."""

import io

import openpyxl
import pytest

from kpis.models import YearlyActual
from tests.plan_workbooks import (
    content_of,
    differences,
    exported,
    looked,
    rewritten,
    taken,
    with_sheets,
)

pytestmark = pytest.mark.django_db

FULL = with_sheets(
    指標=[("KPI番号", "指標名", "単位"), ("P1-1", "起業件数", "件"), ("P1-2", "社会増減数", "人")],
    目標=[("KPI番号", "目標値", "基準値"), ("P1-1", "1,050件", "38件"), ("P1-2", "25人", "12人")],
    実績=[("KPI番号", "年度", "実績値"), ("P1-1", "2024", "97件"), ("P1-2", "2024", "14人")],
)


def _told(sheets):
    found = looked(sheets)
    return [str(one) for one in found.problems], found.unchecked


def _renamed(sheet, name):
    return {name if one == sheet else one: rows for one, rows in FULL.items()}


def _headed(sheet, *headings):
    return with_sheets(FULL, **{sheet: [headings, *FULL[sheet][1:]]})


@pytest.mark.parametrize(
    ("sheet", "headings", "place", "meant"),
    [
        ("実績", ("KPI番号", "年度", "実績"), "C列「実績」", "実績値"),
        ("目標", ("KPI番号", "目標値", "現状値"), "C列「現状値」", "基準値"),
        ("目標", ("KPI番号", "目標値(R10)", "基準値"), "B列「目標値(R10)」", "目標値"),
        ("指標", ("指標番号", "指標名", "単位"), "A列「指標番号」", "KPI番号"),
    ],
)
def test_a_heading_in_a_known_ones_place_is_the_only_mistake(sheet, headings, place, meant):
    problems, unchecked = _told(_headed(sheet, *headings))

    written = place[3:-1]
    assert problems == [
        (
            f"シート「{sheet}」の1行目 {place}：見出し「{written}」は使えません。値が2行に"
            f"書かれています。「{meant}」に直してください（使わない列なら、消してください）。"
        )
    ]
    assert unchecked == ""


def test_a_final_target_is_called_so_too():
    assert _told(_headed("目標", "KPI番号", "最終目標値", "基準値")) == ([], "")


def test_a_column_of_another_sheet_is_unused_in_the_open():
    file = with_sheets(
        FULL, 指標=[("KPI番号", "指標名", "単位", "目標値"), ("P1-1", "起業件数", "件", "9")]
    )

    assert looked(file).notes[0] == (
        "シート「指標」で使わない列：「目標値」（値が1行にあります。シート「目標」の列です）。"
    )


def test_a_sheet_in_a_known_ones_place_is_the_only_mistake():
    problems, unchecked = _told(_renamed("柱", "基本目標"))

    assert problems == [
        (
            "シート「基本目標」：「柱」の名前を変えたものですか。名前を「柱」に戻してください"
            "（使わないシートなら、削除してください）。"
        )
    ]
    assert unchecked == ""


def test_a_missing_sheet_is_told_at_the_first_row_that_needs_it():
    without = {name: rows for name, rows in FULL.items() if name != "柱"}
    goals = [*FULL["指標"], ("G1-1", "従業者数", "人")]

    problems, _unchecked = _told(without | {"指標": goals})

    assert problems == [
        (
            "シート「プロジェクト」の2行目 B列（柱）「1」：シート「柱」がないか、"
            "データの行がありません。ひな形のとおりに加えてください。"
        )
    ]


def _changed(change):
    book = openpyxl.load_workbook(io.BytesIO(content_of(FULL)))
    change(book["指標"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda sheet: sheet.merge_cells("C2:C3"),
            "シート「指標」：結合されたセルがあります（C2:C3）。結合を解除して保存し直してください。",
        ),
        (
            lambda sheet: sheet.insert_rows(1) or sheet.__setitem__("A1", "指標の一覧"),
            "シート「指標」：見出しが2行目にあります。1行目を行ごと削除してください。",
        ),
        (
            lambda sheet: sheet.__setitem__("A3", "P1-1"),
            (
                "シート「指標」の3行目 A列（KPI番号）「P1-1」：2行目とKPI番号が同じです。"
                "KPI番号を直すか、1行にまとめてください。"
            ),
        ),
    ],
)
def test_figures_are_not_blamed_for_their_kpis(change, told):
    problems, unchecked = _told(_changed(change))

    assert problems == [told]
    assert unchecked == (
        "シート「指標」を直すまで、シート「目標」「実績」の数値は確かめていません。"
        "直すと、ほかの誤りが見つかることがあります。"
    )


def test_problems_stand_in_the_order_of_the_sheets_beside_the_cells_own_text():
    file = with_sheets(
        FULL,
        計画=[*FULL["計画"][:6], ("最終年度", "令和3年度")],
        実績=[("KPI番号", "年度", "実績値"), ("P1-1", "R6", "約97件"), ("P1-2", "R6", "未公表")],
    )

    assert [(one.place, one.written) for one in looked(file).problems] == [
        ("シート「計画」の7行目 B列（内容）", "令和3年度"),
        ("シート「実績」の2行目 C列（実績値）", "約97件"),
        ("シート「実績」の3行目 C列（実績値）", "未公表"),
    ]


def test_a_relisting_named_as_its_home_is_no_difference():
    listed = [
        ("プロジェクト", "番号", "取組名", "再掲元"),
        ("P1", "1", "移住PR事業", ""),
        ("P2", "1", "移住ＰＲ事業", "P1(1)"),
    ]
    projects = [*FULL["プロジェクト"], ("P2", "1", "移住")]
    file = with_sheets(FULL, プロジェクト=projects, 取組=listed)

    taken(file)

    assert looked(file).changes == []


def test_a_file_without_version_tells_what_it_overwrites():
    plan = taken(FULL)
    changed = with_sheets(FULL, 実績=[*FULL["実績"][:2], ("P1-2", "2024", "20人")])

    assert looked(FULL).notes[-1].startswith("シート「")
    found = looked(changed)
    assert differences(found) == [("実績", "P1-2／2024", "実績値", "14", "20")]
    assert found.notes[-1] == (
        "このファイルには版がないので、ほかの人の変更を見分けられません。"
        "今の内容を上書きします。変わるところを1つずつ確かめてください。"
    )
    told = looked(rewritten(exported(plan), {"実績!C3": "20"})).notes
    assert not [one for one in told if "版がない" in one]


def test_figures_below_nought_and_every_year_are_exported_as_they_are():
    growth = [("KPI番号", "指標名", "達成率の算式"), ("P1-1", "社会増減", "基準値からの伸び")]
    targets = [("KPI番号", "目標値", "基準値"), ("P1-1", "0", "△38.5")]
    decimals = [(*growth[0], "小数桁数"), (*growth[1], "1")]
    actuals = [("KPI番号", "年度", "実績値"), ("P1-1", "2024", "△21")]
    plan = taken(with_sheets(FULL, 指標=decimals, 目標=targets, 実績=actuals))

    book = openpyxl.load_workbook(io.BytesIO(exported(plan)))

    assert [cell.value for cell in book["目標"][2]][7] == "-38.5"
    assert [cell.value for cell in book["実績"][2]][2] == "-21"
    assert [cell.value for cell in book["年度目安"][1]] == [
        "KPI番号", "2024", "2025", "2026", "2027", "2028",
    ]  # fmt: skip
    assert looked(exported(plan)).changes == []
    assert YearlyActual.objects.get().value == -21
