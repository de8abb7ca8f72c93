"""Change the code in small ways and see whether its tests notice.

Usage: python scripts/mutants.py [FILE …] (from the repository's root; all of `TESTS` by default)

mutmut makes the mutants in a copy under `mutants/`. Prints for each file how many there are, how
many a test noticed, and how every other one differs. tests/surviving_mutants.toml excepts those
that change nothing or only a wording. Exits with 1 where fewer than `ENOUGH` percent of the others
are noticed, or where an exception is noticed too.
"""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
COPIES = ROOT / "mutants"
EXCEPTIONS = ROOT / "tests" / "surviving_mutants.toml"
ENOUGH = 95

# Which tests are to notice; few, so that a file takes minutes.
RECORDING = [
    "tests/kpis/test_recording.py",
    "tests/kpis/test_recording_engine.py",
    "tests/kpis/test_recording_texts.py",
]
READING = [
    "tests/common/test_comparing_words.py",
    "tests/common/test_reading_dates.py",
    "tests/common/test_reading_figures.py",
    "tests/common/test_reading_names.py",
    "tests/common/test_reading_texts.py",
    "tests/common/test_reading_years.py",
]
TESTS = {
    "common/fiscal_year.py": [
        "tests/common/test_end_of_a_year.py",
        "tests/common/test_fiscal_year.py",
    ],
    "common/reading/characters.py": READING,
    "common/reading/dates.py": READING,
    "common/reading/figures.py": READING,
    "common/reading/form_fields.py": [
        "tests/common/test_reading_form_fields.py",
        "tests/test_admin_reads_as_written.py",
    ],
    "common/reading/names.py": READING,
    "common/reading/radicals.py": READING,
    "common/reading/texts.py": READING,
    "common/reading/units.py": READING,
    "common/reading/years.py": READING,
    "kpis/achievement.py": [
        "tests/kpis/test_achievement.py",
        "tests/kpis/test_achievement_properties.py",
    ],
    "kpis/assessment.py": ["tests/kpis/test_assessment.py", "tests/kpis/test_formula_text.py"],
    "kpis/outlook.py": ["tests/kpis/test_outlook.py"],
    "kpis/doubts.py": ["tests/kpis/test_doubts.py"],
    "kpis/value_years.py": ["tests/kpis/test_value_years.py"],
    "kpis/formula_text.py": ["tests/kpis/test_formula_text.py"],
    "kpis/permissions.py": ["tests/kpis/test_permissions.py"],
    "kpis/recording/actuals.py": ["tests/kpis/test_recording.py"],
    "kpis/recording/closing.py": [
        "tests/kpis/test_closing.py",
        "tests/kpis/test_recording_engine.py",
    ],
    "kpis/recording/deadlines.py": ["tests/kpis/test_deadlines.py"],
    "kpis/recording/engine.py": RECORDING,
    "kpis/recording/initiative_progress.py": [*RECORDING, "tests/kpis/test_withdrawing_texts.py"],
    "kpis/recording/refusals.py": RECORDING,
    "kpis/recording/reviews.py": [*RECORDING, "tests/kpis/test_withdrawing_texts.py"],
    "kpis/recording/shared_figures.py": ["tests/kpis/test_sharing_recording.py"],
}


class Mutant(NamedTuple):
    """One change: the lines that went and those that came, in `function` or `Class.method`."""

    file: str
    function: str
    old: str
    new: str


@dataclass(frozen=True)
class Outcome:
    """What became of a file's mutants; survivors come with their differences."""

    made: int
    excepted: frozenset[Mutant]
    survivors: Sequence[tuple[Mutant, str]]

    @property
    def killed(self) -> int:
        """How many a test noticed."""
        return self.made - len(self.excepted) - len(self.survivors)

    @property
    def share(self) -> float:
        """The percentage noticed of those that count."""
        return 100 * self.killed / (self.made - len(self.excepted))


def main(files: Sequence[str]) -> int:
    """Try the mutants of one file after the other; the exit code."""
    exceptions = read_exceptions()
    fine = True
    for file in files or TESTS:
        expected = frozenset(mutant for mutant in exceptions if mutant.file == file)
        outcome = try_mutants(file, expected)
        for mutant, difference in outcome.survivors:
            print(f"\n{file}, {mutant.function}: survived\n{difference}")
        for mutant in sorted(expected - outcome.excepted):
            print(f"\n{file}, {mutant.function}: excepted, but killed or gone\n{mutant.old}")
        print(
            f"\n{file}: {outcome.made} mutants, {outcome.killed} killed,"
            f" {len(outcome.survivors)} survived, {len(outcome.excepted)} excepted:"
            f" {outcome.share:.1f}% killed",
            flush=True,
        )
        fine = fine and outcome.share >= ENOUGH and outcome.excepted == expected
    return 0 if fine else 1


