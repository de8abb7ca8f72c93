"""An account that passes from one person to the next: past acts keep the name they were done in."""

import csv
import io

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from entry.closing_check import closing_events
from kpis.models import FinalTarget, Kpi, YearlyActual
from kpis.open_work.by_department import load_overview
from kpis.recording import RecordingRefused, close_years_through, record_actual
from projects.models import Department, FiscalYearClosing
from reports.history.changes import history_of_kpi, history_of_plan
from tests.admin_forms import errors_of, shown
from tests.factories import (
    correct_from,
    final,
    make_department,
    make_initiative,
    record,
    record_progress,
)
from tests.page_text import text_of

BEFORE, AFTER = "山田太郎", "鈴木花子"


@pytest.fixture
def yamada(kikaku):
    """The planner's account while it is Yamada's."""
    kikaku.last_name, kikaku.first_name = "山田", "太郎"
    kikaku.save()
    return kikaku


def hand_on(account):
    """The account becomes Suzuki's."""
    User.objects.filter(pk=account.pk).update(last_name="鈴木", first_name="花子")


def test_every_kind_of_change_keeps_the_name(strategy, kpi, yamada):
    record(kpi, {2024: 9}, yamada)
    record_actual(kpi, 2024, final(10), user=yamada, version=1)
    record_actual(kpi, 2024, None, user=yamada, version=2)
    record_progress(make_initiative(kpi.project), yamada)
    close_years_through(strategy, 2024, user=yamada)
    correct_from(strategy, 2024, user=yamada, reason="直すため")
    hand_on(yamada)

    by_people = [one for one in history_of_plan(strategy) if one.person != "システム"]
    assert [(one.kind, one.action) for one in by_people] == [
        ("締めた年度の改め", "改め始めた"),
        ("年度締め", "締め"),
        ("取組の進捗", "登録"),
        ("実績値", "削除"),
        ("実績値", "変更"),
        ("実績値", "登録"),
    ]
    assert {(one.username, one.person) for one in by_people} == {("kikaku", BEFORE)}
    assert [event.by for event in closing_events(strategy, 2024)] == [BEFORE, BEFORE]


def test_history_in_bulk_keeps_the_name_without_a_query_a_row(
    kpi, yamada, django_assert_max_num_queries
):
    targets = [
        FinalTarget(kpi=kpi, effective_from=year, value=60, reason="改定")
        for year in (2025, 2026, 2027, 2028)
    ]
    with django_assert_max_num_queries(6):
        made = bulk_create_with_history(targets, FinalTarget, default_user=yamada)
    with django_assert_max_num_queries(6):
        bulk_update_with_history(made, FinalTarget, ["value"], default_user=yamada)
    hand_on(yamada)

    kept = FinalTarget.history.filter(effective_from__gte=2025).values_list("acted_by", flat=True)
    assert list(kept) == [BEFORE] * 8


def test_pages_and_file_of_the_history_name_who_acted(planner, strategy, kpi, yamada):
    record(kpi, {2024: 9}, yamada)
    hand_on(yamada)
    file = b"".join(planner.get("/plans/mihon/history.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))

    assert f">{BEFORE}</td>" in text_of(planner.get("/plans/mihon/history/"))
    assert f">{BEFORE}</td>" in text_of(planner.get("/plans/mihon/kpis/P1-1/"))
    named = {row["氏名"]: row["利用者名"] for row in rows}
    assert named == {BEFORE: "kikaku", "システム": ""}
    # The filter is by account, whoever holds it.
    assert BEFORE in text_of(planner.get("/plans/mihon/history/", {"person": "kikaku"}))


def test_name_is_kept_when_the_account_is_deleted(strategy, kpi, yamada):
    record(kpi, {2024: 9}, yamada)
    yamada.delete()

    assert (
        history_of_kpi(strategy, kpi)[0:1][0].person,
        YearlyActual.objects.get().updated_by,
    ) == (
        BEFORE,
        None,
    )


def test_account_without_a_name_is_named_by_its_login(strategy, kpi, kikaku):
    record(kpi, {2024: 9}, kikaku)
    hand_on(kikaku)

    assert history_of_kpi(strategy, kpi)[:1][0].person == "kikaku"


def test_newer_save_and_last_change_name_who_saved(strategy, kpi, yamada, tantou):
    make_department("D01", tantou).kpis.add(kpi)
    record(kpi, {2025: 9}, yamada)
    hand_on(yamada)

    with pytest.raises(RecordingRefused, match=f"{BEFORE}さんが"):
        record_actual(kpi, 2025, final(12), user=tantou, version=0)
    (department,) = load_overview(strategy, 2025).departments
    assert department.last_change.by == BEFORE
    assert YearlyActual.objects.get().updated_by_name == BEFORE

    record_actual(kpi, 2025, final(12), user=tantou, version=1)
    assert YearlyActual.objects.get().updated_by_name == "tantou"


def test_admin_names_who_changed_a_thing_and_who_closed_a_year(client, strategy, kpi, yamada):
    client.force_login(yamada)
    at = reverse("admin:kpis_kpi_change", args=[kpi.pk])
    client.post(at, shown(client, at) | {"note": "確認済み"})
    close_years_through(strategy, 2024, user=yamada)
    hand_on(yamada)

    history = text_of(client.get(reverse("admin:kpis_kpi_history", args=[kpi.pk])))
    closing = reverse("admin:projects_fiscalyearclosing_changelist")
    assert f"{BEFORE}（kikaku）" in history
    assert AFTER not in history.split("<main", 1)[-1].split("change-history", 1)[-1]
    assert FiscalYearClosing.objects.get().closed_by_name == BEFORE
    assert BEFORE in text_of(client.get(closing))


def test_conflict_in_the_admin_names_who_changed_it(planner, kpi, tantou):
    tantou.last_name, tantou.first_name, tantou.is_superuser = "山田", "太郎", True
    tantou.is_staff = True
    tantou.save()
    colleague = Client()
    colleague.force_login(tantou)
    at = reverse("admin:kpis_kpi_change", args=[kpi.pk])
    opened = shown(planner, at)
    colleague.post(at, shown(colleague, at) | {"name": "相談件数"})
    hand_on(tantou)

    page = planner.post(at, opened | {"unit": "人"})

    assert f"{BEFORE}さんが" in errors_of(page)


def test_loader_names_nobody(kpi):
    department = make_department("D02")
    department.name = "新しい課"
    department.save()

    assert {one.acted_by for model in (Kpi, Department) for one in model.history.all()} == {""}
    assert department.history.latest().history_date <= timezone.now()
