"""Why something was not written, for a caller to show beside what was typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from common.people import moment, person_name


class Kind(StrEnum):
    """What kind of refusal a caller has to deal with."""

    INVALID = "invalid"
    STALE = "stale"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one row was not written.

    `code` is the KPI's (`P1-2`), the initiative's home listing's (`P1-3`) or
    the project's (`P1`) as it is now, `owner_id` its id; `field` names the field
    at fault, or is empty. For a STALE refusal `current` is the newer saved row,
    None if it was deleted.
    """

    code: str
    kind: Kind
    field: str
    message: str
    current: Any = None
    owner_id: int | None = None


class RecordingRefused(Exception):
    """Nothing was written; `refusals` say why, one sentence each, in Japanese."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(f"{one.code}：{one.message}" for one in self.refusals))


def stale_message(saved: Any) -> str:
    """Who saved the newer row, and when, as a sentence; for None that it was withdrawn."""
    if saved is None:
        return "この入力は、ほかの人が取り消しました。"
    return f"{person_name(saved.updated_by_name)}が{moment(saved.updated_at)}に更新しました。"
