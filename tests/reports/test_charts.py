import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from kpis.outlook import Outlook
from reports.charts.rates import (
    RateRow,
    draw_counts,
    forget_charts,
    rates_chart,
    rates_description,
)
from reports.charts.text import clean, wrap
from reports.charts.trend import trend_chart
from reports.charts.years import YearPoint, YearsChart
from reports.charts.years_columns import years_in_columns
from reports.charts.years_rows import years_in_rows

SVG = "{http://www.w3.org/2000/svg}"
RATES = [
    RateRow("P1-1", "支援件数", Decimal(105), "A 順調"),
    RateRow("P1-2", "創業件数", Decimal("99.96"), "B 概ね順調"),
    RateRow("P1-3", "来場者数", None, "未入力"),
    RateRow("P1-4", "来園者数", Fraction(1000), "A 順調"),
    RateRow("P1-5", "転入超過数", Decimal(-20), "D 遅れ"),
]
YEARS = (
    YearPoint(2024, Decimal(12), Fraction(10)),
    YearPoint(2025, Decimal(21), Fraction(20)),
    YearPoint(2026, Decimal(34), Fraction(30), "速報"),
    YearPoint(2027, None, Fraction(40), "集計中"),
    YearPoint(2028, None, Fraction(50), "未入力"),
)
OUTLOOK = Outlook(Fraction(105, 2), Fraction(48), Fraction(57), "", reaches=None)
BOTH = pytest.mark.parametrize("draw", [years_in_columns, years_in_rows], ids=["wide", "narrow"])


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 -- our own drawing


def texts(svg):
    """The printed texts in drawing order; one text's lines are joined by `/`."""
    return ["/".join(text.itertext()) for text in parsed(svg).iter(f"{SVG}text")]


def bars(svg):
    """Left edge and width of the blue bars, in pixels."""
    return [(left, wide) for left, _top, wide, _high in boxes(svg, fill="#3460FB")]


def rates(rows=RATES, **changes):
    return rates_chart(rows, title="進捗率", **changes)


def years(points=YEARS, draw=years_in_columns, **changes):
    told = {"unit": "件", "decimals": 0, "final_target": Decimal(50), "title": "支援件数の推移"}
    return draw(YearsChart(tuple(points), **(told | changes)))


def boxes(svg, **look):
    """Left, top, width and height of the rectangles that look like that, in pixels."""
    found = []
    for box in parsed(svg).iter(f"{SVG}rect"):
        if all(box.get(name.replace("_", "-")) == value for name, value in look.items()):
            places = (box.get(side, "0") for side in ("x", "y", "width", "height"))
            found.append(tuple(map(float, places)))
    return found


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
    assert drawn == [(352, 220.5), (352, 209.92), (352, 252)]


def test_rate_beyond_the_maximum_is_marked_and_explained():
    note = "▶は120%を超える率（棒は120%で止めています）"

    assert note in texts(rates())
    assert note not in texts(rates(RATES[:3]))


def test_long_name_is_cut_after_two_lines():
    row = RateRow("P1-1", "市民が健康に暮らせるまちの実現" * 8, Decimal(50), "D 遅れ")

    assert texts(rates([row]))[2:4] == [
        "市民が健康に暮らせるまちの実現市民が健康に暮",
        "らせるまちの実現市民が健康に暮らせるまちの…",
    ]


def test_narrow_rates_say_the_same_under_their_names():
    wide, narrow = rates(), rates(is_narrow=True)

    assert sorted(texts(narrow)) == sorted(texts(wide))
    assert parsed(narrow).get("viewBox").split()[2] == "320"
    # 100% of the narrow scale, cut at 120%.
    assert [left for left, _wide in bars(narrow)] == [1, 1, 1]
    assert bars(narrow)[-1] == (1, 223)


@BOTH
def test_years_are_printed_in_order_with_value_word_and_what_was_due(draw):
    printed = texts(years(draw=draw, value_label="累計"))

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
    for text in ("累計", "速報・参考", "年度目安", "最終目標", "集計中", "未入力"):
        assert text in "".join(printed)


def test_wide_chart_prints_bare_values_and_the_target_with_its_unit():
    printed = texts(years())

    for text in ("12", "21", "34（速報）", "最終目標", "50件"):
        assert text in printed


