"""Rules of rating as rows of the sheets 評価のきまり and 評価区分, and back as columns.

A rule's bands are one text of several lines in its record, `評価区分`: a line a row of the sheet,
its cells parted by tabs, as `BAND_CELLS` names them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from common.reading.figures import read_number
from common.reading.names import half_width
from common.reading.units import NO_UNIT, is_percent
from entry.plan_workbook.columns import LATE, NOT_LATE, written_figure
from entry.plan_workbook.forms import (
    BANDS,
    BASES,
    METHODS,
    OF_EXPERTS,
    OF_KPIS,
    OF_PROJECTS,
    REFERENCES,
    RELATIONS,
    ROUNDINGS,
)
from projects.bands import Band, bands_from_data, bands_to_data
from projects.scales import Method, ProjectMethod, Step, Width, steps_from_data, steps_to_data

BAND_CELLS = ("記号", "名称", "下限", "相手", "関係", "許容幅", "遅れ")
_WIDTHS = re.compile(r"(?P<figure>[^%ポp]+?)(?P<counted>%|パーセント|ポイント|pt)?")
_PARTING = re.compile(r"[\t\n]+")
_POINTS = ("ポイント", "pt")


def records_of_rules(row: Any, *, had_experts: bool = False) -> dict[str, dict[str, str]]:
    """What a row with rating columns (`Strategy`, `RatingRules`) says, by 対象.

    `had_experts`: outside experts rated before it, so that it says where they no longer do.
    """
    records = {
        OF_KPIS: _record_of_scale(row)
        | {
            "上限": _limit(row.average_cap),
            "下限": _limit(row.average_floor),
            "桁": str(row.rate_decimals),
            "端数": _word(ROUNDINGS, row.rate_rounding),
        },
        OF_PROJECTS: {"方法": _word(METHODS, row.project_method)}
        | _with_bands(row.project_bands, ()),
    }
    if row.external_bands:
        records[OF_EXPERTS] = {"方法": "人"} | _with_bands(row.external_bands, ())
    elif had_experts:
        records[OF_EXPERTS] = {"方法": NO_UNIT}
    return records


def record_of_own_rules(row: Any) -> dict[str, str]:
    """What a KPI's own rules (`KpiRatingRules`) say."""
    return {"方法": "計画"} if row.is_plans else _record_of_scale(row)


def scale_columns_of(record: Mapping[str, str]) -> dict[str, Any]:
    """The columns of a scale out of a record; those that it says nothing of are left out.

    Raises ValueError for a 許容幅 that can't be read.
    """
    columns: dict[str, Any] = {}
    method = METHODS.get(record.get("方法", ""))
    if method in Method.values:
        columns["rating_method"] = method
    if "使う率" in record:
        columns["rating_basis"] = BASES[record["使う率"]]
    if BANDS in record:
        bands, steps = bands_of(record[BANDS])
        columns["bands"], columns["rating_steps"] = bands_to_data(bands), steps_to_data(steps)
    return columns


