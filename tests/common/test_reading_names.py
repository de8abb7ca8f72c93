"""Names and codes as they are compared."""

import pytest

from common.reading.names import comparable, read_code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("相談件数", "相談 件数"),
        ("ＫＰＩ番号", "KPI番号"),
        ("ﾃﾚﾜｰｸ", "テレワーク"),
        ("床面積（㎡）", "床面積(m2)"),
        ("市\u200b民", "市民"),
        ("葛\U000e0100城", "葛城"),
        ("⼈⼝", "人口"),
        ("市⺠", "市民"),
        ("kW", "KW"),
    ],
)
def test_name_in_another_width_is_the_same(one, other):
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(("one", "other"), [("相談件数", "相談人数"), ("指標1", "指標")])
def test_other_name_is_another(one, other):
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize("written", ["P1-2", "p1-2", "Ｐ１－２", " P1−2 ", "\u200bP1ー2"])
def test_code_is_read(written):
    assert read_code(written) == "P1-2"


@pytest.mark.parametrize("written", ["P1-②", "P1-2¹"])
def test_mark_in_a_code_stays_and_names_nothing(written):
    assert read_code(written) == written
