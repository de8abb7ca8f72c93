"""Texts as they are kept."""

from common.reading.texts import clean_text


def test_text_keeps_lines_and_rare_characters_and_drops_controls():
    assert clean_text(" 髙橋𠮷\r\n二行\x00\x07\x1b目\r ") == "髙橋𠮷\n二行目"


def test_radicals_are_kept_as_the_characters_that_they_look_like():
    assert clean_text("市⺠と⾏政の⽀援") == "市民と行政の支援"


def test_characters_that_choose_a_form_or_join_an_emoji_stay():
    assert clean_text("葛\U000e0100城 👩\u200d🏫") == "葛\U000e0100城 👩\u200d🏫"
