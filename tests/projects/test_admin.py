"""The plan in the admin: every page opens, and what would break the plan is refused in words."""

import pytest
from django.contrib import admin
from django.urls import reverse

from kpis.recording import close_fiscal_year
from projects.models import Department, Initiative, InitiativeListing, Project, Strategy
from tests.admin_forms import add_row, delete_row, errors_of, inline_code, messages_of, shown
from tests.factories import make_initiative, make_kpi, make_plan, make_project, make_strategy

OURS = sorted(
    model._meta.label_lower
    for model in admin.site._registry
    if model._meta.app_label in ("projects", "kpis", "auth")
)


@pytest.fixture
def planner(client, kikaku):
    client.force_login(kikaku)
    return client


@pytest.fixture
def strategy(db):
    return make_strategy()


@pytest.fixture
def project(strategy):
    return make_project(strategy, "P1")


@pytest.fixture
def other(strategy):
    return make_project(strategy, "A1")


def url(name, *args):
    return reverse(f"admin:projects_{name}", args=args)


def places(initiative):
    """[("P1", 3), ("A1", 1)]: where the initiative is listed."""
    return sorted(initiative.listings.values_list("project__code", "number"))


# Pages


@pytest.mark.parametrize("label", OURS)
def test_list_and_search_open_in_japanese(planner, kikaku, label):
    make_plan(kikaku)
    model = next(one for one in admin.site._registry if one._meta.label_lower == label)
    name = f"admin:{label.replace('.', '_')}_changelist"

    page = planner.get(reverse(name))
    found = planner.get(reverse(name), {"q": "P1"})

    assert f"{model._meta.verbose_name}" in page.content.decode()
    assert "総合戦略 進捗管理 の管理" in page.content.decode()
    assert found.status_code == 200
    assert inline_code(page) == []


@pytest.mark.parametrize("label", OURS)
def test_add_page_opens_unless_the_model_is_only_read(planner, kikaku, label):
    make_plan(kikaku)

    page = planner.get(reverse(f"admin:{label.replace('.', '_')}_add"))

    if label in ("auth.group", "kpis.yearlyactual"):
        assert page.status_code == 403
    else:
        assert "を追加" in page.content.decode()
        assert inline_code(page) == []


@pytest.mark.parametrize("label", [one for one in OURS if one != "projects.fiscalyearclosing"])
def test_change_and_history_pages_open(planner, kikaku, label):
    plan = make_plan(kikaku)
    plan.projects.get().kpis.first().yearly_targets.create(fiscal_year=2025, value=20)
    model = next(one for one in admin.site._registry if one._meta.label_lower == label)
    row = model._default_manager.first()

    for view in ("change", "history"):
        page = planner.get(reverse(f"admin:{label.replace('.', '_')}_{view}", args=[row.pk]))
        assert str(row) in page.content.decode()
        assert inline_code(page) == []


@pytest.mark.parametrize(
    "name", ["strategy", "pillar", "project", "initiative", "initiativelisting", "department"]
)
def test_list_asks_as_often_for_many_rows_as_for_few(
    planner, kikaku, name, django_assert_num_queries, django_assert_max_num_queries
):
    make_plan(kikaku, projects=2)
    planner.get(url(f"{name}_changelist"))
    with django_assert_max_num_queries(30) as few:
        planner.get(url(f"{name}_changelist"))
    strategy = Strategy.objects.get()
    for number in range(3, 9):
        project = make_project(strategy, f"P{number}")
        for at in range(1, 6):
            make_initiative(project, at)
        Department.objects.create(code=f"D1{number}", name=f"課{number}")

    with django_assert_num_queries(len(few)):
        planner.get(url(f"{name}_changelist"))


def test_front_page_names_the_admin_in_japanese_and_leads_back_to_the_site(planner):
    page = planner.get("/admin/").content.decode()

    assert "管理する項目" in page
    assert '<a href="/">サイトを表示</a>' in page


# Strategy


