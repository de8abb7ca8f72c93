"""`verify_editions`: what was issued is hashed again, and its figures made again."""

import hashlib
import io
import re
from dataclasses import replace
from decimal import Decimal

import docx
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kpis.recording import close_fiscal_year
from projects.models import Strategy
from reports.annual.editions import issue_edition
from reports.annual.serialisation import from_json, to_json
from reports.annual.verification.differing import Difference, compare_figures
from reports.annual.verification.reading import Figure, read_back
from reports.formats import FORMATS
from tests.factories import make_plan
from tests.reports.sample_report import sample_report
from tests.reports.test_comparison import with_year

YEAR = 2025
HASH_IS_WRONG = "SHA-256か大きさが、発行したときのものと違います。"


@pytest.fixture
def plan(kikaku):
    strategy = make_plan(kikaku)
    close_fiscal_year(strategy, YEAR, user=kikaku)
    return Strategy.objects.get()


@pytest.fixture
def edition(plan, kikaku):
    return issue_edition(plan, YEAR, user=kikaku)


def verified(*arguments):
    """Exit code and what the command says."""
    said = io.StringIO()
    try:
        call_command("verify_editions", *arguments, stdout=said)
    except CommandError as error:
        return error.returncode, f"{said.getvalue()}{error}"
    return 0, said.getvalue()


def written(sql, *values):
    """What somebody with the database's password could do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def replaced(edition, name, content, *, is_hashed):
    """A file's bytes exchanged behind the app, with a fitting hash if `is_hashed`."""
    at = (edition.pk, name)
    written("UPDATE reports_editionfile SET content=%s WHERE edition_id=%s AND name=%s",
            content, *at)  # fmt: skip
    if is_hashed:
        digest = hashlib.sha256(content).hexdigest()
        written("UPDATE reports_editionfile SET sha256=%s, size=%s WHERE edition_id=%s AND name=%s",
                digest, len(content), *at)  # fmt: skip


def content_of(edition, name):
    return bytes(edition.files.get(name=name).content)


def test_editions_as_issued_are_fine(plan, kikaku, edition):
    issue_edition(plan, YEAR, user=kikaku, reason="訂正")
    code, said = verified()

    assert code == 0
    assert said.splitlines() == [
        "見本市総合戦略 令和7年度 第1版：発行したときのままです",
        "見本市総合戦略 令和7年度 第2版：発行したときのままです",
        f"2の版、{2 * len(FORMATS)}のファイルを確かめました。問題はありません。",
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_one_byte_changed_in_the_database_is_found(edition, name):
    content = bytearray(content_of(edition, name))
    content[len(content) // 2] ^= 1
    replaced(edition, name, bytes(content), is_hashed=False)
    code, said = verified()

    assert code == 1
    assert f"・{name}：{HASH_IS_WRONG}" in said
    assert "令和7年度 第1版：問題があります" in said


@pytest.mark.parametrize("name", FORMATS)
def test_figure_changed_together_with_its_hash_is_found_with_its_place(edition, name):
    report = from_json(edition.document)
    forged = with_year(report, "P1-1", YEAR, achievement=Decimal("87.654"), actual=Decimal(4321))
    replaced(edition, name, FORMATS[name].render(forged), is_hashed=True)
    code, said = verified()

    assert code == 1
    assert HASH_IS_WRONG not in said
    found = [line for line in said.splitlines() if line.startswith(f"・{name} ")]
    assert any("「87.7" in line or "「87.654" in line for line in found), said
    assert any("「4,321" in line or "「4321" in line for line in found), said


def test_changed_figure_of_a_data_file_is_named_by_kpi_year_and_column(edition):
    name = "annual-report.csv"
    content = content_of(edition, name).replace(b",62.0,62.0,", b",62.0,99.9,")
    replaced(edition, name, content, is_hashed=True)
    _code, said = verified()

    assert (
        "・annual-report.csv P1-1 2025 進捗率（%）：残っているのは「99.9」、"
        "文書から作り直すと「62.0」です。"
    ) in said.splitlines()
    assert said.endswith("問題が1件あります。")


def test_changed_document_is_found_and_so_is_every_figure_that_no_longer_fits(edition):
    report = from_json(edition.document)
    forged = to_json(with_year(report, "P1-1", YEAR, progress=Decimal("99.9")))
    written("UPDATE reports_edition SET document=%s", forged)
    code, said = verified()

    assert code == 1
    assert "・文書：SHA-256が、発行したときのものと違います。" in said
    assert "P1-1 2025 進捗率（%）：残っているのは「62.0」、文書から作り直すと「99.9」です。" in said


@pytest.mark.parametrize("document", ["", "{}", '{"schema": 1}', "[1, 2]", '{"schema": 99}'])
def test_document_that_cannot_be_read_is_a_problem_and_not_a_crash(edition, document):
    written("UPDATE reports_edition SET document=%s", document)
    code, said = verified()

    assert code == 1
    assert "・文書：読み取れません。" in said


@pytest.mark.parametrize(
    ("genuine", "forged", "sentence"),
    [
        ('"fiscal_year":2025,"edition"', '"fiscal_year":"2025","edition"', "文書：読み取れません"),
        ('"name":"指標1"', '"name":1', "annual-report.pdf：文書から作り直せません。"),
    ],
)
def test_document_that_cannot_be_rendered_is_a_problem_and_not_a_crash(
    edition, genuine, forged, sentence
):
    assert genuine in edition.document
    written("UPDATE reports_edition SET document=%s", edition.document.replace(genuine, forged))
    code, said = verified()

    assert code == 1
    assert f"・{sentence}" in said


def test_file_that_is_no_such_file_any_more_is_a_problem_and_not_a_crash(edition):
    for name in FORMATS:
        replaced(edition, name, b"\xff\x00nothing", is_hashed=True)
    code, said = verified()

    assert code == 1
    for name in FORMATS:
        assert f"・{name}：壊れていて、読み取れません。" in said


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("fiscal_year", 2026, "年度：一覧の記録（2026）が、文書（2025）と違います。"),
        ("number", 7, "版：一覧の記録（7）が、文書（1）と違います。"),
        ("title", "別の題", "題名：一覧の記録（別の題）が、"),
        ("reason", "別の訳", "この版を出す理由：一覧の記録（別の訳）が、文書（）と違います。"),
    ],
)
def test_record_that_contradicts_its_document_is_found(edition, column, value, sentence):
    written(f"UPDATE reports_edition SET {column}=%s", value)  # noqa: S608 - the table above
    code, said = verified()

    assert code == 1
    assert sentence in said


