"""Pillars and projects as a table names them, and what identifies them in a plan."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from common.reading.names import comparable, read_code
from entry.own_table.data_rows import NOWHERE, Found, Indicator
from entry.own_table.signs import signed
from entry.own_table.uses import CODE

# What a KPI番号 of ours looks like; whether the code is a good one is asked of the plan.
_KPI_CODE = re.compile(r"([A-Z][A-Z0-9-]{0,9})-([1-9][0-9]{0,3})")
_LONGEST_WORD = 20


@dataclass(frozen=True, slots=True)
class PillarPart:
    """A pillar: its number, its name, and where the table names it."""

    number: int
    name: str
    found: Found


@dataclass(frozen=True, slots=True)
class ProjectPart:
    """A project: its 記号, the sign that the table prints, its name and its pillar's number.

    `key` is what `OwnTable.codes` knows it by.
    """

    key: str
    code: str
    printed_sign: str
    name: str
    pillar: int
    found: Found


@dataclass(slots=True)
class Parts:
    """What the indicators of a table belong to, each thing once and in the table's order."""

    codes: dict[str, str]
    plan_name: str
    pillars: dict[str, PillarPart] = field(default_factory=dict)
    projects: dict[str, ProjectPart] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    pillar_word: str = ""
    project_word: str = ""
    _own: set[tuple[str, int]] = field(default_factory=set)
    _codes_in_use: set[str] = field(default_factory=set)
    # The number that each holder gave last.
    _last: dict[str, int] = field(default_factory=dict)
    _given: set[tuple[str, int]] = field(default_factory=set)

    def read(self, indicators: list[Indicator]) -> None:
        """Find them all."""
        self._own = {own for one in indicators if (own := _own_code(one))}
        self._read_pillars(indicators)
        has_projects = any(one.project.text for one in indicators)
        keys = {
            _project_key(one, one.project if has_projects else one.pillar) for one in indicators
        }
        self._codes_in_use = {code for key, code in self.codes.items() if key in keys}
        if not has_projects and indicators:
            self.notes.append(
                "施策の列がないため、柱ごとに、同じ名前のプロジェクトを1つ作りました。"
            )
        for one in indicators:
            if one.project.text:
                self._add_project(one, one.project)
            elif not has_projects:
                self._add_project(one, one.pillar)
        self._keep_signs_that_tell_apart()
        self.project_word = _common_word(one.project.text for one in indicators)

    def kpi_code(self, indicator: Indicator) -> str:
        """The indicator's KPI番号: what its table says if that is one, else the next."""
        own = _own_code(indicator)
        project = self.projects.get(_project_key(indicator, indicator.project))
        if project is None:
            project = self.projects.get(_project_key(indicator, indicator.pillar))
        holder = project.code if project is not None else f"G{self.pillar_of(indicator).number}"
        if own and own[0] == holder and own not in self._given:
            self._given.add(own)
            return f"{own[0]}-{own[1]}"
        number = self._last.get(holder, 0) + 1
        while (holder, number) in self._given or (holder, number) in self._own:
            number += 1
        self._last[holder] = number
        self._given.add((holder, number))
        return f"{holder}-{number}"

    def pillar_of(self, indicator: Indicator) -> PillarPart:
        """The pillar that an indicator belongs to."""
        return self.pillars[comparable(indicator.pillar.text)]

    def _read_pillars(self, indicators: Iterable[Indicator]) -> None:
        found = {comparable(one.pillar.text): one.pillar for one in reversed(list(indicators))}
        found = dict(reversed(found.items()))
        signs = {key: signed(one.text) for key, one in found.items()}
        numbers = [sign.number for sign in signs.values()]
        are_own = None not in numbers and 0 not in numbers and len(set(numbers)) == len(numbers)
        for at, (key, one) in enumerate(found.items(), start=1):
            sign = signs[key]
            number = sign.number if are_own and sign.number else at
            name = sign.name or self.plan_name or "計画全体"
            self.pillars[key] = PillarPart(number, name, one)
            if one is NOWHERE or not one.text:
                self.notes.append(f"柱が書かれていない指標は、柱「{name}」のものとしました。")
        self.pillar_word = _common_word(one.text for one in found.values())

    def _add_project(self, indicator: Indicator, found: Found) -> None:
        key = _project_key(indicator, found)
        if key in self.projects:
            return
        pillar = self.pillar_of(indicator)
        sign = signed(found.text)
        own = _own_code(indicator)
        code = self.codes.get(key) or (own[0] if own else "") or self._next_code()
        is_pillars = found is indicator.pillar
        self.projects[key] = ProjectPart(
            key,
            code,
            "" if is_pillars else sign.sign,
            sign.name or pillar.name,
            pillar.number,
            found,
        )

    def _keep_signs_that_tell_apart(self) -> None:
        """Leave out signs such as (1) that begin anew under every pillar."""
        signs = [one.printed_sign for one in self.projects.values() if one.printed_sign]
        if len(set(signs)) < len(signs):
            for key, one in self.projects.items():
                self.projects[key] = replace(one, printed_sign="")

    def _next_code(self) -> str:
        taken = {one.code for one in self.projects.values()} | self._codes_in_use
        number = len(self.projects) + 1
        while f"P{number}" in taken:
            number += 1
        return f"P{number}"


def _project_key(indicator: Indicator, found: Found) -> str:
    return f"{comparable(indicator.pillar.text)}|{comparable(found.text)}"


def _own_code(indicator: Indicator) -> tuple[str, int] | None:
    """Project and number of a KPI番号 that the table gives itself; None where it has none."""
    match = _KPI_CODE.fullmatch(read_code(indicator.text(CODE).text))
    return (match[1], int(match[2])) if match else None


def _common_word(texts: Iterable[str]) -> str:
    """The word with which all signs begin, such as 基本目標; empty where they differ."""
    words = {signed(text).word for text in texts if text}
    word = words.pop() if len(words) == 1 else ""
    return word if len(word) <= _LONGEST_WORD else ""