def test_narrow_chart_prints_values_with_their_unit():
    printed = texts(years(draw=years_in_rows))

    for text in ("12件", "21件", "34件（速報）", "最終目標 50件"):
        assert text in printed


def test_narrow_chart_gives_long_figures_a_line_of_their_own():
    def height(value):
        svg = years([YearPoint(2024, value, value)], draw=years_in_rows, final_target=value)
        return float(parsed(svg).get("viewBox").split()[3])

    assert height(Decimal(123456789012345)) == height(Decimal(12)) + 20


@BOTH
def test_values_below_zero_hang_from_it(draw):
    points = [YearPoint(2024, Decimal(-100), Decimal(-50)), YearPoint(2025, Decimal(50), None)]
    svg = years(points, draw, final_target=Decimal(100), unit="人")
    below, above, _legend = sorted(
        boxes(svg, fill="#3460FB"), key=lambda box: box[2] * box[3], reverse=True
    )

    assert "−100" in "".join(texts(svg))
    assert "目安 −50" in texts(svg)
    assert "目安 －" in texts(svg)
    side = 3 if draw is years_in_columns else 2
    assert below[side] == pytest.approx(2 * above[side], abs=0.02)


@BOTH
@pytest.mark.parametrize("target", [None, Decimal(0)])
def test_years_without_anything_to_measure_are_still_a_chart(draw, target):
    svg = years([YearPoint(2024, None, None, "未入力")], draw, final_target=target)

    assert "未入力" in texts(svg)


@BOTH
def test_outlook_is_a_hatched_band_with_its_word_in_the_last_year(draw):
    svg = years(draw=draw, estimate=OUTLOOK)
    pattern = next(parsed(svg).iter(f"{SVG}pattern")).get("id")
    band = max(boxes(svg, fill=f"url(#{pattern})"), key=lambda box: box[2] * box[3])

    assert "見込み" in "".join(texts(svg))
    assert "52.50" in "".join(texts(svg))
    assert "見込み（推計）" in texts(svg)
    # From 48 to 57, on a scale whose greatest value is 57.
    length, whole = (band[3], 172) if draw is years_in_columns else (band[2], 310)
    assert length == pytest.approx(whole * 9 / 57, abs=0.02)


@BOTH
def test_outlook_gives_way_to_the_last_years_value(draw):
    points = [*YEARS[:-1], YearPoint(2028, Decimal(51), Decimal(50))]
    svg = years(points, draw, estimate=OUTLOOK)

    assert "見込み" not in "".join(texts(svg))
    assert "見込み" not in parsed(svg)[1].text


@BOTH
def test_outlook_without_a_band_is_hatched_whole(draw):
    flat = Outlook(Fraction(50), Fraction(50), Fraction(50), "", reaches=None)
    svg = years(draw=draw, estimate=flat)
    pattern = next(parsed(svg).iter(f"{SVG}pattern")).get("id")

    assert len(boxes(svg, fill=f"url(#{pattern})")) == 2
    assert all(min(box[2:]) > 0 for box in boxes(svg, fill=f"url(#{pattern})"))


@BOTH
def test_pages_year_stands_on_a_ground_in_bold(draw):
    svg = years(draw=draw, highlighted=2025)
    bold = [
        text.text
        for text in parsed(svg).iter(f"{SVG}text")
        if text.get("font-weight") == "bold" and text.text.startswith("令和")
    ]

    assert bold == ["令和7"]
    assert len(boxes(svg, fill="#F1F1F4")) == 1


@BOTH
def test_years_of_the_plans_before_stand_apart_with_nothing_due(draw):
    before = (
        YearPoint(2022, Decimal(30), None, is_earlier=True),
        YearPoint(2023, Decimal(40), None, "参考", is_earlier=True),
    )
    svg = years((*before, *YEARS), draw)

    assert texts(svg).count("前の計画の実績") == 1
    assert [text for text in texts(svg) if text.startswith("目安")] == [
        f"目安 {due}" for due in (10, 20, 30, 40, 50)
    ]
    assert len([box for box in boxes(svg, fill="#F1F1F4", stroke="#595959") if box[1] > 40]) == 2
    assert len(bars(svg)) == len(bars(years(draw=draw)))
    assert parsed(svg)[1].text.startswith(
        "令和4年度（前の計画） 30件。令和5年度（前の計画） 40件（参考）。"
        "令和6年度 12件、目安 10件。"
    )