def test_bands_are_shown_and_read_as_lines(planner, strategy):
    at = url("strategy_change", strategy.pk)
    data = shown(planner, at)

    assert data["bands"] == "A,順調,100\nB,概ね順調,80\nC,やや遅れ,60\nD,遅れ"

    planner.post(at, data | {"bands": "Ｓ，目標達成，１００\n\nA、順調、87.5%\nB,遅れ"})

    strategy.refresh_from_db()
    assert strategy.bands == [
        {"symbol": "S", "label": "目標達成", "lower": "100"},
        {"symbol": "A", "label": "順調", "lower": "87.5"},
        {"symbol": "B", "label": "遅れ", "lower": None},
    ]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("A,順調,100", "評価区分は2つから9つまでにしてください。"),
        ("A,順調,100\nB,遅れ,50", "下限のない評価区分は、いちばん下のひとつだけに"),
        ("A,順調,80\nB,普通,90\nC,遅れ", "良い区分から順に小さくしてください。"),
        ("A,順調,たくさん\nB,遅れ", "記号・名称・下限の順に書いてください"),
        ("A順調\nB,遅れ", "1行目「A順調」を読み取れません。"),
        ("A,順調,100\nA,遅れ", "評価区分の記号が重なっています。"),
        ("", "このフィールドは必須です。"),
    ],
)
def test_bands_that_make_no_scale_are_refused(planner, strategy, lines, sentence):
    at = url("strategy_change", strategy.pk)

    page = planner.post(at, shown(planner, at) | {"bands": lines})

    assert sentence in errors_of(page)
    assert Strategy.objects.get().bands == strategy.bands


def test_period_cannot_leave_out_a_closed_year(planner, strategy, kikaku):
    close_fiscal_year(strategy, 2024, user=kikaku)
    at = url("strategy_change", strategy.pk)

    page = planner.post(at, shown(planner, at) | {"first_year": "2025"})

    assert "令和6年度は締め済みです。計画期間から外せません。" in errors_of(page)


# Initiatives and where they are listed


def new_initiative(planner, **fields):
    at = url("initiative_add")
    data = shown(planner, at)
    return data | {"name": "新しい取組"} | fields


def test_new_initiative_is_put_at_the_end_of_its_home_list(planner, project):
    make_initiative(project, 7)

    page = planner.post(
        url("initiative_add"), new_initiative(planner, home_project=project.pk), follow=True
    )

    assert places(Initiative.objects.get(name="新しい取組")) == [("P1", 8)]
    assert "「P1 P1プロジェクト」の取組一覧の(8)に載せました。" in page.content.decode()


def test_new_initiative_takes_the_number_given(planner, project):
    planner.post(
        url("initiative_add"), new_initiative(planner, home_project=project.pk, home_number="3")
    )

    assert places(Initiative.objects.get()) == [("P1", 3)]


def test_new_initiative_cannot_take_a_number_in_use(planner, project):
    make_initiative(project, 3)

    page = planner.post(
        url("initiative_add"), new_initiative(planner, home_project=project.pk, home_number="3")
    )

    assert "「P1 P1プロジェクト」の(3)には別の取組が載っています。" in errors_of(page)
    assert Initiative.objects.count() == 1


def test_new_initiative_is_listed_at_home_and_elsewhere_in_one_go(planner, project, other):
    data = new_initiative(planner, home_project=project.pk)
    add_row(data, "listings", project=other.pk, number=5, printed_name="別名")

    planner.post(url("initiative_add"), data)

    initiative = Initiative.objects.get()
    assert places(initiative) == [("A1", 5), ("P1", 1)]
    assert initiative.listings.get(project=other).is_relisted


def test_new_initiative_of_a_name_in_use_is_refused(planner, project):
    make_initiative(project, 1, name="新しい取組")

    page = planner.post(url("initiative_add"), new_initiative(planner, home_project=project.pk))

    assert "取組を増やさずに再掲として掲載を加えてください。" in errors_of(page)


