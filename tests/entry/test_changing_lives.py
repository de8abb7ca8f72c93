"""The screens on which a planner adds, ends, replaces and moves KPIs and initiatives."""

import pytest

from kpis.models import Kpi
from kpis.recording import close_fiscal_year
from projects.models import Initiative
from reports.models import PlanChange
from tests.admin_forms import messages_of
from tests.factories import make_initiative, make_kpi, make_project, record, record_progress
from tests.page_text import main_of, said

CHANGES = "/plans/mihon/changes/"
NEW = {
    "project": "", "number": "2", "name": "新しい指標", "unit": "件", "decimal_places": "0",
    "aggregation": "annual", "direction": "increase", "formula": "ratio", "target": "30件",
    "reason": "議会の意見",
}  # fmt: skip


@pytest.fixture
def planner(client, kikaku):
    client.force_login(kikaku)
    return client


@pytest.fixture
def kpi(project, kikaku):
    made = make_kpi(project, 1, 50, aggregation="cumulative")
    record(made, {2024: 12, 2025: 9}, kikaku)
    close_fiscal_year(project.strategy, 2024, user=kikaku)
    return made


def confirm(planner, url, **typed):
    """The page that looks a change over, and the one after it was confirmed."""
    looked_over = planner.post(url, typed)
    assert looked_over.status_code == 200, said(looked_over)
    assert not PlanChange.objects.exists()
    done = planner.post(url, {"confirmed": looked_over.context["signed"]})
    return said(looked_over), done