def test_target_is_drawn_from_the_plans_first_year_on():
    before = (YearPoint(2023, Decimal(30), None, is_earlier=True),)
    (line,) = (
        line
        for line in parsed(years((*before, *YEARS))).iter(f"{SVG}line")
        if line.get("stroke-dasharray") == "6 4" and float(line.get("y1")) > 40
    )

    assert (line.get("x1"), line.get("x2")) == ("104", "630")


def test_target_that_words_took_over_from_ends_where_it_held():
    targets = (Decimal(50), Decimal(50), None, None, None)
    svg = years(final_target=None, targets=targets, highlighted=2026)
    (line,) = (
        line
        for line in parsed(svg).iter(f"{SVG}line")
        if line.get("stroke-dasharray") == "6 4" and float(line.get("y1")) > 40
    )

    assert (line.get("x1"), line.get("x2")) == ("0", "249.6")
    at = texts(svg).index("令和7まで")
    assert texts(svg)[at + 1] == "50件"


def test_value_is_never_struck_through_by_a_line():
    # The value lies just below its target, where the text would stand on the line.
    svg = years([YearPoint(2024, Decimal("49.5"), Decimal(50))], decimals=1)
    heights = {text.text: float(text.get("y")) for text in parsed(svg).iter(f"{SVG}text")}
    (line,) = {
        float(line.get("y1"))
        for line in parsed(svg).iter(f"{SVG}line")
        if line.get("stroke-width") == "3" and line.get("x2") != line.get("x1")
        if float(line.get("y1")) > 40
    }

    assert abs(heights["49.5"] - 5 - line) >= 8


def test_trend_prints_its_values_where_they_fit():
    def trend(points):
        return texts(trend_chart(YearsChart(tuple(points), "件", 0, Decimal(50), "支援件数")))

    long = [YearPoint(year, Decimal(123456789), None) for year in range(2024, 2029)]

    assert trend(YEARS) == ["12", "R6", "21", "R7", "34", "R8", "－", "R9", "－", "R10"]
    assert trend(long) == ["R6", "R7", "R8", "R9", "R10"]


@pytest.mark.parametrize(
    "svg",
    [
        rates(),
        years(estimate=OUTLOOK, highlighted=2025),
        years(draw=years_in_rows, estimate=OUTLOOK, highlighted=2025),
        years(draw=trend_chart, highlighted=2025),
    ],
    ids=["rates", "columns", "rows", "trend"],
)
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
        "#3460FB", "#C5D7FB", "#0017C1", "#1A1A1A", "#595959", "#949494", "#FFFFFF", "#F1F1F4",
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
    assert parsed(years(estimate=OUTLOOK))[1].text == (
        "令和6年度 12件、目安 10件。令和7年度 21件、目安 20件。令和8年度 34件（速報）、目安 30件。"
        "令和9年度 集計中、目安 40件。令和10年度 未入力、目安 50件。"
        "見込み（推計） 52.50件、幅は48件から57件。最終目標 50件。"
    )
    assert parsed(years(final_target=None))[1].text.endswith("目安 50件。最終目標 なし。")


def test_same_chart_is_drawn_once():
    forget_charts()
    first = rates()
    again = rates(list(RATES))

    assert again == first
    assert (draw_counts().misses, draw_counts().hits) == (1, 1)
    rates(RATES[:1])
    assert draw_counts().misses == 2


@pytest.mark.parametrize("draw", [years_in_columns, years_in_rows, trend_chart])
def test_same_years_are_drawn_once(draw):
    draw.cache_clear()

    assert years(draw=draw) == years(list(YEARS), draw)
    assert (draw.cache_info().misses, draw.cache_info().hits) == (1, 1)


def test_heavy_libraries_wait_for_the_first_chart_or_pdf():
    code = (
        "import sys, reports.charts.rates, reports.charts.trend, reports.charts.years_columns;"
        "import reports.charts.years_rows, reports.renderers.pdf, reports.renderers.csv;"
        "print(sorted({'typst', 'docx', 'xlsxwriter'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"


def test_text_is_broken_before_no_closing_mark():
    assert wrap("あいうえお、かき", 5, 2) == ["あいうえお、", "かき"]
    assert wrap("", 5, 2) == [""]
    assert clean("  全角　空白\r\nと改行 ") == "全角 空白 と改行"
