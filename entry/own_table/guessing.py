"""Proposes how a city's table is to be read: all of it is shown, and can be changed."""

import re
from collections.abc import Sequence
from itertools import pairwise

from common.reading.names import comparable, read_code
from common.reading.years import without_years, years_within
from common.spreadsheets.cells import BLANK
from common.spreadsheets.merging import fill_merged
from common.spreadsheets.sheet import Sheet
from entry.own_table import uses
from entry.own_table.headings import MOST_LINES, Heading, headings_of, is_a_year, line_of
from entry.own_table.row_kinds import kind_of_row
from entry.own_table.settings import ColumnUse, OwnTable

# Within these first rows a table begins.
MOST_LOOKED_AT = 40
_LOOKED_INTO = 60
_LONGEST_HEADING = 40
_NAME = re.compile(uses.BY_KEY[uses.NAME].words)
_GROUP = re.compile(uses.NOT_A_FIGURE)
_UNNAMED = re.compile(r"[年度()（）]*")
_KPI_CODE = re.compile(r"[A-Z][A-Z0-9-]*-[0-9]+")
_FIGURE_WORDS = re.compile(r"目標|実績|基準|現状|計画|達成|進捗|見込")
_TITLE = re.compile(r"計画|戦略|ビジョン|プラン|構想|指針")
_LEADING_YEAR = re.compile(r"^\s*(?:令和|平成|[RHＲＨ])?\s*[0-9０-９元]+年度?版?\s*")
_BEHIND_NAMES = re.compile(
    r"\s*の?(?:重要業績|成果|活動|評価|管理)*(?:KPI|ＫＰＩ|指標|進捗|実績|数値目標|目標)|\s*の?重要業績"
)
_EDITION = re.compile(r"第?[0-9０-９一二三四五六七八九十]+[期次版]|新")
_MUNICIPALITY = re.compile(r"[一-龠ぁ-んァ-ヶ々]{1,10}?[都道府県市区町村](?!民)")


def best_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """The sheet that most looks like a table of indicators; the first where none does."""
    return max(sheets, key=lambda one: _best_row(fill_merged(one))[1])


def guess(sheet: Sheet, heading_rows: tuple[int, int] | None = None) -> OwnTable:
    """How a sheet is likely to be read. Raises FileRefused for a broken file.

    `heading_rows` are the first and the last of its headings, where somebody said them.
    """
    filled = fill_merged(sheet)
    first, last = heading_rows or _heading_rows(filled)
    headings = headings_of(filled, first, last)
    settings = OwnTable(sheet.name, first, last)
    settings.columns = guess_columns(filled, headings, last)
    settings.plan = _guess_plan(filled, settings)
    return settings


def guess_columns(filled: Sheet, headings: Sequence[Heading], last: int) -> dict[str, ColumnUse]:
    """What each column is likely to be, by its heading and by what stands in it."""
    contents = {one.key: content_of(filled, one.column, last) for one in headings}
    found: dict[str, str] = {}
    for one in headings:
        use = _use_of(one, contents[one.key])
        if use in uses.ONCE and use in found.values():
            use = uses.UNUSED
        found[one.key] = use
    _name_by_content(headings, contents, found)
    _kind_by_content(contents, found)
    _baseline_year_by_content(headings, contents, found)
    _rates_of_each_year(headings, found)
    has_kinds = uses.ROW_KIND in found.values()
    for one in headings:
        if found[one.key] == uses.BY_KIND and not has_kinds:
            found[one.key] = uses.ACTUAL
        elif has_kinds and one.year and is_a_year(one.lines[-1] if one.lines else ""):
            found[one.key] = uses.BY_KIND
    years = [one.year for one in headings if found[one.key] in (uses.ACTUAL, uses.BY_KIND)]
    latest = max((year for year in years if year), default=None)
    if uses.ROW_YEAR in found.values():
        latest = None
    return {
        one.key: ColumnUse(use, _year_of(one, use, latest))
        for one in headings
        for use in [found[one.key]]
    }


