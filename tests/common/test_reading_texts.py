"""Texts as they are kept."""

from common.reading.texts import clean_text, too_long
from common.reading.units import read_unit


def test_text_keeps_lines_and_rare_characters_and_drops_controls():
    assert clean_text(" 髙橋𠮷\r\n二行\x00\x07\x1b目\r ") == "髙橋𠮷\n二行目"


def test_radicals_are_kept_as_the_characters_that_they_look_like():
    assert clean_text("市⺠と⾏政の⽀援") == "市民と行政の支援"


def test_characters_that_choose_a_form_or_join_an_emoji_stay():
    assert clean_text("葛\U000e0100城 👩\u200d🏫") == "葛\U000e0100城 👩\u200d🏫"


def test_old_line_breaks_and_tabs_are_kept_and_halves_of_characters_dropped():
    assert clean_text("一行目\r二行目\t三列目\ud840") == "一行目\n二行目\t三列目"


def test_text_may_be_as_long_as_4000_characters():
    assert too_long("要因分析", "長" * 4000) == ""
    assert too_long("要因分析", "長" * 4001) == (
        "要因分析は4000字までです（今は4001字）。短くまとめてください。"
    )


def test_unit_is_kept_as_it_stands_but_for_the_sign_of_a_share():
    assert [read_unit(unit) for unit in ("％", "パーセント", " 千人 ", "㎡")] == [
        "%", "%", "千人", "㎡",
    ]  # fmt: skip
