"""An `AnnualReport` as JSON and back: what an issued edition keeps of its document.

Decimals are strings, days and moments ISO 8601, tuples lists; everything else
is as JSON has it. A field added to the document later has a default, so that
what was written before it can still be read.
"""

import dataclasses
import json
import types
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from reports.annual.document import AnnualReport

SCHEMA = 1
# What an edition says of its issue: no part of what is kept of a closed year.
OF_THE_ISSUE = (
    "edition", "made_at", "reason", "compared_with", "compared_year", "changes", "seal",
    "data_licence", "contact",
)  # fmt: skip
_A_DRAFT = {"edition": None}


class UnknownSchema(ValueError):
    """A document was written by another version of the app; the message says so in Japanese."""


def to_json(report: AnnualReport) -> str:
    """The document as JSON on one line; the same report always gives the same text."""
    return json.dumps(_plain(report), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> AnnualReport:
    """The document that `to_json` wrote. Raises UnknownSchema for one that it did not write."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise UnknownSchema("報告書の文書が、このシステムの知らない形式で保存されています。")
    report: AnnualReport = _read(AnnualReport, data)
    return report


def content_to_json(report: AnnualReport) -> str:
    """What a report says but of its issue, as JSON on one line: what is kept of a closed year."""
    said = {name: one for name, one in _plain(report).items() if name not in OF_THE_ISSUE}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def content_from_json(text: str, made_at: datetime) -> AnnualReport:
    """The draft of that moment that says what `content_to_json` wrote. Raises like `from_json`."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise UnknownSchema("締めた年度の内容が、このシステムの知らない形式で保存されています。")
    report: AnnualReport = _read(AnnualReport, data | _A_DRAFT | {"made_at": made_at.isoformat()})
    return report


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _read(kind: Any, data: Any) -> Any:
    """Data as a value of a type: a dataclass, a tuple, one that may be None, or a plain one."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        known = _fields(kind)
        return kind(**{name: _read(known[name], one) for name, one in data.items()})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (only,) = (one for one in arguments if one is not types.NoneType)
        return None if data is None else _read(only, data)
    if origin is tuple:
        if arguments[1:] == (...,):
            return tuple(_read(arguments[0], one) for one in data)
        return tuple(_read(one, part) for one, part in zip(arguments, data, strict=True))
    if kind is Decimal:
        return Decimal(data)
    return kind.fromisoformat(data) if kind in (date, datetime) else data


@cache
def _fields(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
