"""The audit as a file for the auditor: one line an entry, in the page's order."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from accounts.models import AuditEntry, Kind
from common.spreadsheets.writing import Value, csv_lines

HEADER = (
    "番号", "日時", "種類", "利用者名", "氏名", "アドレス", "内容", "変更前", "変更後",
)  # fmt: skip


def audit_csv(entries: Iterable[AuditEntry]) -> Iterator[bytes]:
    """The file in pieces, texts whole."""
    return csv_lines(HEADER, _rows(entries))


def _rows(entries: Iterable[AuditEntry]) -> Iterator[tuple[Value, ...]]:
    for entry in entries:
        yield (
            entry.pk,
            timezone.localtime(entry.at).isoformat(timespec="seconds"),
            Kind(entry.kind).label,
            entry.login,
            entry.name,
            entry.address,
            entry.what,
            entry.before,
            entry.after,
        )
