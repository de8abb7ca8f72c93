"""docs/bring-your-plan.ja.md says how plans are written: every way in it is loaded here.

With `--guide` its chapter of sheets and columns is written anew.
"""

import re

import pytest

from entry.plan_workbook import forms
from kpis.series import load_series
from tests.plan_guide import (
    PLAN_GUIDE,
    reference,
    said_in,
    section,
    sheets_in,
    tables_in,
    uses,
)
from tests.plan_workbooks import looked, taken

pytestmark = [pytest.mark.django_db, pytest.mark.asked_once]

PLAN = {
    "計画コード": "mihon-2025-2029", "計画名": "第3期見本市総合戦略", "団体名": "見本市",
    "団体コード": "409995", "最初の年度": "令和7年度", "最終年度": "令和11年度",
}  # fmt: skip
TARGET = {"KPI番号": "P1-1", "目標値": "10"}
MEASURED = {"KPI番号": "P1-1", "年度": "令和7年度", "実績値": "8"}
# The first figure, and the 達成率 of 令和7年度 that follows from what a row says.
RATES = {
    "98%を維持する（1ポイントまでの低下は許す）": ("97", 100),
    "0件を保つ": ("1", 0),
    "少ないほどよい（逓減）。目標÷実績で計算": ("18", 83.3),
    "少ないほどよい（逓減）。100%からの超過で計算": ("110", 90),
    "少ないほどよい（逓減）。減らした割合で計算": ("18", 40),
    "マイナスの値（社会減など）": ("△76", 20),
    "「増加」「向上」「減少」ということば": ("35", None),
    "「維持」「現状維持」ということば": ("98", None),
    "80%を超える、5件未満": ("80", 99.9),
    "10位以内": ("12", 83.3),
    "毎年5件": ("5", 100),
    "毎年度の目標値だけの計画": ("20", 50),
    "途中で改めた目標": ("25", 50),
    "年度末までの合計が印刷されている累計": ("11", 22),
}


def _ways():
    """Each row of the chapter's tables of ways: what a plan prints, and how that is written."""
    text = section("専用の列がないものの書き方")
    return [
        (row["計画書の書き方"], row["ワークブックの書き方"])
        for _before, rows in tables_in(text)
        for row in rows
        if "ワークブックの書き方" in row
    ]


def _table(rows):
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [headings, *([row.get(one, "") for one in headings] for row in rows)]


def _file(sheets):
    items = [{"項目": item, "内容": text} for item, text in PLAN.items()]
    return {name: _table(rows) for name, rows in ({"計画": items} | sheets).items()}


def _with(said):
    """A plan of one KPI in which something is said otherwise."""
    sheets = {
        "所管課": [{"名称": "産業課"}, {"名称": "農林課"}],
        "柱": [{"番号": "1", "名称": "しごとをつくる"}],
        "プロジェクト": [
            {"記号": code, "柱": "1", "名称": code} for code in ("P1", "P2")
        ],
        "指標": [{"KPI番号": "P1-1", "指標名": "見本の指標", "単位": "件"}],
    }  # fmt: skip
    for sheet, cells in said:
        if sheet == "指標":
            sheets[sheet][0] |= cells
        elif sheet in ("目標", "年度目安", "実績"):
            year = {"年度": "令和7年度"} if sheet == "実績" else {}
            sheets.setdefault(sheet, []).append({"KPI番号": "P1-1"} | year | cells)
        else:
            sheets.setdefault(sheet, []).append(cells)
    return sheets


def _plan_of_before(code, first, last):
    items = [
        {"項目": item, "内容": text}
        for item, text in (
            PLAN | {"計画コード": code, "最初の年度": first, "最終年度": last}
        ).items()
    ]
    taken(_file(_with([]) | {"計画": items}), is_in_force=True)


def test_the_printed_page_of_the_guide_becomes_a_plan_that_computes_what_was_published():
    sheets = sheets_in(section("計画書からワークブックに写す"))

    found = looked({name: _table(rows) for name, rows in sheets.items()})

    assert [str(one) for one in found.problems] == []
    assert found.trial.summary == "率 10／10　評価 10／10"
    assert [row["KPI番号"] for row in sheets["指標"]] == [
        "G1-1", "P1-1", "P1-2", "P2-1", "P2-2", "P3-1", "P3-2", "P3-3", "P4-1", "P4-2",
    ]  # fmt: skip


@pytest.mark.parametrize(("printed", "written"), _ways())
def test_every_way_to_write_something_loads(printed, written):
    said = list(said_in(written))
    if "mae-2020-2024" in written:
        _plan_of_before("mae-2020-2024", "令和2年度", "令和6年度")
    if "sogo-2021-2030" in written:
        _plan_of_before("sogo-2021-2030", "令和3年度", "令和12年度")
    sheets = _with(said)
    value, rate = RATES.get(printed, ("", None))
    if value:
        sheets["実績"] = [MEASURED | {"実績値": value}]

    (one,) = load_series(taken(_file(sheets)))

    achieved = one.assess(2025).achievement if value else None
    assert (achieved and int(achieved * 10) / 10) == rate


def test_rates_are_held_against_ways_that_there_are():
    assert {*RATES} - {printed for printed, _written in _ways()} == set()


RATINGS = {
    "記号だけ、名称だけの評価": "○",
    "A〜Eの評価を人が決める": "B おおむね達成",
    "目標、目安、基準値との比較で決める": "△",
    "評価をしない": None,
    "1つの指標だけ、別のきまりにする": "実施した",
    "整数の率、切り捨て、上限のない平均、外部有識者の評価": "B 概ね順調",
}


@pytest.mark.parametrize("title", RATINGS)
def test_every_way_to_rate_loads(title):
    decided = {"A〜Eの評価を人が決める": "B", "1つの指標だけ、別のきまりにする": "実施した"}
    rules = sheets_in(section(title, "####"))
    actual = MEASURED | ({"評価": decided[title]} if title in decided else {})
    sheets = _with([("目標", TARGET | {"基準値": "5"})]) | rules | {"実績": [actual]}

    plan = taken(_file(sheets))

    (one,) = load_series(plan)
    rating = one.assess(2025).rating
    assert (rating and rating.text) == RATINGS[title]


def test_every_sheet_column_and_word_is_in_the_guide(request):
    text = PLAN_GUIDE.read_text(encoding="utf-8")
    if request.config.getoption("guide"):
        before = section("シートと列")
        begins = before.index("### シート")
        text = text.replace(before[begins:], f"{reference()}\n")
        text = re.sub(
            r"(?<=\| 選べる列 \| 入るところ \|\n\| --- \| --- \|\n)(\|.*\|\n)+", uses(), text
        )
        PLAN_GUIDE.write_text(text, encoding="utf-8")

    assert reference() in text
    assert uses() in text


def test_every_way_to_delete_is_in_the_guide():
    (_before, rows), *_others = tables_in(section("消す", "###"))
    said = {row["書くところ"] for row in rows}

    assert {form.row_named_by for form in forms.FORMS if form.row_named_by} - said == set()
