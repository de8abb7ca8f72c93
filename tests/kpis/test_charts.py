import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from kpis.charts import (
    RateRow,
    YearPoint,
    draw_counts,
    forget_charts,
    rates_chart,
    rates_description,
    years_chart,
)
from kpis.charts.text import clean, wrap

SVG = "{http://www.w3.org/2000/svg}"
RATES = [
    RateRow("P1-1", "支援件数", Decimal(105), "A 順調"),
    RateRow("P1-2", "創業件数", Decimal("99.96"), "B 概ね順調"),
    RateRow("P1-3", "来場者数", None, "未入力"),
    RateRow("P1-4", "来園者数", Fraction(1000), "A 順調"),
    RateRow("P1-5", "転入超過数", Decimal(-20), "D 遅れ"),
]
YEARS = [
    YearPoint(2024, Decimal(12), Fraction(10)),
    YearPoint(2025, Decimal(21), Fraction(20)),
    YearPoint(2026, Decimal(34), Fraction(30), "速報"),
    YearPoint(2027, None, Fraction(40), "集計中"),
    YearPoint(2028, None, Fraction(50), "未入力"),
]


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 -- our own drawing


def texts(svg):
    """The printed texts in drawing order; one text's lines are joined by `/`."""
    return ["/".join(text.itertext()) for text in parsed(svg).iter(f"{SVG}text")]


def bars(svg):
    """Left edge and width of the blue bars, in pixels."""
    found = re.findall(r'd="M([\d.]+),[\d.]+h([\d.]+)v[\d.]+h-[\d.]+Z" fill="#3460FB"', svg)
    return [(float(left), float(wide)) for left, wide in found]


def rates(rows=RATES, **changes):
    return rates_chart(rows, title="進捗率", **changes)


def years(points=YEARS, **changes):
    told = {"unit": "件", "decimals": 0, "final_target": Decimal(50), "title": "支援件数の推移"}
    return years_chart(points, **(told | changes))


def test_rates_chart_prints_every_rate_as_displayed():
    printed = texts(rates())

    for text in ("105.0%", "99.9%", "未入力", "1,000.0%", "−20.0%", "目安 100%"):
        assert text in printed
    assert [text for text in printed if text.startswith("P1-")] == [row.code for row in RATES]


def test_rates_chart_uses_the_bounds_and_the_minus_it_is_given():
    printed = texts(rates(bounds=(Decimal(100), Decimal(-19)), minus="△"))

    assert "△20.0%" in printed
    below = rates([RateRow("P1-1", "指標", Decimal("89.96"), "C")], bounds=(Decimal(90),))
    assert "89.9%" in texts(below)


def test_rate_bar_is_as_long_as_its_rate_and_stops_at_the_maximum():
    drawn = bars(rates())

    # Nothing for 未入力 and for −20%; 1,000% stops where 120% would.
    assert drawn == [(352, 220.5), (352, 209.91), (352, 252)]


def test_rate_beyond_the_maximum_is_marked_and_explained():
    note = "▶は120%を超える率（棒は120%で止めています）"

    assert note in texts(rates())
    assert note not in texts(rates(RATES[:3]))
    assert "▶は200%を超える率（棒は200%で止めています）" in texts(rates(maximum=200))


def test_long_name_is_cut_after_two_lines():
    row = RateRow("P1-1", "市民が健康に暮らせるまちの実現" * 8, Decimal(50), "D 遅れ")
    (name,) = (text for text in texts(rates([row])) if text.startswith("市民"))

    assert name == (
        "市民が健康に暮らせるまちの実現市民が健康に暮/らせるまちの実現市民が健康に暮らせるまちの…"
    )


def test_years_chart_prints_years_in_order_with_what_was_due():
    printed = texts(years())

    assert [text for text in printed if text.startswith("令和")] == [
        "令和6",
        "令和7",
        "令和8",
        "令和9",
        "令和10",
    ]
    assert [text for text in printed if text.startswith("目安 ")] == [
        f"目安 {due}" for due in (10, 20, 30, 40, 50)
    ]


def test_years_chart_prints_values_words_and_the_final_target():
    printed = texts(years(value_label="実績（累計）"))

    for text in ("12", "21", "34（速報）", "集計中", "未入力", "最終目標", "50件", "実績（累計）"):
        assert text in printed