def read_exceptions() -> frozenset[Mutant]:
    """The mutants that may survive; the file says why."""
    entries = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))["mutant"]
    return frozenset(
        Mutant(entry["file"], entry["function"], entry["old"], entry["new"]) for entry in entries
    )


def try_mutants(file: str, expected: frozenset[Mutant]) -> Outcome:
    """Run mutmut over one file in a copy of its own."""
    copy = COPIES / file.removesuffix(".py").replace("/", ".")
    copy_tree(copy)
    undecorate(copy / file)
    configure(copy, file)
    run(copy, "mutmut", "run")
    statuses = dict(
        line.strip().rsplit(": ", 1)
        for line in run(copy, "mutmut", "results", "--all", "1").splitlines()
    )
    noticed = {"killed", "timeout", "segfault"}
    left = [
        (mutant_of(file, name, difference), difference)
        for name, status in statuses.items()
        if status not in noticed
        for difference in [changed_lines(run(copy, "mutmut", "show", name))]
    ]
    excepted = expected.intersection(mutant for mutant, _difference in left)
    survivors = [one for one in left if one[0] not in excepted]
    return Outcome(len(statuses), excepted, survivors)


def copy_tree(copy: Path) -> None:
    """Copy what git knows and what it could learn, so that a virtual environment stays out."""
    shutil.rmtree(copy, ignore_errors=True)
    listed = run(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in listed.rstrip("\0").split("\0"):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)


def undecorate(source: Path) -> None:
    """Write `@property` over `def f` as `f = property(f)` below it: mutmut leaves the former out.

    Caches go: filled before mutmut forks they would answer for the mutant.
    """
    written = source.read_text(encoding="utf-8")
    lines = written.splitlines()
    functions = [node for node in ast.walk(ast.parse(written)) if isinstance(node, ast.FunctionDef)]
    for function in sorted(functions, key=lambda node: node.lineno, reverse=True):
        decorators = [ast.unparse(decorator) for decorator in reversed(function.decorator_list)]
        lines[function.end_lineno : function.end_lineno] = [
            f"{' ' * function.col_offset}{function.name} = {decorator}({function.name})"
            for decorator in decorators
            if "cache" not in decorator
        ]
        for decorator in reversed(function.decorator_list):
            del lines[decorator.lineno - 1 : decorator.end_lineno]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")


def configure(copy: Path, file: str) -> None:
    """Say in the copy's pyproject.toml what mutmut is to change and which tests to run."""
    room = file.partition("/")[0]
    values = {
        "source_paths": [room],
        "only_mutate": [file],
        "also_copy": sorted(path.name for path in copy.iterdir() if path.name != room),
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "--hypothesis-seed=0", "--nomigrations"],
        "pytest_add_cli_args_test_selection": TESTS[file],
        "use_git_change_detection": False,
    }
    # JSON's strings, lists and booleans are TOML's too.
    section = "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write(f"\n[tool.mutmut]\n{section}")


def changed_lines(shown: str) -> str:
    """Only those of a unified diff, after its title and the names of the files."""
    return "\n".join(line for line in shown.splitlines()[3:] if line.startswith(("-", "+")))


def mutant_of(file: str, name: str, difference: str) -> Mutant:
    """The mutant of these changed lines; its name is mutmut's: `kpis.doubts.x_doubts__mutmut_1`."""
    mangled = re.sub(r"__mutmut_\d+$", "", name).rpartition(".")[2]
    function = mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    old, new = (
        "\n".join(line[1:].strip() for line in difference.splitlines() if line.startswith(sign))
        for sign in "-+"
    )
    return Mutant(file, function, old, new)


def run(folder: Path, command: str, *arguments: str) -> str:
    """What a command prints; where it fails, this run ends with that."""
    beside_python = Path(sys.executable).with_name(command)
    program = str(beside_python) if beside_python.exists() else command
    done = subprocess.run(  # noqa: S603 -- git and mutmut, as called above
        [program, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command} {' '.join(arguments)}\n{done.stdout[-4000:]}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
