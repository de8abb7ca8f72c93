"""Editions: issued once, in every format, and never anything else afterwards."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from common.written_once import RowIsFixed
from kpis.models import FinalTarget, Kpi, YearlyActual
from kpis.recording import (
    ProgressEntry,
    ReviewEntry,
    close_years_through,
    end_correction,
    record_actual,
    record_initiative_progress,
    record_project_review,
)
from projects.models import (
    Department,
    Initiative,
    InitiativeListing,
    InitiativeStatus,
    Pillar,
    Project,
    ProjectDirection,
    Strategy,
)
from reports.annual.editions import (
    IssueRefused,
    draft_report,
    fingerprint,
    issue_edition,
    latest_edition,
    previous_report,
)
from reports.annual.serialisation import from_json
from reports.formats import FORMATS
from reports.models import Edition, EditionFile
from tests.factories import correct_from, final, make_plan
from tests.made_once import made_once
from tests.reports.issued import correct_an_actual

YEAR = 2025


@pytest.fixture
@made_once
def plan(kikaku):
    """A plan in use whose year is closed, with texts of every kind."""
    strategy = make_plan(kikaku, projects=2)
    initiative = Initiative.objects.get(name="P1の取組1")
    entry = ProgressEntry(InitiativeStatus.ONGOING, summary="3社を助けた", cost=1200)
    record_initiative_progress(initiative, YEAR, entry, user=kikaku, version=0)
    project = Project.objects.get(code="P1")
    record_project_review(
        project, YEAR, ReviewEntry("順調な年", "広げてほしい"), user=kikaku, version=0
    )
    ProjectDirection.objects.create(project=project, number=1, text="企業を応援する")
    close_years_through(strategy, YEAR, user=kikaku)
    return Strategy.objects.get()


def change_everything(strategy, user):
    """Everything that the app or a loader can change of a plan that has an edition."""
    correct_from(strategy, 2024, user=user, reason="全部を変える")
    for actual in YearlyActual.objects.select_related("kpi"):
        changed = final(actual.value + 5, analysis="変えた分析", next_steps="変えた方向")
        record_actual(actual.kpi, actual.fiscal_year, changed, user=user, version=actual.version)
    FinalTarget.objects.update(value=Decimal(77), reason="変えた理由")
    Kpi.objects.update(
        name="変えた指標", unit="人", definition="変えた定義", data_source="変えた出典",
        note="変えた備考", baseline=Decimal(3), baseline_year=2022, department=None,
    )  # fmt: skip
    Department.objects.update(name="変えた課")
    Pillar.objects.update(name="変えた柱")
    Project.objects.update(name="変えたプロジェクト", purpose="変えた目的", kind="加速")
    ProjectDirection.objects.update(text="変えた方向性")
    for initiative in Initiative.objects.all():
        initiative.name = f"変えた取組{initiative.pk}"
        initiative.save()
    InitiativeListing.objects.update(printed_name="変えた掲載名")
    changed = ProgressEntry(InitiativeStatus.DONE, summary="変えた実績", cost=9)
    record_initiative_progress(
        Initiative.objects.order_by("pk").first(), YEAR, changed, user=user, version=1
    )
    project = Project.objects.get(code="P1")
    record_project_review(
        project, YEAR, ReviewEntry("変えた総括", "変えた意見"), user=user, version=1
    )
    Strategy.objects.update(
        name="変えた計画", municipality="変えた市", office="変えた課", average_cap=None,
        rating_basis="achievement",
        bands=[{"symbol": "良", "label": "良い", "lower": "50"},
               {"symbol": "悪", "label": "悪い", "lower": None}],
    )  # fmt: skip
    User.objects.update(last_name="変えた", first_name="名前")


def served(client, at=(YEAR, 1)):
    """What the URLs of an edition give: the bytes of every format, and the page's own part."""
    year, number = at
    folder = f"/plans/mihon/reports/{year}/editions/{number}/"
    files = {name: client.get(folder + name).content for name in FORMATS}
    page = client.get(folder).content.decode()
    (main,) = re.findall("<main.*</main>", page, re.DOTALL)
    return files, main


