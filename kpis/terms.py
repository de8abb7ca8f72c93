"""What a plan says of its years, its means and its ratings, and since when: plain values.

Source of the rules: docs/domain.md, Rating and The period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from kpis.achievement import MINUS_ON_SCREEN, Number, Rounding, display, display_number
from kpis.targets import former_state, row_in_force
from projects.bands import Band, bands_from_data, bands_to_data, lower_bounds
from projects.scales import Method, ProjectMethod, Scale, Step, steps_from_data, steps_to_data
from projects.words import OWN_WORDS, PlanWords


@dataclass(frozen=True, kw_only=True)
class RatingTerms:
    """By what KPIs, projects and outside experts rate, how means are made, how rates are written.

    `average_cap` and `average_floor` are the limits within which a rate counts in a mean, None
    where there is none. `project_bands` are empty where projects have those of KPIs (or are not
    rated), `external_bands` where outside experts give no rating. `rate_decimals` is 0 to 2.
    """

    average_cap: Decimal | None
    rating_basis: str
    bands: tuple[Band, ...]
    rating_method: str = Method.RATE.value
    rating_steps: tuple[Step, ...] = ()
    project_method: str = ProjectMethod.MEAN.value
    project_bands: tuple[Band, ...] = ()
    external_bands: tuple[Band, ...] = ()
    average_floor: Decimal | None = Decimal(0)
    rate_decimals: int = 1
    rate_rounding: str = Rounding.HALF_UP.value

    @cached_property
    def scale(self) -> Scale:
        """By what KPIs are rated that have no scale of their own."""
        return Scale(self.rating_method, self.rating_basis, self.bands, self.rating_steps)

    @cached_property
    def project_scale(self) -> Scale:
        """By what projects are rated: by their mean, by people, or not."""
        method = _SCALE_METHODS.get(self.project_method, Method.NONE.value)
        return Scale(method, self.rating_basis, self.project_bands or self.scale.bands)

    @cached_property
    def external_scale(self) -> Scale:
        """By what outside experts rate projects."""
        method = Method.PEOPLE if self.external_bands else Method.NONE
        return Scale(method.value, self.rating_basis, self.external_bands)

    @cached_property
    def bounds(self) -> tuple[Decimal, ...]:
        """The bounds that a displayed rate must not be rounded up to."""
        used = (self.scale, self.project_scale)
        found = (bound for scale in used for bound in lower_bounds(scale.marks))
        return tuple(dict.fromkeys(found))

    @property
    def rates_anything(self) -> bool:
        """Whether anything at all is rated."""
        return self.scale.rates or self.project_scale.rates or self.external_scale.rates

    def rate_text(
        self,
        rate: Number | None,
        bounds: Sequence[Decimal] = (),
        *,
        minus: str = MINUS_ON_SCREEN,
    ) -> str:
        """`92.3%`, never rounded up to a bound of these ratings or of `bounds`; 「－」 for None."""
        return display(
            rate,
            self.rate_decimals,
            (*self.bounds, *bounds),
            minus=minus,
            rounding=self.rate_rounding,
        )

    def rate_number(
        self,
        rate: Number,
        bounds: Sequence[Decimal] | None = None,
        *,
        minus: str = MINUS_ON_SCREEN,
        separator: str = ",",
    ) -> str:
        """The same without the percent sign; by other bounds than these ratings' where given."""
        return display_number(
            rate,
            self.rate_decimals,
            self.bounds if bounds is None else bounds,
            minus=minus,
            separator=separator,
            rounding=self.rate_rounding,
        )


_SCALE_METHODS = {
    ProjectMethod.MEAN.value: Method.RATE.value,
    ProjectMethod.PEOPLE.value: Method.PEOPLE.value,
}
TERMS = tuple(one.name for one in fields(RatingTerms))


def terms_of(said: Any) -> dict[str, Any]:
    """The terms that something says which has them, by name."""
    return {name: getattr(said, name) for name in TERMS}


