"""A form of the admin on top of somebody else's change: refused once, saying who and what."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from kpis.models import FinalTarget, Kpi
from projects.models import Department, EntryDeadline, Project, Strategy
from tests.admin_forms import errors_of, messages_of, shown
from tests.change_screens import carry_out
from tests.factories import make_department, make_kpi, make_project, make_strategy, make_user

KEPT = "まだ保存していません。入力した内容は下に残っています。"


@pytest.fixture
def colleague(db):
    """A second planner, with a browser of their own."""
    user = make_user("doryo", "企画担当")
    user.last_name, user.first_name = "見本", "花子"
    user.save()
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def kpi(db):
    return make_kpi(make_project(make_strategy()), 1, name="支援件数", note="要確認")


def at(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def change(client, obj, **fields):
    """Open the form and save it with something else in it."""
    return client.post(at(obj), shown(client, at(obj)) | fields)


def test_change_on_top_of_a_colleagues_is_refused_with_name_time_and_content(
    planner, colleague, kpi
):
    opened = shown(planner, at(kpi))
    change(colleague, kpi, name="相談件数", note="")
    said_at = timezone.localtime(Kpi.history.latest("history_id").history_date)
    page = planner.post(at(kpi), opened | {"unit": "人"})

    assert strip_tags(errors_of(page)) == (
        f"この画面を開いたあとで、見本花子さんが{said_at:%H時%M分}に更新しています"
        f"（指標名は「相談件数」、備考は空欄）。{KEPT}"
        "更新された内容を確かめて欄を直し、もう一度保存してください。"
    )
    kpi.refresh_from_db()
    assert (kpi.name, kpi.unit) == ("相談件数", "件")


def test_refused_page_keeps_what_was_typed_and_the_next_save_goes_through(planner, colleague, kpi):
    opened = shown(planner, at(kpi))
    change(colleague, kpi, name="相談件数")
    page = planner.post(at(kpi), opened | {"unit": "人"})
    html = page.content.decode()
    saved = planner.post(at(kpi), opened | {"unit": "人", "_seen": page.context["seen"]})

    assert '<input type="text" name="unit" value="人"' in html
    assert f'<input type="hidden" name="_seen" value="{page.context["seen"]}">' in html
    assert saved.status_code == 302
    kpi.refresh_from_db()
    assert (kpi.name, kpi.unit) == ("支援件数", "人")


def test_conflict_is_said_beside_other_errors_and_not_forgotten(planner, colleague, kpi):
    opened = shown(planner, at(kpi)) | {"decimal_places": ""}
    change(colleague, kpi, name="相談件数")
    page = planner.post(at(kpi), opened)

    assert "見本花子さんが" in errors_of(page)
    assert "このフィールドは必須です。" in errors_of(page)


def test_colleagues_revision_of_the_target_is_no_conflict_with_the_kpis_own_page(
    planner, colleague, kpi
):
    opened = shown(planner, at(kpi))
    carry_out(colleague, "/plans/mihon/changes/targets/P1-1/", value="60", reason="改定")
    saved = planner.post(at(kpi), opened | {"unit": "人"})

    assert saved.status_code == 302
    assert FinalTarget.objects.get().value == 60


def test_colleague_who_saved_without_changing_anything_is_no_conflict(planner, colleague, kpi):
    opened = shown(planner, at(kpi))
    change(colleague, kpi)
    saved = planner.post(at(kpi), opened | {"unit": "人"})

    assert saved.status_code == 302
    kpi.refresh_from_db()
    assert kpi.unit == "人"


def test_own_change_in_another_window_is_said_to_be_ones_own(planner, kpi):
    opened = shown(planner, at(kpi))
    change(planner, kpi, name="相談件数")

    assert "この画面を開いたあとで、あなたが" in errors_of(planner.post(at(kpi), opened))


def test_change_on_another_page_names_the_department(planner, kikaku, kpi):
    opened = shown(planner, at(kpi))
    kpi.department = make_department("D01")
    kpi._history_user = kikaku
    kpi.save()
    page = planner.post(at(kpi), opened)

    assert "（所管課は「D01課」）" in errors_of(page)
    kpi.refresh_from_db()
    assert kpi.department.code == "D01"


@pytest.mark.parametrize(
    ("make", "theirs", "mine", "what"),
    [
        (make_strategy, {"name": "新総合戦略"}, {"office": "企画課"}, "計画名は「新総合戦略」"),
        (
            lambda: make_kpi(make_project(make_strategy())),
            {"formula": "deviation"},
            {"name": "別の名称"},
            "「目標との乖離",
        ),
        (
            lambda: make_project(make_strategy()),
            {"purpose": "新しい目的\n二行目"},
            {"name": "別の名称"},
            "目的は「新しい目的 二行目」",
        ),
        (make_department, {"name": "新しい課"}, {"code": "D09"}, "新しい課"),
        (
            lambda: EntryDeadline.objects.create(
                strategy=make_strategy(), fiscal_year=2025, due_on="2026-05-29"
            ),
            {"due_on": "2026-06-30"},
            {"due_on": "2026-07-31"},
            "「2026年6月30日」",
        ),
    ],
)
def test_every_model_of_the_admin_refuses_likewise(planner, colleague, make, theirs, mine, what):
    obj = make()
    opened = shown(planner, at(obj))
    change(colleague, obj, **theirs)
    page = planner.post(at(obj), opened | mine)

    assert what in errors_of(page)
    assert KEPT in errors_of(page)


def test_members_a_colleague_added_are_not_lost(planner, colleague, tantou):
    department = make_department("D01")
    opened = shown(planner, at(department))
    change(colleague, department, members=[tantou.pk])
    page = planner.post(at(department), opened | {"name": "新しい課"})

    assert "課員は「tantou」" in errors_of(page)
    assert [one.username for one in department.members.all()] == ["tantou"]


def test_kpis_change_is_no_conflict_for_its_projects_page(planner, colleague, kpi):
    opened = shown(planner, at(kpi.project))
    change(colleague, kpi, name="相談件数")
    planner.post(at(kpi.project), opened | {"name": "別の名称"})

    assert Project.objects.get().name == "別の名称"


def test_plan_loaded_without_a_history_can_be_changed(planner, kpi):
    Kpi.history.all().delete()
    Strategy.history.all().delete()
    change(planner, kpi, unit="人")

    kpi.refresh_from_db()
    assert kpi.unit == "人"


def test_first_recorded_change_of_an_unrecorded_row_is_a_conflict(planner, colleague, kpi):
    Kpi.history.all().delete()
    opened = shown(planner, at(kpi))
    change(colleague, kpi, name="相談件数")
    page = planner.post(at(kpi), opened)

    assert "見本花子さんが" in errors_of(page)
    assert KEPT in errors_of(page)


@pytest.mark.parametrize("seen", ["x", "1", "1.2.3.4.5", "１.２.３", "-1.0.0", "9" * 400])
def test_forged_mark_breaks_nothing(planner, kpi, seen):
    page = planner.post(at(kpi), shown(planner, at(kpi)) | {"unit": "人", "_seen": seen})

    assert page.status_code in (200, 302)
    assert messages_of(page) == [] or "変更しました" in messages_of(page)[0]


def test_deleted_meanwhile_says_so(planner):
    department = make_department("D01")
    opened = shown(planner, at(department))
    Department.objects.all().delete()
    response = planner.post(at(department), opened)

    assert response.status_code == 302
    assert "見つかりませんでした。削除された可能性があります" in messages_of(response)[0]
