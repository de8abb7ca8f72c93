"""Making a seal: whatever no seal has yet, whenever it was written.

On PostgreSQL a row may come to light after rows with higher ids (its transaction took longer), so
a seal holds the very rows that it found and not all up to an id: what comes late is in the next.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from common.fiscal_year import wareki
from kpis.recording.closing import Turn
from projects.models import FiscalYearClosing
from reports.models import Edition, KeptContent, Occasion, Seal, SealedRow
from reports.seals.hashes import NOTHING_BEFORE, RowsHash, row_hash, seal_hash
from reports.seals.tables import SealedTable, first_unsealed

logger = logging.getLogger(__name__)

# So many rows are in memory at a time.
_PORTION = 1000
_LONGEST_SUBJECT = 300


def newest_seal() -> Seal | None:
    """The last seal of the chain; None where there is none yet."""
    return Seal.objects.order_by("number").last()


def seal_of(edition: Edition) -> Seal | None:
    """The seal that holds an edition; None as long as there is none."""
    row = {"rows__table": Edition._meta.label_lower, "rows__row_id": edition.pk}
    return Seal.objects.filter(**row).first()


def make_seal(occasion: Occasion, subject: str = "") -> Seal:
    """Seal what was recorded and issued since the last seal; also where that is nothing.

    `subject` says what the occasion was about: `令和7年度`. Within a transaction the seal stands
    with it or falls; others who make one wait until then.
    """
    with transaction.atomic():
        _wait_for_others()
        return _sealed(occasion, subject)


def seal_closing(closings: Sequence[FiscalYearClosing], turn: Turn) -> None:
    """Seal years' closing, reopening or putting back with all that came before it."""
    if not closings:
        return
    occasion = Occasion.REOPENING if turn is Turn.REOPENED else Occasion.CLOSING
    years = "、".join(_named(one, turn) for one in closings)
    make_seal(occasion, f"{closings[0].strategy} {years}"[:_LONGEST_SUBJECT])


def _named(closing: FiscalYearClosing, turn: Turn) -> str:
    """`令和7年度 第2回の締め`, where a content is kept; else the year."""
    kept = KeptContent.objects.filter(strategy=closing.strategy, fiscal_year=closing.fiscal_year)
    last = kept.order_by("-number").first() if turn is Turn.CLOSED else None
    return str(last or wareki(closing.fiscal_year))


def make_daily_seal() -> Seal | None:
    """Seal the day; None where today has its seal already, from whichever server."""
    today = timezone.localdate()
    with transaction.atomic():
        _wait_for_others()
        if Seal.objects.filter(day=today).exists():
            return None
        return _sealed(Occasion.DAILY, day=today)


def _wait_for_others() -> None:
    """Let nobody else make a seal until the transaction ends; reading and saving go on.

    On SQLite every transaction waits for the one before it anyway.
    """
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(Seal._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def _sealed(occasion: Occasion, subject: str = "", day: date | None = None) -> Seal:
    before = newest_seal()
    seal = Seal(
        number=before.number + 1 if before else 1,
        made_at=timezone.now(),
        occasion=occasion,
        subject=subject,
        day=day,
        tables={},
    )
    for table, first in first_unsealed():
        rows = RowsHash()
        for portion in _portions(table, first):
            SealedRow.objects.bulk_create(_sealed_rows(seal, table, portion, rows))
        seal.tables[table.label] = {
            "columns": list(table.columns),
            "count": rows.count,
            "sha256": rows.hexdigest(),
        }
    seal.row_count = sum(one["count"] for one in seal.tables.values())
    seal.sha256 = seal_hash(seal, before.sha256 if before else NOTHING_BEFORE)
    # The rows are there before the seal that they belong to: the database asks at the end.
    seal.save()
    transaction.on_commit(partial(_log, seal))
    return seal


def _portions(table: SealedTable, first: int) -> Iterator[list[tuple[Any, ...]]]:
    """A table's unsealed rows from a key on as (key, owner, *columns), some at a time.

    Each portion is asked for anew: on SQLite nothing may be written into a table being read.
    """
    columns = (table.key, table.owner, *table.columns)
    while True:
        rows = table.unsealed().filter(pk__gte=first).values_list(*columns)[:_PORTION]
        portion = list(rows)
        if portion:
            yield portion
        if len(portion) < _PORTION:
            return
        first = portion[-1][0] + 1


def _sealed_rows(
    seal: Seal, table: SealedTable, portion: list[tuple[Any, ...]], rows: RowsHash
) -> Iterator[SealedRow]:
    for row_id, object_id, *values in portion:
        sha256 = row_hash(table.label, table.columns, values)
        rows.add(row_id, object_id, sha256)
        yield SealedRow(
            seal_id=seal.number,
            table=table.label,
            row_id=row_id,
            object_id=object_id,
            sha256=sha256,
        )


def _log(seal: Seal) -> None:
    about = " ".join(filter(None, [seal.get_occasion_display(), seal.subject]))
    logger.info("記録を封印しました：%s（%s、%d件）", seal, about, seal.row_count)
