"""The KPIs and initiatives that are entered, each as one line of the lists of open work."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from kpis.achievement import display_value
from kpis.models import MEASURED_STATES, ActualState
from kpis.sharing import Source
from kpis.value_years import with_mark


class Owner(NamedTuple):
    """The department that owns something, by code and name, and whether it exists no more."""

    code: str
    name: str
    is_abolished: bool = False


NOBODY = Owner("", "所管課 未設定")


@dataclass(frozen=True, slots=True)
class Change:
    """When something was last changed and by whom (empty where nobody is named)."""

    at: datetime
    by: str


class RatingWork(Enum):
    """What people have still to do for a KPI's rating: nothing, where they don't rate it."""

    NONE = "none"
    UNPROPOSED = "unproposed"
    PROPOSED = "proposed"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class KpiLine:
    """One KPI and what is known of its year; `source` where that is another plan's to enter.

    `ends` says that the year is the last of its life, `related` are its 関係課, `is_goal` that it
    is a 数値目標, which is entered like any KPI, `rating` what is still to do for its rating by
    people, in the KPI's own plan.
    """

    code: str
    name: str
    unit: str
    decimal_places: int
    owner: Owner
    related: tuple[Owner, ...]
    source: Source | None
    ends: bool
    is_goal: bool
    rating: RatingWork
    state: ActualState
    value: Decimal | None = None
    value_year: int | None = None
    value_words: str = ""
    expected_on: date | None = None
    unmeasured_reason: str = ""
    change: Change | None = None

    @property
    def awaits_proposal(self) -> bool:
        """Whether its department has a rating to propose: the year is measured, none decided."""
        return self.rating is RatingWork.UNPROPOSED and self.state in MEASURED_STATES

    @property
    def awaits_decision(self) -> bool:
        """評価未定: whether the year is measured and the planner has not decided its rating."""
        undecided = (RatingWork.UNPROPOSED, RatingWork.PROPOSED)
        return self.rating in undecided and self.state in MEASURED_STATES

    @property
    def rating_note(self) -> str:
        """`案あり`, or `案もまだ`, where the rating is not decided; else empty."""
        if not self.awaits_decision:
            return ""
        return "案もまだ" if self.awaits_proposal else "案あり"

    @property
    def life_note(self) -> str:
        """`この年度で終わり`, where the KPI's life ends with the year; else empty."""
        return "この年度で終わり" if self.ends else ""

    @property
    def figure(self) -> str:
        """`9件`, `50人（令和4年度の値）`, or the value in words; empty without one."""
        said = self.value_words
        if self.value is not None:
            said = f"{display_value(self.value, self.decimal_places)}{self.unit}"
        return with_mark(said, self.value_year)


@dataclass(frozen=True, slots=True)
class InitiativeLine:
    """One initiative and whether its progress is entered.

    `code` is its home listing's, or the home's alone where that does not list it.
    """

    code: str
    name: str
    owner: Owner
    is_entered: bool
    change: Change | None = None

    @property
    def is_listed(self) -> bool:
        """Whether its home lists it, so that it has a page of its own."""
        return "-" in self.code
