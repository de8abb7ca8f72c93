"""Seals: when they are made, what each holds, where they are printed, and several at a time."""

import io
import logging
import zipfile
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction
from django.urls import reverse

from common.written_once import RowIsFixed
from kpis.models import Kpi, YearlyActual
from kpis.recording import close_years_through, end_correction, record_actual
from projects.models import Strategy
from reports.annual.editions import draft_report, fingerprint, issue_edition
from reports.annual.serialisation import from_json
from reports.formats import FORMATS
from reports.models import Seal, SealedRow
from reports.seals import Occasion, make_daily_seal, make_seal, newest_seal, seal_of
from reports.seals.hashes import NOTHING_BEFORE, seal_hash
from reports.seals.verification import Findings, one_moment, verify_histories, verify_seals
from tests.factories import (
    correct_from,
    final,
    make_kpi,
    make_plan,
    make_project,
    make_strategy,
    make_user,
)
from tests.page_text import said, text_of, words
from tests.reports import docx_reading, pdf_reading, workbooks
from tests.reports.verifying import problems, verified, written

YEAR = 2025


@pytest.fixture
def plan(kikaku):
    make_plan(kikaku)
    return Strategy.objects.get()


def occasions():
    rows = Seal.objects.order_by("number")
    return [(one.number, one.get_occasion_display(), one.subject) for one in rows]


def test_closing_reopening_and_issuing_are_sealed_one_upon_the_other(plan, kikaku):
    close_years_through(plan, YEAR, user=kikaku)
    correct_from(plan, YEAR, user=kikaku, reason="訂正")
    end_correction(plan, user=kikaku)
    issue_edition(plan, YEAR, user=kikaku)
    make_seal(Occasion.BACKUP)

    assert occasions() == [
        (1, "締め", "見本市総合戦略 令和6年度 第1回の締め、令和7年度 第1回の締め"),
        (2, "締めの解除", "見本市総合戦略 令和7年度"),
        (3, "締め", "見本市総合戦略 令和7年度 第2回の締め"),
        (4, "発行", "見本市総合戦略 令和7年度 第1版"),
        (5, "バックアップ", ""),
    ]
    before = NOTHING_BEFORE
    for seal in Seal.objects.order_by("number"):
        assert seal.sha256 == seal_hash(seal, before)
        before = seal.sha256


def test_seal_holds_each_row_once_and_what_came_since_the_last_one(plan, kikaku):
    first = make_seal(Occasion.DAILY)
    kpi = Kpi.objects.get(number=1)
    record_actual(kpi, 2024, final(99), user=kikaku, version=1)
    second = make_seal(Occasion.DAILY)
    third = make_seal(Occasion.DAILY)

    assert first.row_count == SealedRow.objects.filter(seal=first).count() > 10
    assert second.tables["kpis.historicalyearlyactual"]["count"] == second.row_count == 1
    (row,) = SealedRow.objects.filter(seal=second)
    assert row.row_id == YearlyActual.history.latest("history_id").history_id
    assert row.object_id == kpi.actuals.get(fiscal_year=2024).pk
    assert (third.row_count, third.tables) == (0, {})
    assert third.sha256 != second.sha256


def test_short_form_is_the_first_sixteen_digits_in_groups(plan):
    seal = make_seal(Occasion.DAILY)

    assert seal.short_form.replace("-", "") == seal.sha256[:16]
    assert [len(group) for group in seal.short_form.split("-")] == [4, 4, 4, 4]
    assert str(seal) == f"第1号 {seal.short_form}"


def test_saving_makes_no_seal(plan, kikaku):
    record_actual(Kpi.objects.get(number=1), 2024, final(99), user=kikaku, version=1)

    assert not Seal.objects.exists()


def test_closing_that_fails_leaves_no_seal(plan, kikaku):
    with transaction.atomic():
        close_years_through(plan, YEAR, user=kikaku)
        transaction.set_rollback(True)

    assert not Seal.objects.exists()


def test_seal_is_logged_once_it_stands(plan, kikaku, caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.INFO)
    with django_capture_on_commit_callbacks(execute=True):
        close_years_through(plan, YEAR, user=kikaku)
        assert caplog.messages == []
    seal = newest_seal()

    closed = "令和6年度 第1回の締め、令和7年度 第1回の締め"
    about = f"締め 見本市総合戦略 {closed}、{seal.row_count}件"
    assert caplog.messages == [f"記録を封印しました：{seal}（{about}）"]


ATTEMPTS = {
    "save": lambda one: one.save(),
    "delete": lambda one: one.delete(),
    "update": lambda one: type(one).objects.update(sha256="0" * 64),
    "delete all": lambda one: type(one).objects.all().delete(),
    "update in bulk": lambda one: type(one).objects.bulk_update([one], ["sha256"]),
    "update through its seal": lambda one: Seal.objects.get().rows.update(sha256="0" * 64),
}


@pytest.mark.parametrize("model", [Seal, SealedRow])
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_seals_refuse_every_change(plan, model, attempt):
    make_seal(Occasion.DAILY)
    before = list(model.objects.values_list())
    with pytest.raises(RowIsFixed), transaction.atomic():
        ATTEMPTS[attempt](model.objects.first())

    assert list(model.objects.values_list()) == before


# In editions


@pytest.fixture
def edition(plan, kikaku):
    close_years_through(plan, YEAR, user=kikaku)
    return issue_edition(plan, YEAR, user=kikaku)


