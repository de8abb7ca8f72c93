"""What makes a figure look like a slip, and what does not: each bound from both sides."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.definition import KpiDefinition
from kpis.doubts import day_doubts, doubts

TEN_TIMES = "前年度（12件）の10倍以上です。桁を確かめてください。"
A_TENTH = "前年度（12件）の10分の1以下です。桁を確かめてください。"
ABOVE_100 = "割合が100%を超えています。小数点を確かめてください。"
RUNNING_TOTAL = "前年度までの累計（41件）以上です。累計ではなく、この年度だけの数ですか。"
TWICE = "前年度までの累計（19件）の2倍以上です。累計ではなく、この年度だけの数ですか。"


def found(value, *, last_year=None, earlier=(), **fields):
    definition = KpiDefinition(
        **{
            "id": 1,
            "code": "P1-1",
            "name": "指標",
            "unit": "件",
            "decimal_places": 0,
            "aggregation": "annual",
            "direction": "increase",
            "formula": "ratio",
            "baseline": None,
            "baseline_year": None,
            "project_code": "P1",
            "project_name": "プロジェクト",
            "department_id": None,
            "department_name": "",
        }
        | fields
    )
    value, last_year = (
        None if figure is None else Decimal(figure) for figure in (value, last_year)
    )
    earlier = [Decimal(figure) for figure in earlier]
    return doubts(definition, value, last_year=last_year, earlier=earlier)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", (TEN_TIMES,)),
        ("119.9999", ()),
        ("12", ()),
        ("1.2001", ()),
        ("1.2", (A_TENTH,)),
        ("0", (A_TENTH,)),
        (None, ()),
    ],
)
def test_ten_times_or_a_tenth_of_last_year(value, expected):
    assert found(value, last_year="12") == expected


def test_last_year_of_less_than_one_is_compared_too():
    assert found("5", last_year="0.5", decimal_places=1) == (
        "前年度（0.5件）の10倍以上です。桁を確かめてください。",
    )


@pytest.mark.parametrize("last_year", [None, "0", "-5"])
def test_last_year_without_a_positive_figure_gives_nothing_to_compare(last_year):
    assert found("1000", last_year=last_year) == ()


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("100.1", "%", (ABOVE_100,)),
        ("100", "%", ()),
        ("99.9", "%", ()),
        ("100.1", "％", (ABOVE_100,)),
        ("100.1", "パーセント", (ABOVE_100,)),
        ("100.1", "件", ()),
    ],
)
def test_share_above_100(value, unit, expected):
    assert found(value, unit=unit, decimal_places=1) == expected


@pytest.mark.parametrize(
    ("value", "earlier", "aggregation", "expected"),
    [
        ("41", ["19", "22"], "cumulative", (RUNNING_TOTAL,)),
        ("63", ["19", "22"], "cumulative", (RUNNING_TOTAL,)),
        ("40", ["19", "22"], "cumulative", ()),
        ("63", ["19", "22"], "annual", ()),
        # One figure before it tells little: the second year is often the better one.
        ("22", ["19"], "cumulative", ()),
        ("37", ["19"], "cumulative", ()),
        ("38", ["19"], "cumulative", (TWICE,)),
        ("38", ["19"], "annual", ()),
        ("1", ["1"], "cumulative", ()),
        # A year of nothing is no year to compare with.
        ("22", ["0", "19"], "cumulative", ()),
        ("45", ["0"], "cumulative", ()),
        ("45", [], "cumulative", ()),
    ],
)
def test_cumulative_figure_that_looks_like_a_running_total(value, earlier, aggregation, expected):
    assert found(value, earlier=earlier, aggregation=aggregation) == expected


def test_running_total_of_one_is_doubted_too():
    assert found("1", earlier=["0.5", "0.5"], aggregation="cumulative", decimal_places=1) == (
        "前年度までの累計（1.0件）以上です。累計ではなく、この年度だけの数ですか。",
    )


def test_doubts_add_up():
    doubted = found("410", last_year="12", earlier=["29", "12"], aggregation="cumulative")
    assert doubted == (TEN_TIMES, RUNNING_TOTAL)


@pytest.mark.parametrize(
    ("day", "where"),
    [
        (date(2017, 8, 20), "（2017年8月20日）は、令和8年度が始まる前です。"),
        (date(2019, 5, 1), "（2019年5月1日）は、令和8年度が始まる前です。"),
        (date(2026, 3, 31), "（2026年3月31日）は、令和8年度が始まる前です。"),
        (date(2030, 4, 1), "（2030年4月1日）は、令和8年度が終わって3年よりあとです。"),
        (date(2999, 8, 20), "（2999年8月20日）は、令和8年度が終わって3年よりあとです。"),
    ],
)
def test_expected_day_that_cannot_be_meant_is_doubted(day, where):
    assert day_doubts(2026, day) == (f"集計中の予定日{where}年を確かめてください。",)


@pytest.mark.parametrize(
    "day", [None, date(2026, 4, 1), date(2026, 11, 30), date(2027, 8, 20), date(2030, 3, 31)]
)
def test_expected_day_within_the_year_or_three_after_it_is_none_to_doubt(day):
    assert day_doubts(2026, day) == ()
