"""関係課: they record a KPI as its 所管課 does, on every door, and are reminded behind it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from common.history import sign_change
from entry.plan_file.loading import load_plan
from entry.reminders import write_reminder
from kpis.as_of import kpi_as_of
from kpis.models import Kpi, YearlyActual
from kpis.open_work.by_department import load_overview
from kpis.plan_changes.lives import end_kpi
from kpis.progress import load_progress
from kpis.recording import record_actual
from kpis.related_departments import related_names
from reports.annual.assembly import assemble_report
from reports.history.changes import history_of_kpi
from reports.renderers.open_data.columns import indicator_columns
from reports.renderers.open_data.indicators import indicators_csv
from tests.admin_forms import errors_of, shown
from tests.entry.actuals_files import SHORT, confirm, csv_bytes, preview, problems
from tests.factories import final, make_department, make_initiative, make_kpi, make_user
from tests.page_text import said

PAGE = "/plans/mihon/entry/2025/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 6, 18))


@pytest.fixture
def owner():
    """The 所管課 of P1-1, D01, whose member is `owner`."""
    return make_user("owner", role="所管課担当")


@pytest.fixture
def shared(kpi, owner, tantou):
    """P1-1 of D01, whose 関係課 D02 has `tantou`."""
    kpi.department = make_department("D01", owner)
    kpi.save()
    kpi.related_departments.add(make_department("D02", tantou))
    return kpi


@pytest.fixture
def stranger():
    """An editor of a third department."""
    person = make_user("stranger", role="所管課担当")
    make_department("D03", person)
    return person


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_related_department_records_and_a_stranger_does_not(shared, tantou, stranger):
    row = record_actual(shared, 2025, final(9, analysis="企業が増えた"), user=tantou, version=0)

    assert (row.value, row.analysis, row.updated_by) == (9, "企業が増えた", tantou)
    with pytest.raises(PermissionDenied, match="P1-1は、あなたの課の指標ではないため"):
        record_actual(shared, 2025, final(10), user=stranger, version=1)


@pytest.mark.parametrize("name", ["owner", "tantou", "stranger"])
def test_file_takes_and_gives_rows_of_both_departments(shared, owner, tantou, stranger, name):
    make_kpi(shared.project, 9, department=stranger.departments.get())
    client = client_of({"owner": owner, "tantou": tantou, "stranger": stranger}[name])
    written = client.get("/plans/mihon/entry/2025/actuals.csv").content.decode("utf-8-sig")
    answer = preview(client, csv_bytes(SHORT, ["P1-1", "2025", "9"]))

    if name == "stranger":
        assert "P1-1" not in written
        assert "あなたの課の指標ではないため" in problems(answer)[0][1]
    else:
        assert "P1-1,支援件数" in written
        confirm(client, answer)
        assert YearlyActual.objects.get().value == 9
    assert YearlyActual.objects.exists() is (name != "stranger")


@pytest.mark.parametrize("name", ["tantou", "stranger"])
def test_entry_page_has_the_row_for_both_departments_alone(shared, tantou, stranger, name):
    client = client_of({"tantou": tantou, "stranger": stranger}[name])
    listed = "支援件数" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}P1-1/", {"P1-1-value": "9", "P1-1-state": "final", "P1-1-version": "0"})

    assert listed is (name == "tantou")
    assert YearlyActual.objects.exists() is (name == "tantou")


def test_what_is_missing_counts_once_and_stands_with_both(strategy, shared):
    make_kpi(shared.project, 2, department=shared.related_departments.get())
    overview = load_overview(strategy, 2025)
    first, second = overview.departments

    assert [len(one.missing) for one in (overview.total, first, second)] == [2, 1, 1]
    assert [one.code for one in second.related_open] == ["P1-1"]
    assert [one.name for one in second.related_open[0].related] == ["D02課"]
    assert first.related == overview.total.related == ()


def test_department_that_is_a_related_one_alone_stands_behind_the_owners(strategy, shared):
    make_kpi(shared.project, 2, department=make_department("D09"))

    assert [one.code for one in load_overview(strategy, 2025).departments] == ["D01", "D09", "D02"]


def test_request_names_the_owners_kpis_behind_the_departments_own(strategy, shared):
    second = shared.related_departments.get()
    own = make_kpi(shared.project, 2, name="相談件数", department=second)

    def body():
        overview = load_overview(strategy, 2025).of_department("D02", "D02課")
        return write_reminder(
            strategy, overview, 2025, due_on=None, kpis_url="k", initiatives_url="i"
        ).body

    both = body()
    own.delete()
    alone = body()

    assert both.index("・P1-2 相談件数") < both.index("■ 関係課となっている指標")
    assert "・P1-1 支援件数（所管課：D01課）" in both
    assert "貴課の御担当のうち、次のものの入力がまだ済んでいません。" in both
    assert "貴課が関係課となっている指標のうち" in alone
    assert "御担当のうち、次のもの" not in alone


def test_related_department_is_asked_on_its_own_pages(strategy, shared, tantou, kikaku):
    editor, planner = client_of(tantou), client_of(kikaku)

    assert (
        "未入力は1件</b>（うち関係課として1件）です" in editor.get("/plans/mihon/").content.decode()
    )
    work = said(editor.get("/work/"))
    assert "ほかに、関係課となっている1指標のうち1が入っていません。" in work
    assert "関係課として（所管課：D01課）" in work
    assert "関係課として1" in said(planner.get("/work/"))
    assert "関係課として1（1が入っていません）" in said(planner.get(f"{PAGE}overview/"))
    request = planner.get(f"{PAGE}reminders/D02/")
    assert "関係課となっている1指標" in said(request)


def test_page_and_past_day_name_the_related_departments(strategy, shared, planner, kikaku):
    before = "関係課</dt>" in planner.get("/plans/mihon/kpis/P1-1/").content.decode()
    sign_change(shared, kikaku, "所管の整理")
    shared.related_departments.clear()
    after = "関係課</dt>" in planner.get("/plans/mihon/kpis/P1-1/").content.decode()

    assert (before, after) == (True, False)
    newest = history_of_kpi(strategy, shared)[:1][0]
    assert [(one.label, one.old, one.new) for one in newest.fields] == [("関係課", "D02課", "")]
    assert (newest.person, newest.reason) == ("kikaku", "所管の整理")


def test_past_day_has_the_departments_and_names_of_that_day(strategy, shared):
    Kpi.history.update(history_date=timezone.make_aware(timezone.datetime(2026, 5, 1)))
    second = shared.related_departments.get()
    type(second).history.update(history_date=timezone.make_aware(timezone.datetime(2026, 5, 1)))
    second.name = "産業政策課"
    second.save()
    shared.related_departments.add(make_department("D05"))

    assert related_names([shared.pk]) == {shared.pk: ("産業政策課", "D05課")}
    assert kpi_as_of(strategy, shared, date(2026, 5, 2)).related_departments == ("D02課",)


def test_history_in_bulk_keeps_the_links(shared, kikaku):
    shared.note = "確認済み"
    bulk_update_with_history([shared], Kpi, ["note"], default_user=kikaku)

    kept = Kpi.history.first().related_departments.all()
    assert [one.department.code for one in kept] == ["D02"]


def drafted(strategy):
    return assemble_report(strategy, load_progress(strategy, 2025, with_texts=True))


def test_report_and_open_data_name_them_where_there_are_any(strategy, shared, kikaku):
    plain = make_kpi(shared.project, 2)
    report = drafted(strategy)
    names = [column.name for column in indicator_columns(report)]
    rows = indicators_csv(report).decode("utf-8-sig").splitlines()

    assert [kpi.departments for kpi in report.kpis] == ["D01課（関係課：D02課）", ""]
    assert names[-1] == "関係課"
    assert [row.rsplit(",", 1)[1] for row in rows] == ["関係課", "D02課", ""]
    shared.related_departments.clear()
    assert indicator_columns(drafted(strategy))[-1].name == "前の指標"
    assert plain.department is None


def test_open_data_name_those_of_a_kpi_that_has_ended(strategy, shared, kikaku):
    end_kpi(shared, 2024, user=kikaku, reason="事業の終了")
    report = drafted(strategy)

    assert report.kpis == ()
    assert indicators_csv(report).decode("utf-8-sig").splitlines()[1].endswith(",2024,,D02課")


def test_admin_refuses_an_owner_among_the_related(planner, shared):
    url = f"/admin/kpis/kpi/{shared.pk}/change/"
    typed = shown(planner, url) | {"related_departments": [shared.department_id]}

    assert "「D01課」は所管課です。関係課からは外してください。" in errors_of(
        planner.post(url, typed)
    )


def test_admin_sets_them(planner, shared):
    third = make_department("D03")
    url = f"/admin/kpis/kpi/{shared.pk}/change/"
    planner.post(url, shown(planner, url) | {"related_departments": [third.pk]})

    assert list(shared.related_departments.all()) == [third]


def test_assigning_a_related_department_as_owner_lets_it_go(planner, shared):
    second = shared.related_departments.get()
    key = f"kpi-{shared.pk}"
    planner.post(
        "/plans/mihon/departments/",
        {key: str(second.pk), f"{key}-was": str(shared.department_id)},
    )

    shared.refresh_from_db()
    assert (shared.department, list(shared.related_departments.all())) == (second, [])


PLAN = """
- model: projects.strategy
  fields: {code: newer, name: 新計画, municipality: 見本市, municipality_code: "402028",
           first_year: 2029, last_year: 2033}
