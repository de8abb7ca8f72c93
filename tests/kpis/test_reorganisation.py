"""機構改革: what passes on the day, to whom, in whose name; what can't is named and stays."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEntry
from kpis.models import Kpi
from kpis.plan_notices import notices
from kpis.recording import RecordingRefused, record_actual
from kpis.reorganisation import (
    Wish,
    WishedChange,
    carry_out_due,
    drop_reorganisation,
    left_behind,
    look_over,
    prepare_reorganisation,
    wish_of,
)
from omuta_strategy.daily import reorganise
from projects.models import Department, Initiative, PlanState, Reorganisation
from reports.seals.verification.findings import Findings
from reports.seals.verification.histories import verify_histories
from tests.factories import (
    final,
    make_department,
    make_initiative,
    make_kpi,
    make_project,
    make_strategy,
)

DAY = date(2027, 4, 1)
BEFORE, AFTER = "山田太郎", "鈴木花子"


@pytest.fixture
def clock(monkeypatch):
    """Sets today, which is 令和9年2月1日 until told otherwise."""

    def set_to(day):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)

    set_to(date(2027, 2, 1))
    return set_to


@pytest.fixture
def yamada(kikaku):
    """The planner's account while it is Yamada's."""
    kikaku.last_name, kikaku.first_name = "山田", "太郎"
    kikaku.save()
    return kikaku


@pytest.fixture
def old(tantou):
    return make_department("D01", tantou)


@pytest.fixture
def new(db):
    return make_department("D02")


@pytest.fixture
def other(db):
    return make_department("D03")


@pytest.fixture
def owned(project, old, clock):
    """P1-1, P1-2 and an initiative of D01; D01 is 関係課 of P1-3; a plan in preparation and one
    that has ended have each a KPI of D01's."""
    for number in (1, 2):
        make_kpi(project, number, department=old)
    make_kpi(project, 3, department=make_department("D09")).related_departments.add(old)
    make_initiative(project)
    Initiative.objects.update(department=old)
    for code, state in (("next", PlanState.PREPARING), ("former", PlanState.ENDED)):
        there = make_project(make_strategy(code=code, state=state, is_current=False))
        make_kpi(there, 1, department=old)
    return project.strategy


def end(department, *successors, **fields):
    return WishedChange(
        department.pk, "end", successors=tuple(one.pk for one in successors), **fields
    )


def wished(*changes, day=DAY):
    return Wish(day, "行政組織規則の改正", changes)


def owners(strategy_code="mihon"):
    """The code of each KPI's 所管課, and those of its 関係課."""
    kpis = Kpi.objects.filter(project__strategy__code=strategy_code).order_by("number")
    return [
        (
            kpi.department.code if kpi.department else "",
            [one.code for one in kpi.related_departments.order_by("code")],
        )
        for kpi in kpis
    ]


def test_everything_passes_on_the_day_and_nothing_before(owned, old, new, tantou, yamada, clock):
    prepare_reorganisation(wished(end(old, new, movers={str(tantou.pk): [new.pk]})), user=yamada)
    clock(date(2027, 3, 31))
    assert carry_out_due(date(2027, 3, 31)) == []
    record_actual(
        Kpi.objects.get(project__strategy=owned, number=1), 2026, final(9), user=tantou, version=0
    )
    assert owners() == [("D01", []), ("D01", []), ("D09", ["D01"])]

    clock(DAY)
    assert reorganise() == "機構改革を行いました：令和9年4月1日の機構改革。"

    assert owners() == [("D02", []), ("D02", []), ("D09", ["D02"])]
    assert (owners("next"), owners("former")) == ([("D02", [])], [("D01", [])])
    assert Initiative.objects.get().department == new
    old.refresh_from_db()
    assert (old.valid_until, old.is_abolished) == (date(2027, 3, 31), True)
    assert (list(old.members.all()), list(new.members.all())) == ([], [tantou])
    assert left_behind(DAY) == {}


def test_records_say_what_stands_afterwards(owned, old, new, tantou, yamada, clock):
    prepare_reorganisation(wished(end(old, new, movers={str(tantou.pk): [new.pk]})), user=yamada)
    clock(DAY)
    carry_out_due(DAY)
    found = Findings()
    verify_histories(found)

    assert found.problems == []