def test_file_and_edition_that_are_gone_are_missed(plan, kikaku, edition):
    second = issue_edition(plan, YEAR, user=kikaku, reason="訂正")
    written("DELETE FROM reports_editionfile WHERE edition_id=%s", edition.pk)
    written("DELETE FROM reports_edition WHERE id=%s", edition.pk)
    written("DELETE FROM reports_editionfile WHERE edition_id=%s AND name=%s",
            second.pk, "annual-report.csv")  # fmt: skip
    code, said = verified()

    assert code == 1
    assert "・令和7年度の第1版がありません。" in said
    assert f"・ファイル：発行したのは{len(FORMATS)}、今あるのは{len(FORMATS) - 1}です。" in said


def test_other_bytes_with_the_same_figures_are_only_noted(edition):
    name = "annual-report.csv"
    content = content_of(edition, name).replace(b"\r\n", b"\n")
    replaced(edition, name, content, is_hashed=True)
    code, said = verified()

    assert code == 0
    assert (
        "・お知らせ　annual-report.csv：今の作り方とは体裁が違いますが、"
        "発行した数字はすべて同じです。"
    ) in said.splitlines()


def test_other_rules_of_rates_are_only_noted(edition):
    older = to_json(replace(from_json(edition.document), rules_version=0))
    written("UPDATE reports_edition SET document=%s, document_sha256=%s",
            older, hashlib.sha256(older.encode()).hexdigest())  # fmt: skip
    code, said = verified()

    assert code == 0
    assert "・お知らせ　率の規則は、発行したときが第0版、今が第1版です。" in said


def test_one_year_can_be_asked_for_in_any_spelling(plan, kikaku, edition):
    for year in ("2025", "令和7年度", "R7"):
        assert verified("--year", year)[1].splitlines()[-1].startswith("1の版、")
    assert verified("--year", "2024") == (0, "令和6年度の発行した版はありません。\n")
    code, said = verified("--year", "abc")
    assert code == 1
    assert "年度「abc」を読み取れません。" in said


def test_nothing_issued_yet_is_no_problem(db):
    assert verified() == (0, "発行した版はありません。\n")


# Reading back, which only matters where bytes differ.