def test_initiative_is_relisted_and_its_home_listed_in_one_save(planner, project, other):
    initiative = Initiative.objects.create(
        strategy=project.strategy, name="未掲載の取組", home_project=project
    )
    at = url("initiative_change", initiative.pk)
    data = shown(planner, at)
    add_row(data, "listings", project=other.pk, number=1, printed_name="")
    add_row(data, "listings", project=project.pk, number=1, printed_name="")

    planner.post(at, data)

    assert places(initiative) == [("A1", 1), ("P1", 1)]


def test_initiative_moves_to_a_new_home_in_one_save(planner, project, other):
    initiative = make_initiative(project)
    at = url("initiative_change", initiative.pk)
    data = shown(planner, at) | {"home_project": other.pk}
    delete_row(data, "listings", "project", project.pk)
    add_row(data, "listings", project=other.pk, number=9, printed_name="")

    planner.post(at, data)

    initiative.refresh_from_db()
    assert initiative.home_project == other
    assert places(initiative) == [("A1", 9)]


def test_relisting_without_the_home_is_refused(planner, project, other):
    initiative = Initiative.objects.create(
        strategy=project.strategy, name="未掲載の取組", home_project=project
    )
    at = url("initiative_change", initiative.pk)
    data = shown(planner, at)
    add_row(data, "listings", project=other.pk, number=1, printed_name="")

    page = planner.post(at, data)

    assert "主な掲載先の「P1 P1プロジェクト」の行がありません。" in errors_of(page)
    assert places(initiative) == []


def test_home_listing_cannot_leave_the_initiative(planner, project, other):
    initiative = make_initiative(project)
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
    at = url("initiative_change", initiative.pk)
    data = shown(planner, at)
    delete_row(data, "listings", "project", project.pk)

    page = planner.post(at, data)

    assert "主な掲載先の掲載は外せません" in errors_of(page)
    assert places(initiative) == [("A1", 1), ("P1", 1)]


def test_home_cannot_be_a_project_that_does_not_list_the_initiative(planner, project, other):
    initiative = make_initiative(project)
    at = url("initiative_change", initiative.pk)

    page = planner.post(at, shown(planner, at) | {"home_project": other.pk})

    assert "主な掲載先の「A1 A1プロジェクト」の行がありません。" in errors_of(page)
    assert Initiative.objects.get().home_project == project


def test_listing_in_another_plan_is_refused(planner, project):
    elsewhere = make_project(make_strategy(code="next", is_current=False), "P1")
    initiative = make_initiative(project)
    at = url("initiative_change", initiative.pk)
    data = shown(planner, at)
    add_row(data, "listings", project=elsewhere.pk, number=1, printed_name="")

    page = planner.post(at, data)

    assert "別の計画のプロジェクトです。" in errors_of(page)
    assert "P1 P1プロジェクト（見本市総合戦略）" in page.content.decode()


def test_project_list_keeps_an_initiative_that_is_relisted(planner, project, other):
    initiative = make_initiative(project, name="広める取組")
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
    at = url("project_change", project.pk)
    data = shown(planner, at)
    delete_row(data, "listings", "initiative", initiative.pk)

    page = planner.post(at, data)

    assert "「広める取組」はA1に再掲されているため、主な掲載先から外せません。" in errors_of(page)
    assert places(initiative) == [("A1", 1), ("P1", 1)]


def test_project_list_keeps_an_initiative_whose_row_is_given_to_another(planner, project, other):
    initiative = make_initiative(project, name="広める取組")
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
    guest = make_initiative(other, 2)
    at = url("project_change", project.pk)

    page = planner.post(at, shown(planner, at) | {"listings-0-initiative": guest.pk})

    assert "主な掲載先から外せません。" in errors_of(page)
    assert places(initiative) == [("A1", 1), ("P1", 1)]


def test_project_list_takes_a_relisting(planner, project, other):
    guest = make_initiative(other, 2)
    at = url("project_change", project.pk)
    data = shown(planner, at)
    add_row(data, "listings", initiative=guest.pk, number=4, printed_name="")

    planner.post(at, data)

    assert places(guest) == [("A1", 2), ("P1", 4)]
    assert "再掲（主：A1）" in planner.get(at).content.decode()