def test_kpi_is_added_from_its_project_in_the_first_open_year(planner, project, kpi):
    link = f"{CHANGES}kpis/new/?project=P1"
    assert f'href="{link}"' in main_of(planner.get("/plans/mihon/projects/P1/"))
    form = planner.get(link)
    assert "空欄は令和7年度。" in said(form)
    offered = form.context["form"]
    assert (offered["project"].value(), offered["number"].value()) == (project.pk, 2)
    page, done = confirm(planner, f"{CHANGES}kpis/new/", **NEW | {"project": project.pk})
    assert "P1-2 新しい指標 指標 － 掲載" in page.replace("  ", " ") or "新しい指標" in page
    assert done.url == "/plans/mihon/projects/P1/?fy=2025"
    link = '<a href="/plans/mihon/changes/1/">新旧対照表を受け取る</a>'
    assert messages_of(done) == [f"P1-2「新しい指標」を令和7年度から加えました。{link}"]
    added = Kpi.objects.get(number=2)
    assert (added.first_year, added.begin_reason) == (2025, "議会の意見")
    assert added.final_targets.get().value == 30
    change = PlanChange.objects.get()
    assert (change.kind, change.subject) == ("指標の追加", "P1-2「新しい指標」")


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"number": "1"}, "number", "この番号の指標は、このプロジェクトにすでにあります。"),
        (
            {"first_year": "R6"}, "first_year",
            "令和6年度は締め済みです。令和6年度より後の年度にしてください。",
        ),
        ({"target": "-3"}, "target", "目標値"),
        ({"reason": ""}, "reason", "計画を変える理由を書いてください。"),
        ({"name": ""}, "name", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field_with_all_that_was_typed(
    planner, project, kpi, typed, field, sentence
):
    page = planner.post(f"{CHANGES}kpis/new/", NEW | {"project": project.pk} | typed)
    assert page.status_code == 422
    form = page.context["form"]
    assert sentence in "".join(form.errors[field])
    assert form["unit"].value() == "件"
    assert Kpi.objects.count() == 1


def test_kpi_ends_from_its_page_and_its_later_figures_are_named(planner, kpi):
    link = f"{CHANGES}kpis/P1-1/end/"
    assert f'href="{link}"' in main_of(planner.get("/plans/mihon/kpis/P1-1/"))
    page, _done = confirm(planner, link, last_year="令和6", reason="調査の廃止")
    assert "P1-1の令和7年度の実績も取り消します。" in page
    kpi.refresh_from_db()
    assert (kpi.last_year, kpi.end_reason, kpi.actuals.count()) == (2024, "調査の廃止", 1)
    assert PlanChange.objects.get().kind == "指標の終了"
    PlanChange.objects.all()._raw_delete("default")
    _page, _done = confirm(planner, f"{CHANGES}kpis/P1-1/resume/", reason="続ける")
    kpi.refresh_from_db()
    assert kpi.last_year is None


def test_replacement_offers_what_fits_and_the_remaining_target(planner, kpi):
    link = f"{CHANGES}kpis/P1-1/replace/"
    form = planner.get(link).context["form"]
    offered = {name: form[name].value() for name in ("name", "unit", "last_year", "target")}
    assert offered == {"name": "指標1", "unit": "件", "last_year": "令和7年度", "target": "29"}
    typed = NEW | {
        "project": kpi.project_id, "number": "1", "last_year": "2025", "target": "29",
        "aggregation": "cumulative",
    }  # fmt: skip
    confirm(planner, link, **typed)
    new = Kpi.objects.get(first_year=2026)
    assert (new.code, new.successor_of, new.final_targets.get().value) == ("P1-1", kpi, 29)


def test_kpi_moves_from_a_year(planner, strategy, kpi):
    other = make_project(strategy, "P2")
    make_kpi(other, 3)
    assert "空欄は、そのプロジェクトの次の番号です。" in said(
        planner.get(f"{CHANGES}kpis/P1-1/move/")
    )
    typed = {"project": other.pk, "number": "", "from_year": "2026", "reason": "再編"}
    _page, done = confirm(planner, f"{CHANGES}kpis/P1-1/move/", **typed)
    assert done.url == "/plans/mihon/kpis/P2-4/?fy=2026"
    (sentence,) = messages_of(done)
    assert sentence.startswith("P1-1「指標1」を令和8年度からP2-4に移しました。<a ")
    kpi.refresh_from_db()
    assert (kpi.code, kpi.former_places.get().held_until) == ("P2-4", 2025)


def test_initiative_is_added_listed_again_and_ended(planner, strategy, project, kikaku, kpi):
    make_project(strategy, "P2")
    typed = {"name": "新取組", "project": project.pk, "number": "3", "reason": "新しい事業"}
    _page, done = confirm(planner, f"{CHANGES}initiatives/new/", **typed)
    assert done.url == "/plans/mihon/projects/P1/?fy=2025"
    initiative = Initiative.objects.get()
    assert initiative.first_year == 2025
    PlanChange.objects.all()._raw_delete("default")
    place = {"project": strategy.projects.get(code="P2").pk, "number": "", "reason": "関係"}
    _page, done = confirm(planner, f"{CHANGES}initiatives/P1-3/list/", **place)
    assert messages_of(done)[0].startswith("「新取組」を令和7年度からP2に再掲しました。")
    record_progress(initiative, kikaku, 2026)
    PlanChange.objects.all()._raw_delete("default")
    page = main_of(planner.get("/plans/mihon/initiatives/P1-3/"))
    assert f'href="{CHANGES}initiatives/P2-1/end/"' in page
    end = {"last_year": "2025", "reason": "終了"}
    page, _done = confirm(planner, f"{CHANGES}initiatives/P1-3/end/", **end)
    assert "令和8年度の進捗も取り消します。" in page
    lasts = [initiative.listings.get(project__code=code).last_year for code in ("P1", "P2")]
    assert lasts == [2025, 2025]


@pytest.mark.parametrize(
    "path",
    [
        "kpis/new/", "kpis/P1-1/end/", "kpis/P1-1/resume/", "kpis/P1-1/replace/",
        "kpis/P1-1/move/", "initiatives/new/", "initiatives/P1-1/end/",
        "initiatives/P1-1/list/", "initiatives/P1-1/resume/",
    ],
)  # fmt: skip
def test_screens_are_the_planners_alone(client, tantou, project, kpi, path):
    make_initiative(project)
    client.force_login(tantou)
    assert client.get(f"{CHANGES}{path}").status_code == 403
    assert "終える</a>" not in main_of(client.get("/plans/mihon/kpis/P1-1/"))
