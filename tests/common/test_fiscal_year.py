"""Fiscal years as people write and read them."""

from datetime import UTC, date, datetime

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
        ("1926", 1926),
        ("昭和元年度", 1926),
        ("2199", 2199),
    ],
)
def test_year_is_read(written, year):
    assert fiscal_year.parse_fiscal_year(written) == year


@pytest.mark.parametrize(
    "written",
    [
        *("", "令和", "6", "24", "元", "令和0", "R100", "20240", "令和六年度", "FY2024", "-1"),
        *("1000", "1925", "2200"),
    ],
)
def test_unreadable_year_is_refused_with_examples(written):
    assert refusal_of(written) == (
        f"年度「{written}」を読み取れません。2024、令和6年度、R6 のように書いてください。"
    )


def test_long_text_is_shortened_in_its_refusal():
    assert refusal_of(" 来年度からはじまる五か年計画の最初の年度のはずです ").startswith(
        "年度「来年度からはじまる五か年計画の最初の年度」を"
    )


def refusal_of(written):
    with pytest.raises(ValueError, match="年度「") as refused:
        fiscal_year.parse_fiscal_year(written)
    return str(refused.value)


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
    assert fiscal_year.parse_fiscal_year(long) == year


@pytest.mark.parametrize("write", [fiscal_year.wareki_short, fiscal_year.wareki_initial])
def test_year_before_the_known_eras_is_refused(write):
    with pytest.raises(ValueError, match=r"^1925年度は和暦に直せません（昭和より前です）。$"):
        write(1925)


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


def test_year_ends_on_the_last_of_march():
    assert fiscal_year.last_day(2024) == date(2025, 3, 31)


def test_day_ends_at_midnight_in_the_city():
    assert fiscal_year.end_of_day(date(2025, 3, 31)) == datetime(2025, 3, 31, 15, tzinfo=UTC)
