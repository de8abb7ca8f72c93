"""`verify` on editions: what was issued is hashed again, and its data made again."""

import hashlib
import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from kpis.recording import close_years_through
from projects.models import Strategy
from reports.annual.editions import issue_edition
from reports.annual.serialisation import from_json, to_json
from reports.annual.verification import verify_edition
from reports.annual.verification.data_files import Difference, differences
from reports.formats import FORMATS
from reports.models import Edition
from reports.seals import seal_of
from reports.seals.verification import seal_in_words
from tests.factories import make_plan, make_strategy
from tests.made_once import made_once
from tests.reports.sample_report import sample_report
from tests.reports.test_comparison import with_year
from tests.reports.verifying import problems, verified, written

YEAR = 2025
DATA_FILES = ["annual-report.csv", "open-data.zip"]
FOR_PEOPLE = [name for name in FORMATS if name not in DATA_FILES]
HASH_IS_WRONG = "SHA-256か大きさが、発行したときのものと違います。"


@pytest.fixture
@made_once
def plan(kikaku):
    strategy = make_plan(kikaku)
    close_years_through(strategy, YEAR, user=kikaku)
    return Strategy.objects.get()


@pytest.fixture
@made_once
def edition(plan, kikaku):
    return issue_edition(plan, YEAR, user=kikaku)


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


def archive_with(content, name, change):
    """The open data with one of its files changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(written, "w") as after:
        for one in before.namelist():
            data = before.read(one)
            after.writestr(one, change(data) if one == name else data)
    return written.getvalue()


def test_editions_as_issued_are_fine(plan, kikaku, edition):
    issue_edition(plan, YEAR, user=kikaku, reason="訂正")
    code, said = verified()
    count = 2 * len(FORMATS)

    assert code == 0
    *_records, first, second, summary, _newest_seal, last = said.splitlines()
    assert [first, second, summary, last] == [
        "見本市総合戦略 令和7年度 第1版：発行したときのままです",
        "見本市総合戦略 令和7年度 第2版：発行したときのままです",
        f"2の版、{count}のファイルのハッシュと、CSVとオープンデータの中身を確かめました。",
        "問題はありません。",
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


@pytest.mark.parametrize("name", DATA_FILES)
def test_figure_changed_together_with_its_hash_is_found_with_its_place(edition, name):
    report = from_json(edition.document)
    forged = with_year(report, "P1-1", YEAR, achievement=Decimal("87.654"), actual=Decimal(4321))
    replaced(edition, name, FORMATS[name].render(forged), is_hashed=True)
    code, said = verified()

    assert code == 1
    assert HASH_IS_WRONG not in said
    found = [line for line in said.splitlines() if line.startswith(f"・{name} ")]
    assert any("P1-1 2025 達成率（%）：残っているのは「87.7」" in line for line in found), said
    assert any("P1-1 2025 指標実績値：残っているのは「4321」" in line for line in found), said
    (other,) = set(DATA_FILES) - {name}
    assert other not in said
    assert "・文書：" not in said


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_of_a_file_for_people_changed_with_its_hash_the_seal_alone_speaks(edition, name):
    """The line about editions doesn't say that it was read."""
    report = from_json(edition.document)
    forged = with_year(report, "P1-1", YEAR, actual=Decimal(4321))
    replaced(edition, name, FORMATS[name].render(forged), is_hashed=True)
    kept = edition.files.get(name=name)

    (found,) = problems()
    assert found == (
        f"報告書のファイル {kept.pk}番（報告書のファイル「令和7年度 第1版 {name}」、"
        f"封印の{seal_in_words(seal_of(edition))}）：封印のあとで書き換えられています。"
    )
    assert "見本市総合戦略 令和7年度 第1版：発行したときのままです" in verified()[1]


def test_document_changed_with_its_hash_contradicts_every_data_file(edition):
    forged = to_json(with_year(from_json(edition.document), "P1-1", YEAR, progress=Decimal(99)))
    written("UPDATE reports_edition SET document=%s, document_sha256=%s",
            forged, hashlib.sha256(forged.encode()).hexdigest())  # fmt: skip
    code, said = verified()

    assert code == 1
    assert HASH_IS_WRONG not in said
    told = "P1-1 2025 進捗率（%）：残っているのは「62.0」、文書から作り直すと「99.0」です。"
    for place in (
        "annual-report.csv",
        "open-data.zip kpi_actuals.csv",
    ):
        assert f"・{place} {told}" in said.splitlines()
    assert (
        "・文書：データのどのファイルとも違います。書き換えられたのは文書かもしれません。"
    ) in said.splitlines()


def test_changed_figure_of_a_data_file_is_named_by_kpi_year_and_column(edition):
    name = "annual-report.csv"
    content = content_of(edition, name).replace(b",62.0,62.0,", b",62.0,99.9,")
    replaced(edition, name, content, is_hashed=True)
    _code, said = verified()

    assert (
        "・annual-report.csv P1-1 2025 進捗率（%）：残っているのは「99.9」、"
        "文書から作り直すと「62.0」です。"
    ) in said.splitlines()
    # And so says the seal of the file.
    assert said.endswith("問題が2件あります。")


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
        ('"name":"指標1"', '"name":1', "annual-report.csv：文書から作り直せません。"),
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
    for name in DATA_FILES:
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
    assert "・「見本市総合戦略」の令和7年度の第1版がありません。" in said
    assert f"・ファイル：発行したのは{len(FORMATS)}、今あるのは{len(FORMATS) - 1}です。" in said