- model: projects.department
  fields: {code: N1, name: 甲課}
- model: projects.department
  fields: {code: N2, name: 乙課}
- model: projects.pillar
  fields: {strategy: [newer], number: 1, name: 柱}
- model: projects.project
  fields: {strategy: [newer], pillar: [newer, 1], code: P1, kind: 核, name: 事業, position: 1}
- model: kpis.kpi
  fields: {project: [newer, P1], number: 1, name: 件数, unit: 件, department: [N1],
           related_departments: [%s]}
"""


def test_plan_file_names_them(tmp_path, db):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN % "[N2]", encoding="utf-8")
    load_plan(str(path))

    assert [one.name for one in Kpi.objects.get().related_departments.all()] == ["乙課"]
    kept = Kpi.history.first()
    assert ([one.department.code for one in kept.related_departments.all()]) == ["N2"]
    assert kept.history_change_reason == "計画書の読み込み"


def test_plan_file_with_an_unknown_one_is_refused(tmp_path, db):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN % "[N9]", encoding="utf-8")

    with pytest.raises(Exception, match=r"related_departments の \['N9'\] に当たる所管課"):
        load_plan(str(path))
    assert Kpi.objects.count() == 0


def test_next_plan_takes_them_over(planner, shared, kikaku):
    make_initiative(shared.project)
    facts = {"code": "next", "name": "次", "first_year": "2029", "last_year": "2033"}
    page = planner.post(
        "/plans/mihon/next/",
        facts | {"reason": "策定", "pillar-1": "on", "project-P1": "on", "P1-1-take": "on"},
    )
    planner.post("/plans/mihon/next/", {"confirmed": page.context["signed"]})

    taken = Kpi.objects.get(project__strategy__code="next")
    assert [one.code for one in taken.related_departments.all()] == ["D02"]
