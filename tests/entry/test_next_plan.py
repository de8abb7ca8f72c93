"""次の計画を始める: offered, looked over, written in one step, refused whole."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import F

from accounts.models import AuditEntry, Kind
from kpis.models import FinalTarget, Kpi, YearlyActual, YearlyTarget
from kpis.plan_changes.initiatives import add_initiative
from kpis.plan_changes.lives import replace_kpi
from kpis.plan_check import check_everything
from kpis.plan_notices import notices
from kpis.recording import ActualEntry
from projects.models import (
    Initiative,
    InitiativeListing,
    PlanState,
    Project,
    ProjectDirection,
    Strategy,
)
from tests.factories import (
    make_department,
    make_initiative,
    make_kpi,
    make_plan,
    make_project,
    make_strategy,
    record,
)
from tests.made_once import made_once
from tests.page_text import said, table_row

PAGE = "/plans/mihon/next/"
FACTS = {"name": "第4期総合戦略", "code": "fourth"}
# What is the plan's own, and not its next one's.
OWN = {"id", "code", "name", "first_year", "last_year", "state", "is_current"}


def filled_in(planner, **typed):
    """The fields as the page offers them, with what is typed (None: not ticked)."""
    form = planner.get(PAGE).context["form"]
    data = {field.html_name: field.value() or "" for field in form.facts}
    data |= {one.key: "on" for one in [*form.pillars, *form.projects, *form.initiatives]}
    for one in form.kpis:
        data |= {f"{one.code}-take": "on", f"{one.code}-baseline": one.value}
        data[f"{one.code}-baseline-year"] = one.year
    return {key: value for key, value in (data | FACTS | typed).items() if value is not None}


def looked_over(planner, **typed):
    return planner.post(PAGE, filled_in(planner, **typed))


def begin(planner, **typed):
    """The whole way: fill in, look over, confirm."""
    signed = looked_over(planner, **typed).context["signed"]
    return planner.post(PAGE, {"confirmed": signed})


def columns(row, without):
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in without
    }


@pytest.fixture
@made_once
def plan(kikaku):
    """P1 and P2 with two KPIs each; P2's second initiative is re-listed in P1."""
    strategy = make_plan(kikaku, projects=2)
    project = Project.objects.get(code="P1")
    ProjectDirection.objects.create(project=project, number=1, text="起業を支える。")
    Kpi.objects.filter(project=project, number=1).update(definition="台帳", note="確認済み")
    Initiative.objects.update(
        department=strategy.projects.get(code="P1").kpis.get(number=1).department
    )
    return strategy


def test_next_plan_is_this_one_without_its_figures(planner, plan):
    response = begin(planner)

    begun = Strategy.objects.get(code="fourth")
    assert response.url == "/plans/fourth/entry/2029/overview/"
    assert (begun.name, begun.state, begun.is_current) == (
        "第4期総合戦略", PlanState.PREPARING, False
    )  # fmt: skip
    assert (begun.first_year, begun.last_year) == (2029, 2033)
    plan.refresh_from_db()
    assert columns(begun, OWN) == columns(plan, OWN)
    for old in plan.projects.all():
        new = begun.projects.get(code=old.code)
        apart = {"id", "strategy", "pillar"}
        assert columns(new, apart) == columns(old, apart)
        assert new.pillar.number == old.pillar.number
        assert list(new.directions.values_list("number", "text")) == list(
            old.directions.values_list("number", "text")
        )
        listed = ("number", "initiative__name", "initiative__department", "printed_name")
        assert list(new.listings.values_list(*listed)) == list(old.listings.values_list(*listed))
    relisted = InitiativeListing.objects.filter(project__strategy=begun)
    assert relisted.exclude(project=F("initiative__home_project")).get().project.code == "P1"
    for kpi in Kpi.objects.filter(project__strategy=begun):
        old = kpi.carried_from
        apart = {"id", "project", "baseline", "baseline_year", "carried_from"}
        assert columns(kpi, apart) == columns(old, apart)
        assert kpi.code == old.code
        assert (kpi.baseline, kpi.baseline_year) == (30 + kpi.number, 2025)
    of_plan = {"kpi__project__strategy": begun}
    for figures in (FinalTarget, YearlyTarget, YearlyActual):
        assert not figures.objects.filter(**of_plan).exists()
    assert check_everything(begun) == []
    assert str(notices(begun)[0]) == (
        "2029年度から使える最終目標値がない指標（4件）：P1-1、P1-2、P2-1、P2-2。"
        "達成率を計算できません。"
    )