def test_other_bytes_with_the_same_figures_are_only_noted(edition):
    name = "annual-report.csv"
    content = content_of(edition, name).replace(b"\r\n", b"\n")
    replaced(edition, name, content, is_hashed=True)
    found = verify_edition(Edition.objects.get())

    assert found.problems == []
    assert found.notes == [
        "annual-report.csv：今の作り方とは体裁が違いますが、発行した数字はすべて同じです。"
    ]


def test_other_rules_of_rates_are_only_noted(edition):
    older = to_json(replace(from_json(edition.document), rules_version=0))
    written("UPDATE reports_edition SET document=%s, document_sha256=%s",
            older, hashlib.sha256(older.encode()).hexdigest())  # fmt: skip
    found = verify_edition(Edition.objects.get())

    assert found.problems == []
    assert found.notes[0].startswith("率の規則は、発行したときが第0版、今が第2版です。")


def test_one_year_can_be_asked_for_in_any_spelling(plan, kikaku, edition):
    for year in ("2025", "令和7年度", "R7"):
        assert "\n1の版、" in verified("--year", year)[1]
    assert "\n令和6年度の発行した版はありません。\n" in verified("--year", "2024")[1]
    code, said = verified("--year", "abc")
    assert code == 1
    assert "年度「abc」を読み取れません。" in said


def test_editions_of_one_plan_can_be_asked_for_by_its_code(edition):
    make_strategy(code="next", name="次の計画", is_current=False)

    assert "1の版、" in verified("--strategy", "mihon")[1]
    assert "発行した版はありません。" in verified("--strategy", "next")[1]
    assert verified("--strategy", "other") == (
        1,
        "計画コード「other」の計画はありません。あるのは mihon、next です。",
    )


def test_nothing_issued_yet_is_no_problem(db):
    code, said = verified()

    assert code == 0
    assert "\n発行した版はありません。\n" in said


# The cells of data files, which are only read where bytes differ.

HEAD = "指標コード,会計年度（年）,実績\r\n"


def csv_differences(kept, rendered):
    return differences(kept.encode(), rendered.encode(), "annual-report.csv")


def test_same_cells_in_other_bytes_and_another_order_are_no_difference():
    kept = f"{HEAD}P1-1,2024,1\r\nP1-1,2025,2\r\n"
    other = "\ufeff指標コード,実績,会計年度（年）\nP1-1,2,2025\nP1-1,1,2024\n"

    assert csv_differences(kept, other) == []


def test_cell_that_differs_is_named_by_row_and_column():
    assert csv_differences(f"{HEAD}P1-1,2024,1\r\n", f"{HEAD}P1-1,2024,7\r\n") == [
        Difference("P1-1 2024 実績", "1", "7")
    ]


def test_row_that_is_gone_and_row_that_was_added_are_differences():
    kept, rendered = f"{HEAD}P1-1,2024,1\r\n", f"{HEAD}P1-2,2024,1\r\n"

    assert csv_differences(kept, rendered) == [
        Difference("P1-1 2024 指標コード", "P1-1", "（なし）"),
        Difference("P1-1 2024 会計年度（年）", "2024", "（なし）"),
        Difference("P1-1 2024 実績", "1", "（なし）"),
        Difference("P1-2 2024", "（なし）", "行"),
    ]


def test_new_column_is_no_difference_and_a_column_of_the_kept_file_alone_is_one():
    kept, wider = f"{HEAD}P1-1,2024,1\r\n", f"{HEAD.strip()},新しい列\r\nP1-1,2024,1,9\r\n"

    assert csv_differences(kept, wider) == []
    assert csv_differences(wider, kept) == [Difference("P1-1 2024 新しい列", "9", "（なし）")]


@pytest.mark.parametrize(
    "kept",
    [
        f"{HEAD}P1-1,2024,1\r\nP1-1,2024,2\r\n",  # which of the two is it?
        "指標コード,実績,実績\r\nP1-1,1,2\r\n",
        f"{HEAD}P1-1,2024\r\n",
        "",
    ],
)
def test_file_that_can_be_read_in_two_ways_is_none(kept):
    with pytest.raises(ValueError, match=r"twice|zip|unpack"):
        csv_differences(kept, f"{HEAD}P1-1,2024,1\r\n")


def test_every_part_of_the_open_data_is_compared():
    content = FORMATS["open-data.zip"].render(sample_report())

    def doubled(data):
        return data.replace(b",20,", b",40,")

    def overwritten(data):
        book = openpyxl.load_workbook(io.BytesIO(data))
        book.active["O2"] = 4321
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()

    for part, change, place in (
        ("kpi_actuals.csv", doubled, "kpi_actuals.csv P1-1 2025 年度目安値"),
        ("kpi_actuals.xlsx", overwritten, "kpi_actuals.xlsx P1-1 2024 指標実績値"),
        ("kpi_indicators.csv", lambda data: data.replace(b",50,", b",51,"),
         "kpi_indicators.csv P1-1 最終目標値"),
        ("codes.csv", lambda data: data.replace("順調".encode(), "好調".encode()),
         "codes.csv 評価区分 A 名称"),
    ):  # fmt: skip
        kept = archive_with(content, part, change)
        assert place in [one.place for one in differences(kept, content, "open-data.zip")], part


def test_part_that_the_open_data_never_had_is_a_difference():
    content = FORMATS["open-data.zip"].render(sample_report())
    with zipfile.ZipFile(added := io.BytesIO(content), "a") as archive:
        archive.writestr("kpi_actuals_2.csv", "a\r\n")

    assert differences(added.getvalue(), content, "open-data.zip") == [
        Difference("kpi_actuals_2.csv", "ファイル", "（なし）")
    ]
