"""Seals against what they hold: the chain, the rows of each table, what is gone at the end."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Max, Model

from reports.models import Seal, SealedRow
from reports.seals.hashes import NOTHING_BEFORE, RowsHash, row_hash, seal_hash
from reports.seals.tables import SealedTable, sealed_tables
from reports.seals.verification.findings import Findings
from reports.seals.verification.names import (
    moment_in_words,
    name_of_thing,
    seal_in_words,
)
from reports.seals.verification.side_by_side import Row, side_by_side

_CHAIN = "記録の封印"
# A row's own date; one that is that much older than the seal before the row came to light is told.
_DATES = ("history_date", "issued_at", "made_at", "at")
_MOST_LATE = timedelta(hours=1)


def verify_seals(found: Findings) -> tuple[int, int, int]:
    """Check the chain and every sealed row.

    Returns how many seals and sealed rows there are, and how many rows wait for the next seal.
    """
    seals = _verify_chain(found)
    _verify_ends(found)
    sealed = unsealed = 0
    for table in sealed_tables():
        checked = _Table(table, seals, found)
        checked.verify()
        sealed += checked.sealed
        unsealed += checked.unsealed
    known = {table.label for table in sealed_tables()}
    for label in sorted({f"{one}" for seal in seals.values() for one in seal.tables} - known):
        found.note(_CHAIN, f"{label}：この表は今はなく、封印と照らし合わせられません。")
    return len(seals), sealed, unsealed


def _verify_chain(found: Findings) -> dict[int, Seal]:
    """Every seal follows from the one before; return them by number."""
    seals: dict[int, Seal] = {}
    number, before, last_at = 0, NOTHING_BEFORE, None
    for seal in Seal.objects.order_by("number").iterator():
        if seal.number > number + 1:
            which = f"第{number + 1}号"
            if seal.number > number + 2:
                which += f"から第{seal.number - 1}号まで"
            found.problem(_CHAIN, f"封印の{which}が消えています。")
        if seal.number == number + 1 and seal_hash(seal, before) != seal.sha256:
            found.problem(
                _CHAIN,
                f"封印の{seal_in_words(seal)}が書き換えられているか、"
                "その前の封印が入れ替えられています（値が合いません）。",
            )
        if last_at is not None and seal.made_at < last_at:
            found.note(
                _CHAIN,
                f"封印の{seal_in_words(seal)}は、前の号より早い日時です。"
                "サーバーの時計が戻されたことがあります。",
            )
        seals[seal.number] = seal
        number, before, last_at = seal.number, seal.sha256, seal.made_at
    return seals


def _verify_ends(found: Findings) -> None:
    """Note what may be gone from the end of a table: a number was given out, and no row has it.

    PostgreSQL also spends numbers on what is rolled back, and a copy of such a database made with
    SQLite keeps its counters: of histories it is therefore asked on SQLite alone, and it is never
    a problem in itself.
    """
    histories = sealed_tables() if connection.vendor == "sqlite" else ()
    for model, noun in ((Seal, _CHAIN), *((one.model, one.noun) for one in histories)):
        given, last = _last_given(model), model.objects.aggregate(at=Max("pk"))["at"] or 0
        if given > last:
            which = f"{last + 1}番" if given == last + 1 else f"{last + 1}番から{given}番まで"
            found.note(
                noun,
                f"{noun}：最後の行（{which}）がありません。消されたか、PostgreSQLで取り消された"
                "処理の跡です。控えてある封印の短い形を --seal で確かめてください。",
            )


def _last_given(model: type[Model]) -> int:
    """The last key that the database has given to a row, also if that row is gone; else 0."""
    table, key = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [table, key],
            )
        given = cursor.fetchone()
    return int(given[0]) if given and given[0] is not None else 0


class _Table:
    """One table's rows beside what seals say of them."""

    def __init__(self, table: SealedTable, seals: Mapping[int, Seal], found: Findings) -> None:
        self.table, self.seals, self.found = table, seals, found
        self.sealed = self.unsealed = 0
        # By number of the seal, over its rows of this table.
        self.hashes: dict[int, RowsHash] = defaultdict(RowsHash)
        self.newest = seals[max(seals)] if seals else None
        self.dated = next((one for one in _DATES if one in table.columns), None)

    def verify(self) -> None:
        """Hold every row against its seal, and each seal's rows against its hash."""
        columns = (self.table.key, self.table.owner, *self.table.columns)
        kept = SealedRow.objects.filter(table=self.table.label).order_by("row_id")
        rows = self.table.model.objects.order_by("pk")
        for known, row in side_by_side(
            kept.values_list("row_id", "object_id", "sha256", "seal_id").iterator(),
            rows.values_list(*columns).iterator(),
        ):
            if known is None:
                self.unsealed += 1
                before = self.newest
            else:
                self._take(known, row)
                before = self.seals.get(known[3] - 1)
            if row is not None and before is not None:
                self._check_date(row, before)
        for number, seal in self.seals.items():
            if _said(seal, self.table.label).get("sha256") != self._found(number):
                self.found.problem(
                    _CHAIN,
                    f"封印の{seal_in_words(seal)}：封印した行の控え（{self.table.noun}）が、"
                    "書き換えられているか消されています。",
                )

    def _found(self, number: int) -> str | None:
        return self.hashes[number].hexdigest() if number in self.hashes else None

    def _take(self, known: Row, row: Row | None) -> None:
        row_id, object_id, sha256, number = known
        self.sealed += 1
        self.hashes[number].add(row_id, object_id, sha256)
        seal = self.seals.get(number)
        if seal is None:
            return  # found as a gap in the chain
        if row is None:
            named = (_thing(self.table), object_id)
            self._problem(row_id, named, seal, "消えています")
            return
        said = _said(seal, self.table.label).get("columns")
        columns = [f"{one}" for one in said] if isinstance(said, list) else self.table.columns
        values = dict(zip(self.table.columns, row[2:], strict=True))
        gone = [one for one in columns if one not in values]
        if gone:
            self.found.note(
                self.table.noun,
                f"{self.table.noun}：列「{'、'.join(gone)}」が今はなく、照らし合わせられません。",
            )
        elif row_hash(self.table.label, columns, [values[one] for one in columns]) != sha256:
            own = self.table.model
            named = (_thing(self.table), object_id) if _is_history(own) else (own, row_id)
            self._problem(row_id, named, seal, "封印のあとで書き換えられています")

    def _problem(self, row_id: int, named: tuple[Any, int], seal: Seal, what: str) -> None:
        noun = self.table.noun
        self.found.problem(
            noun,
            lambda: (
                f"{noun} {row_id}番（{name_of_thing(*named)}、"
                f"封印の{seal_in_words(seal)}）：{what}。"
            ),
        )

    def _check_date(self, row: Row, before: Seal) -> None:
        """Note a row that came to light after a seal and says that it is older."""
        if self.dated is None:
            return
        dated: datetime = row[2 + self.table.columns.index(self.dated)]
        if dated < before.made_at - _MOST_LATE:
            self.found.note(self.table.noun, partial(self._told_late, row, dated, before))

    def _told_late(self, row: Row, dated: datetime, before: Seal) -> str:
        return (
            f"{self.table.noun} {row[0]}番（{name_of_thing(_thing(self.table), row[1])}）：日時は"
            f"{moment_in_words(dated)}ですが、封印の{seal_in_words(before)}のあとに書き込まれています。"
            "時計が戻されたか、日時を偽ったものです。"
        )


def _said(seal: Seal, label: str) -> dict[str, Any]:
    """What a seal says of a table; nothing where it has none of it, or something else is there."""
    said = seal.tables.get(label) if isinstance(seal.tables, dict) else None
    return said if isinstance(said, dict) else {}


def _is_history(model: Any) -> bool:
    return hasattr(model, "instance_type")


def _thing(table: SealedTable) -> Any:
    """The model of the things that a table's rows are about."""
    model = table.model.instance_type if _is_history(table.model) else table.model
    owner = table.model._meta.get_field(table.owner.removesuffix("_id"))
    return owner.related_model if owner.is_relation else model
