"""What is closed stays: contents assembled anew from today's rows against what was kept.

They agree in every figure, state, rate, rating, count and list; only wording may differ. What is
wording stands here by name, and everything else is compared, so that a field added to the
document counts from the day it is added.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from common.fiscal_year import wareki
from kpis.assessment import RULES_VERSION
from kpis.recording.closing import Turn
from kpis.recording.refusals import Kind, RecordingRefused, Refusal
from projects.models import FiscalYearClosing, Strategy
from reports.annual import document
from reports.annual.assembly.years import assemble_years
from reports.annual.document import AnnualReport
from reports.annual.kept import contents_of_closed, report_in, sha256_of
from reports.annual.serialisation import OF_THE_ISSUE
from reports.models import KeptContent

# Names, definitions, sources, notes, purposes, directions, office, department, decimals shown and
# words; what is made of them; and by whom and when something was made or saved.
WORDING: dict[type, frozenset[str]] = {
    document.AnnualReport: frozenset(
        [
            *OF_THE_ISSUE, "schema", "municipality", "municipality_code", "office",
            "strategy_name", "is_sample", "headline", "words", "goals_sentence",
        ]
    ),
    document.ReportProject: frozenset(
        ["name", "kind_label", "pillar", "printed_sign", "purpose", "directions"]
    ),
    document.ReportGoals: frozenset(["name", "pillar"]),
    document.ReportKpi: frozenset(
        [
            "name", "decimal_places", "department", "related_departments", "definition",
            "data_source", "note", "source", "predecessor", "target_text",
        ]
    ),
    document.ReportEndedKpi: frozenset(["name"]),
    document.ReportLife: frozenset(["name", "before", "reason"]),
    document.ReportFinalKpi: frozenset(["name", "decimal_places", "target_text"]),
    document.ReportYear: frozenset(["remarks", "updated_on"]),
    document.ReportInitiative: frozenset(
        ["name", "home_name", "department", "home_printed_sign", "relisted_signs"]
    ),
    document.ReportMovement: frozenset(["name"]),
    # What its texts say beside the figures, a KPI's own terms and years say too.
    document.ReportRevision: frozenset(
        ["name", "decimal_places", "reason", "before_text", "after_text"]
    ),
}  # fmt: skip
# By which the parts of a list are the same thing, the first that a part has.
_KEYS = ("code", "fiscal_year", "number", "short")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where something is not what was kept: `projects P1 › kpis P1-1 › actual`, and both."""

    place: str
    kept: str
    today: str

    def __str__(self) -> str:
        return f"{self.place}：残した内容は「{self.kept}」、今の記録からは「{self.today}」です。"


@dataclass(frozen=True, slots=True)
class YearAgainstKept:
    """One closed year: its latest content, and in what today's rows differ from it.

    `content` is None where nothing is kept of a year that is closed. `is_readable` is false where
    the kept document can't be read. `is_of_older_rules` says that it was kept under another
    version of the rules, by which differences are told and not asserted.
    """

    strategy: Strategy
    fiscal_year: int
    content: KeptContent | None
    differences: tuple[Difference, ...] = ()
    is_readable: bool = True
    is_of_older_rules: bool = False

    @property
    def holds(self) -> bool:
        """Whether the year is what was kept of it."""
        if self.content is None or not self.is_readable:
            return False
        return self.is_of_older_rules or not self.differences


def differences_from_kept(
    strategy: Strategy, years: Collection[int] | None = None
) -> list[YearAgainstKept]:
    """Every closed year of a plan (or those of `years`) against what was kept of it last."""
    # As the database has it: what is at hand may be an older copy.
    strategy = Strategy.objects.get(pk=strategy.pk)
    closed = FiscalYearClosing.objects.filter(strategy=strategy).order_by("fiscal_year")
    asked = [
        year
        for year in closed.values_list("fiscal_year", flat=True)
        if years is None or year in years
    ]
    kept = {one.fiscal_year: one for one in contents_of_closed([strategy])}
    reports = {year: _readable(kept.get(year)) for year in asked}
    today = assemble_years(
        strategy, {year: kept[year].made_at for year, report in reports.items() if report}
    )
    return [_against(strategy, year, kept.get(year), reports[year], today) for year in asked]


