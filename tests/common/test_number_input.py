"""Figures, days and texts as people write them."""

from datetime import date
from decimal import Decimal

import pytest

from common.number_input import clean_text, read_date, read_number


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


@pytest.mark.parametrize(
    "written",
    ["2026-08-20", "2026/8/20", "2026年8月20日", "２０２６．８．２０", "令和8年8月20日", "R8.8.20"],
)
def test_day_is_read(written):
    assert read_date(written) == date(2026, 8, 20)


def test_first_year_of_an_era_is_read():
    assert read_date("令和元年5月1日") == date(2019, 5, 1)


@pytest.mark.parametrize("written", ["8月20日", "あす", "20260820"])
def test_what_is_no_day_is_refused_with_an_example(written):
    with pytest.raises(ValueError, match="2026-08-20 のように入力してください"):
        read_date(written)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2026-13-01", "日付「2026-13-01」を確かめてください。13月1日はありません。"),
        (
            "令和８年６月３１日",
            "日付「令和８年６月３１日」を確かめてください。6月31日はありません。",
        ),
        ("2026/2/29", "日付「2026/2/29」を確かめてください。この年の2月29日はありません。"),
        ("R0.8.20", "日付「R0.8.20」を読み取れません。2026-08-20 のように入力してください。"),
    ],
)
def test_day_that_does_not_exist_is_named(written, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        read_date(written)


def test_text_keeps_lines_and_rare_characters_and_drops_controls():
    assert clean_text(" 髙橋𠮷\r\n二行\x00\x07\x1b目\r ") == "髙橋𠮷\n二行目"