def test_years_chart_of_negative_values_hangs_bars_from_zero():
    points = [YearPoint(2024, Decimal(-100), Decimal(-50)), YearPoint(2025, Decimal(50), None)]
    printed = texts(years(points, final_target=Decimal(100), unit="人"))

    assert "−100" in printed
    assert "目安 −50" in printed
    assert "目安 －" in printed


@pytest.mark.parametrize("target", [None, Decimal(0)])
def test_years_chart_without_anything_to_measure_is_still_a_chart(target):
    svg = years([YearPoint(2024, None, None, "未入力")], final_target=target)

    assert "未入力" in texts(svg)


def test_value_is_never_struck_through_by_a_line():
    # The value lies just below its target, where the text would stand on the line.
    svg = years([YearPoint(2024, Decimal("49.5"), Decimal(50))], decimals=1)
    heights = {
        text.text: float(re.search(r",([\d.]+)\)", text.get("transform"))[1])
        for text in parsed(svg).iter(f"{SVG}text")
    }
    (line,) = {
        float(re.search(r",([\d.]+)\)", line.get("transform"))[1])
        for line in parsed(svg).iter(f"{SVG}line")
        if line.get("stroke-width") == "3" and line.get("x2") != "18"
    }

    assert abs(heights["49.5"] - 4 - line) >= 8


@pytest.mark.parametrize("svg", [rates(), years()], ids=["rates", "years"])
def test_svg_has_a_name_a_description_and_nothing_a_strict_page_refuses(svg):
    root = parsed(svg)
    title, description = root[0], root[1]

    assert root.get("role") == "img"
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    assert "105.0%" in description.text or "令和6年度 12件" in description.text
    names = {name for element in root.iter() for name in element.attrib}
    assert names.isdisjoint({"style", "class", "href", "onclick"})
    assert not {"style", "script", "image", "foreignObject"} & {
        element.tag.removeprefix(SVG) for element in root.iter()
    }
    assert set(re.findall(r"https?://[^\"]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert root.get("font-family").startswith("Noto Sans CJK JP, BIZ UDPGothic")
    assert set(re.findall(r'(?:fill|stroke)="(#\w+)"', svg)) <= {
        "#3460FB", "#C5D7FB", "#0017C1", "#1A1A1A", "#595959", "#949494", "#FFFFFF",
    }  # fmt: skip


def test_charts_with_other_content_have_other_ids():
    other = rates([RateRow("P1-1", "支援件数", Decimal(104), "A 順調")])

    assert set(re.findall(r'id="([^"]+)"', rates())).isdisjoint(re.findall(r'id="([^"]+)"', other))
    assert len(re.findall(r'id="([^"]+)"', rates())) == 2


def test_markup_and_control_characters_in_a_name_are_harmless():
    row = RateRow("P1-1", '<script>&"𠮷髙\x01\x07ｶﾞｽか\u3099\ufe0f', Decimal(50), "D 遅れ")
    svg = rates([row], description="<b>\x00")

    assert '<script>&"𠮷髙ガスが' in texts(svg)
    assert parsed(svg)[1].text == "<b>"


def test_description_tells_the_figures():
    assert rates_description(RATES) == (
        "P1-1 105.0%（A 順調）、P1-2 99.9%（B 概ね順調）、P1-3 未入力、"
        "P1-4 1,000.0%（A 順調）、P1-5 −20.0%（D 遅れ）。"
    )
    assert parsed(years())[1].text == (
        "令和6年度 12件、目安 10件。令和7年度 21件、目安 20件。令和8年度 34件（速報）、目安 30件。"
        "令和9年度 集計中、目安 40件。令和10年度 未入力、目安 50件。最終目標 50件。"
    )


def test_same_chart_is_drawn_once():
    forget_charts()
    first = rates()
    again = rates(list(RATES))

    assert again == first
    assert (draw_counts().misses, draw_counts().hits) == (1, 1)
    rates(RATES[:1])
    assert draw_counts().misses == 2


def test_heavy_libraries_wait_for_the_first_chart_or_pdf():
    code = (
        "import sys, kpis.charts, reports.renderers.pdf, reports.renderers.csv;"
        "print(sorted({'vl_convert', 'typst'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"


def test_text_is_broken_before_no_closing_mark():
    assert wrap("あいうえお、かき", 5, 2) == ["あいうえお、", "かき"]
    assert wrap("", 5, 2) == [""]
    assert clean("  全角　空白\r\nと改行 ") == "全角 空白 と改行"
