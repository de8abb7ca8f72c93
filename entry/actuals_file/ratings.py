"""The columns for ratings that people give: which plans have them, and what their cells say."""

from dataclasses import dataclass, field

from common.reading.names import comparable
from kpis.definition import scale_of
from kpis.models import KpiRatingRules
from kpis.plan_rules import own_scales, plan_rules
from projects.models import Strategy, living_in
from projects.scales import Method, Scale

# In a cell for a mark: there is none.
UNDECIDED = "未定"


@dataclass(frozen=True, slots=True)
class Rated:
    """By what a KPI is rated in the year, and whether whoever brings the file decides."""

    scale: Scale = field(default_factory=lambda: Scale(Method.NONE, "", ()))
    decides: bool = False


BY_NOBODY = Rated()


def rates_by_people(strategy: Strategy, fiscal_year: int) -> bool:
    """Whether people rate some KPI of a plan in a year (four queries at most)."""
    rules = plan_rules(strategy).in_year(fiscal_year)
    if rules.scale.is_by_people:
        return True
    rows = KpiRatingRules.objects.filter(kpi__project__strategy=strategy)
    living = rows.filter(living_in(fiscal_year, "kpi__"))
    own = own_scales(set(living.values_list("kpi_id", flat=True)))
    return any(scale_of(one, fiscal_year, rules).is_by_people for one in own.values())


def written_mark(scale: Scale, place: int | None) -> str:
    """A mark as the file has it; empty without one."""
    band = scale.at(place) if scale.is_by_people else None
    return band.text if band else ""


def place_written(text: str, scale: Scale) -> int | None:
    """The place of a mark that is written by its symbol, its label or both; None for 未定.

    Raises ValueError for what is no mark of the scale, or more than one.
    """
    said = comparable(text)
    if said == comparable(UNDECIDED):
        return None
    for part in ("text", "symbol", "label"):
        found = [
            place
            for place, band in enumerate(scale.marks, start=1)
            if said and comparable(getattr(band, part)) == said
        ]
        if len(found) == 1:
            return found[0]
    raise ValueError(text)