@pytest.mark.parametrize("name", FORMATS)
def test_figures_of_a_kpi_are_read_back_from_every_format(name):
    read = read_back(name, FORMATS[name].render(sample_report(edition=1)))
    own = {one.text for one in read if one.subject.endswith("P1-3") or "P1-3" in one.place}

    # 来場者数 of 2025: 9,996 of 10,000, 99.96 % and a hair below the bound.
    assert {"9,996", "9996"} & own, own
    assert {"99.9%", "99.9", "99.96", "0.999"} & own, own


def test_page_numbers_of_a_pdf_are_no_figures():
    read = read_back("annual-report.pdf", FORMATS["annual-report.pdf"].render(sample_report()))
    pages = max(int(one.place.removesuffix("ページ")) for one in read)

    # The contents are on the second page, a running foot with 3 / 8 on every page.
    assert pages > 4
    # A project of the sample is called 「=1+1 <推進>」.
    assert {one.text for one in read if one.place == "2ページ"} <= {"1"}


def test_page_numbers_of_word_contents_and_numbers_of_listings_are_no_figures():
    content = FORMATS["annual-report.docx"].render(sample_report())
    document = docx.Document(io.BytesIO(content))
    contents = [
        f"段落{number}"
        for number, paragraph in enumerate(document.paragraphs, start=1)
        if re.search(r"\t\d+$", paragraph.text) and paragraph.text.startswith("総括")
    ]
    read = read_back("annual-report.docx", content)

    assert len(contents) >= 1
    assert [one for one in read if one.place in contents] == []
    assert read_back("readme.txt", "(3) 取組 12件（資料4、表5）".encode()) == [
        Figure("1行", "", "12")
    ]


def test_figure_in_another_layout_may_stand_with_another_kpi_of_its_project():
    kept = figures(("1", "P1-1", "42.0%"))
    moved = figures(("1", "P1", "42.0%"), ("2", "P1-1", "9"))

    assert compare_figures(kept, moved).differences == ()
    assert compare_figures(figures(("1", "P2-1", "42.0%")), moved).differences == (
        Difference("1", "42.0%", "（なし）"),
    )


def figures(*told):
    return [Figure(place, subject, text) for place, subject, text in told]


def test_another_layout_of_the_same_figures_is_no_difference():
    kept = figures(("1", "P1-1", "42.0%"), ("1", "P1-1", "105.0%"), ("2", "P1-2", "42.0%"))
    moved = figures(("5", "P1-2", "42.0%"), ("6", "P1-1", "105.0%"), ("6", "P1-1", "42.0%"))

    assert compare_figures(kept, moved).differences == ()
    assert compare_figures(kept, [*moved, *figures(("7", "P1-2", "9"))]).differences == ()
    assert compare_figures(kept, [*moved, *figures(("7", "P1-2", "9"))]).added == 1


def test_figure_of_one_kpi_that_stands_at_another_is_a_difference():
    kept = figures(("1", "P1-1", "42.0%"), ("1", "P1-2", "50.0%"))
    swapped = figures(("1", "P1-1", "50.0%"), ("1", "P1-2", "42.0%"))

    assert compare_figures(kept, swapped).differences == (
        Difference("1", "42.0%", "50.0%"),
        Difference("1", "50.0%", "42.0%"),
    )


def test_repeated_figure_that_differs_once_is_found_where_it_stands():
    kept = figures(("1", "P1-1", "42.0%"), ("2", "P1-1", "42.0%"), ("3", "P1-1", "105.0%"))
    rendered = figures(("1", "P1-1", "42.0%"), ("2", "P1-1", "105.0%"), ("3", "P1-1", "105.0%"))

    assert compare_figures(kept, rendered).differences == (Difference("2", "42.0%", "105.0%"),)


def test_figure_that_is_gone_has_nothing_instead():
    kept = figures(("1", "P1-1", "42.0%"), ("2", "P1-1", "7"))

    assert compare_figures(kept, kept[:1]).differences == (Difference("2", "7", "（なし）"),)


def test_new_column_of_a_data_file_is_no_difference():
    kept = [Figure("P1-1 2025 達成率（%）", "", "42.0", is_cell=True)]
    wider = [*kept, Figure("P1-1 2025 新しい列", "", "1", is_cell=True)]

    assert compare_figures(kept, wider).differences == ()
    assert compare_figures(wider, kept).differences == (
        Difference("P1-1 2025 新しい列", "1", "（なし）"),
    )
