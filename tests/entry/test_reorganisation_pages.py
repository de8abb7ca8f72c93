"""The pages of 機構改革: asked step by step, looked over, prepared, changed, dropped, done."""

import re
from datetime import date

import pytest
from django.utils import timezone

from kpis.models import Kpi
from kpis.reorganisation import Wish, WishedChange, carry_out_due, prepare_reorganisation
from projects.models import Department, Reorganisation
from tests.admin_forms import errors_of, shown
from tests.factories import make_department, make_initiative, make_kpi
from tests.page_text import said

NEW = "/reorganisations/new/"
DAY = date(2027, 4, 1)


_localdate = timezone.localdate


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Sets today, which is 令和9年2月1日 until told otherwise."""

    def set_to(day):
        def localdate(moment=None):
            return day if moment is None else _localdate(moment)

        monkeypatch.setattr("django.utils.timezone.localdate", localdate)

    set_to(date(2027, 2, 1))
    return set_to


@pytest.fixture
def departments(project, tantou):
    """D01 with `tantou` owns P1-1 and an initiative; D02 and D03 own nothing."""
    tantou.last_name, tantou.first_name = "佐藤", "次郎"
    tantou.save()
    first = make_department("D01", tantou)
    make_kpi(project, 1, name="支援件数", department=first)
    initiative = make_initiative(project)
    initiative.department = first
    initiative.save()
    return first, make_department("D02"), make_department("D03")


def hidden(response) -> dict:
    """The fields that a page carries along unseen."""
    found = {}
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode())
    for name, value in fields:
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def test_one_successor_is_asked_for_then_members_then_shown_then_prepared(
    planner, departments, tantou
):
    first, second, _third = departments
    typed = {"day": "令和9年4月1日", "reason": "規則の改正", f"kind-{first.pk}": "end"}
    asked = planner.post(NEW, typed)
    typed |= hidden(asked) | {f"to-{first.pk}": [second.pk]}
    members = planner.post(NEW, typed)
    typed |= hidden(members) | {f"mover-{first.pk}-{tantou.pk}": [second.pk]}
    preview = planner.post(NEW, typed)

    assert (asked.status_code, members.status_code) == (200, 200)
    assert "引き継ぐ課" in said(asked)
    assert "2件すべてをD02課が引き継ぎます" in said(members)
    ticked = rf'name="mover-{first.pk}-{tantou.pk}" value="{second.pk}"\s+checked'
    assert re.search(ticked, members.content.decode())
    text = said(preview)
    assert "令和9年4月1日 に、次のように引き継ぎます。" in text
    assert "D01課からD02課へ（3件）" in text
    assert "指標 P1-1「支援件数」" in text
    assert "課員 佐藤次郎（tantou）" in text
    assert not Reorganisation.objects.exists()

    answer = planner.post(NEW, hidden(preview) | {"confirm": "1"}, follow=True)
    row = Reorganisation.objects.get()
    assert answer.redirect_chain == [(f"/reorganisations/{row.pk}/", 302)]
    assert "令和9年4月1日の機構改革を準備しました。" in said(answer)
    assert (row.reason, row.prepared_by_name, row.is_done) == ("規則の改正", "kikaku", False)
    assert Kpi.objects.get().department == first


def test_split_asks_for_each_thing_and_names_what_is_not_answered(planner, departments):
    first, second, third = departments
    typed = {
        "day": "2027-04-01", f"kind-{first.pk}": "end", f"shown-{first.pk}": "to",
        f"to-{first.pk}": [second.pk, third.pk],
    }  # fmt: skip
    asked = planner.post(NEW, typed)
    unanswered = planner.post(NEW, typed | hidden(asked))
    kpi, initiative = Kpi.objects.get(), first.initiatives.get()
    typed |= hidden(asked) | {
        f"answer-{first.pk}-kpi-{kpi.pk}": second.pk,
        f"answer-{first.pk}-initiative-{initiative.pk}": third.pk,
    }
    preview = planner.post(NEW, typed)

    assert (asked.status_code, unanswered.status_code) == (200, 422)
    assert "指標 P1-1「支援件数」：引き継ぐ課を選んでください。" in said(unanswered)
    assert "D01課からD02課へ（1件）" in said(preview)
    assert "D01課からD03課へ（1件）" in said(preview)
    back = planner.post(NEW, hidden(preview) | {"edit": "1"}).content.decode()
    assert re.search(rf'<option value="{third.pk}" selected>D03課', back)


def test_renaming_asks_for_the_name_and_a_missing_day_is_named(planner, departments):
    first = departments[0]
    kind = {f"kind-{first.pk}": "rename"}
    asked = planner.post(NEW, kind | {"day": ""})
    typed = kind | {f"shown-{first.pk}": "to", f"name-{first.pk}": "産業政策課", "day": "R9.4.1"}
    preview = planner.post(NEW, typed)

    assert asked.status_code == 422
    assert "施行日を入力してください" in said(asked)
    assert "新しい課名を入力してください" not in said(asked)
    assert "D01課の名前が「産業政策課」に変わる" in said(preview)


def test_day_that_has_come_is_done_at_once_and_said_so(planner, departments):
    first, second, _third = departments
    typed = {
        "day": "2027-02-01", f"kind-{first.pk}": "end", f"to-{first.pk}": [second.pk],
        f"shown-{first.pk}": str(second.pk),
    }  # fmt: skip
    preview = planner.post(NEW, typed)
    answer = planner.post(NEW, hidden(preview) | {"confirm": "1"}, follow=True)

    assert "すぐに引き継ぎます。元には戻せません。" in said(preview)
    assert "令和9年2月1日の機構改革を行いました。" in said(answer)
    assert Kpi.objects.get().department == second


@pytest.fixture
def prepared(departments, kikaku):
    """D01 is to become D02 on 令和9年4月1日."""
    first, second, _third = departments
    change = WishedChange(first.pk, "end", successors=(second.pk,))
    return prepare_reorganisation(Wish(DAY, "", (change,)), user=kikaku)


def test_prepared_one_is_shown_changed_and_dropped(planner, departments, prepared):
    first, _second, third = departments
    at = f"/reorganisations/{prepared.pk}/"
    page, form = planner.get(at), planner.get(f"{at}change/")
    typed = hidden(form) | {
        "day": "2027-04-01", f"kind-{first.pk}": "end", f"to-{first.pk}": [third.pk],
        f"shown-{first.pk}": str(third.pk), "confirm": "1",
    }  # fmt: skip
    planner.post(f"{at}change/", typed)
    stale = planner.post(f"{at}change/", typed)

    assert "令和9年4月1日（あと59日）" in said(page)
    assert "D01課からD02課へ（2件）" in said(page)
    assert form.context["form"].faults == []
    assert Reorganisation.objects.get().items.get().successors == [third.pk]
    assert stale.status_code == 409
    assert "この画面を開いたあとで、" in said(stale)
    assert "をやめました。何も引き継ぎません。" in said(planner.post(f"{at}drop/", follow=True))
    assert planner.get(at).status_code == 404


def test_thing_that_came_since_is_named_before_the_day(planner, project, departments, kikaku):
    first, second, third = departments
    answers = {
        "kpi": {str(Kpi.objects.get().pk): second.pk},
        "initiative": {str(first.initiatives.get().pk): third.pk},
    }
    change = WishedChange(first.pk, "end", successors=(second.pk, third.pk), answers=answers)
    row = prepare_reorganisation(Wish(DAY, "", (change,)), user=kikaku)
    make_kpi(project, 2, name="あとから", department=first)
    text = said(planner.get(f"/reorganisations/{row.pk}/"))

    assert "このままでは引き継げないもの" in text
    assert "指標 P1-2「あとから」" in text


def test_done_one_is_only_read(planner, prepared, clock):
    clock(DAY)
    carry_out_due(DAY)
    at = f"/reorganisations/{prepared.pk}/"
    text = said(planner.get(at))

    assert "引き継いだもの" in text
    assert "D01課からD02課へ（2件）" in text
    assert "直す" not in text
    assert planner.get(f"{at}change/").url == at
    assert "もう行われています" in said(planner.post(f"{at}drop/", follow=True))
    assert "行ったもの" in said(planner.get("/reorganisations/"))


def test_what_an_abolished_department_owns_is_named_wherever_work_is_chased(planner, departments):
    first = departments[0]
    Department.objects.filter(pk=first.pk).update(valid_until=date(2026, 3, 31))
    link = '<a href="/reorganisations/">'
    overview = planner.get("/plans/mihon/entry/2025/overview/")
    work = planner.get("/work/")
    request = planner.get("/plans/mihon/entry/2025/reminders/D01/")

    assert "廃止された課が所管する指標（1件）" in said(overview)
    assert f"{link}機構改革で引き継ぐ</a>" in overview.content.decode()
    assert "廃止された課が、まだ指標や取組を持っています（D01課2件）。" in said(work)
    assert f"{link}D01課</a>" in work.content.decode()
    assert "D01課は、廃止された課です。" in said(request)
    assert link in request.content.decode()
    listed = said(planner.get("/reorganisations/"))
    assert "廃止された課が、まだ持っているもの" in listed
    assert "D01課（2件）：指標 P1-1「支援件数」、取組 P1-1「P1の取組1」" in listed
    assert '<option value="end">' in planner.get(NEW).content.decode()


def test_planner_finds_it_where_the_need_arises_and_nobody_else_does(planner, editor, departments):
    editor_pages = [editor.get(path) for path in ("/plans/", "/work/")]
    refused = editor.get("/reorganisations/")

    assert all("/reorganisations/" not in page.content.decode() for page in editor_pages)
    assert refused.status_code == 403
    assert "機構改革を準備するのは企画担当です。" in said(refused)


@pytest.mark.parametrize(
    "path", ["/plans/", "/work/", "/plans/mihon/departments/", "/admin/projects/department/"]
)
def test_pages_lead_to_it(planner, departments, path):
    assert 'href="/reorganisations/"' in planner.get(path).content.decode()


def test_admin_refuses_a_last_day_with_the_remedy(planner, departments):
    first, second, _third = departments
    at = "/admin/projects/department/{}/change/"
    refused = planner.post(
        at.format(first.pk), shown(planner, at.format(first.pk)) | {"valid_until": "2027-03-31"}
    )
    taken = planner.post(
        at.format(second.pk), shown(planner, at.format(second.pk)) | {"valid_until": "2027-03-31"}
    )

    assert "「機構改革」で続く課に引き継いでください。" in errors_of(refused)
    assert taken.status_code == 302


@pytest.mark.parametrize("count", [2, 9])
def test_pages_ask_as_often_for_more_departments(
    planner, departments, prepared, django_assert_num_queries, count
):
    for number in range(10, 10 + count):
        make_department(f"D{number}")
    with django_assert_num_queries(11):
        planner.get(NEW)
    with django_assert_num_queries(9):
        planner.get("/reorganisations/")
