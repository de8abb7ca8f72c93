"""A plan that has one of everything that a workbook carries, and the plans to which it refers."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from kpis.models import ActualState, FinalTarget, KpiRatingRules, YearlyTarget
from kpis.plan_changes.initiatives import add_initiative, end_initiative, end_listing
from kpis.plan_changes.lives import add_kpi, end_kpi, replace_kpi
from kpis.plan_changes.period import change_period
from kpis.plan_changes.places import move_kpi
from kpis.plan_changes.rating_rules import revise_rating_rules
from kpis.recording import ActualEntry
from projects.bands import bands_to_data
from projects.models import (
    Department,
    FormerPeriod,
    Initiative,
    InitiativeListing,
    Pillar,
    ProjectDirection,
    Strategy,
)
from projects.scales import Step, steps_to_data
from tests.factories import (
    final,
    make_goal,
    make_initiative,
    make_kpi,
    make_project,
    make_source,
    make_strategy,
    record,
)
from tests.rated_otherwise import ARROWS, OF_EXPERTS, OF_PEOPLE, TEN_MARKS

CODE = "zenbu"
# By position, with widths counted in each of the three ways; the last row is その他.
BY_WIDTHS = (
    Step(1, "final", "reaches", Decimal("2.5"), "unit"),
    Step(1, "previous", "better", Decimal(3), "percent"),
    Step(2, "expected", "similar", Decimal(5), "points"),
    Step(2, "baseline", "reaches"),
    Step(3),
)


def make_others() -> dict[str, Any]:
    """What it refers to in other plans: the KPI that it carries on, and that of which it takes."""
    before = make_strategy(
        code="mae", name="前の総合戦略", first_year=2019, last_year=2023, is_current=False
    )
    return {
        "carried": make_kpi(make_project(before), 3, name="前の計画の件数"),
        "source": make_source(),
    }


def make_plan_with_everything(user: User, others: dict[str, Any]) -> Strategy:
    """The plan, of 2024 to 2029 (at first to 2028), made by the app's own acts."""
    plan = make_strategy(
        code=CODE,
        name="全部入りの総合戦略",
        is_current=False,
        office="企画課",
        report_word="施策評価報告書",
        pillar_word="基本目標",
        project_word="施策",
        initiative_word="事業",
        kpi_word="成果指標",
        data_licence="CC BY 4.0",
        contact="見本市企画課　電話0000-00-0000",
        external_bands=bands_to_data(OF_EXPERTS),
        project_bands=bands_to_data(TEN_MARKS),
        average_cap=None,
        average_floor=None,
        rate_decimals=2,
        rate_rounding="cut",
    )
    first = Pillar.objects.create(
        strategy=plan, number=1, name="しごとをつくる", slogan="働く・暮らす"
    )
    Pillar.objects.create(strategy=plan, number=2, name="ひとをそだてる")
    owners = _make_departments()
    main = make_project(
        plan,
        kind="重点",
        name="起業と雇用",
        printed_sign="施策1-2-3",
        purpose="=SUM(A1) と書かれた目的\n2行目",
    )
    for number, text in enumerate(("−で始まる方向", "＋の方向"), start=1):
        ProjectDirection.objects.create(project=main, number=number, text=text)
    other = make_project(plan, "SHISAKU-12", kind="", position=2)
    _make_initiatives(main, other, owners, user)
    _make_kpis(main, other, first, owners, others, user)
    _make_rules(plan, user)
    change_period(plan, first_year=2024, last_year=2029, user=user, reason="1年延ばした")
    plan.refresh_from_db()
    # As if a year had been closed when it was extended.
    FormerPeriod.objects.create(
        strategy=plan, held_until=2025, last_year=2028, reason="1年延ばした"
    )
    return plan


