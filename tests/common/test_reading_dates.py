"""Days as people write them."""

from datetime import date

import pytest

from common.reading.dates import read_date


@pytest.mark.parametrize(
    "written",
    ["2026-08-20", "2026/8/20", "2026年8月20日", "２０２６．８．２０", "令和8年8月20日", "R8.8.20"],
)
def test_day_is_read(written):
    assert read_date(written) == date(2026, 8, 20)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和10年8月20日", date(2028, 8, 20)),
        ("R12.4.1", date(2030, 4, 1)),
        ("令和99年1月1日", date(2117, 1, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("S64.1.7", date(1989, 1, 7)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("㋿8年8月20日", date(2026, 8, 20)),
        ("令和 8 年 8 月 20 日", date(2026, 8, 20)),
        ("令和8年8\u2f4920\u2f47", date(2026, 8, 20)),  # ⽉ and ⽇, as PDFs give them
        ("\u200b2026-08-20\ufeff", date(2026, 8, 20)),
    ],
)
def test_day_of_an_era_is_read(written, day):
    assert read_date(written) == day


def test_four_digits_are_a_western_year_and_none_of_an_era():
    with pytest.raises(ValueError, match="「0008-08-20」の年を確かめてください。"):
        read_date("0008-08-20")


@pytest.mark.parametrize("written", ["0001-01-01", "1867-12-31", "3000-01-01", "9999-12-31"])
def test_day_beyond_what_the_calendar_of_a_plan_can_mean_is_refused(written):
    with pytest.raises(ValueError, match="使えるのは1868年から2999年までです。"):
        read_date(written)


def test_first_and_last_day_are_read():
    assert read_date("1868-01-01") == date(1868, 1, 1)
    assert read_date("2999-12-31") == date(2999, 12, 31)


@pytest.mark.parametrize("written", ["", " ", "\u200b"])
def test_empty_cell_is_no_day(written):
    assert read_date(written) is None


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("令和⑧年8月20日", "⑧"),
        ("2026年8月20日¹", "¹"),
        ("2026-08-2⁰", "⁰"),
        ("2026年㋇20日", "㋇"),
    ],
)
def test_footnote_mark_in_a_day_is_refused_by_name(written, mark):
    with pytest.raises(ValueError, match=f"^日付「{written}」の「{mark}」は数字ではありません。"):
        read_date(written)


@pytest.mark.parametrize(
    "written",
    [
        "8月20日",
        "あす",
        "20260820",
        "2026-08-20頃",
        "2026年8月20日まで",
        "R8.8.20、予定",
        "約2026-08-20",
        "0000-08-20",
        "26-08-20",
        "٢٠٢٦-08-20",
        "令和100年8月20日",
    ],
)
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
