"""Texts as they are kept."""

from common.reading.texts import clean_text


def test_text_keeps_lines_and_rare_characters_and_drops_controls():
    assert clean_text(" 髙橋𠮷\r\n二行\x00\x07\x1b目\r ") == "髙橋𠮷\n二行目"