def test_last_years_figures_are_the_successors_to_enter(
    owned, old, new, tantou, kanri, yamada, clock
):
    """Abolished on 1 April: FY2026, which ended the day before, has somebody to enter it."""
    successor = User.objects.create_user("jiro")
    successor.groups.add(*tantou.groups.all())
    new.members.add(successor)
    prepare_reorganisation(wished(end(old, new)), user=yamada)
    clock(DAY)
    carry_out_due(DAY)
    kpi = Kpi.objects.get(project__strategy=owned, number=1)

    with pytest.raises(PermissionDenied):
        record_actual(kpi, 2026, final(9), user=tantou, version=0)
    assert record_actual(kpi, 2026, final(9), user=successor, version=0).value == 9


def test_it_is_the_act_of_who_prepared_it_as_they_were_named(
    owned, old, new, tantou, yamada, clock
):
    prepare_reorganisation(wished(end(old, new, movers={str(tantou.pk): [new.pk]})), user=yamada)
    User.objects.filter(pk=yamada.pk).update(last_name="鈴木", first_name="花子")
    clock(DAY)
    carry_out_due(DAY)

    reason = "令和9年4月1日の機構改革：行政組織規則の改正"
    rows = [
        Kpi.history.filter(project__strategy=owned).first(),
        Initiative.history.first(),
        *(one.history.first() for one in (old, new)),
        Reorganisation.history.first(),
    ]
    assert {(row.acted_by, row.history_user, row.history_change_reason) for row in rows} == {
        (BEFORE, yamada, reason)
    }
    kept = Kpi.history.filter(number=3).first()
    assert [one.department.code for one in kept.related_departments.all()] == ["D02"]
    assert Kpi.history.filter(number=3).count() == 3  # made, linked, passed on
    done = AuditEntry.objects.filter(what="令和9年4月1日の機構改革を行った").get()
    assert (done.name, done.login, done.person_id) == (BEFORE, "kikaku", yamada.pk)
    assert done.after == "D01課からD02課へ（6件）"
    moved = AuditEntry.objects.filter(what="所管課「D02課」の課員").first()
    assert (moved.name, moved.after) == (BEFORE, "tantou")


def test_account_that_is_gone_by_then_is_named_all_the_same(owned, old, new, yamada, clock):
    prepare_reorganisation(wished(end(old, new)), user=yamada)
    yamada.delete()
    clock(DAY)
    carry_out_due(DAY)

    row = Kpi.history.filter(project__strategy=owned).first()
    assert (row.acted_by, row.history_user) == (BEFORE, None)
    assert AuditEntry.objects.first().name == BEFORE


def split(owned, old, new, other):
    """P1-1 and P1-3 go to D02, P1-2 and the initiative to D03; the next plan's KPI to D02."""
    first, second, third = Kpi.objects.filter(project__strategy=owned).order_by("number")
    following = Kpi.objects.get(project__strategy__code="next")
    return end(
        old,
        new,
        other,
        answers={
            "kpi": {str(first.pk): new.pk, str(second.pk): other.pk, str(following.pk): new.pk},
            "related": {str(third.pk): new.pk},
            "initiative": {str(Initiative.objects.get().pk): other.pk},
        },
    )


def test_split_goes_thing_by_thing(owned, old, new, other, yamada, clock):
    row = prepare_reorganisation(wished(split(owned, old, new, other)), user=yamada)
    clock(DAY)
    carry_out_due(DAY)
    row.refresh_from_db()

    assert owners() == [("D02", []), ("D03", []), ("D09", ["D02"])]
    assert Initiative.objects.get().department == other
    assert [(one["heading"], len(one["things"])) for one in row.passed] == [
        ("D01課からD02課へ", 3),
        ("D01課からD03課へ", 2),
    ]
    assert row.left == []


