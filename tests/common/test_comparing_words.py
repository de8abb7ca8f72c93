"""What counts as the same word: radicals, widths and characters that nobody sees."""

import unicodedata

import pytest

from common.reading.characters import without_invisible
from common.reading.names import comparable, half_width
from common.reading.radicals import unify_radicals


@pytest.mark.parametrize(
    ("copied", "meant"),
    [
        ("市⺠", "市民"),
        ("⻑崎", "長崎"),
        ("⼤牟⽥", "大牟田"),
        ("⼾籍", "戸籍"),
        ("⿊木", "黒木"),
        ("⻘年", "青年"),
        ("⾭年", "青年"),
        ("⻄", "西"),
        ("⻲", "亀"),
        ("㈱①ｱ", "㈱①ｱ"),
    ],
)
def test_radical_is_the_character_it_looks_like(copied, meant):
    assert unify_radicals(copied) == meant


def test_every_radical_of_unicode_but_two_becomes_a_character():
    radicals = [
        chr(at)
        for at in (*range(0x2E80, 0x2F00), *range(0x2F00, 0x2FE0))
        if unicodedata.category(chr(at)) == "So"
    ]
    left = [one for one in radicals if unify_radicals(one) == one]

    assert len(radicals) == 329
    assert left == ["⺀"]


@pytest.mark.parametrize(
    "invisible",
    ["\u200b", "\u200c", "\u200d", "\u200e", "\u202d", "\u202c", "\u2060", "\u2066", "\ufeff",
     "\u00ad", "\ufe0f", "\U000e0100", "\u3164", "\u061c"],
)  # fmt: skip
def test_what_nobody_sees_is_taken_off(invisible):
    assert without_invisible(f"{invisible}9{invisible}4{invisible}") == "94"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＫＰＩ番号", "kpi番号"),
        ("指標　名", "指標名"),
        ("市⺠の割合", "市民の割合"),
        ("髙\U000e0100橋", "髙橋"),
        ("％", "%"),
    ],
)
def test_same_names_compare_as_one(one, other):
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(("one", "other"), [("市民", "市区"), ("髙橋", "高橋"), ("1人", "2人")])
def test_other_names_do_not(one, other):
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize(
    ("written", "read"), [("Ｐ１－２", "P1-2"), ("\u200bP1-2　", "P1-2"), ("P1-1①", "P1-1①")]
)
def test_code_keeps_what_is_no_full_width(written, read):
    assert half_width(written) == read