def refuse_other_contents(closings: Sequence[FiscalYearClosing], turn: Turn) -> None:
    """Raise RecordingRefused if years that are put back are not what was kept of them."""
    if turn is not Turn.PUT_BACK or not closings:
        return
    strategy = closings[0].strategy
    years = {one.fiscal_year for one in closings}
    refusals = [
        Refusal(
            "",
            Kind.INVALID,
            "",
            f"「{strategy.name}」の{wareki(one.fiscal_year)}が、締めたときの内容に戻りません"
            f"（{_listed(one.differences)}）。改め始めてから変わったほかのものによるので、"
            "内容を確かめて、締め直してください。",
        )
        for one in differences_from_kept(strategy, years)
        if not one.holds
    ]
    if refusals:
        raise RecordingRefused(refusals)


def compare(kept: Any, today: Any, place: str = "") -> Iterator[Difference]:
    """Where two contents differ in anything but wording."""
    if is_dataclass(kept) and type(kept) is type(today):
        wording = WORDING.get(type(kept), frozenset())
        for name in (one.name for one in fields(kept) if one.name not in wording):
            yield from compare(getattr(kept, name), getattr(today, name), _join(place, name))
    elif isinstance(kept, tuple) and isinstance(today, tuple):
        yield from _compare_lists(kept, today, place)
    elif kept != today:
        yield Difference(place, _shown(kept), _shown(today))


def _readable(kept: KeptContent | None) -> AnnualReport | None:
    """The report that was kept; None where there is none, or none that can be read."""
    if kept is None:
        return None
    try:
        return report_in(kept) if sha256_of(kept.document) == kept.document_sha256 else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _against(
    strategy: Strategy,
    fiscal_year: int,
    kept: KeptContent | None,
    report: AnnualReport | None,
    today: Mapping[int, AnnualReport],
) -> YearAgainstKept:
    found = partial(YearAgainstKept, strategy, fiscal_year, kept)
    if report is None:
        return found(is_readable=kept is None)
    is_older = report.rules_version != RULES_VERSION
    compared = compare(report, today[fiscal_year])
    differences = tuple(one for one in compared if one.place != "rules_version")
    return found(differences=differences, is_of_older_rules=is_older)


def _compare_lists(kept: Sequence[Any], today: Sequence[Any], place: str) -> Iterator[Difference]:
    """Lists by the key of their parts, in order too; those without a key by position."""
    old, new = _by_key(kept), _by_key(today)
    if list(old) != list(new):
        yield Difference(place, _named(old), _named(new))
    for key in old:
        if key in new:
            yield from compare(old[key], new[key], f"{place} {key}" if place else str(key))


def _by_key(parts: Iterable[Any]) -> dict[Any, Any]:
    keyed: dict[Any, Any] = {}
    for at, one in enumerate(parts):
        name = next((name for name in _KEYS if hasattr(one, name)), None)
        key = at if name is None else getattr(one, name)
        # A KPI may be revised several times.
        keyed[f"{key}（{at}）" if key in keyed else key] = one
    return keyed


def _join(place: str, name: str) -> str:
    return f"{place} › {name}" if place else name


def _named(keys: Iterable[Any]) -> str:
    return "、".join(str(one) for one in keys)


def _shown(value: Any) -> str:
    if value is None:
        return "なし"
    return f"{value.normalize():f}" if isinstance(value, Decimal) and value else str(value)


def _listed(differences: Sequence[Difference], most: int = 3) -> str:
    named = "、".join(one.place for one in differences[:most])
    return f"{named}など{len(differences)}か所" if len(differences) > most else named