def test_what_nobody_answered_for_stays_and_is_named(owned, old, new, other, yamada, clock):
    row = prepare_reorganisation(wished(split(owned, old, new, other)), user=yamada)
    make_kpi(owned.projects.get(), 4, name="あとから", department=old)
    other.kpis.all().delete()
    other.delete()
    clock(DAY)
    carry_out_due(DAY)
    row.refresh_from_db()

    assert owners() == [("D02", []), ("D01", []), ("D09", ["D02"]), ("D01", [])]
    assert [one["heading"] for one in row.left] == [
        "D01課に残る（引き継ぐ課が決まっていないか、その課がない）"
    ]
    assert [one.split("「")[0] for one in row.left[0]["things"]] == [
        "見本市総合戦略の指標 P1-2",
        "見本市総合戦略の指標 P1-4",
        "見本市総合戦略の取組 P1-1",
    ]
    ((department, pieces),) = left_behind(DAY).items()
    assert (department, len(pieces)) == (old, 3)
    remark = "続く課に引き継ぐまで、企画担当と、その課に残っている課員だけが入力できます。"
    assert [str(one) for one in notices(owned) if one.url == "/reorganisations/"] == [
        f"廃止された課が所管する指標（2件）：P1-2（D01課）、P1-4（D01課）。{remark}",
        f"廃止された課が所管する取組（1件）：「P1の取組1」（D01課）。{remark}",
    ]


def test_to_a_single_successor_passes_what_was_added_since(owned, old, new, yamada, clock):
    prepare_reorganisation(wished(end(old, new)), user=yamada)
    make_kpi(owned.projects.get(), 4, department=old)
    clock(DAY)
    carry_out_due(DAY)

    assert owners()[3] == ("D02", [])


def test_merger_leaves_no_department_beside_itself(owned, old, new, other, yamada, clock):
    """D01 and D03 become D02: a KPI of the one with the other as 関係課 is D02's alone."""
    first = Kpi.objects.get(project__strategy=owned, number=1)
    first.related_departments.add(other)
    prepare_reorganisation(wished(end(old, new), end(other, new)), user=yamada)
    clock(DAY)
    carry_out_due(DAY)

    assert owners()[0] == ("D02", [])


def test_days_missed_and_runs_repeated_do_it_once(owned, old, new, yamada, clock):
    prepare_reorganisation(wished(end(old, new)), user=yamada)
    late = date(2027, 4, 20)
    clock(late)
    first, again = carry_out_due(late), carry_out_due(late)

    old.refresh_from_db()
    assert (len(first), again, old.valid_until) == (1, [], date(2027, 3, 31))
    assert Kpi.history.filter(project__strategy=owned, number=1).count() == 2
    assert reorganise() == "行う機構改革はありません。"


def test_fault_in_one_stops_no_other(owned, old, new, other, yamada, clock, monkeypatch):
    prepare_reorganisation(wished(end(other, new), day=date(2027, 3, 1)), user=yamada)
    prepare_reorganisation(wished(end(old, new)), user=yamada)
    Reorganisation.objects.filter(day=date(2027, 3, 1)).update(day=date(1, 1, 1))
    clock(DAY)

    with pytest.raises(OverflowError):
        carry_out_due(DAY)
    assert owners()[0] == ("D02", [])
    assert list(Reorganisation.objects.filter(done_at=None).values_list("day", flat=True)) == [
        date(1, 1, 1)
    ]


@pytest.mark.parametrize("day", [date(2027, 2, 1), date(2027, 1, 4)])
def test_day_that_has_come_is_done_at_once(owned, old, new, yamada, day):
    row = prepare_reorganisation(wished(end(old, new), day=day), user=yamada)

    assert row.is_done
    assert owners()[0] == ("D02", [])
    old.refresh_from_db()
    assert old.valid_until < day


def test_rename_keeps_the_department(owned, old, new, yamada, clock):
    change = WishedChange(old.pk, "rename", new_name="産業政策課")
    prepare_reorganisation(wished(change), user=yamada)
    clock(DAY)
    carry_out_due(DAY)

    old.refresh_from_db()
    assert (old.name, old.valid_until) == ("産業政策課", None)
    assert owners()[0] == ("D01", [])


def test_prepared_one_is_changed_and_dropped_until_it_is_done(
    owned, old, new, other, yamada, clock
):
    row = prepare_reorganisation(wished(end(old, new)), user=yamada)
    seen = row.prepared_at.isoformat()
    changed = prepare_reorganisation(wished(end(old, other)), user=yamada, replaces=row, seen=seen)

    assert (changed.pk, wish_of(changed).changes[0].successors) == (row.pk, (other.pk,))
    with pytest.raises(RecordingRefused, match="山田太郎さんが"):
        prepare_reorganisation(wished(end(old, new)), user=yamada, replaces=row, seen=seen)
    drop_reorganisation(changed, user=yamada)
    clock(DAY)
    assert (carry_out_due(DAY), owners()[0]) == ([], ("D01", []))

    done = prepare_reorganisation(wished(end(old, new)), user=yamada)
    for act in (
        lambda: drop_reorganisation(done, user=yamada),
        lambda: prepare_reorganisation(
            wished(end(old, other)), user=yamada, replaces=done, seen=done.prepared_at.isoformat()
        ),
    ):
        with pytest.raises(RecordingRefused, match="もう行われています"):
            act()