def _make_departments() -> list[Department]:
    return [
        Department.objects.create(code="S01", name="商工・観光課", valid_from=date(2020, 4, 1)),
        Department.objects.create(code="K01", name="健康課", valid_until=date(2031, 3, 31)),
        # Told apart by their codes alone.
        Department.objects.create(code="J01", name="総務課"),
        Department.objects.create(code="J02", name="総務課"),
    ]


def _make_initiatives(main: Any, other: Any, owners: list[Department], user: User) -> None:
    home = make_initiative(main, 1, "起業の支援")
    home.department = owners[2]
    home.save()
    InitiativeListing.objects.filter(initiative=home).update(printed_name="起業支援")
    InitiativeListing.objects.create(
        project=other, number=3, initiative=home, printed_name="創業の支援"
    )
    ended = make_initiative(main, 2, "終わった事業")
    again = InitiativeListing.objects.create(project=other, number=4, initiative=ended)
    end_listing(again, 2025, user=user, reason="再掲をやめた")
    end_initiative(ended, 2025, user=user, reason="目的を達した")
    later = Initiative(
        strategy=main.strategy, name="後からの事業", home_project=main, first_year=2026
    )
    add_initiative(later, 2, user=user, reason="新たに始めた")


def _make_kpis(
    main: Any, other: Any, pillar: Pillar, owners: list[Department], others: Any, user: User
) -> None:
    revised = make_kpi(
        main,
        1,
        40,
        name="起業件数",
        baseline=Decimal(30),
        baseline_year=2022,
        department=owners[0],
        definition="窓口で数える。\n年度末の数",
        data_source="所管課調べ",
        note="=備考",
        carried_from=others["carried"],
    )
    revised.related_departments.set(owners[1:4])
    FinalTarget.objects.create(
        kpi=revised,
        effective_from=2026,
        value=Decimal(60),
        is_strict=True,
        target_year=2027,
        baseline=Decimal(35),
        baseline_year=2024,
        reason="見直しによる",
    )
    for year, value in ((2024, 32), (2025, 36)):
        YearlyTarget.objects.create(kpi=revised, fiscal_year=year, value=Decimal(value))
    kept = make_kpi(
        main, 2, None, name="人口の維持", unit="%", decimal_places=1, baseline=Decimal("55.5")
    )
    FinalTarget.objects.create(
        kpi=kept, effective_from=2024, value=Decimal("55.5"), tolerance=Decimal("0.5")
    )
    worded = make_kpi(main, 3, None, name="ことばの目標", baseline=Decimal(10))
    FinalTarget.objects.create(
        kpi=worded, effective_from=2024, words="増加", met_by="better", target_year=2028
    )
    decided = make_kpi(main, 4, None, name="人が決める目標", unit="")
    FinalTarget.objects.create(
        kpi=decided, effective_from=2024, words="体制の確立", met_by="people"
    )
    fewer = make_kpi(main, 5, 20, name="減らす量", direction="decrease", formula="deviation")
    FinalTarget.objects.filter(kpi=fewer).update(is_strict=True)
    grown = make_kpi(
        main, 6, 50, name="伸び", formula="from_baseline", baseline=Decimal(-5), unit="ポイント"
    )
    ended = make_kpi(main, 7, name="終わる指標")
    record(ended, {2024: 10}, user)
    end_kpi(ended, 2025, user=user, reason="調査が終わった")
    fresh = add_kpi(
        _unsaved(main, 7, "後からの指標", first_year=2026), user=user, reason="新たに測れる"
    )
    old = make_kpi(main, 8, name="差し替える指標", aggregation="cumulative")
    replace_kpi(
        old, 2026, _unsaved(main, 8, "差し替えた指標"), user=user, reason="測り方が変わった"
    )
    moved = make_kpi(main, 9, name="移った指標")
    gone = make_kpi(other, 1, name="場所を空けた指標")
    end_kpi(gone, 2025, user=user, reason="事業が終わった")
    move_kpi(moved, other, 1, user=user, reason="所管が変わった", from_year=2026)
    add_kpi(
        _unsaved(main, 9, "空いた番号の指標", first_year=2026), user=user, reason="新たに測れる"
    )
    # Both end at one place, which one of them had from a later year on.
    make_kpi(other, 11, name="1年で終えた指標")
    end_kpi(other.kpis.get(number=11), 2024, user=user, reason="調査が終わった")
    later = make_kpi(main, 11, name="空いた場所に移って終えた指標")
    move_kpi(later, other, 11, user=user, reason="所管が変わった", from_year=2025)
    end_kpi(later, 2026, user=user, reason="事業が終わった")
    back = make_kpi(main, 10, name="戻った指標")
    move_kpi(back, other, 10, user=user, reason="試しに移した", from_year=2025)
    move_kpi(back, main, 10, user=user, reason="元に戻した", from_year=2027)
    taking = make_kpi(other, 2, 50, name="相談件数", source=others["source"])
    make_goal(main.strategy, pillar, 1, name="従業者数", unit="人")
    make_goal(main.strategy, None, 1, name="人口", unit="人")
    _record(
        user, revised=revised, kept=kept, worded=worded, decided=decided, grown=grown, fresh=fresh
    )
    record(others["source"], {2024: 7, 2025: 9}, user)
    record(taking, {2028: final(12, analysis="別の計画が終わったあとの年度")}, user)