def content_of(filled: Sheet, column: int, last: int, most: int = _LOOKED_INTO) -> list[str]:
    """The first texts of a column below the headings, each once."""
    texts: dict[str, None] = {}
    for number, row in filled.rows.items():
        cell = row.get(column, BLANK)
        if number > last and not cell.is_blank:
            texts[cell.text] = None
        if len(texts) == most:
            break
    return list(texts)


def _year_of(heading: Heading, use: str, latest: int | None) -> int | None:
    """The year that a column is of: its heading's; of what was judged, that judged last."""
    if not use or not (uses.BY_KEY[use].of_years or use == uses.BASELINE):
        return None
    of_last = (uses.ACHIEVEMENT, uses.PROGRESS, uses.RATING, uses.ANALYSIS, uses.NEXT_STEPS)
    return heading.year or (latest if use in of_last else None)


def _use_of(heading: Heading, content: Sequence[str]) -> str:
    """The use that the words of a heading mean; of lines above each other the lower counts more."""
    if not heading.lines:
        return uses.UNUSED
    whole = comparable(without_years(" ".join(heading.lines)))
    if _GROUP.search(whole) and not _FIGURE_WORDS.search(_GROUP.sub("", whole)):
        return uses.PILLAR
    if heading.year and _UNNAMED.fullmatch(whole):
        return uses.BY_KIND
    for text in (comparable(without_years(heading.lines[-1])), whole):
        for use in uses.USES:
            # 年度 below 基準値 is the baseline's.
            is_below = use.key == uses.ROW_YEAR and text != whole
            if not is_below and re.search(use.words, text) and _bears(use.key, content):
                return use.key
    return uses.UNUSED


def _bears(use: str, content: Sequence[str]) -> bool:
    """Whether a column's content may be what its heading seems to say."""
    if use == uses.CODE:
        return all(_KPI_CODE.fullmatch(read_code(text)) for text in content)
    if use == uses.ROW_KIND:
        return bool(content) and all(kind_of_row(text) != "drop" for text in content)
    return use != uses.BY_KIND


def _name_by_content(
    headings: Sequence[Heading], contents: dict[str, list[str]], found: dict[str, str]
) -> None:
    """Where no heading says 指標: the unused column with the most different texts."""
    if uses.NAME in found.values():
        return
    unused = [one for one in headings if not found[one.key] and one.lines]
    texts = {one.key: [text for text in contents[one.key] if len(text) > 2] for one in unused}
    best = max(unused, key=lambda one: len(texts[one.key]), default=None)
    if best is not None and texts[best.key]:
        found[best.key] = uses.NAME


def _kind_by_content(contents: dict[str, list[str]], found: dict[str, str]) -> None:
    """Where no heading says 区分: the unused column that says 目標 and 実績 in turn, if any."""
    if uses.ROW_KIND in found.values():
        return
    for key, texts in contents.items():
        kinds = {kind_of_row(text) for text in texts}
        if not found[key] and uses.ACTUAL in kinds and len(kinds) > 1 and "drop" not in kinds:
            found[key] = uses.ROW_KIND
            return


def _baseline_year_by_content(
    headings: Sequence[Heading], contents: dict[str, list[str]], found: dict[str, str]
) -> None:
    """The unused column right of the baselines that has nothing but years."""
    if uses.BASELINE_YEAR in found.values():
        return
    for left, one in pairwise(headings):
        texts = contents[one.key]
        is_free = found[left.key] == uses.BASELINE and not found[one.key]
        if is_free and texts and all(map(is_a_year, texts)):
            found[one.key] = uses.BASELINE_YEAR


def _rates_of_each_year(headings: Sequence[Heading], found: dict[str, str]) -> None:
    """Take 達成率 for 進捗率 where there are goals of several years: it is of the year's goal."""
    due = {one.year for one in headings if one.year and found[one.key] in (uses.TARGET, uses.DUE)}
    for one in headings:
        if len(due) > 1 and found[one.key] == uses.ACHIEVEMENT and one.year in due:
            found[one.key] = uses.PROGRESS


