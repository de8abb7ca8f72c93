"""Fiscal years and days as they are printed."""

from datetime import date

import pytest

from common import fiscal_year


@pytest.mark.parametrize(
    ("year", "long", "short", "initial"),
    [
        (2024, "令和6年度", "令和6", "R6"),
        (2028, "令和10年度", "令和10", "R10"),
        (2019, "令和元年度", "令和元", "R1"),
        (2018, "平成30年度", "平成30", "H30"),
        (1989, "平成元年度", "平成元", "H1"),
        (1988, "昭和63年度", "昭和63", "S63"),
        (1926, "昭和元年度", "昭和元", "S1"),
    ],
)
def test_year_is_written(year, long, short, initial):
    assert fiscal_year.wareki(year) == long
    assert fiscal_year.wareki_short(year) == short
    assert fiscal_year.wareki_initial(year) == initial


def test_year_is_written_with_the_western_one():
    assert fiscal_year.wareki_with_western(2024) == "令和6年度（2024年度）"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2025, 6, 30), "令和7年6月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "1926年12月24日"),
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


@pytest.mark.parametrize(
    "printed", [fiscal_year.wareki, fiscal_year.wareki_short, fiscal_year.wareki_initial]
)
def test_year_before_showa_is_not_written(printed):
    with pytest.raises(ValueError, match="1925年度は和暦に直せません"):
        printed(1925)