def test_edition_is_the_same_bytes_whatever_changes_afterwards(client, plan, kikaku, kanri):
    client.force_login(kanri)
    edition = issue_edition(plan, YEAR, user=kikaku)
    files, page = served(client)
    change_everything(plan, kikaku)
    edition.refresh_from_db()

    assert served(client) == (files, page)
    assert {one.name: bytes(one.content) for one in edition.files.all()} == files
    draft = client.get(f"/plans/mihon/reports/{YEAR}/").content.decode()
    assert "変えた総括" in draft
    assert "変えた" not in page
    assert "順調な年" in page
    assert edition.issued_by_name == "kikaku"


def test_every_format_comes_from_the_kept_document(plan, kikaku):
    edition = issue_edition(plan, YEAR, user=kikaku)
    report = from_json(edition.document)
    files = list(edition.files.order_by("id"))

    assert [one.name for one in files] == list(FORMATS)
    assert edition.file_count == len(FORMATS)
    assert edition.document_sha256 == hashlib.sha256(edition.document.encode()).hexdigest()
    for one in files:
        content = FORMATS[one.name].render(report)
        assert bytes(one.content) == content, one.name
        assert (one.sha256, one.size) == (hashlib.sha256(content).hexdigest(), len(content))


def test_document_says_which_edition_it_is_and_when_it_was_issued(plan, kikaku):
    kikaku.last_name, kikaku.first_name = "企画", "太郎"
    edition = issue_edition(plan, YEAR, user=kikaku)
    report = from_json(edition.document)

    assert (report.edition_label, report.is_draft) == ("第1版", False)
    assert report.made_at == edition.issued_at
    assert edition.title == report.title == "令和7年度　年次報告書"
    assert (str(edition), edition.issued_by_name) == ("令和7年度 第1版", "企画太郎")


def test_next_edition_counts_on_and_says_what_differs_from_the_last(plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    correct_from(plan, YEAR, user=kikaku)
    Department.objects.update(name="産業戦略課")
    end_correction(plan, user=kikaku)
    second = issue_edition(plan, YEAR, user=kikaku, reason="　課の名前の訂正\r\n")
    report = from_json(second.document)

    assert (second.number, second.reason) == (2, "課の名前の訂正")
    assert report.compared_with == "令和7年度 第1版"
    assert {(one.item, one.before, one.after) for one in report.changes} == {
        ("所管課", "D01課", "産業戦略課")
    }
    assert latest_edition(plan, YEAR) == second


def test_first_edition_of_a_year_is_compared_with_the_year_before(plan, kikaku):
    issue_edition(plan, 2024, user=kikaku)
    issue_edition(plan, 2024, user=kikaku, reason="訂正")

    assert previous_report(plan, YEAR).edition_label == "第2版"
    assert draft_report(plan, YEAR).compared_with == "令和6年度 第2版"
    issue_edition(plan, YEAR, user=kikaku)
    assert draft_report(plan, YEAR).compared_with == "令和7年度 第1版"
    assert draft_report(plan, 2024).compared_with == "令和6年度 第2版"


def test_open_year_has_no_edition(plan, kikaku):
    with pytest.raises(IssueRefused, match="令和8年度は締められていません"):
        issue_edition(plan, 2026, user=kikaku)
    with pytest.raises(IssueRefused, match="令和12年度は締められていません"):
        issue_edition(plan, 2030, user=kikaku)

    assert Edition.objects.count() == 0


def test_department_editor_issues_nothing(plan, tantou):
    with pytest.raises(PermissionDenied, match="企画担当と管理職"):
        issue_edition(plan, YEAR, user=tantou)

    assert Edition.objects.count() == 0


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (" \n　", "この版を出す理由を書いてください。"),
        ("長" * 4001, "4000字までです（今は4001字）。"),
    ],
)
def test_later_edition_without_a_fit_reason_is_refused(plan, kikaku, reason, sentence):
    issue_edition(plan, YEAR, user=kikaku)
    with pytest.raises(IssueRefused, match=re.escape(sentence)) as refused:
        issue_edition(plan, YEAR, user=kikaku, reason=reason)

    assert refused.value.field == "reason"
    assert Edition.objects.count() == 1


def test_draft_that_changed_since_it_was_looked_at_is_not_issued(plan, kikaku):
    seen = fingerprint(draft_report(plan, YEAR))
    correct_an_actual(plan, kikaku)
    with pytest.raises(IssueRefused, match="報告書の内容が変わりました") as refused:
        issue_edition(plan, YEAR, user=kikaku, expected=seen)

    assert refused.value.is_changed
    assert Edition.objects.count() == 0


