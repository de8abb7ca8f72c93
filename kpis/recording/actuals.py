"""Writing yearly actuals: one, or a batch that is written whole or not at all.

A batch takes a constant number of queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from kpis import rules
from kpis.assessment import KpiDefinition
from kpis.models import MEASURED_STATES, ActualState, Kpi, YearlyActual
from kpis.permissions import ANY, User, recordable_kpis
from kpis.recording.closing import refuse_year
from kpis.recording.refusals import Kind, RecordingRefused, Refusal, stale_message
from kpis.series import ActualRecord
from projects.models import Strategy

_CONTENT = (
    "state", "value", "unmeasured_reason", "expected_on", "analysis", "next_steps",
    "confirmation",
)  # fmt: skip
_WRITTEN = [*_CONTENT, "version", "updated_at", "updated_by"]


_NO_VALUE = "実績値を入力してください。まだ分からないときは「集計中」を選んでください。"
_NO_STATE_OF_A_VALUE = (
    "「{}」のときは、実績値を保存できません。"
    "実績値が出たときは、状態を「確定」か「速報」にしてください。"
)
_NO_DAY = "集計が終わる予定の日を入力してください（例：2027-08-20）。"


@dataclass(frozen=True, slots=True)
class ActualEntry:
    """What somebody states about one KPI in one fiscal year.

    Exactly one of: a value (final or provisional), pending with the day it is
    expected, or unmeasured with the reason; always with both explanations. An
    explanation may also come first, with the state missing. `confirmation`
    says that an unusual value is no slip.
    """

    state: ActualState
    value: Decimal | None = None
    unmeasured_reason: str = ""
    expected_on: date | None = None
    analysis: str = ""
    next_steps: str = ""
    confirmation: str = ""


@dataclass(frozen=True, slots=True)
class ActualChange:
    """An entry for one KPI and the version it was made on (0: none was there).

    `entry` None deletes the actual, so that the year is 未入力 again.
    """

    kpi_id: int
    entry: ActualEntry | None
    version: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch did: KPI ids by outcome. Unchanged entries write nothing."""

    created: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    actuals: Mapping[int, YearlyActual] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many actuals were written or deleted."""
        return len(self.created) + len(self.updated) + len(self.deleted)


def record_actual(
    kpi: Kpi,
    fiscal_year: int,
    entry: ActualEntry,
    *,
    user: User,
    version: int,
    reason: str = "",
) -> YearlyActual:
    """Write one KPI's actual of one fiscal year and return it.

    `version` is the one the entry was made on, 0 where there was none.
    Raises PermissionDenied, or RecordingRefused with the reasons.
    """
    change = ActualChange(kpi.pk, entry, version)
    recorded = record_actuals(kpi.project.strategy, fiscal_year, [change], user=user, reason=reason)
    return recorded.actuals[kpi.pk]


def delete_actual(
    kpi: Kpi, fiscal_year: int, *, user: User, version: int, reason: str = ""
) -> None:
    """Make a year 未入力 again; its figure stays in the history. Raises like record_actual."""
    change = ActualChange(kpi.pk, None, version)
    record_actuals(kpi.project.strategy, fiscal_year, [change], user=user, reason=reason)


def record_actuals(
    strategy: Strategy,
    fiscal_year: int,
    changes: Sequence[ActualChange],
    *,
    user: User,
    reason: str = "",
) -> Recorded:
    """Write a year's actuals of several KPIs: all of them, or none and RecordingRefused.

    Raises PermissionDenied if one of the KPIs is not the user's to record.
    """
    if not changes:
        return Recorded()
    with transaction.atomic():
        kpis = _lock_kpis(strategy, changes, user)
        refuse_year(strategy, fiscal_year, [kpi.code for kpi in kpis.values()])
        current = {
            actual.kpi_id: actual
            for actual in YearlyActual.objects.filter(
                kpi__in=kpis, fiscal_year=fiscal_year
            ).select_related("updated_by")
        }
        refusals: list[Refusal] = []
        outcome = _Outcome()
        for change in changes:
            kpi = kpis[change.kpi_id]
            saved = current.get(kpi.pk)
            refusal = _stale(kpi, change, saved)
            if refusal is not None:
                refusals.append(refusal)
            elif change.entry is None:
                if saved is not None:
                    outcome.deleted.append(saved)
            else:
                refusals += [
                    Refusal(kpi.code, Kind.INVALID, name, message)
                    for name, message in problems_of(kpi, change.entry)
                ]
                outcome.add(kpi, fiscal_year, change.entry, saved)
        if refusals:
            raise RecordingRefused(refusals)
        return outcome.write(user, reason)


def same_content(actual: YearlyActual | ActualRecord, entry: ActualEntry) -> bool:
    """Whether an entry says what an actual (or a row of its history) already says."""
    return all(getattr(actual, name) == getattr(entry, name) for name in _CONTENT)


def past_versions(fiscal_year: int, versions: Mapping[int, int]) -> dict[int, YearlyActual]:
    """The actuals as they stood at given versions, by KPI id, from the history (one query).

    For telling what a person changed from what they only saw.
    """
    rows = YearlyActual.history.filter(
        kpi_id__in=versions, fiscal_year=fiscal_year, history_type__in=("+", "~")
    ).order_by("history_id")
    return {row.kpi_id: row for row in rows if versions[row.kpi_id] == row.version}


class _Outcome:
    """The rows of a batch, sorted by what has to happen to them."""

    def __init__(self) -> None:
        self.created: list[YearlyActual] = []
        self.updated: list[YearlyActual] = []
        self.deleted: list[YearlyActual] = []
        self.unchanged: list[YearlyActual] = []

    def add(
        self, kpi: Kpi, fiscal_year: int, entry: ActualEntry, saved: YearlyActual | None
    ) -> None:
        if saved is None:
            row = YearlyActual(kpi=kpi, fiscal_year=fiscal_year, version=1)
            self.created.append(row)
        elif same_content(saved, entry):
            self.unchanged.append(saved)
            return
        else:
            row = saved
            row.version += 1
            self.updated.append(row)
        for name in _CONTENT:
            setattr(row, name, getattr(entry, name))

    def write(self, user: User, reason: str) -> Recorded:
        now = timezone.now()
        for row in (*self.created, *self.updated):
            row.updated_at = now
            row.updated_by = user
        history = {"default_user": user, "default_change_reason": reason, "default_date": now}
        if self.created:
            self._continue_versions()
            bulk_create_with_history(self.created, YearlyActual, **history)
        if self.updated:
            # One upsert; bulk_update would test every row's condition for every column.
            YearlyActual.objects.bulk_create(
                self.updated,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=_WRITTEN,
            )
            bulk_update_with_history(self.updated, YearlyActual, (), **history)
        for row in self.deleted:
            row._history_user = user  # noqa: SLF001 - simple-history's documented attributes
            row._change_reason = reason  # noqa: SLF001
            row.delete()
        return Recorded(
            created=tuple(row.kpi_id for row in self.created),
            updated=tuple(row.kpi_id for row in self.updated),
            deleted=tuple(row.kpi_id for row in self.deleted),
            actuals={row.kpi_id: row for row in (*self.created, *self.updated, *self.unchanged)},
        )

    def _continue_versions(self) -> None:
        """Count on from a deleted predecessor, so that a stale version never fits again."""
        last = dict(
            YearlyActual.history.filter(
                kpi_id__in=[row.kpi_id for row in self.created],
                fiscal_year=self.created[0].fiscal_year,
            )
            .values_list("kpi_id")
            .annotate(Max("version"))
        )
        for row in self.created:
            row.version = last.get(row.kpi_id, 0) + 1


def _lock_kpis(strategy: Strategy, changes: Sequence[ActualChange], user: User) -> dict[int, Kpi]:
    """The KPIs of the changes, locked in one order, so that two batches never deadlock."""
    wanted = {change.kpi_id for change in changes}
    if len(wanted) < len(changes):
        raise ValueError("A KPI stands twice in one batch.")
    locked = (
        Kpi.objects.select_for_update(of=("self",))
        .filter(project__strategy=strategy, pk__in=wanted)
        .select_related("project")
        .order_by("pk")
    )
    kpis = {kpi.pk: kpi for kpi in locked}
    if wanted - set(kpis):
        raise PermissionDenied("この計画の指標ではありません。")
    if not user.has_perm(ANY):
        own = set(
            recordable_kpis(user, strategy).filter(pk__in=wanted).values_list("pk", flat=True)
        )
        others = [kpis[pk].code for pk in sorted(wanted - own)]
        if others:
            raise PermissionDenied(
                f"{'、'.join(others)}は、あなたの課の指標ではないため入力できません。"
            )
    return kpis


def _stale(kpi: Kpi, change: ActualChange, saved: YearlyActual | None) -> Refusal | None:
    if (saved.version if saved is not None else 0) == change.version:
        return None
    if saved is not None and change.entry is not None and same_content(saved, change.entry):
        return None
    return Refusal(kpi.code, Kind.STALE, "value", stale_message(saved), saved)


def problems_of(kpi: Kpi | KpiDefinition, entry: ActualEntry) -> list[tuple[str, str]]:
    """What is wrong with an entry, as (field of ActualEntry, sentence); empty when it is right."""
    problems: list[tuple[str, str]] = []
    if entry.state in MEASURED_STATES:
        if entry.value is None:
            problems.append(("value", _NO_VALUE))
        else:
            problem = rules.actual_errors(kpi, entry.value)
            if problem:
                problems.append(("value", problem))
    elif entry.value is not None:
        problems.append(("value", _NO_STATE_OF_A_VALUE.format(entry.state.label)))
    if entry.state == ActualState.MISSING and not (entry.analysis or entry.next_steps):
        problems.append(("value", _NO_VALUE))
    if entry.state == ActualState.UNMEASURED and not entry.unmeasured_reason.strip():
        problems.append(("unmeasured_reason", "測定しなかった理由を書いてください。"))
    if entry.state == ActualState.PENDING and entry.expected_on is None:
        problems.append(("expected_on", _NO_DAY))
    if entry.state != ActualState.UNMEASURED and entry.unmeasured_reason:
        problems.append(("unmeasured_reason", "理由は「未測定」を選んだときだけ書けます。"))
    if entry.state != ActualState.PENDING and entry.expected_on is not None:
        problems.append(("expected_on", "予定の日は「集計中」を選んだときだけ入力できます。"))
    return problems