def test_what_began_late_and_took_anothers_place_begins_anew(planner, plan, kikaku):
    old = Kpi.objects.get(project__strategy=plan, project__code="P1", number=1)
    new = Kpi(project=old.project, number=1, name="新しい調べ方での割合", unit="％")
    replace_kpi(old, 2026, new, user=kikaku, reason="調査の見直し")
    late = Initiative(strategy=plan, home_project=old.project, name="新しい取組", first_year=2026)
    add_initiative(late, 9, user=kikaku, reason="新しい事業")
    begin(planner)
    made = Strategy.objects.get(code="fourth")
    lived = ("first_year", "begin_reason", "last_year", "end_reason")
    kpi = Kpi.objects.get(project__strategy=made, project__code="P1", number=1)
    assert (kpi.name, kpi.successor_of, kpi.carried_from) == (new.name, None, new)
    for one in (kpi, made.initiatives.get(name="新しい取組")):
        assert [getattr(one, name) for name in lived] == [None, "", None, ""]


def test_what_began_it_stands_in_history_and_audit(planner, plan, kikaku):
    begin(planner, reason="第4期の策定")

    begun = Strategy.objects.get(code="fourth")
    rows = [begun, *begun.projects.all(), *begun.initiatives.all()]
    rows += Kpi.objects.filter(project__strategy=begun)
    signed = {
        (one.history.get().history_user, one.history.get().history_change_reason) for one in rows
    }
    assert signed == {(kikaku, "第4期の策定")}
    assert AuditEntry.objects.get(kind=Kind.PLAN).what == (
        "見本市総合戦略の次の計画「第4期総合戦略」を始めた（理由：第4期の策定）"
    )


def test_preview_says_what_would_be_made_and_writes_nothing(planner, plan):
    page = looked_over(planner, **{"project-P2": None, "P1-2-baseline": ""})

    text = said(page)
    assert "柱1、プロジェクト1、取組2、掲載2（うち再掲0）、指標2" in text
    assert "令和11年度から令和15年度まで" in text
    assert table_row(page, "P1-1")["基準値"] == "31件"
    assert table_row(page, "P1-2") == {
        "所管課": "D01課", "基準値": "なし", "基準値の年度": "なし"
    }  # fmt: skip
    assert "プロジェクト（1件） P2 P2プロジェクト" in text
    assert "取組（2件） P2-1 P2の取組1、P2-2 P2の取組2" in text
    assert "指標（2件） P2-1 指標1、P2-2 指標2" in text
    assert Strategy.objects.get() == plan
    assert not AuditEntry.objects.filter(kind=Kind.PLAN).exists()
    assert not Strategy.history.filter(code="fourth").exists()


def test_only_what_is_ticked_comes_with_all_above_it(planner, plan):
    first = Initiative.objects.get(name="P1の取組1")
    begin(planner, **{f"initiative-{first.pk}": None, "P2-1-take": None, "P2-2-baseline": "1,234"})

    begun = Strategy.objects.get(code="fourth")
    assert not begun.initiatives.filter(name=first.name).exists()
    assert [kpi.code for kpi in Kpi.objects.filter(project__strategy=begun)] == [
        "P1-1", "P1-2", "P2-2"
    ]  # fmt: skip
    assert Kpi.objects.get(project__strategy=begun, project__code="P2").baseline == 1234

    nothing = said(looked_over(planner, **{"pillar-1": None, "code": "empty"}))
    assert "柱0、プロジェクト0、取組0、掲載0（うち再掲0）、指標0" in nothing


