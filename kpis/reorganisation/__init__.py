"""機構改革: on a day, what some departments own passes to others (docs/domain.md, Departments)."""

from kpis.reorganisation.acts import (
    carry_out_due,
    drop_reorganisation,
    prepare_reorganisation,
)
from kpis.reorganisation.checks import Wish, WishedChange, problems_of, wish_of
from kpis.reorganisation.outcome import Outcome, look_over
from kpis.reorganisation.pieces import Piece, check_owns_nothing, left_behind, pieces_of

__all__ = [
    "Outcome",
    "Piece",
    "Wish",
    "WishedChange",
    "carry_out_due",
    "check_owns_nothing",
    "drop_reorganisation",
    "left_behind",
    "look_over",
    "pieces_of",
    "prepare_reorganisation",
    "problems_of",
    "wish_of",
]
