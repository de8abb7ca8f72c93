"""Figures as people write them, and what only looks like one."""

import sys
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.reading.characters import without_invisible
from common.reading.figures import NotAFigure, read_number

DIGITS = "0123456789０１２３４５６７８９"
SIGNS = "+-＋－−△▲‐‑‒–—―ーｰ"
POINTS = ",.，．"
BLANKS = " \u3000\u00a0\u2009\u202f"
LISTED = {*DIGITS, *SIGNS, *POINTS, *BLANKS}
FULL_WIDTH = str.maketrans("0123456789,.-%", "０１２３４５６７８９，．－％")
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\ufe0e\ufe0f\U000e0100"


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("１，２３４", "件", "1234"),
        ("12.5％", "%", "12.5"),
        ("12.5パーセント", "%", "12.5"),
        ("△3", "件", "-3"),
        ("▲３．５", "人", "-3.5"),
        ("−5", "", "-5"),
        ("－5", "", "-5"),
        ("361.8千人", "千人", "361.8"),
        ("1 234", "", "1234"),
        ("１　２３４　５６７．５", "", "1234567.5"),
        ("1\u202f234 件", "件", "1234"),
        ("△ 1 234", "", "-1234"),
        ("- 5", "", "-5"),
        ("+ 7", "", "7"),
        ("1,234,567", "", "1234567"),
        (".5", "", "0.5"),
        ("0", "件", "0"),
        ("+7", "件", "7"),
        ("1" * 40, "", "1" * 40),
        ("12ﾊﾞﾚﾙ", "バレル", "12"),
    ],
)
def test_number_is_read(written, unit, value):
    assert read_number(written, unit) == Decimal(value)


@pytest.mark.parametrize("written", ["", "  ", "　"])
def test_empty_cell_is_none_and_never_zero(written):
    assert read_number(written, "件") is None


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("NaN", "数字で入力してください"),
        ("Infinity", "数字で入力してください"),
        ("1e400", "ふつうの数字で入力してください"),
        ("1.2E+03", "ふつうの数字で入力してください"),
        ("12人", "単位は「件」です"),
        ("12ﾄﾝ", "単位は「件」です"),
        ("1,23", "3桁ごとに区切るか"),
        ("12,5", "3桁ごとに区切るか"),
        ("12 5", "「12 5」の桁区切りを読み取れません。3桁ごとに区切るか"),
        ("１２　５", "3桁ごとに区切るか"),
        ("1 2345", "3桁ごとに区切るか"),
        ("1234 567", "3桁ごとに区切るか"),
        ("1 234,567", "3桁ごとに区切るか"),
        ("1, 234", "3桁ごとに区切るか"),
        ("1  234", "3桁ごとに区切るか"),
        ("12. 5", "3桁ごとに区切るか"),
        ("12 .5", "3桁ごとに区切るか"),
        ("1.2 E+03", "ふつうの数字で入力してください"),
        ("- -3", "数字で入力してください"),
        ("+-3", "数字で入力してください"),
        ("約 100", "数字で入力してください"),
        ("1.2.3", "数字で入力してください"),
        ("=SUM(A1)", "数字で入力してください"),
        ("2026/08/20", "数字で入力してください"),
        ("約100", "数字で入力してください"),
        ("--3", "数字で入力してください"),
        ("٣", "数字で入力してください"),
        ("1" * 41, "40字以内"),
    ],
)
def test_what_is_no_number_is_refused_with_a_remedy(written, remedy):
    with pytest.raises(ValueError, match=remedy):
        read_number(written, "件")


RIGHT = "数字で入力してください（例：1,234）。"


@pytest.mark.parametrize(
    ("written", "unit", "sentence"),
    [
        ("約5", "", f"「約5」を数字として読み取れません。{RIGHT}"),
        ("約", "件", f"「約」を数字として読み取れません。{RIGHT}"),
        ("約5", "件", f"「約5」を数字として読み取れません。単位は「件」です。{RIGHT}"),
        ("集計中", "件", f"「集計中」は数字ではありません。{RIGHT}"),
    ],
)
def test_refusal_is_one_whole_sentence(written, unit, sentence):
    with pytest.raises(ValueError, match="「") as refused:
        read_number(written, unit)
    assert str(refused.value) == sentence


def test_exponent_is_refused_with_the_same_figure_written_out():
    with pytest.raises(
        ValueError, match=r"使えません。ふつうの数字で入力してください（例：1200）。$"
    ):
        read_number("1.2E+03", "件")