def test_draft_that_was_looked_at_is_issued(plan, kikaku):
    seen = fingerprint(draft_report(plan, YEAR))

    assert issue_edition(plan, YEAR, user=kikaku, expected=seen).number == 1


def test_same_page_sent_twice_makes_one_edition_and_names_it(plan, kikaku):
    seen = fingerprint(draft_report(plan, YEAR))
    issue_edition(plan, YEAR, user=kikaku, expected=seen)
    with pytest.raises(
        IssueRefused, match=r"kikakuさんが\d\d時\d\d分に発行した第1版です。発行していません。"
    ):
        issue_edition(plan, YEAR, user=kikaku, expected=seen)

    assert Edition.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_edition(plan, kikaku, kanri):
    seen = fingerprint(draft_report(plan, YEAR))

    def issue(user):
        try:
            return issue_edition(plan, YEAR, user=user, expected=seen).number
        except IssueRefused as refused:
            return refused.is_changed
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        outcomes = list(people.map(issue, [kikaku, kanri]))

    assert sorted(outcomes, key=str) == [1, True]
    assert [one.number for one in Edition.objects.all()] == [1]
    assert EditionFile.objects.count() == len(FORMATS)


def as_loaded(one):
    """A fixture's row in the place of one that is there."""
    return serializers.serialize("python", [one])[0]


FORBIDDEN = {
    "save": lambda one: one.save(),
    "save some": lambda one: one.save(update_fields=["sha256"]),
    "delete": lambda one: one.delete(),
    "update": lambda one: type(one).objects.update(pk=one.pk),
    "delete all": lambda one: type(one).objects.all().delete(),
    "update in bulk": lambda one: type(one).objects.bulk_update([one], ["id"]),
    "overwrite": lambda one: type(one).objects.bulk_create(
        [one], update_conflicts=True, update_fields=["id"], unique_fields=["id"]
    ),
    "update through another": lambda one: (
        one.strategy.editions.update(number=9)
        if hasattr(one, "strategy")
        else one.edition.files.update(name="x")
    ),
    "load a file over it": lambda one: [
        loaded.save() for loaded in serializers.deserialize("python", [as_loaded(one)])
    ],
    "update or create": lambda one: type(one).objects.update_or_create(
        pk=one.pk, defaults={"id": one.pk}
    ),
}


def kept_rows():
    return list(Edition.objects.values_list()), list(EditionFile.objects.values_list())


@pytest.mark.parametrize("model", [Edition, EditionFile])
@pytest.mark.parametrize("attempt", FORBIDDEN)
def test_issued_rows_refuse_every_change(plan, kikaku, model, attempt):
    issue_edition(plan, YEAR, user=kikaku)
    before = kept_rows()
    refused = pytest.raises(RowIsFixed, match="変えることも削除することもできません")
    with refused, transaction.atomic():
        FORBIDDEN[attempt](model.objects.first())

    assert kept_rows() == before


def test_editions_can_be_loaded_into_an_empty_database(plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    before = kept_rows()
    dumped = serializers.serialize("json", [*Edition.objects.all(), *EditionFile.objects.all()])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_editionfile")
        cursor.execute("DELETE FROM reports_edition")
    for loaded in serializers.deserialize("json", dumped):
        loaded.save()

    assert kept_rows() == before


def test_another_row_in_an_editions_place_is_refused_by_the_database(plan, kikaku):
    edition = issue_edition(plan, YEAR, user=kikaku)
    before = kept_rows()
    fields = {
        "strategy": plan, "fiscal_year": YEAR, "title": "偽の版", "issued_by": kikaku,
        "issued_at": edition.issued_at, "issued_by_name": "だれか", "document": "{}",
        "document_sha256": "", "file_count": 0,
    }  # fmt: skip
    for same in ({"pk": edition.pk, "number": 2}, {"number": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition(**fields, **same).save()

    assert kept_rows() == before


def test_what_an_edition_rests_on_is_not_deleted(plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    with pytest.raises(ProtectedError):
        kikaku.delete()
    with pytest.raises(ValidationError, match="締め済みの年度があるため、削除できません"):
        plan.delete()
    with pytest.raises(ProtectedError):
        Strategy.objects.filter(pk=plan.pk).delete()

    assert Edition.objects.count() == 1
