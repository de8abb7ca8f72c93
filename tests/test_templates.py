"""Templates are read by people: laid out by hand, with little logic, Japanese without blanks."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.base import Lexer, NodeList, TokenType, VariableNode

ROOT = Path(settings.BASE_DIR)
FOLDERS = [ROOT / "templates", *ROOT.glob("*/templates")]
TEMPLATES = sorted(
    path.relative_to(folder) for folder in FOLDERS for path in folder.rglob("*.html")
)

WIDTH = 120
# One `if` in one `for`.
DEPTH = 2
JAPANESE = "[\u3001-\u30ff\u3400-\u9fff\uff01-\uff9f]"
# Stands for what a variable will be.
FILLED_IN = "\N{REPLACEMENT CHARACTER}"
BROKEN = re.compile(f"{JAPANESE} *\n *[{FILLED_IN}{JAPANESE[1:-1]}]|{FILLED_IN} *\n *{JAPANESE}")


def source_of(name: Path) -> str:
    (path,) = (folder / name for folder in FOLDERS if (folder / name).exists())
    return path.read_text()


def layout_faults(source: str) -> list[str]:
    """What of a template is hard to read, line by line."""
    faults = []
    for number, line in enumerate(source.split("\n"), 1):
        if len(line) > WIDTH:
            faults.append(f"line {number}: {len(line)} characters, more than {WIDTH}")
        if "\t" in line:
            faults.append(f"line {number}: a tab")
        if line != line.rstrip():
            faults.append(f"line {number}: blanks at its end")
        if (len(line) - len(line.lstrip(" "))) % 2:
            faults.append(f"line {number}: not indented by twos")
    return faults


def deep_logic(source: str) -> list[str]:
    """The `if`s and `for`s of a template that stand deeper than one `if` in one `for`."""
    faults = []
    open_tags: list[str] = []
    for token in Lexer(source).tokenize():
        if token.token_type != TokenType.BLOCK:
            continue
        tag = token.contents.split()[0]
        if tag in {"if", "for"}:
            open_tags.append(tag)
            if len(open_tags) > DEPTH:
                faults.append(f"line {token.lineno}: {' > '.join(open_tags)}")
        elif tag in {"endif", "endfor"}:
            open_tags.pop()
    return faults


def broken_sentences(nodes: NodeList) -> list[str]:
    """Where a line ends within Japanese, or between it and a variable: a browser shows a blank."""
    text = "".join(
        FILLED_IN if isinstance(node, VariableNode) else getattr(node, "s", "<>") for node in nodes
    )
    inner = [getattr(node, name, []) for node in nodes for name in node.child_nodelists]
    return BROKEN.findall(text) + [one for nodelist in inner for one in broken_sentences(nodelist)]


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_template_is_laid_out_for_people(name):
    assert layout_faults(source_of(name)) == []


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_template_decides_little(name):
    assert deep_logic(source_of(name)) == []


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_no_line_ends_within_a_japanese_sentence(name):
    template = engines["django"].get_template(str(name)).template

    assert broken_sentences(template.nodelist) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<p>" + "長" * 114 + "</p>", "line 1: 121 characters, more than 120"),
        ("<p>\n\t短い\n</p>", "line 2: a tab"),
        ("<p>短い</p> \n", "line 1: blanks at its end"),
        ("<div>\n   <p>短い</p>\n</div>", "line 2: not indented by twos"),
    ],
)
def test_layout_that_nobody_reads_is_found(source, fault):
    assert fault in layout_faults(source)


def test_logic_in_logic_in_logic_is_found():
    source = "{% for a in b %}\n{% if a %}\n{% if c %}{% endif %}{% endif %}{% endfor %}"

    assert deep_logic(source) == ["line 3: for > if > if"]


@pytest.mark.parametrize(
    ("source", "is_broken"),
    [
        ("指標の実績を\n    入力します。", True),
        ("未入力は\n    {{ count }}件です。", True),
        ("{% if a %}{{ year }}\n    は締め済みです。{% endif %}", True),
        ("{% for a in b %}{% empty %}実績は\n まだありません。{% endfor %}", True),
        (
            "{% load unbroken %}{% unbroken %}未入力は\n    {{ count }}件です。{% endunbroken %}",
            False,
        ),
        ("未入力は{{ count }}件です。\n", False),
        ("<td>{{ one.code }}</td>\n    <td>指標</td>", False),
    ],
)
def test_broken_sentence_is_found(source, is_broken):
    template = engines["django"].from_string(source).template

    assert bool(broken_sentences(template.nodelist)) == is_broken
