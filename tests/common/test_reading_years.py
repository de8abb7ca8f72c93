"""Fiscal years as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.fiscal_year import wareki, wareki_short
from common.reading.years import read_fiscal_year, without_years, years_within


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
        ("令和12", 2030),
        ("２０３０年度", 2030),
        ("昭和元年度", 1926),
        ("S1", 1926),
        ("1926", 1926),
        ("2199", 2199),
        ("R99", 2117),
        ("㋿7年度", 2025),
        ("\u200b令和\u20607年度\ufeff", 2025),
    ],
)
def test_year_is_read(written, year):
    assert read_fiscal_year(written) == year


@pytest.mark.parametrize(
    "written",
    [
        "",
        "令和",
        "6",
        "24",
        "元",
        "令和0",
        "R100",
        "20240",
        "令和六年度",
        "FY2024",
        "-1",
        "1000",
        "1925",
        "2200",
        "H0",
        "元年度",
        "R6年度（予定）",
        "٢٠٢٤",
    ],
)
def test_unreadable_year_is_refused_with_examples(written):
    with pytest.raises(ValueError, match="2024、令和6年度、R6 のように書いてください"):
        read_fiscal_year(written)


@pytest.mark.parametrize(
    ("written", "mark"), [("令和⑦年度", "⑦"), ("R⁷", "⁷"), ("2024年度①", "①"), ("令和Ⅵ年度", "Ⅵ")]
)
def test_footnote_mark_in_a_year_is_refused_by_name(written, mark):
    with pytest.raises(ValueError, match=f"^年度「{written}」の「{mark}」は数字ではありません。"):
        read_fiscal_year(written)


@given(year=st.integers(1926, 2117), printed=st.sampled_from([wareki, wareki_short, str]))
def test_printed_year_is_read_back(year, printed):
    assert read_fiscal_year(printed(year)) == year


@pytest.mark.parametrize(
    ("text", "years", "left"),
    [
        ("目標値（Ｒ６）", [2024], "目標値()"),
        ("実績 令和６年度末", [2024], "実績 "),
        ("R6（2024）", [2024, 2024], "()"),
        ("令和5年3月末現在", [2022], "現在"),
        ("R6.3.31", [2023], ""),
        ("R6/4", [2024], ""),
        ("2024年10月1日", [2024], ""),
        ("㋿元", [2019], ""),
        ("R6〜R10", [2024, 2028], "〜"),
        ("R5実績", [2023], "実績"),
        ("6年度", [], "6年度"),
        ("12345", [], "12345"),
        ("2,024", [], "2,024"),
        ("KPI1、CO2、P1-1、RR6", [], "KPI1、CO2、P1-1、RR6"),
        ("令和0年度", [], "令和0年度"),
    ],
)
def test_years_within_a_text(text, years, left):
    assert (years_within(text), without_years(text)) == (years, left)