def _unsaved(project: Any, number: int, name: str, **fields: Any) -> Any:
    from kpis.models import Kpi  # noqa: PLC0415

    return Kpi(project=project, number=number, name=name, unit="件", **fields)


def _record(user: User, **kpis: Any) -> None:
    revised = kpis["revised"]
    record(
        revised,
        {
            2024: final(33, analysis="=要因\n2行目", next_steps="-方向", confirmation="確かめた"),
            2025: ActualEntry(ActualState.PROVISIONAL, Decimal(34)),
            2026: ActualEntry(ActualState.PENDING, expected_on=date(2027, 8, 20)),
            2027: ActualEntry(ActualState.UNMEASURED, unmeasured_reason="調査のない年度"),
            2028: ActualEntry(ActualState.MISSING, analysis="先に書いた文"),
        },
        user,
    )
    record(kpis["kept"], {2025: final("55.2", value_year=2023)}, user)
    record(kpis["worded"], {2025: final(12)}, user)
    record(
        kpis["decided"], {2025: ActualEntry(ActualState.FINAL, value_words="協議会を設けた")}, user
    )
    record(kpis["grown"], {2025: final(-3)}, user)
    KpiRatingRules.objects.create(
        kpi=kpis["grown"],
        effective_from=2024,
        rating_method="people",
        bands=bands_to_data(OF_PEOPLE),
        reason="人が決める",
    )
    KpiRatingRules.objects.create(
        kpi=kpis["grown"], effective_from=2028, is_plans=True, reason="計画のきまりに戻す"
    )
    record(
        kpis["grown"],
        {
            2026: final(
                4,
                proposed_place=2,
                proposal_reason="前の年度より良い",
                decided_place=1,
                decision_reason="目標に近い",
            ),
            2027: final(5, proposed_place=3, proposal_reason="伸びがない"),
        },
        user,
    )
    record(kpis["fresh"], {2026: 3}, user)


def _make_rules(plan: Strategy, user: User) -> None:
    revise_rating_rules(
        plan,
        effective_from=2026,
        user=user,
        reason="位置で評価する",
        rating_method="position",
        bands=bands_to_data(ARROWS),
        rating_steps=steps_to_data(BY_WIDTHS),
        project_method="people",
        project_bands=bands_to_data(OF_PEOPLE),
    )
    revise_rating_rules(
        plan,
        effective_from=2028,
        user=user,
        reason="評価しない",
        rating_method="none",
        rating_steps=[],
        project_method="none",
        project_bands=[],
        external_bands=[],
    )
