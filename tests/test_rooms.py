"""A room knows the rooms below it: what import-linter can't see, because it is named in strings.

Looked at are the names of lookups and reverse relations, of URLs, and of templates.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver

# From the lowest up; a name says its folder.
ROOMS = ("common", "accounts", "projects", "kpis", "reports", "entry", "omuta_strategy")
ROOT = Path(settings.BASE_DIR)
# A page of a room above may be linked to, and nothing more: here is who links where.
LINKS = {
    # where what the admin shows of a plan is changed; where the first plan begins
    "projects": {"plan_changes", "new_plan"},
    # the admin's ways to a KPI's page, to its entry and to where its targets are revised
    "kpis": {"kpi", "entry_one", "revise_target"},
    # the next step
    "reports": {
        "add_initiative",
        "add_kpi",
        "begin_correction",
        "close_year",
        "end_initiative",
        "end_kpi",
        "entry",
        "entry_initiative",
        "entry_one",
        "list_initiative",
        "move_kpi",
        "plan_changes",
        "publication_terms",
        "replace_kpi",
        "revise_kpi_rules",
        "revise_target",
        "resume_initiative",
        "resume_kpi",
        "work",
    },
}
_URL_TAG = re.compile(r"{% url ['\"]([\w:]+)['\"]")
_TEMPLATE_TAG = re.compile(r"{% (?:include|extends) ['\"]([^'\"]+)['\"]")
_TAG_LIBRARIES = re.compile(r"{% load ([\w ]+) %}")


def level(room: str) -> int:
    return ROOMS.index(room)


def sources(room: str) -> Iterator[Path]:
    return (path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


def templates() -> Iterator[tuple[str, Path]]:
    """Templates with the room whose folder they lie in; those of all rooms belong to none."""
    for path in (ROOT / "templates").rglob("*.html"):
        folder = path.relative_to(ROOT / "templates").parts[0]
        if folder in ROOMS:
            yield folder, path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room_of_url(name: str) -> str | None:
    """The room whose view answers to a URL's name; None for Django's own."""
    for pattern in _patterns(get_resolver().url_patterns):
        if pattern.name == name:
            room = pattern.callback.__module__.partition(".")[0]
            return room if room in ROOMS else None
    return None


def _patterns(patterns) -> Iterator:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def reverse_relations() -> dict[str, str]:
    """The names by which lower rooms' models lead to models of higher rooms → the higher room."""
    found = {}
    for model in apps.get_models():
        own = model._meta.app_label
        for relation in model._meta.related_objects:
            other = relation.related_model._meta.app_label
            if other not in ROOMS or (own in ROOMS and level(other) <= level(own)):
                continue
            for name in (relation.get_accessor_name(), relation.name):
                if name and name != "+":
                    found[name] = other
    return found


def names_in(path: Path) -> Iterator[tuple[int, str]]:
    """Attributes, keywords and strings that may name a relation, split at `__`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg and "__" in node.arg:
            for part in node.arg.split("__"):
                yield node.value.lineno, part
        elif isinstance(node, ast.Constant) and re.fullmatch(r"\w+__\w+", str(node.value)):
            for part in str(node.value).split("__"):
                yield node.lineno, part


def urls_in(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if called in {"reverse", "reverse_lazy", "redirect"} and isinstance(first, ast.Constant):
            yield node.lineno, first.value


@pytest.mark.parametrize("room", ROOMS[:-1])
def test_room_follows_no_relation_up(room):
    above = {name for name, other in reverse_relations().items() if level(other) > level(room)}
    followed = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sources(room)
        for line, name in names_in(path)
        if name in above
    ]

    assert followed == []


@pytest.mark.parametrize("room", ROOMS)
def test_room_links_to_no_page_above_but_those_named(room):
    linked = {
        name
        for path in sources(room)
        for _line, name in urls_in(path)
        if (other := room_of_url(name)) and level(other) > level(room)
    }
    linked |= {
        name
        for folder, path in templates()
        if folder == room
        for name in _URL_TAG.findall(path.read_text(encoding="utf-8"))
        if (other := room_of_url(name)) and level(other) > level(room)
    }

    assert linked == LINKS.get(room, set())


def test_templates_take_in_and_load_nothing_from_above():
    libraries = {
        path.stem: path.relative_to(ROOT).parts[0]
        for room in ROOMS
        for path in (ROOT / room).glob("templatetags/*.py")
    }
    wrong = []
    for room, path in templates():
        text = path.read_text(encoding="utf-8")
        taken = [name.partition("/")[0] for name in _TEMPLATE_TAG.findall(text)]
        for line in _TAG_LIBRARIES.findall(text):
            taken += [libraries[one] for one in line.split() if one in libraries]
        wrong += [
            f"{path.relative_to(ROOT)}: {other}"
            for other in taken
            if other in ROOMS and level(other) > level(room)
        ]

    assert wrong == []


@pytest.mark.parametrize("room", ROOMS[:-1])
def test_views_render_no_template_from_above(room):
    rendered = [
        f"{path.relative_to(ROOT)}: {node.value}"
        for path in sources(room)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[\w]+/[\w/]+\.html", node.value)
        and (folder := node.value.partition("/")[0]) in ROOMS
        and level(folder) > level(room)
    ]

    assert rendered == []