def test_same_initiative_twice_in_a_project_is_refused(planner, project):
    initiative = make_initiative(project)

    page = planner.post(
        url("initiativelisting_add"),
        {"project": project.pk, "number": 2, "initiative": initiative.pk, "printed_name": ""},
    )

    assert "この取組は、このプロジェクトにすでに掲載されています。" in errors_of(page)
    assert places(initiative) == [("P1", 1)]


def test_orphaned_relisting_is_refused(planner, project, other):
    initiative = Initiative.objects.create(
        strategy=project.strategy, name="未掲載の取組", home_project=project
    )

    page = planner.post(
        url("initiativelisting_add"),
        {"project": other.pk, "number": 1, "initiative": initiative.pk, "printed_name": ""},
    )

    assert "先に主な掲載先へ掲載してから再掲してください。" in errors_of(page)


def test_deleting_the_home_of_a_relisted_initiative_is_refused_in_words(planner, project, other):
    initiative = make_initiative(project, name="広める取組")
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
    home = initiative.listings.get(project=project)

    page = planner.post(url("initiativelisting_delete", home.pk), {"post": "yes"}, follow=True)

    assert messages_of(page) == [
        (
            "削除していません。「広める取組」はA1に再掲されているため、主な掲載先から外せません。"
            "先に再掲を外してください。"
        )
    ]
    assert places(initiative) == [("A1", 1), ("P1", 1)]


def bulk_delete(planner, name, *rows):
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    return planner.post(url(f"{name}_changelist"), chosen | {"post": "yes"}, follow=True)


def test_bulk_deletion_refuses_the_home_and_deletes_nothing(planner, project, other):
    initiative = make_initiative(project)
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
    free = make_initiative(project, 2)
    home = initiative.listings.get(project=project)

    page = bulk_delete(planner, "initiativelisting", free.listings.get(), home)

    assert messages_of(page)[0].startswith("1件も削除していません。")
    assert InitiativeListing.objects.count() == 3


def test_bulk_deletion_takes_a_home_together_with_its_relisting(planner, project, other):
    initiative = make_initiative(project)
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)

    bulk_delete(planner, "initiativelisting", *initiative.listings.all())

    assert places(initiative) == []


def test_deleting_a_project_that_is_a_home_shows_what_stands_in_the_way(planner, project):
    make_initiative(project, name="残る取組")

    page = planner.post(url("project_delete", project.pk), {"post": "yes"})

    assert "残る取組" in page.content.decode()
    assert Project.objects.count() == 1


def test_relisted_filter_tells_relistings_from_homes(planner, project, other):
    initiative = make_initiative(project, name="広める取組")
    InitiativeListing.objects.create(
        project=other, number=1, initiative=initiative, printed_name="別名の取組"
    )

    relisted = planner.get(url("initiativelisting_changelist"), {"relisted": "1"})
    at_home = planner.get(url("initiativelisting_changelist"), {"relisted": "0"})

    assert [row.name for row in relisted.context["cl"].result_list] == ["別名の取組"]
    assert [row.name for row in at_home.context["cl"].result_list] == ["広める取組"]


def test_initiative_list_shows_home_and_relistings(planner, project, other):
    initiative = make_initiative(project, 3)
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)

    page = planner.get(url("initiative_changelist")).content.decode()

    assert '<td class="field-home_number">(3)</td>' in page
    assert '<td class="field-relisted_in">A1</td>' in page


# History


def test_change_is_in_the_history_with_who_and_what(planner, project):
    at = url("project_change", project.pk)
    planner.post(at, shown(planner, at) | {"name": "改めた名称"})

    page = planner.get(url("project_history", project.pk)).content.decode()

    assert "（kikaku）" in page
    assert "改めた名称" in page


def test_past_version_is_read_but_never_written_back(planner, project):
    past = project.history.first()
    project.name = "今の名称"
    project.save()
    at = url("project_simple_history", project.pk, past.pk)

    page = planner.get(at)
    answer = planner.post(at, {"name": "P1プロジェクト"})

    assert "過去の内容です。ここでは変えられません。" in page.content.decode()
    assert "P1プロジェクト" in page.content.decode()
    assert inline_code(page) == []
    assert answer.status_code == 403
    assert Project.objects.get().name == "今の名称"