def columns_of(records: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The columns of all rules out of the records by 対象, likewise."""
    own = records.get(OF_KPIS, {})
    columns = scale_columns_of(own)
    for heading, name in (("上限", "average_cap"), ("下限", "average_floor")):
        if heading in own:
            columns[name] = None if own[heading] == NO_UNIT else Decimal(own[heading])
    if "桁" in own:
        columns["rate_decimals"] = int(own["桁"])
    if "端数" in own:
        columns["rate_rounding"] = ROUNDINGS[own["端数"]]
    # Who is named without bands has none of its own.
    if OF_PROJECTS in records:
        projects = records[OF_PROJECTS]
        method = METHODS.get(projects.get("方法", ""))
        if method in ProjectMethod.values:
            columns["project_method"] = method
        columns["project_bands"] = _bands_data(projects)
    if OF_EXPERTS in records:
        columns["external_bands"] = _bands_data(records[OF_EXPERTS])
    return columns


def without_word_on_projects(columns: dict[str, Any], records: Mapping[str, Any]) -> None:
    """Let projects of a plan whose workbook says nothing of them be rated by means, or not.

    Not where KPIs aren't rated by rates: a mean of these has no bands.
    """
    if OF_PROJECTS not in records and columns.get("rating_method", Method.RATE) != Method.RATE:
        columns["project_method"] = ProjectMethod.NONE.value


def text_of_bands(lines: Iterable[Iterable[str]]) -> str:
    """Bands as one text; a tab or a line end within a cell is a blank there."""
    return "\n".join("\t".join(_PARTING.sub(" ", cell) for cell in line) for line in lines)


def bands_of(text: str) -> tuple[tuple[Band, ...], tuple[Step, ...]]:
    """The bands of a record's lines, best first, and the rows of positions among them.

    Lines of the same 記号 and 名称 are one band. Raises ValueError for a 許容幅 that can't be read.
    """
    lines = [dict(zip(BAND_CELLS, line.split("\t"), strict=True)) for line in text.split("\n")]
    marks = [one["遅れ"] for one in lines]
    says_late = any(marks)
    bands: dict[tuple[str, str], Band] = {}
    steps: list[Step] = []
    for one in lines:
        name = (one["記号"], one["名称"])
        lower = Decimal(one["下限"]) if one["下限"] else None
        known = bands.get(name)
        late = (one["遅れ"] == LATE or bool(known and known.is_late)) if says_late else None
        bands[name] = Band(*name, known.lower if known and lower is None else lower, late)
        if one["相手"] or one["関係"]:
            place = list(bands).index(name) + 1
            width, counted = width_of(one["許容幅"])
            steps.append(
                Step(
                    place,
                    REFERENCES.get(one["相手"], ""),
                    RELATIONS.get(one["関係"], ""),
                    width,
                    counted,
                )
            )
    return tuple(bands.values()), tuple(steps)


def width_of(text: str) -> tuple[Decimal | None, str]:
    """A 許容幅 and in what it is counted: `10%`, `5ポイント`, `3` in the KPI's unit; None for none.

    Raises ValueError with a sentence.
    """
    said = half_width(text)
    if not said:
        return None, Width.PERCENT.value
    found = _WIDTHS.fullmatch(said)
    try:
        figure = None if found is None else read_number(found["figure"])
    except ValueError:
        figure = None
    if found is None or figure is None:
        raise ValueError(
            f"「{text[:20]}」を読み取れません。10%、5ポイント、3 のように書いてください。"
        )
    counted = found["counted"] or ""
    if counted in _POINTS:
        return figure, Width.POINTS.value
    return figure, (Width.PERCENT if is_percent(counted) else Width.UNIT).value


def written_width(figure: Decimal | None, counted: str) -> str:
    """A 許容幅 as export writes it; empty for none."""
    if figure is None:
        return ""
    return f"{written_figure(figure)}{'' if counted == Width.UNIT else Width(counted).label}"


def _record_of_scale(row: Any) -> dict[str, str]:
    said = {"方法": _word(METHODS, row.rating_method), "使う率": _word(BASES, row.rating_basis)}
    return said | _with_bands(row.bands, row.rating_steps)


def _with_bands(bands_data: list[dict[str, Any]], steps_data: Sequence[Any]) -> dict[str, str]:
    if not bands_data:
        return {}
    bands, steps = bands_from_data(bands_data), steps_from_data(list(steps_data))
    lines = [_line_of_step(bands[step.place - 1], step) for step in steps]
    first_named = list(dict.fromkeys(step.place for step in steps))
    if first_named != list(range(1, len(bands) + 1)):
        # The rows alone would name the bands in another order.
        lines = [_line_of(band) for band in bands] + lines
    if bands and all(band.is_late is False for band in bands):
        lines[0] = [*lines[0][:-1], NOT_LATE]
    return {BANDS: text_of_bands(lines)}


def _line_of(band: Band) -> list[str]:
    late = LATE if band.is_late else ""
    return [band.symbol, band.label, written_figure(band.lower), "", "", "", late]


def _line_of_step(band: Band, step: Step) -> list[str]:
    line = _line_of(band)
    line[3] = _word(REFERENCES, step.against)
    line[4] = _word(RELATIONS, step.relation) if step.relation else ""
    line[5] = written_width(step.tolerance, step.width)
    return line


def _bands_data(record: Mapping[str, str]) -> list[dict[str, Any]]:
    is_rated = BANDS in record and record.get("方法") != NO_UNIT
    return bands_to_data(bands_of(record[BANDS])[0]) if is_rated else []


def _limit(value: Decimal | None) -> str:
    return NO_UNIT if value is None else written_figure(value)


def _word(words: Mapping[str, str], value: str) -> str:
    return next(word for word, kept in words.items() if kept == value)
