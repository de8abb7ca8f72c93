"""The engine that writes what a fiscal year brought, whatever kind of row that is.

Lock, permission, closing, version, validation and history in one transaction; one row, or a
batch that is written whole or not at all. A batch takes a constant number of queries, but for
two for each row that it takes back. What differs between the kinds is a `YearlyRecords` each.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, ClassVar, Final, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Model, QuerySet
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from common.history import sign_change
from common.people import name_of
from kpis.permissions import User, may_record_any
from kpis.recording.closing import refuse_ended, refuse_year
from kpis.recording.refusals import Kind, RecordingRefused, Refusal, stale_message
from projects.models import Strategy
from projects.words import PlanWords

# What every save writes of itself.
_SAVED = ("version", "updated_at", "updated_by", "updated_by_name")


class Unstated(Enum):
    """What an entry says of a column that it says nothing about: it stays as it stands."""

    KEPT = "kept"


KEPT: Final = Unstated.KEPT
Owner = TypeVar("Owner", bound=Model)
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Change:
    """An entry for one KPI, initiative or project, and the version it was made on (0: none).

    `entry` None takes back what was recorded, so that the year is 未入力 again.
    """

    owner_id: int
    entry: Any
    version: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch did: ids of what the rows are about, by outcome, and the rows that stand.

    Unchanged entries write nothing.
    """

    created: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    rows: Mapping[int, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows were written or taken back."""
        return len(self.created) + len(self.updated) + len(self.deleted)


class YearlyRecords(ABC, Generic[Owner, Entry]):
    """One kind of row a year: what it is about, who may write it, what is wrong with an entry.

    `owner` is the column that names what a row is about, `noun` what the app calls that, and
    `stated` the columns that somebody fills in, which are the fields of an entry.
    """

    model: ClassVar[Any]
    owner: ClassVar[str]
    noun: ClassVar[str]
    stated: ClassVar[tuple[str, ...]]

    @abstractmethod
    def owners(self, strategy: Strategy) -> QuerySet[Owner]:
        """What a plan's rows can be about."""

    @abstractmethod
    def recordable(self, user: User, strategy: Strategy) -> QuerySet[Owner]:
        """Those of them whose rows the user may write."""

    @abstractmethod
    def code(self, owner: Owner) -> str:
        """What people call one of them: `P1-2`."""

    def problems(self, owner: Owner, fiscal_year: int, entry: Entry) -> list[tuple[str, str]]:
        """What is wrong with a year's entry, as (field, sentence); empty when it is right."""
        return []

    def refusals(
        self,
        owners: Mapping[int, Owner],
        fiscal_year: int,
        changes: Sequence[tuple[Any, Change]],
        user: User | None,
    ) -> Iterable[Refusal]:
        """What else forbids some changes, each beside the row that stands (None: none does)."""
        return ()

    def settled(self, row: Any, entry: Entry | None) -> Entry | None:
        """An entry with what it leaves as the row (None: there is none) has it.

        None where it takes back what was recorded.
        """
        if entry is None:
            return None
        kept = [name for name in self.stated if getattr(entry, name) is KEPT]
        if not kept:
            return entry
        return replace(entry, **{name: self._standing(row, name) for name in kept})  # type: ignore[type-var]  # entries are dataclasses

    def _standing(self, row: Any, name: str) -> Any:
        if row is None:
            return self.model._meta.get_field(name).get_default()
        return getattr(row, name)

    def same(self, row: Any, entry: Entry | None) -> bool:
        """Whether an entry says what a row (or a row of its history) already says.

        None on either side is 未入力.
        """
        if row is None or entry is None:
            return row is entry
        return all(getattr(entry, name) in (KEPT, getattr(row, name)) for name in self.stated)

    def past(self, fiscal_year: int, versions: Mapping[int, int]) -> dict[int, Any]:
        """The rows as they stood at given versions, by owner's id, from the history (one query).

        For telling what a person changed from what they only saw.
        """
        rows = self.model.history.filter(
            **{f"{self.owner}__in": versions}, fiscal_year=fiscal_year, history_type__in=("+", "~")
        ).order_by("history_id")
        named = ((getattr(row, self.owner), row) for row in rows)
        return {pk: row for pk, row in named if versions[pk] == row.version}

    def record_one(
        self,
        strategy: Strategy,
        fiscal_year: int,
        change: Change,
        *,
        user: User | None,
        reason: str = "",
    ) -> Any:
        """Write one row and return it, None where it is taken back. Raises like `record`."""
        recorded = self.record(strategy, fiscal_year, [change], user=user, reason=reason)
        return recorded.rows.get(change.owner_id)

    def record(
        self,
        strategy: Strategy,
        fiscal_year: int,
        changes: Sequence[Change],
        *,
        user: User | None,
        reason: str = "",
    ) -> Recorded:
        """Write a year's rows: all of them, or none.

        `user` is None for a command, which may write every row. Raises PermissionDenied if one of
        them is not the user's to write, RecordingRefused with the reasons (an ended plan is one),
        and ValueError for a batch that names one thing twice.
        """
        if not changes:
            return Recorded()
        with transaction.atomic():
            owners = self._lock(strategy, changes, user)
            refuse_year(strategy, fiscal_year, map(self.code, owners.values()))
            batch = _Batch(self, fiscal_year, owners, strategy.words)
            settled = [batch.settled(change) for change in changes]
            batch.refusals += self.refusals(batch.owners, fiscal_year, batch.of(settled), user)
            for change in settled:
                batch.take(change)
            if batch.refusals:
                raise RecordingRefused(batch.refusals)
            return batch.write(user, reason)

    def _lock(
        self, strategy: Strategy, changes: Sequence[Change], user: User | None
    ) -> dict[int, Owner]:
        """What the changes are about, locked in one order, so that two batches never deadlock."""
        wanted = {change.owner_id for change in changes}
        if len(wanted) < len(changes):
            raise ValueError(f"One thing stands twice in a batch of {self.model.__name__}.")
        locked = self.owners(strategy).filter(pk__in=wanted).select_for_update(of=("self",))
        owners = {owner.pk: owner for owner in locked.order_by("pk")}
        noun = strategy.words.put(self.noun)
        if wanted - set(owners):
            raise PermissionDenied(f"この計画の{noun}ではありません。")
        # Before the question whose it is: in an ended plan nobody's answer would be the reason.
        refuse_ended(strategy, map(self.code, owners.values()))
        if not may_record_any(user, strategy) and user is not None:
            own = self.recordable(user, strategy).filter(pk__in=wanted)
            others = wanted - set(own.values_list("pk", flat=True))
            if others:
                named = "、".join(self.code(owners[pk]) for pk in sorted(others))
                raise PermissionDenied(f"{named}は、あなたの課の{noun}ではないため入力できません。")
        return owners


class _Batch:
    """The rows of a batch by owner's id, sorted by what has to happen to them."""

    def __init__(
        self,
        records: YearlyRecords[Any, Any],
        fiscal_year: int,
        owners: Mapping[int, Any],
        words: PlanWords,
    ) -> None:
        self.records = records
        self.words = words
        self.model = records.model
        self.fiscal_year = fiscal_year
        self.owners = owners
        rows = self.model.objects.filter(
            **{f"{records.owner}__in": owners}, fiscal_year=fiscal_year
        )
        self.saved = {getattr(row, records.owner): row for row in rows}
        self.created: dict[int, Any] = {}
        self.updated: dict[int, Any] = {}
        self.deleted: dict[int, Any] = {}
        self.refusals: list[Refusal] = []

    def settled(self, change: Change) -> Change:
        """A change with what it leaves as it stands."""
        entry = self.records.settled(self.saved.get(change.owner_id), change.entry)
        return change if entry is change.entry else replace(change, entry=entry)

    def of(self, changes: Sequence[Change]) -> list[tuple[Any, Change]]:
        """Those of some changes that say anything new, each beside the row that stands."""
        standing = [(self.saved.get(change.owner_id), change) for change in changes]
        return [(row, one) for row, one in standing if not self.records.same(row, one.entry)]

    def take(self, change: Change) -> None:
        """Note what a change asks for, or why it can't be had."""
        pk, entry = change.owner_id, change.entry
        owner, row = self.owners[pk], self.saved.get(pk)
        if self.records.same(row, entry):
            return
        code = self.records.code(owner)
        if (row.version if row is not None else 0) != change.version:
            name = self.records.stated[0]
            self.refusals.append(Refusal(code, Kind.STALE, name, stale_message(row), row, pk))
        elif entry is None:
            self.deleted[pk] = row
        else:
            self.refusals += [
                Refusal(code, Kind.INVALID, name, self.words.put(sentence), owner_id=pk)
                for name, sentence in self.records.problems(owner, self.fiscal_year, entry)
            ]
            self._fill(pk, row, entry)

    def _fill(self, pk: int, row: Any, entry: Any) -> None:
        if row is None:
            about = {self.records.owner: pk}
            row = self.created[pk] = self.model(**about, fiscal_year=self.fiscal_year, version=0)
        else:
            self.updated[pk] = row
        for name in self.records.stated:
            setattr(row, name, getattr(entry, name))
        row.version += 1

    def write(self, user: User | None, reason: str) -> Recorded:
        """Write the rows with their history."""
        now = timezone.now()
        for row in (*self.created.values(), *self.updated.values()):
            row.updated_at = now
            row.updated_by = user
            row.updated_by_name = name_of(user)
        history = {"default_user": user, "default_change_reason": reason, "default_date": now}
        if self.created:
            self._continue_versions()
            bulk_create_with_history(list(self.created.values()), self.model, **history)
        if self.updated:
            updated = list(self.updated.values())
            # One upsert; bulk_update would test every row's condition for every column.
            self.model.objects.bulk_create(
                updated,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=[*self.records.stated, *_SAVED],
            )
            bulk_update_with_history(updated, self.model, (), **history)
        for row in self.deleted.values():
            sign_change(row, user, reason)
            row.delete()
        standing = {pk: row for pk, row in self.saved.items() if pk not in self.deleted}
        return Recorded(
            tuple(self.created),
            tuple(self.updated),
            tuple(self.deleted),
            rows=standing | self.created,
        )

    def _continue_versions(self) -> None:
        """Count on from a deleted predecessor, so that a stale version never fits again."""
        owner = self.records.owner
        past = self.model.history.filter(
            **{f"{owner}__in": self.created}, fiscal_year=self.fiscal_year
        )
        last = dict(past.order_by().values_list(owner).annotate(Max("version")))
        for pk, row in self.created.items():
            row.version = last.get(pk, 0) + 1