def terms_of_row(row: Any) -> dict[str, Any]:
    """The same of a row of the database (or of its history) that has rating columns."""
    return terms_of(row) | {
        "bands": bands_from_data(row.bands),
        "rating_steps": steps_from_data(row.rating_steps),
        "project_bands": bands_from_data(row.project_bands),
        "external_bands": bands_from_data(row.external_bands),
    }


def terms_of_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Some columns of rating, as the database has them, as terms."""
    read = {
        "bands": bands_from_data,
        "rating_steps": steps_from_data,
        "project_bands": bands_from_data,
        "external_bands": bands_from_data,
    }
    return {name: read[name](value) if name in read else value for name, value in columns.items()}


def scale_of_columns(columns: Mapping[str, Any]) -> Scale:
    """A scale from its columns as the database has them."""
    said = terms_of_columns(columns)
    return Scale(said["rating_method"], said["rating_basis"], said["bands"], said["rating_steps"])


def scale_columns(scale: Scale) -> dict[str, Any]:
    """A scale as a row of the database has it, by column."""
    return {
        "rating_method": scale.method,
        "rating_basis": scale.basis,
        "bands": bands_to_data(scale.bands),
        "rating_steps": steps_to_data(scale.steps),
    }


def as_columns(terms: RatingTerms) -> dict[str, Any]:
    """Terms as a row of the database has them, by column."""
    return terms_of(terms) | {
        "bands": bands_to_data(terms.bands),
        "rating_steps": steps_to_data(terms.rating_steps),
        "project_bands": bands_to_data(terms.project_bands),
        "external_bands": bands_to_data(terms.external_bands),
    }


def is_rated_alike(one: RatingTerms, other: RatingTerms) -> bool:
    """Whether KPIs without a scale of their own are rated by the same rules."""
    return one.scale == other.scale


@dataclass(frozen=True, kw_only=True)
class RuleChange(RatingTerms):
    """Rules of rating that hold from a fiscal year of the plan on."""

    effective_from: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LastYearUntil:
    """A last year as it was for the years up to `held_until`; None where there was none."""

    held_until: int
    last_year: int | None


@dataclass(frozen=True, kw_only=True)
class PlanRules(RatingTerms):
    """What a strategy says about its years, means and ratings, and in which words.

    The period is the plan's as it stands; the rules are those with which it begins, or, from
    `in_year`, those in force for a year. `changes` are empty where the rules never changed; else
    they are all that there ever were, from those with which the plan begins on.
    """

    first_year: int
    last_year: int
    words: PlanWords = OWN_WORDS
    changes: tuple[RuleChange, ...] = ()
    former_last_years: tuple[LastYearUntil, ...] = ()
    _in_years: "dict[int, PlanRules]" = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def years(self) -> range:
        """The plan's fiscal years, in order."""
        return range(self.first_year, self.last_year + 1)

    def in_year(self, fiscal_year: int) -> "PlanRules":
        """With the rules of rating that are in force for a year."""
        if not self.changes:
            return self
        if fiscal_year not in self._in_years:
            change = row_in_force(self.changes, fiscal_year)
            self._in_years[fiscal_year] = (
                self if change is None else replace(self, **terms_of(change))
            )
        return self._in_years[fiscal_year]

    def changed_in(self, fiscal_year: int) -> RuleChange | None:
        """The revision that a year is the first to be rated by; None for any other year."""
        revisions = self.changes[1:]
        return next((one for one in revisions if one.effective_from == fiscal_year), None)

    def revised_by(self, fiscal_year: int) -> tuple[RuleChange, ...]:
        """The revisions that the years up to one were rated by, in order."""
        return tuple(one for one in self.changes[1:] if one.effective_from <= fiscal_year)

    def last_year_in(self, fiscal_year: int) -> int:
        """The plan's last year as it is in force for a year."""
        former = former_state(self.former_last_years, fiscal_year)
        return (former and former.last_year) or self.last_year