def test_editors_and_managers_prepare_none(owned, old, new, tantou, kanri):
    for user in (tantou, kanri):
        with pytest.raises(PermissionDenied, match="機構改革を準備するのは企画担当です。"):
            prepare_reorganisation(wished(end(old, new)), user=user)


def of_names(old, new, other):
    return {
        "nothing": (wished(), "変わる課をひとつ以上選んでください。"),
        "nobody takes": (wished(end(old)), "D01課には引き継ぐものが5件あります。"),
        "ends too": (wished(end(old, new), end(new, other)), "D02課も、同じ日になくなります。"),
        "unanswered": (wished(end(old, new, other)), "引き継ぐ課を選んでください。"),
        "no name": (wished(WishedChange(old.pk, "rename")), "新しい課名を入力してください。"),
        "same name": (
            wished(WishedChange(old.pk, "rename", new_name="D01課")),
            "今と同じ名前です。",
        ),
        "taken name": (
            wished(WishedChange(old.pk, "rename", new_name="D02課")),
            "「D02課」という課は、すでにあります。",
        ),
        "gone": (wished(WishedChange(0, "end")), "選んだ課がなくなっています。"),
    }


@pytest.mark.parametrize("name", ["nothing", "nobody takes", "ends too", "unanswered", "no name",
                                  "same name", "taken name", "gone"])  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_remedy(owned, old, new, other, yamada, name):
    wish, sentence = of_names(old, new, other)[name]

    with pytest.raises(RecordingRefused) as refused:
        prepare_reorganisation(wish, user=yamada)
    assert sentence in str(refused.value)
    assert not Reorganisation.objects.exists()


def test_department_changes_in_one_reorganisation_at_a_time(owned, old, new, yamada):
    prepare_reorganisation(wished(end(old, new)), user=yamada)

    with pytest.raises(RecordingRefused, match="別に準備した令和9年4月1日の機構改革でも変わります"):
        prepare_reorganisation(wished(end(old, new), day=date(2028, 4, 1)), user=yamada)


def test_successor_has_to_be_there_on_the_day(owned, old, new, yamada):
    Department.objects.filter(pk=new.pk).update(valid_from=date(2027, 5, 1))
    with pytest.raises(
        RecordingRefused, match="D02課の設置日は令和9年5月1日で、施行日より後です。"
    ):
        prepare_reorganisation(wished(end(old, new)), user=yamada)
    Department.objects.filter(pk=new.pk).update(valid_from=None, valid_until=date(2027, 3, 31))
    with pytest.raises(RecordingRefused, match="D02課は、施行日にはもうありません。"):
        prepare_reorganisation(wished(end(old, new)), user=yamada)


def test_department_that_owns_something_gets_no_last_day_of_its_own(owned, old, new, yamada):
    old.valid_until = DAY
    with pytest.raises(ValidationError, match="指標や取組を4件所管しています"):
        old.full_clean()
    Department.objects.filter(pk=old.pk).update(valid_until=DAY)
    old.refresh_from_db()
    old.name = "名前だけ直す"
    old.full_clean()
    new.valid_until = DAY
    new.full_clean()


def test_what_an_abolished_one_left_passes_afterwards(owned, old, new, yamada):
    Department.objects.filter(pk=old.pk).update(valid_until=date(2026, 3, 31))
    prepare_reorganisation(wished(end(old, new), day=date(2027, 2, 1)), user=yamada)

    old.refresh_from_db()
    assert (owners()[0], old.valid_until) == (("D02", []), date(2026, 3, 31))


def test_looking_over_takes_as_many_queries_for_more(
    owned, old, new, other, django_assert_num_queries
):
    items = wished(end(old, new)).items()
    with django_assert_num_queries(8):
        look_over(DAY, items)
    for number in range(4, 9):
        make_kpi(owned.projects.get(), number, department=old).related_departments.add(other)
    with django_assert_num_queries(8):
        look_over(DAY, items)
