"""Fiscal years as people write and read them."""

from datetime import date

import pytest

from common import fiscal_year


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2024", 2024),
        ("2024年度", 2024),
        ("令和6", 2024),
        ("令和6年度", 2024),
        ("R6", 2024),
        ("r6", 2024),
        ("R06", 2024),
        ("令和元", 2019),
        ("R元", 2019),
        ("令和元年度", 2019),
        ("H30", 2018),
        ("平成31年度", 2019),
        ("２０２４年度", 2024),
        ("Ｒ６", 2024),
        (" 令和 6 年度 ", 2024),
        ("昭和64年度", 1989),
    ],
)
def test_year_is_read(written, year):
    assert fiscal_year.parse_fiscal_year(written) == year


@pytest.mark.parametrize(
    "written",
    ["", "令和", "6", "24", "元", "令和0", "R100", "20240", "令和六年度", "FY2024", "-1", "1000"],
)
def test_unreadable_year_is_refused_with_examples(written):
    with pytest.raises(ValueError, match="2024、令和6年度、R6 のように書いてください"):
        fiscal_year.parse_fiscal_year(written)


@pytest.mark.parametrize(
    ("year", "long", "short", "initial"),
    [
        (2024, "令和6年度", "令和6", "R6"),
        (2028, "令和10年度", "令和10", "R10"),
        (2019, "令和元年度", "令和元", "R1"),
        (2018, "平成30年度", "平成30", "H30"),
        (1989, "平成元年度", "平成元", "H1"),
    ],
)
def test_year_is_written(year, long, short, initial):
    assert fiscal_year.wareki(year) == long
    assert fiscal_year.wareki_short(year) == short
    assert fiscal_year.wareki_initial(year) == initial
    assert fiscal_year.parse_fiscal_year(long) == year


def test_year_is_written_with_the_western_one():
    assert fiscal_year.wareki_with_western(2024) == "令和6年度（2024年度）"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2025, 6, 30), "令和7年6月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
    ],
)
def test_day_is_written(day, written):
    assert fiscal_year.wareki_date(day) == written


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2025, 3, 31), 2024), (date(2025, 4, 1), 2025), (date(2025, 12, 31), 2025)],
)
def test_year_of_a_day_begins_in_april(day, year):
    assert fiscal_year.fiscal_year_of(day) == year