def test_kpis_are_offered_by_department_with_their_last_figures(planner, kikaku):
    project = make_project(make_strategy())
    second, first = make_department("D02"), make_department("D01")
    total = make_kpi(project, 1, aggregation="cumulative", department=second)
    share = make_kpi(project, 2, unit="%", decimal_places=1, department=first)
    bare = make_kpi(project, 3, baseline=Decimal(7), baseline_year=2022)
    record(total, {2024: 12, 2025: 9}, kikaku)
    provisional = ActualEntry("provisional", Decimal("57.3"))
    record(share, {2024: Decimal("55.1"), 2025: provisional}, kikaku)
    record(bare, {2024: ActualEntry("unmeasured", unmeasured_reason="休み")}, kikaku)

    page = planner.get(PAGE)

    departments = [
        (name, [(one.code, one.offered.last, one.value, one.year) for one in kpis])
        for name, kpis in page.context["form"].departments
    ]
    assert departments == [
        ("D01課", [("P1-2", "令和7年度 57.3%（速報）", "57.3", "令和7年度")]),
        ("D02課", [("P1-1", "令和7年度 9件（累計 21件）", "9", "令和7年度")]),
        ("所管課が未設定", [("P1-3", "", "7", "令和4年度")]),
    ]
    assert "最新の実績：令和7年度 9件（累計 21件）" in said(page)


def test_faults_are_named_and_nothing_typed_is_lost(planner, plan):
    Kpi.objects.filter(project__code="P1", number=2).update(
        formula="from_baseline", baseline=Decimal(5)
    )
    typed = {
        "name": "", "code": "第4期", "first_year": "2024", "last_year": "2020", "reason": " ",
        "P1-1-baseline": "31.5", "P1-1-baseline-year": "去年", "P1-2-baseline": "",
        "P2-1-baseline": "約9", "P2-2-take": None, "P2-2-baseline": "読めない", "project-P2": None,
    }  # fmt: skip
    page = looked_over(planner, **typed)

    assert page.status_code == 422
    assert {label: sentence for _id, label, sentence in page.context["form"].faults} == {
        "計画名": "計画名を入力してください。",
        "計画コード": "計画コードは、半角の英数字とハイフンで書いてください（例：strategy-2029）。",
        "最初の年度": "次の計画は、「見本市総合戦略」（令和6年度から）より後の年度に"
        "始めてください。",
        "理由": "次の計画を始める理由を書いてください。",
        "P1-1 指標1の基準値": "基準値は整数で入力してください。この指標は小数を使いません。",
        "P1-1 指標1の基準値の年度": "年度「去年」を読み取れません。"
        "2024、令和6年度、R6 のように書いてください。",
        "P1-2 指標2の基準値": "算式「基準値からの伸び」には基準値が要ります。"
        "基準値を入力するか、引き継ぐ印を外してください。",
        "P2-1 指標1の基準値": "「約9」を数字として読み取れません。単位は「件」です。"
        "数字で入力してください（例：1,234）。",
    }
    again = page.context["form"]
    assert {field.name: field.value() for field in again.facts} | {
        f"{one.code}-baseline": one.value for one in again.kpis
    } == {key: value for key, value in typed.items() if value is not None and "-year" not in key}
    assert [one.code for one in again.projects if one.is_taken] == ["P1"]
    assert [one.code for one in again.kpis if one.is_taken] == ["P1-1", "P1-2", "P2-1"]
    assert Strategy.objects.count() == 1


def test_period_is_in_order_and_code_is_free(planner, plan):
    page = looked_over(planner, code="mihon", first_year="R11", last_year="R10")

    assert [sentence for _id, _label, sentence in page.context["form"].faults] == [
        "計画コード「mihon」は、すでに「見本市総合戦略」が使っています。別のコードにしてください。",
        "最終年度は最初の年度以後にしてください。",
    ]


