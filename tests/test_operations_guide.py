"""What the documents for operators name is there: commands, variables, addresses, files, tests."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from omuta_strategy.serving import limits
from tests.url_patterns import example, patterns

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "operations.ja.md").read_text(encoding="utf-8")
CHECKLIST = (ROOT / "docs" / "security-checklist.ja.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = {"operations": GUIDE, "checklist": CHECKLIST, "SECURITY": SECURITY}
IN_CODE = re.compile(r"`([^`\n]+)`")
# Paths of the system and of the examples, which are no pages.
FOLDERS = ("/srv/", "/backup/", "/etc/", "/wal", "/base/", "/var/")
every_document = pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)


def variables():
    return set(re.findall(r"^#([A-Z_]+)=", EXAMPLE, re.MULTILINE))


def options_of(command):
    return set(command.create_parser("manage.py", "")._option_string_actions)


@every_document
def test_every_command_is_there_with_its_options(text):
    commands = get_commands()
    named = re.findall(r"manage\.py ([a-z_]+)([^`\n&|;]*)", text)
    known = set()
    assert named or text is not GUIDE

    for name, rest in named:
        assert name in commands
        options = options_of(load_command_class(commands[name], name))
        assert set(re.findall(r"(?<!\S)--[a-z][a-z-]*", rest)) <= options, name
        known |= options
    # An option that stands alone is one of a command that the document names.
    assert {span.split()[0] for span in IN_CODE.findall(text) if span.startswith("--")} <= known


@every_document
def test_every_target_of_make_is_there(text):
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))

    assert set(re.findall(r"(?:`|^ *)make ([a-z]+)", text, re.MULTILINE)) <= targets


def test_every_variable_is_one_of_the_example_environment():
    spans = [re.split(r"[= ]", span)[0] for span in IN_CODE.findall(GUIDE)]
    named = {one for one in spans if re.fullmatch(r"[A-Z]+(_[A-Z]+)+|[A-Z]{4,}", one)}
    settings_files = re.findall(r"```sh\n(?:# .*\n)*((?:[A-Z_]+=.*\n)+)```", GUIDE)
    written = set(re.findall(r"^([A-Z_]+)=", "".join(settings_files), re.MULTILINE))
    of_others = {"ERROR", "CREATE", "WHEELHOUSE", "CONNECTION", "ALTER", "DROP"}  # a log's, SQL's

    assert {"SECRET_KEY", "DATABASE_URL", "LDAP_ROLES", "OIDC_ISSUER"} <= written
    assert named - of_others - variables() == set()
    assert written - variables() == set()


def test_every_variable_is_explained_in_the_example_environment():
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#[A-Z_]+=", line):
            above = number - 1
            while re.match(r"#[A-Z_]+=", lines[above]):
                above -= 1
            assert re.match(r"# \S", lines[above]), line


@every_document
def test_every_address_is_a_page(text):
    for span in IN_CODE.findall(text):
        path = span.split("?")[0]
        if re.fullmatch(r"/[\w./<>-]*", path) and not path.startswith(FOLDERS):
            try:
                resolve(path.replace("<fy>", "2025").replace("<n>", "1"))
            except Resolver404:
                # The beginning of pages, as a proxy's `location` has it.
                assert path in {"/entry/", "/static/"}, path


@every_document
def test_every_file_and_test_is_there(text):
    for span in IN_CODE.findall(text):
        file, _, name = span.partition("::")
        if re.fullmatch(r"(tests|benchmarks|docs|fixtures|reports|omuta_strategy)/[\w./-]*", file):
            if "<" in span:
                continue
            assert (ROOT / file).exists(), span
            if name:
                there = (ROOT / file).read_text(encoding="utf-8")
                assert f"def {name}(" in there, span


@every_document
def test_every_link_leads_somewhere(text):
    folder = ROOT if text is SECURITY else ROOT / "docs"
    headings = {
        re.sub(r"[^\w ー-]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        if not file:
            assert anchor in headings, target
        elif not file.startswith("https://"):
            assert (folder / file).exists(), target


def seconds(name):
    """A time of the examples: nginx's `name 60s;` or systemd's `name=60`."""
    (found,) = set(re.findall(rf"\b{name}(?:\s+|=)(\d+)s?;?\n", GUIDE))
    return int(found)


def test_proxy_of_the_example_waits_as_long_as_the_server():
    assert seconds("proxy_read_timeout") == limits.ANSWER_SECONDS
    assert seconds("proxy_send_timeout") == limits.RECEIVE_SECONDS
    assert seconds("client_header_timeout") == limits.HEADER_SECONDS
    # What the server closes must not be asked any more.
    assert re.findall(r"keepalive_timeout (\d+)s;   #", GUIDE) == ["20"]
    assert limits.IDLE_SECONDS > 20
    assert seconds("TimeoutStopSec") > limits.STOP_SECONDS + limits.LINGER_SECONDS


def test_proxy_of_the_example_lets_through_what_pages_take():
    (pages,) = re.findall(r"location ~ (\^/\S+/) \{\n +client_max_body_size 20m;", GUIDE)
    paths = [example(pattern) for pattern in patterns()]
    larger = [
        path
        for path in (*paths, *(path.removeprefix("/plans/mihon") for path in paths))
        if limits.limit_of(path).most_bytes > limits.OTHERWISE.most_bytes
    ]

    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 20 * limits.MIB
    assert {"/plans/mihon/entry/2025/", "/entry/2025/", "/admin/", "/login/kept/"} <= set(larger)
    assert [path for path in larger if not re.match(pages, path)] == []
