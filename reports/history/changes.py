"""Who changed which figure from what to what, when and why: the history's rows as `Change`s.

Whatever the number of rows, a page of them takes a constant number of queries:
one for the rows' keys, one for each kind of row with the versions before them,
and one for each kind of name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.utils import timezone

from common.fiscal_year import end_of_day
from common.history import members_of
from kpis.models import FinalTarget, Kpi, KpiRatingRules, YearlyActual, YearlyTarget
from kpis.permissions import User
from kpis.sharing import named_place_of
from projects.models import (
    Correction,
    CorrectionEnd,
    Department,
    EntryDeadline,
    FiscalYearClosing,
    FormerPeriod,
    Initiative,
    InitiativeListing,
    InitiativeProgress,
    ProjectReview,
    RatingRules,
    Strategy,
)
from reports.history.names import Owner, PlanNames
from reports.history.words import FieldChange, Links, differences

SYSTEM = "システム"
_ACTIONS = {"+": "登録", "~": "変更", "-": "削除"}
_CLOSING_ACTIONS = {"+": "締め", "~": "変更", "-": "締めの解除"}
_CORRECTION_ACTIONS = {"": "改め始めた", **dict(CorrectionEnd.choices)}
# Keys of that many rows are turned into words at a time when all are asked for.
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the history.

    `code` and `name` say what it belongs to (a KPI, an initiative, a project or
    the plan); `kpi_code` is empty unless it is a KPI. `fiscal_year` is the one
    whose figure it is, None for what has no year of its own (a KPI, an initiative, the plan).
    `fields` is empty where somebody saved without changing anything. `username` is today's login
    name, `person` the name as it was then.
    """

    when: datetime
    username: str
    person: str
    kind: str
    action: str
    code: str
    name: str
    kpi_code: str
    fiscal_year: int | None
    fields: tuple[FieldChange, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which changes somebody asks for; what is None or empty doesn't matter.

    Both days count; a department is that of the KPI or initiative today.
    """

    person: User | None = None
    department: Department | None = None
    fiscal_year: int | None = None
    kpi_code: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """A model with its history: the field naming its owner, and the one with its year."""

    model: Any
    owner_kind: str
    owner_field: str
    year_field: str = "fiscal_year"


_SOURCES = {
    "kpi": _Source(Kpi, "kpi", "id", ""),
    "final_target": _Source(FinalTarget, "kpi", "kpi_id", "effective_from"),
    "kpi_rules": _Source(KpiRatingRules, "kpi", "kpi_id", "effective_from"),
    "yearly_target": _Source(YearlyTarget, "kpi", "kpi_id"),
    "actual": _Source(YearlyActual, "kpi", "kpi_id"),
    "initiative": _Source(Initiative, "initiative", "id", ""),
    "listing": _Source(InitiativeListing, "initiative", "initiative_id", ""),
    "progress": _Source(InitiativeProgress, "initiative", "initiative_id"),
    "review": _Source(ProjectReview, "project", "project_id"),
    "closing": _Source(FiscalYearClosing, "strategy", "strategy_id"),
    "correction": _Source(Correction, "strategy", "strategy_id", "first_year"),
    "deadline": _Source(EntryDeadline, "strategy", "strategy_id"),
    "rating_rules": _Source(RatingRules, "strategy", "strategy_id", "effective_from"),
    "former_period": _Source(FormerPeriod, "strategy", "strategy_id", "held_until"),
    "strategy": _Source(Strategy, "strategy", "id", ""),
}
# Where a row stands among those of other tables: at the latest date that any row up to it has. So
# a clock that was set back moves no row before one that was written earlier into its table.
_MOMENT = Window(Max("history_date"), order_by=F("history_id").asc())
# (moment, history id, key of _SOURCES): which row of which history.
Key = tuple[datetime, int, str]


class History:
    """The changes of a plan that somebody asks for, newest first; sliced like a list."""

    def __init__(self, names: PlanNames, chosen: HistoryFilter = HistoryFilter()) -> None:
        self.names = names
        self.rows = _rows(names, chosen)
        self.keys = _keys(self.rows)

    def __len__(self) -> int:
        """How many changes there are (one query)."""
        if not self.rows:
            return 0
        # Without their order, which takes longer than the count.
        first, *others = (rows.values_list("history_id") for rows in self.rows.values())
        return first.union(*others, all=True).count()

    def __getitem__(self, chosen: slice) -> list[Change]:
        """Some of the changes."""
        keys = list(self.keys[chosen]) if self.keys is not None else []
        return _changes(self.names, keys)

    def __iter__(self) -> Iterator[Change]:
        """All changes, read in portions."""
        keys = list(self.keys) if self.keys is not None else []
        for start in range(0, len(keys), _CHUNK):
            yield from _changes(self.names, keys[start : start + _CHUNK])


def history_of_plan(strategy: Strategy, chosen: HistoryFilter = HistoryFilter()) -> History:
    """The changes of a plan, of things deleted since too."""
    return History(PlanNames(strategy), chosen)


def history_of_kpi(strategy: Strategy, kpi: Kpi, *, until: date | None = None) -> History:
    """The changes of one KPI's definition, targets and actuals."""
    known = {kpi.pk: Owner(kpi.code, kpi.name, kpi.department_id)}
    known_ones = filter(None, (kpi.carried_from, kpi.successor_of))
    others = {one.pk: named_place_of(one) for one in known_ones}
    names = PlanNames(strategy, kpis=known, others=others)
    return History(names, HistoryFilter(kpi_code=kpi.code, until=until))


def _rows(names: PlanNames, chosen: HistoryFilter) -> dict[str, QuerySet[Any]]:
    """The chosen rows of each history that can have any, by the keys of _SOURCES."""
    conditions = Q()
    if chosen.person is not None:
        conditions &= Q(history_user=chosen.person)
    if chosen.since is not None:
        conditions &= Q(history_date__gte=end_of_day(chosen.since - timedelta(days=1)))
    # Up to today is up to now, whatever a clock that ran ahead wrote.
    if chosen.until is not None and chosen.until < timezone.localdate():
        conditions &= Q(history_date__lt=end_of_day(chosen.until))
    chosen_rows = {}
    for key, source in _SOURCES.items():
        owners = _owner_ids(names, source.owner_kind, chosen)
        if not owners or (chosen.fiscal_year is not None and not source.year_field):
            continue
        rows = source.model.history.filter(conditions, **{f"{source.owner_field}__in": owners})
        if chosen.fiscal_year is not None:
            rows = rows.filter(**{source.year_field: chosen.fiscal_year})
        if key == "closing":
            # A correction is one thing, whatever years it opens and closes.
            rows = rows.filter(correction=None)
        chosen_rows[key] = rows.order_by()
    return chosen_rows


def _keys(chosen: dict[str, QuerySet[Any]]) -> QuerySet[Any, Key] | None:
    """The keys of the chosen rows as one query, the last written first; None without any."""
    if not chosen:
        return None
    first, *others = (
        rows.annotate(of_history=Value(key), moment=_MOMENT).values_list(
            "moment", "history_id", "of_history"
        )
        for key, rows in chosen.items()
    )
    keys: QuerySet[Any, Key] = first.union(*others, all=True)
    return keys.order_by("-moment", "of_history", "-history_id")


def _owner_ids(names: PlanNames, kind: str, chosen: HistoryFilter) -> list[int]:
    """The ids of the KPIs, initiatives, projects or plan whose changes are asked for."""
    if chosen.kpi_code and kind != "kpi":
        return []
    if kind in ("project", "strategy"):
        return [] if chosen.department is not None else list(names.owners(kind))
    return [
        pk
        for pk, owner in names.owners(kind).items()
        if (chosen.department is None or owner.department_id == chosen.department.pk)
        and chosen.kpi_code in ("", owner.code)
    ]


def _changes(names: PlanNames, keys: Sequence[Key]) -> list[Change]:
    """The rows of some keys in words, in the keys' order."""
    found: dict[tuple[str, int], tuple[Any, Any]] = {}
    for key, source in _SOURCES.items():
        ids = [history_id for _when, history_id, of in keys if of == key]
        if ids:
            found |= {(key, pk): pair for pk, pair in _with_predecessors(source, ids).items()}
    kpi_ids = {
        getattr(row, _SOURCES[key].owner_field)
        for (key, _pk), (row, _before) in found.items()
        if _SOURCES[key].owner_kind == "kpi"
    }
    kpis = _KpiVersions(kpi_ids)
    links = _links(pair for (key, _pk), pair in found.items() if key == "kpi")
    return [
        _change(names, key, *found[key, history_id], kpis, links) for _when, history_id, key in keys
    ]


def _links(kpis: Iterable[tuple[Any, Any]]) -> Links:
    """What changed KPIs led to before and after; no query where none was changed."""
    changed = [pair for pair in kpis if pair[0].history_type == "~"]
    ids = [one.history_id for pair in changed for one in pair if one is not None]
    links: defaultdict[tuple[int, str], frozenset[int]] = defaultdict(frozenset)
    for field, kept in members_of(Kpi.history.model):
        rows = kept.objects.filter(history__in=ids).order_by() if ids else kept.objects.none()
        for history_id, department in rows.values_list("history_id", "department_id"):
            links[history_id, field.name] |= {department}
    return links


def _with_predecessors(source: _Source, ids: list[int]) -> dict[int, tuple[Any, Any]]:
    """Rows of a history by id, each with the version before it or None; one query."""
    history = source.model.history
    earlier = (
        history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
        .order_by()
        .values("id")
        .annotate(last=Max("history_id"))
        .values("last")
    )
    before = history.filter(history_id__in=ids).order_by().values(before=Subquery(earlier))
    rows = history.filter(Q(history_id__in=ids) | Q(history_id__in=before))
    ordered = list(rows.select_related("history_user").order_by("id", "history_id"))
    wanted = set(ids)
    return {
        row.history_id: (row, earlier if earlier is not None and earlier.id == row.id else None)
        for earlier, row in pairwise([None, *ordered])
        if row.history_id in wanted
    }


def _change(
    names: PlanNames, key: str, row: Any, before: Any, kpis: "_KpiVersions", links: Links
) -> Change:
    source = _SOURCES[key]
    owner_id = getattr(row, source.owner_field)
    owner = names.owners(source.owner_kind).get(owner_id, Owner("", "", None))
    action = (_CLOSING_ACTIONS if key == "closing" else _ACTIONS)[row.history_type]
    if key == "correction":
        action = str(_CORRECTION_ACTIONS[row.ending])
    of_kpi = source.owner_kind == "kpi"
    return Change(
        when=timezone.localtime(row.history_date),
        username=row.history_user.get_username() if row.history_user else "",
        person=row.acted_by or SYSTEM,
        kind=names.words.put(str(source.model._meta.verbose_name)),
        action=action,
        code=owner.code,
        name=owner.name,
        kpi_code=owner.code if of_kpi else "",
        fiscal_year=getattr(row, source.year_field) if source.year_field else None,
        fields=differences(
            row,
            before,
            year_field=source.year_field,
            kpis=(kpis.at(owner_id, before or row), kpis.at(owner_id, row))
            if of_kpi
            else (None, None),
            names=names,
            links=links,
        ),
        reason=row.history_change_reason or "",
    )


class _KpiVersions:
    """The KPIs as they were when a figure was written, for its unit and decimals (one query)."""

    def __init__(self, kpi_ids: set[int]) -> None:
        self.ever: dict[int, list[Any]] = {}
        rows = Kpi.history.filter(id__in=kpi_ids).order_by("history_id")
        for version in rows.values_list("id", "history_date", "unit", "decimal_places", named=True):
            self.ever.setdefault(version.id, []).append(version)
        # What a loader brought without a history is known as it is now.
        self.unrecorded = Kpi.objects.in_bulk(kpi_ids - set(self.ever))

    def at(self, kpi_id: int, row: Any) -> Any:
        """The KPI's version when a row was written, or the first known after it; None without."""
        if row.instance_type is Kpi:
            return row
        versions = self.ever.get(kpi_id)
        if versions is None:
            return self.unrecorded.get(kpi_id)
        known = [version for version in versions if version.history_date <= row.history_date]
        return known[-1] if known else versions[0]