def test_what_was_looked_over_can_be_written_anew(planner, plan):
    signed = looked_over(planner, **{"P1-1-baseline": "77", "project-P2": None}).context["signed"]
    page = planner.post(PAGE, {"confirmed": signed, "edit": "1"})

    form = page.context["form"]
    assert page.status_code == 200
    assert form.facts["name"].value() == "第4期総合戦略"
    assert form.kpis[0].value == "77"
    assert [one.is_taken for one in form.projects] == [True, False]
    assert Strategy.objects.count() == 1


def test_sent_twice_it_is_made_once(planner, plan):
    signed = looked_over(planner).context["signed"]
    first, second = (planner.post(PAGE, {"confirmed": signed}) for _time in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "計画コード「fourth」は、すでに「第4期総合戦略」が使っています" in said(second)
    assert second.context["form"].facts["name"].value() == "第4期総合戦略"
    assert Strategy.objects.filter(code="fourth").count() == 1


def test_plan_that_has_changed_since_is_looked_over_again(planner, plan):
    signed = looked_over(planner).context["signed"]
    Kpi.objects.filter(project__code="P1", number=1).update(name="新しい名前")
    page = planner.post(PAGE, {"confirmed": signed})

    assert page.status_code == 409
    assert "確かめたあとに、元の計画が変わりました。何も書き込んでいません。" in said(page)
    assert Strategy.objects.count() == 1


def test_forged_confirmation_writes_nothing(planner, plan):
    page = planner.post(PAGE, {"confirmed": "x"})

    assert page.status_code == 422
    assert "確認の画面が古くなっています" in said(page)
    assert Strategy.objects.count() == 1


def test_fault_of_the_old_plan_is_named_before_anything_is_written(planner, plan):
    Project.objects.filter(code="P1").update(code="p1")
    page = looked_over(planner)

    assert page.status_code == 422
    assert "プロジェクト「p1 P1プロジェクト」のプロジェクトコード：英大文字で始まる" in said(page)
    assert Strategy.objects.count() == 1


@pytest.mark.asked_once
def test_it_is_the_planners_and_not_from_a_plan_in_preparation(client, planner, tantou, kanri):
    make_strategy(code="fourth", is_current=False, state=PlanState.PREPARING)
    make_strategy()
    assert planner.get("/plans/fourth/next/").status_code == 403
    for user in (tantou, kanri):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, FACTS).status_code == 403
    assert Strategy.objects.count() == 2


def test_an_ended_plan_is_followed_too(planner):
    make_strategy(state=PlanState.ENDED, is_current=False)

    assert begin(planner).status_code == 302
    assert Strategy.objects.get(code="fourth").state == PlanState.PREPARING


@pytest.mark.parametrize("projects", [1, 3])
def test_page_asks_as_often_however_large_the_plan(
    planner, kikaku, django_assert_num_queries, projects
):
    make_plan(kikaku, projects=projects)
    make_initiative(Project.objects.get(code="P1"), 9)

    with django_assert_num_queries(16):
        assert planner.get(PAGE).status_code == 200


@pytest.mark.asked_once
def test_overview_of_the_last_years_leads_to_it(planner, plan, kanri):
    def leads(year):
        page = planner.get(f"/plans/mihon/entry/{year}/overview/").content.decode()
        return f'href="{PAGE}"' in page

    assert [leads(year) for year in plan.years] == [False, False, False, True, True]
    planner.force_login(kanri)
    assert not leads(2028)


@pytest.mark.asked_once
@pytest.mark.parametrize(("first_year", "is_led"), [(2020, True), (2060, False)])
def test_reports_lead_to_it_once_the_last_two_years_have_begun(planner, first_year, is_led):
    make_strategy(first_year=first_year, last_year=first_year + 4)

    text = said(planner.get("/plans/mihon/reports/"))
    assert ("計画は最後の2年に入りました。 次の計画を始める" in text) == is_led


def test_last_measured_year_counts_though_a_later_one_is_pending(planner, kikaku):
    kpi = make_kpi(make_project(make_strategy()))
    pending = ActualEntry("pending", expected_on=date(2026, 8, 1))
    record(kpi, {2024: 20, 2025: pending}, kikaku)

    (one,) = planner.get(PAGE).context["form"].kpis
    assert (one.value, one.year) == ("20", "令和6年度")
