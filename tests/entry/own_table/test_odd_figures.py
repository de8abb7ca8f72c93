"""Figures with more in their cells than a figure."""

import pytest

from entry.own_table.odd_figures import Figure, Place, read_odd
from entry.own_table.questions import Asker


def read(text, use, *answers, unit="%"):
    """What a cell says by answers to its questions in their order; and what was asked."""
    asker = Asker({})
    read_odd(text, unit, Place(use, "7行目"), asker)
    asker = Asker(dict(zip(asker.asked, answers, strict=True)))
    return read_odd(text, unit, Place(use, "7行目"), asker), list(asker.asked)


@pytest.mark.parametrize("text", ["65.2％", "１，２３４", "△3", "", "12.50"])
def test_plain_figures_are_nobodys_question(text):
    assert read(text, "actual") == (Figure(text), [])


@pytest.mark.parametrize(
    ("text", "use", "answers", "figure"),
    [
        ("4(21)", "actual", ["outside"], Figure("4")),
        ("4（21）", "actual", ["inside"], Figure("21")),
        ("65.2％（R5）", "baseline", ["year"], Figure("65.2", after="%", year=2023)),
        ("65.2％（R5）", "baseline", ["drop"], Figure("65.2", after="%")),
        ("65.2(令和5年度実績)", "actual", ["year"], Figure("65.2", year=2023)),
        ("R5実績 65.2%", "baseline", ["year"], Figure("65.2", after="%", year=2023)),
        ("R10までに50%", "target", ["year"], Figure("50", after="%", year=2028)),
        ("80以上", "target", ["relation"], Figure("80", relation="以上")),
        ("80％以上", "target", ["drop"], Figure("80", after="%")),
        ("≦20", "target", ["relation"], Figure("20", relation="以下")),
        ("20%を下回る", "target", ["relation"], Figure("20", after="%", relation="未満")),
        ("95①", "actual", ["drop"], Figure("95")),
        ("95※2", "actual", ["drop"], Figure("95")),
        ("95（速報値）", "actual", ["provisional"], Figure("95", is_provisional=True)),
        ("95（5点満点）", "actual", ["drop"], Figure("95")),
        ("約50", "actual", ["drop"], Figure("50")),
        ("5年間で100件", "target", ["cumulative", "drop"], Figure("100", aggregation="累計")),
        ("100件/年", "target", ["drop"], Figure("100")),
        ("10〜15", "target", ["last"], Figure("15")),
        ("―", "actual", ["nothing"], Figure("")),
        ("―", "actual", ["unmeasured"], Figure("", reason="―")),
        ("調査なし", "actual", ["unmeasured"], Figure("", reason="調査なし")),
        ("未公表", "actual", ["pending"], Figure("", is_pending=True)),
        ("未公表", "actual", ["nothing"], Figure("")),
        ("増加", "target", ["met_by=基準値より良い"], Figure("増加", met_by="基準値より良い")),
        ("現状維持", "target", ["met_by=基準値を保つ"], Figure("現状維持", met_by="基準値を保つ")),
        ("80％以上（R9）", "target", ["year", "relation"],
         Figure("80", after="%", relation="以上", year=2027)),
    ],
)  # fmt: skip
def test_odd_figure_is_what_somebody_said_it_is(text, use, answers, figure):
    assert read(text, use, *answers)[0] == figure


@pytest.mark.parametrize(
    ("text", "likeliest"),
    [
        ("増加", "基準値より良い"),
        ("現状より増加", "基準値より良い"),
        ("現状から改善", "基準値より良い"),
        ("現状維持", "基準値を保つ"),
        ("増加傾向の維持", "基準値を保つ"),
        ("現状程度", "基準値を保つ"),
        ("市民に親しまれる", "人が決める"),
    ],
)
def test_likeliest_way_to_meet_a_target_in_words_comes_first(text, likeliest):
    asker = Asker({})
    read_odd(text, "%", Place("target", "7行目"), asker)

    (asked,) = asker.asked.values()
    assert asked.readings[0].value == f"met_by={likeliest}"


@pytest.mark.parametrize(
    "text", ["4(21)", "65.2％（R5）", "80以上", "―", "約50", "95①", "10〜15", "100件/年"]
)
def test_what_nobody_answered_stays_as_it_is_written(text):
    asker = Asker({})

    assert read_odd(text, "%", Place("target", "7行目"), asker).text in (text, "")
    assert all(one.readings for one in asker.asked.values())


def test_one_kind_is_asked_once_and_counted():
    asker = Asker({"bracket_figure:actual": "outside"})
    figures = [read_odd(text, "", Place("actual", at), asker) for text, at in
               (("4(21)", "7行目"), ("5（30）", "8行目"), ("6", "9行目"))]  # fmt: skip

    assert [one.text for one in figures] == ["4", "5", "6"]
    assert [(one.key, one.example, one.place, one.count) for one in asker.asked.values()] == [
        ("bracket_figure:actual", "4(21)", "7行目", 2)
    ]
    assert asker.open == []


def test_likeliest_reading_of_words_comes_first():
    def first(text, use):
        asker = Asker({})
        read_odd(text, "", Place(use, "7行目"), asker)
        return next(iter(asker.asked.values())).readings[0].value

    assert first("満足度の向上", "target") == "met_by=基準値より良い"
    assert first("現状を維持", "target") == "met_by=基準値を保つ"
    assert first("計画の策定", "target") == "met_by=人が決める"
    assert first("未実施", "actual") == "unmeasured"
    assert first("集計中", "actual") == "nothing"


def test_dash_of_a_baseline_is_no_question():
    asker = Asker({})

    assert read_odd("－", "", Place("baseline", "7行目"), asker) == Figure("")
    assert asker.open == []
    (note,) = asker.notes
    assert note == (
        "基準値に、数字でなく「－」とあるセルがあります。→ 値がない（空欄と同じ、未入力）"
        "（例：7行目「－」、1か所）。"
    )


@pytest.mark.parametrize(
    "text", ["あ" * 32_000, "1" + "," * 32_000 + "x1", "(" * 32_000, "1(" * 16_000]
)
def test_long_cells_take_no_time(text):
    assert read_odd(text, "", Place("actual", "7行目"), Asker({})) == Figure(text)