def test_unit_is_named_only_where_there_is_one():
    with pytest.raises(ValueError, match=r"^「約5」を数字として読み取れません。数字で"):
        read_number("約5")


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("95①", "①"),
        ("120¹", "¹"),
        ("9⒊", "⒊"),
        ("4⁵", "⁵"),
        ("½", "½"),
        ("3½", "½"),
        ("Ⅳ", "Ⅳ"),
        ("㈠", "㈠"),
        ("㊿", "㊿"),
        ("❸", "❸"),
        ("1₂", "₂"),
        ("𝟗5", "𝟗"),
        ("⁻5", "⁻"),
        ("９㌫", "㌫"),
        ("95% ②", "②"),
    ],
)
def test_footnote_mark_and_other_stand_in_is_refused_by_name(written, mark):
    with pytest.raises(
        ValueError, match=f"^「{written}」の「{mark}」は数字ではありません。脚注の印"
    ):
        read_number(written, "%")


def test_no_character_of_unicode_stands_for_a_digit_but_those_of_full_width():
    every = (chr(code) for code in range(sys.maxunicode + 1))
    taken = [char for char in every if unicodedata.numeric(char, None) is not None and reads(char)]
    assert sorted(taken) == sorted(DIGITS)


@given(st.text([*LISTED, *"①¹⒊⁵½Ⅳ㈠٣九○〇eE%人()[]*×\u0336\u20dd"], max_size=12))
def test_nothing_passes_but_listed_characters(written):
    if reads(written):
        assert set(written) <= LISTED


@given(
    figure=st.decimals(min_value=-(10**11), max_value=10**11, places=3),
    separator=st.sampled_from(["", ","]),
    is_full_width=st.booleans(),
    unit=st.sampled_from(["", "件", "%", "㎡", "千人", " 人 "]),
    blank=st.sampled_from(["", " ", "\u3000"]),
)
def test_printed_figure_is_read_back_in_every_width(figure, separator, is_full_width, unit, blank):
    printed = f"{figure:{separator}f}{blank}{unit}"
    written = printed.translate(FULL_WIDTH) if is_full_width else printed
    assert read_number(written, unit) == figure


@given(figure=st.integers(0, 10**9), at=st.integers(0, 9), unseen=st.sampled_from(INVISIBLE))
def test_invisible_characters_before_behind_and_inside_a_figure_are_taken_off(figure, at, unseen):
    printed = str(figure)
    assert read_number(f"{printed[:at]}{unseen}{printed[at:]}件", "件") == figure


def test_cell_of_invisible_characters_is_empty():
    assert read_number("\u200b\ufeff ") is None


def test_override_that_turns_digits_round_is_not_taken_off():
    with pytest.raises(ValueError, match=r"^「〔U\+202E〕12」を数字として読み取れません"):
        read_number("\u202e12")


@pytest.mark.parametrize(
    ("written", "unit"),
    [("12㎡", "m2"), ("12 m2", "㎡"), ("12ﾄﾝ", "トン"), ("12ｋｍ", "km"), ("12\u200b件", "件")],
)
def test_unit_may_be_in_another_width(written, unit):
    assert read_number(written, unit) == 12


@pytest.mark.parametrize("unit", ["%", "％", "﹪", "パーセント", "ﾊﾟｰｾﾝﾄ"])
@pytest.mark.parametrize("written", ["12.5%", "12.5％", "12.5 パーセント", "12.5ﾊﾟｰｾﾝﾄ", "12.5"])
def test_percent_sign_is_one_however_it_is_written(written, unit):
    assert read_number(written, unit) == Decimal("12.5")


@pytest.mark.parametrize("written", ["12件①", "12①件"])
def test_mark_beside_the_unit_is_refused_by_name(written):
    with pytest.raises(ValueError, match="の「①」は数字ではありません"):
        read_number(written, "件")


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("集計中", "pending"),
        ("（集計中）", "pending"),
        ("未集計", "pending"),
        ("未公表", "pending"),
        ("－", "unmeasured"),
        ("―", "unmeasured"),
        ("---", "unmeasured"),
        ("***", "unmeasured"),
        ("＊", "unmeasured"),
        ("…", "unmeasured"),
        ("・・・", "unmeasured"),
        ("N/A", "unmeasured"),
        ("ｎ／ａ", "unmeasured"),
        ("未調査", "unmeasured"),
        ("不明", "unmeasured"),
        ("皆減", None),
        ("120人（速報）", "provisional"),
        ("１２０概数", "provisional"),
    ],
)
def test_word_or_sign_in_a_figures_place_tells_its_state(written, state):
    with pytest.raises(NotAFigure) as refused:
        read_number(f" {written}\u200b", "件")
    assert refused.value.state == state
    assert refused.value.saying("状態を選んでください。") == (
        f"「{without_invisible(written)}」は数字ではありません。状態を選んでください。"
    )


def reads(written):
    try:
        return read_number(written) is not None
    except ValueError:
        return False