def test_every_file_for_people_prints_the_seal_before_the_issue(edition):
    content = {one.name: bytes(one.content) for one in edition.files.all()}
    before = str(Seal.objects.get(number=1))
    archive = zipfile.ZipFile(io.BytesIO(content["open-data.zip"]))
    book = workbooks.opened(content["annual-report.xlsx"])

    assert from_json(edition.document).seal == before
    pdf = "".join(pdf_reading.pages_by_pdfium(content["annual-report.pdf"]))
    sentence = f"発行の前の封印は、{before}です。"
    plain = "".join(pdf.split())
    assert "".join(sentence.split()) in plain
    assert sentence in docx_reading.all_text(docx_reading.opened(content["annual-report.docx"]))
    assert any(sentence in text for text in workbooks.texts(book["見方"]))
    assert f"発行の前の記録の封印：{before}" in archive.read("readme.txt").decode("utf-8-sig")


def test_page_of_an_edition_names_the_seals_before_it_and_with_it(client, edition, tantou):
    client.force_login(tantou)
    page = said(client.get(edition.get_absolute_url()))
    first, second = Seal.objects.order_by("number")

    assert seal_of(edition) == second
    assert f"発行の前の封印 {first} この版を含む封印 {second}" in page


def test_draft_is_the_same_before_and_after_a_seal(plan):
    def drafted():
        report = draft_report(plan, YEAR)
        return fingerprint(report), report.seal, FORMATS["annual-report.csv"].render(report)

    before = drafted()
    make_seal(Occasion.DAILY)

    assert drafted() == before
    assert before[1] == ""


def test_seal_made_while_somebody_looks_at_the_draft_refuses_no_edition(plan, kikaku):
    close_years_through(plan, YEAR, user=kikaku)
    seen = fingerprint(draft_report(plan, YEAR))
    newest = make_seal(Occasion.BACKUP)

    edition = issue_edition(plan, YEAR, user=kikaku, expected=seen)
    assert from_json(edition.document).seal == str(newest)


def test_planner_reads_the_seals_and_nobody_changes_them(client, edition, kikaku):
    client.force_login(kikaku)
    listed = words(text_of(client.get(reverse("admin:reports_seal_changelist"))))
    newest = newest_seal()
    at = reverse("admin:reports_seal_change", args=[newest.pk])

    assert f"発行 見本市総合戦略 令和7年度 第1版 {newest.short_form} {newest.row_count}" in listed
    assert newest.sha256 in text_of(client.get(at))
    assert client.post(at, {"subject": "別の年度"}).status_code == 403
    assert client.get(reverse("admin:reports_seal_add")).status_code == 403
    delete = reverse("admin:reports_seal_delete", args=[newest.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Seal.objects.get(pk=newest.pk).sha256 == newest.sha256


# Several at a time


def in_threads(*calls):
    def run(call):
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as people:
        return [one.result() for one in [people.submit(run, call) for call in calls]]


@pytest.fixture
def lasting_plan(transactional_db):
    """A plan of two KPIs, in a database that several connections see."""
    if connection.vendor == "sqlite":
        written("DELETE FROM sqlite_sequence")  # a flushed table still knows what it held
    kikaku = make_user("kikaku")
    project = make_project(make_strategy())
    for number in (1, 2):
        make_kpi(project, number)
    make_seal(Occasion.DAILY)
    return kikaku


def test_seals_of_several_servers_at_once_stand_one_upon_the_other(lasting_plan):
    made = in_threads(*[lambda: make_seal(Occasion.BACKUP).number] * 4)

    assert sorted(made) == [2, 3, 4, 5]
    assert problems() == []


def test_day_is_sealed_once_however_many_servers_do_so_at_once(lasting_plan):
    made = in_threads(*[make_daily_seal] * 4)

    assert sum(one is not None for one in made) == 1
    assert Seal.objects.exclude(day=None).count() == 1
    assert make_daily_seal() is None
    assert problems() == []


def test_row_that_comes_to_light_after_a_seal_is_in_the_next(lasting_plan):
    """Two people save at once; who began first is through last, with the lower id."""
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite who writes second waits for who writes first.")
    first, second = Kpi.objects.order_by("number")
    has_saved, go_on = Event(), Event()

    def slow():
        with transaction.atomic():
            record_actual(first, 2024, final(1), user=lasting_plan, version=0)
            has_saved.set()
            assert go_on.wait(10)

    with ThreadPoolExecutor(1) as people:
        late = people.submit(lambda: in_threads(slow))
        assert has_saved.wait(10)
        record_actual(second, 2024, final(2), user=lasting_plan, version=0)
        seal = make_seal(Occasion.BACKUP)
        go_on.set()
        late.result()

    (early,) = SealedRow.objects.filter(seal=seal)
    (unsealed,) = YearlyActual.history.exclude(history_id=early.row_id)
    assert unsealed.history_id < early.row_id
    assert "（次の封印を待つもの：1件）" in verified()[1]
    assert problems() == []
    (caught,) = SealedRow.objects.filter(seal=make_seal(Occasion.BACKUP))
    assert caught.row_id == unsealed.history_id
    assert problems() == []


def test_verifying_sees_one_moment_and_holds_nobody_up(lasting_plan):
    kpi = Kpi.objects.get(number=1)

    def save():
        record_actual(kpi, 2024, final(1), user=lasting_plan, version=0)

    found = Findings()
    with one_moment():
        _tables, rows = verify_histories(found)
        in_threads(save)
        assert verify_histories(found)[1] == rows
        assert verify_seals(found)[2] == 0
    assert found.problems == []
    assert verify_histories(found)[1] == rows + 1
    assert verified()[0] == 0
