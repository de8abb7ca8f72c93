"""The list of mutants that may survive fits the code, and `make mutants` what it tries."""

import ast
from pathlib import Path

import pytest

from scripts.mutants import ROOT, TESTS, read_exceptions, undecorate


@pytest.mark.parametrize("file", TESTS)
def test_every_file_and_its_tests_are_there(file):
    assert [name for name in (file, *TESTS[file]) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("mutant", sorted(read_exceptions()), ids=lambda one: one.function)
def test_excepted_mutant_changes_a_line_that_is_there(mutant):
    lines = [line.strip() for line in (ROOT / mutant.file).read_text("utf-8").splitlines()]

    assert mutant.file in TESTS
    assert [line for line in mutant.old.splitlines() if line not in lines] == []


def test_decorators_are_applied_below_so_that_functions_can_be_changed(tmp_path: Path):
    source = tmp_path / "room.py"
    source.write_text(
        "class Room:\n"
        "    @property\n"
        "    def name(self):\n"
        "        return 'room'\n"
        "\n"
        "@lru_cache(\n"
        "    maxsize=64,\n"
        ")\n"
        "def once(): return 1\n"
        "\n"
        "@outer\n"
        "@inner\n"
        "def twice(): return 2\n",
        encoding="utf-8",
    )

    undecorate(source)

    assert ast.unparse(ast.parse(source.read_text("utf-8"))) == (
        "class Room:\n\n"
        "    def name(self):\n"
        "        return 'room'\n"
        "    name = property(name)\n\n"
        "def once():\n"
        "    return 1\n\n"
        "def twice():\n"
        "    return 2\n"
        "twice = inner(twice)\n"
        "twice = outer(twice)"
    )