def _best_row(filled: Sheet) -> tuple[int, int]:
    """The row that has most headings, with how many; one that names indicators before all."""
    best, most = 1, 0
    for number in sorted(filled.rows)[:MOST_LOOKED_AT]:
        texts = {comparable(line_of(cell)) for cell in filled.rows[number].values()}
        headings = [text for text in texts if _is_heading(text)]
        score = len(headings) + (3 if any(_NAME.search(text) for text in headings) else 0)
        if len(headings) > 1 and score > most:
            best, most = number, score
    return best, most


def _is_heading(text: str) -> bool:
    if not text or len(text) > _LONGEST_HEADING:
        return False
    plain = comparable(without_years(text))
    return is_a_year(text) or any(
        use.words != "^$" and re.search(use.words, plain) for use in uses.USES
    )


def _heading_rows(filled: Sheet) -> tuple[int, int]:
    """First and last row of the headings around the one that has most."""
    best, _score = _best_row(filled)
    first = last = best
    while last - first + 1 < MOST_LINES and _goes_on(filled, best, last + 1):
        last += 1
    while last - first + 1 < MOST_LINES and _begins_above(filled, first):
        first -= 1
    return first, last


def _goes_on(filled: Sheet, best: int, number: int) -> bool:
    """Whether the row below still belongs to the headings: it names years, and no indicator."""
    row, above = filled.rows.get(number, {}), filled.rows.get(best, {})
    name = next(
        (column for column, cell in above.items() if _NAME.search(comparable(line_of(cell)))), None
    )
    own = [line_of(cell) for column, cell in row.items() if cell != above.get(column)]
    is_named = name is not None and row.get(name, BLANK) not in (BLANK, above[name])
    return (
        bool(own)
        and not is_named
        and all(
            is_a_year(text)
            or (_is_heading(comparable(text)) and not any(map(str.isdecimal, text)))
            or years_within(text)
            for text in own
        )
    )


def _begins_above(filled: Sheet, first: int) -> bool:
    """Whether the row above names groups of columns, rather than the whole table."""
    row, below = filled.rows.get(first - 1, {}), filled.rows.get(first, {})
    texts = {line_of(cell) for cell in row.values()} - {""}
    if not texts or len(row) < 2 or any(len(text) > _LONGEST_HEADING // 2 for text in texts):
        return False
    is_title = len(texts) == 1 and len(row) >= len(below)
    return not is_title and any(_FIGURE_WORDS.search(text) or is_a_year(text) for text in texts)


def _guess_plan(filled: Sheet, settings: OwnTable) -> dict[str, str]:
    """What a table tells of its plan: the title above it, and the years of its columns."""
    plan = {}
    above = [
        " ".join(cell.text.split())
        for number, row in filled.rows.items()
        if number < settings.first_heading
        for cell in row.values()
    ]
    title = next((text for text in above if _TITLE.search(text)), "")
    if title:
        plan["計画名"] = _BEHIND_NAMES.split(_LEADING_YEAR.sub("", title))[0].removesuffix("の")
        if city := _MUNICIPALITY.search(_EDITION.sub("", title)):
            plan["団体名"] = city[0]
    by_use: dict[str, list[int]] = {}
    for column in settings.columns.values():
        if column.year:
            by_use.setdefault(column.use, []).append(column.year)
    ends = by_use.get(uses.TARGET, []) + by_use.get(uses.DUE, []) + by_use.get(uses.BY_KIND, [])
    begins = by_use.get(uses.ACTUAL, []) + by_use.get(uses.DUE, []) + by_use.get(uses.BY_KIND, [])
    if begins:
        plan["最初の年度"] = str(min(begins))
    if ends:
        plan["最終年度"] = str(max(ends))
    if ends and begins:
        plan["計画コード"] = f"plan-{min(begins)}-{max(ends)}"
    return plan
