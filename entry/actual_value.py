"""What a cell for an actual says: a figure, or words where people judge by words."""

from decimal import Decimal

from common.reading.characters import plain
from common.reading.figures import NotAFigure, read_number
from common.reading.texts import clean_text
from kpis.models import LONGEST_VALUE_IN_WORDS

_TELLING = 2


def read_actual_value(text: str, unit: str, *, takes_words: bool) -> Decimal | str | None:
    """A figure, or words where they are taken; None for an empty cell.

    Raises ValueError (NotAFigure for a state's word) with a sentence, as `read_number` does. What
    has digits and not two letters is a figure that can't be read, and no words.
    """
    try:
        return read_number(text, unit)
    except ValueError as error:
        words = " ".join(clean_text(text).split())
        if not takes_words or _tells_state(error) or not _are_words(words):
            raise
    if len(words) > LONGEST_VALUE_IN_WORDS:
        raise ValueError(
            f"ことばの実績値は{LONGEST_VALUE_IN_WORDS}字までです（今は{len(words)}字）。"
            "短くまとめてください。"
        )
    return words


def _tells_state(error: ValueError) -> bool:
    return isinstance(error, NotAFigure) and error.state is not None


def _are_words(text: str) -> bool:
    letters = sum(character.isalpha() for character in text)
    has_digits = any(character.isdigit() for character in plain(text))
    return letters >= (_TELLING if has_digits else 1)
