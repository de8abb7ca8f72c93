"""Reads the fixture of a plan into rows, and says on which line what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Model

from common.reading.texts import clean_text
from kpis.models import FinalTarget, Kpi, KpiRatingRules, YearlyTarget
from projects.models import (
    Department,
    Initiative,
    InitiativeListing,
    Pillar,
    Project,
    ProjectDirection,
    RatingRules,
    Strategy,
)

# What a plan consists of, each after what it refers to. Actuals, closings and users are not
# part of it.
PLAN_MODELS: dict[str, type[Model]] = {
    model._meta.label_lower: model
    for model in (
        Strategy, RatingRules, Department, Pillar, Project, ProjectDirection, Initiative,
        InitiativeListing, Kpi, KpiRatingRules, FinalTarget, YearlyTarget,
    )
}  # fmt: skip
_ENDINGS = ("", ".yaml", ".yml")


class PlanRefused(Exception):
    """Nothing was loaded; `problems` say why, one sentence each, in Japanese."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a fixture and the line on which it begins; 0 for one of no file."""

    line: int
    model: Any
    fields: dict[str, Any]

    @property
    def columns(self) -> dict[str, Any]:
        """The fields that are columns of the row itself."""
        several = {field.name for field in links_of(self.model)}
        return {name: value for name, value in self.fields.items() if name not in several}

    @property
    def links(self) -> dict[str, list[Any]]:
        """The natural keys of the rows that a field leads to, for each field to several."""
        several = {field.name for field in links_of(self.model)}
        return {name: value for name, value in self.fields.items() if name in several}

    @property
    def place(self) -> str:
        """`123行目のプロジェクト`."""
        line = f"{self.line}行目の" if self.line else ""
        return f"{line}{self.model._meta.verbose_name}"

    @property
    def key(self) -> tuple[str, ...]:
        """The natural key as the file has it, by which other rows refer to this one."""
        *parents, own = self.model.objects.lookups
        parent = self.fields.get(parents[0].split("__")[0]) if parents else None
        return as_key([*(parent or []), self.fields.get(own)])


def links_of(model: Any) -> list[Any]:
    """The fields of a model that lead to several rows of a plan's file."""
    return [one for one in model._meta.many_to_many if one.related_model in PLAN_MODELS.values()]


def as_key(parts: list[Any]) -> tuple[str, ...]:
    """A natural key written in YAML, in a form that can be compared: 1 and "1" are the same."""
    return tuple(str(part) for part in parts)


def find_fixture(fixture: str) -> Path:
    """The file of a fixture: a name in FIXTURE_DIRS or a path. PlanRefused if there is none."""
    folders = [Path(), *(Path(folder) for folder in settings.FIXTURE_DIRS)]
    for path in (folder / f"{fixture}{ending}" for folder in folders for ending in _ENDINGS):
        if path.is_file():
            return path
    raise PlanRefused(
        f"計画のファイル「{fixture}」が見つかりません。fixtures フォルダーにある名前"
        "（例：omuta_2024_2028）か、YAMLファイルの場所を書いてください。"
    )


def read_rows(path: Path) -> list[Row]:
    """The rows of a plan's fixture in the file's order. PlanRefused for anything else."""
    problems: list[str] = []
    rows = [row for line, entry in _entries(path) for row in _checked(line, entry, problems)]
    if problems:
        raise PlanRefused(*problems)
    return rows


def strategy_row(rows: list[Row]) -> Row:
    """The row of the one strategy that a fixture is about. PlanRefused without it or with more."""
    found = [row for row in rows if row.model is Strategy]
    if len(found) != 1:
        raise PlanRefused(
            f"計画のファイルには、総合戦略（{Strategy._meta.label_lower}）の行が"
            f"ちょうどひとつ要ります（今は{len(found)}）。計画ごとにファイルを分けてください。"
        )
    if not found[0].fields.get("code"):
        raise PlanRefused(f"{found[0].place}：計画コード（code）を書いてください。")
    return found[0]


def _entries(path: Path) -> list[tuple[int, Any]]:
    """What the file lists, each with its line number."""
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8-sig"))
        root = loader.get_single_node()
        if isinstance(root, yaml.SequenceNode):
            return [
                (node.start_mark.line + 1, loader.construct_document(node)) for node in root.value
            ]
    except UnicodeDecodeError:
        raise PlanRefused(f"{path.name}：文字コードをUTF-8にして保存してください。") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path.name}の{mark.line + 1}行目" if mark else path.name
        raise PlanRefused(
            f"{place}：YAMLとして読めません。字下げ・コロン・引用符を確かめてください。"
        ) from None
    except ValueError as error:
        raise PlanRefused(f"{path.name}：読めない値があります（{error}）。") from None
    raise PlanRefused(f"{path.name}：計画のファイルではありません（行の一覧がありません）。")


def _checked(line: int, entry: Any, problems: list[str]) -> Iterator[Row]:
    """The entry as a Row; what is wrong with its form goes to `problems`."""
    if not (isinstance(entry, dict) and isinstance(entry.get("fields"), dict)):
        problems.append(f"{line}行目：model と fields のある形で書いてください。")
        return
    model = PLAN_MODELS.get(str(entry.get("model")).lower())
    if model is None:
        problems.append(
            f"{line}行目：{entry.get('model')} は計画のファイルに書けません。"
            f"書けるのは {'、'.join(PLAN_MODELS)} です。"
        )
        return
    row = Row(line, model, _clean(entry["fields"]))
    if "pk" in entry:
        problems.append(
            f"{row.place}：pk を消してください。行は自然キー（コードや番号）で見分けます。"
        )
    columns = [field for field in model._meta.fields if not field.primary_key]
    fields = {field.name: field for field in (*columns, *links_of(model))}
    for name, value in row.fields.items():
        if name in fields:
            wrong = _wrong_form(fields[name], value)
        else:
            wrong = f"という項目はありません。書けるのは {'、'.join(fields)} です。"
        if wrong:
            problems.append(f"{row.place}：{name} {wrong}")
    yield row


def _clean(value: Any) -> Any:
    """The value with every text in it, at any depth, as it is kept."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return value


def _wrong_form(field: Any, value: Any) -> str:
    """What is wrong with a value before anything is looked up; empty when nothing is."""
    if field.many_to_many:
        return _wrong_links(field, value)
    if value is None and not field.null:
        return "が空です。値を書くか、項目ごと消してください。"
    if field.is_relation and value is not None:
        parts = len(field.related_model.objects.lookups)
        if not (isinstance(value, list) and len(value) == parts):
            return (
                f"の {value} を、[計画コード, 番号] のような自然キー（要素は{parts}つ）で"
                "書いてください。"
            )
    return ""


def _wrong_links(field: Any, value: Any) -> str:
    parts = len(field.related_model.objects.lookups)
    if isinstance(value, list) and all(
        isinstance(one, list) and len(one) == parts for one in value
    ):
        return ""
    return (
        f"の {value} を、[[D01], [D02]] のように、自然キー（要素は{parts}つ）の一覧で"
        "書いてください。"
    )