# Departments


def test_department_gets_its_members(planner, tantou):
    tantou.last_name, tantou.first_name = "山田", "太郎"
    tantou.save()
    page = planner.get(url("department_add")).content.decode()
    assert "山田太郎（tantou）" in page

    planner.post(
        url("department_add"), {"name": "産業振興課", "code": "sangyo", "members": [tantou.pk]}
    )

    assert list(Department.objects.get().members.all()) == [tantou]


def test_department_of_a_kpi_is_not_deleted(planner, project):
    department = Department.objects.create(code="d1", name="産業振興課")
    make_kpi(project, department=department)

    planner.post(url("department_delete", department.pk), {"post": "yes"})

    assert Department.objects.count() == 1


# What stands twice


def test_renaming_to_a_name_in_use_is_refused(planner, project):
    make_initiative(project, 1, name="先の取組")
    later = make_initiative(project, 2)
    at = url("initiative_change", later.pk)

    page = planner.post(at, shown(planner, at) | {"name": "先の取組"})

    assert "同じ名前の取組がすでにあります。" in errors_of(page)


def test_listing_cannot_take_a_number_in_use_nor_move(planner, project, other):
    make_initiative(project, 1)
    later = make_initiative(project, 2).listings.get()
    at = url("initiativelisting_change", later.pk)

    page = planner.post(at, shown(planner, at) | {"number": "1", "project": other.pk})

    assert "この番号の取組は、このプロジェクトにすでにあります。" in errors_of(page)
    later.refresh_from_db()
    assert (later.project, later.number) == (project, 2)


@pytest.mark.parametrize("number", ["1", "2"])
def test_number_twice_in_a_projects_tables_is_refused(planner, project, number):
    project.directions.create(number=1, text="方向性")
    make_initiative(project, 1)
    guest = make_initiative(make_project(project.strategy, "P2"), 1)
    at = url("project_change", project.pk)
    data = shown(planner, at)
    add_row(data, "listings", initiative=guest.pk, number=number, printed_name="")
    add_row(data, "listings", initiative=guest.pk, number=number, printed_name="")
    add_row(data, "directions", number=number, text="a")
    add_row(data, "directions", number=number, text="b")

    page = planner.post(at, data)

    assert "番号が同じ行が2つ以上あります。" in errors_of(page)
    assert (project.directions.count(), project.listings.count()) == (1, 1)


def test_project_and_pillar_stay_in_their_plan(planner, project):
    elsewhere = make_strategy(code="next", is_current=False)
    at = url("project_change", project.pk)
    pillar = url("pillar_change", project.pillar.pk)

    planner.post(at, shown(planner, at) | {"strategy": elsewhere.pk})
    planner.post(pillar, shown(planner, pillar) | {"strategy": elsewhere.pk})

    project.refresh_from_db()
    assert project.strategy == project.pillar.strategy != elsewhere


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [("pillar", "number", "1"), ("project", "code", "P1"), ("department", "code", "d1")],
)
def test_second_of_a_kind_is_refused(planner, project, name, field, value):
    Department.objects.create(code="d1", name="産業振興課")
    data = shown(planner, url(f"{name}_add")) | {
        "name": "別の名称",
        "pillar": project.pillar.pk,
        "kind": "core",
        field: value,
    }

    page = planner.post(url(f"{name}_add"), data)

    assert "すでに" in errors_of(page) or "既に" in errors_of(page)


def test_second_current_plan_is_refused(planner, strategy):
    data = shown(planner, url("strategy_add")) | {
        "code": "next",
        "name": "次の計画",
        "municipality": "見本市",
        "municipality_code": "402028",
        "first_year": "2029",
        "last_year": "2033",
        "is_current": "on",
    }

    page = planner.post(url("strategy_add"), data)

    assert "現行の計画はひとつだけです。" in errors_of(page)
    assert Strategy.objects.count() == 1
