"""What every page has in common: a login, a constant number of queries, clean refusals."""

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Strategy
from tests.factories import (
    PASSWORD,
    make_kpi,
    make_plan,
    make_plans_beside,
    make_project,
    make_strategy,
    record,
)
from tests.made_once import made_once
from tests.page_text import table_row

# Page → queries, whatever the size of the plan, and however many others there are. Two of them are
# session and user; a file has one more for the audit, and two that only a test's transaction
# around it makes (a savepoint).
PAGES = {
    "/plans/mihon/": 11,
    "/plans/mihon/?fy=2025": 11,
    "/plans/mihon/?view=meeting": 11,
    "/plans/mihon/projects/": 9,
    "/plans/mihon/projects/P1/": 17,
    "/plans/mihon/initiatives/": 13,
    "/plans/mihon/initiatives/?project=P1&sort=-name": 14,
    "/plans/mihon/kpis/": 10,
    "/plans/mihon/kpis/P1-1/": 22,
    "/plans/mihon/history/": 25,
    "/plans/mihon/history/?kpi=P1-1&fy=2025": 17,
    "/plans/mihon/entry/2025/": 11,
    "/plans/mihon/entry/2025/P1-1/": 12,
    "/plans/mihon/entry/2025/initiatives/": 9,
    "/plans/mihon/entry/2025/reviews/": 8,
    "/plans/mihon/reports/": 11,
    "/plans/mihon/reports/2025/": 23,
    "/plans/mihon/reports/2025/annual-report.csv": 23,
    "/plans/mihon/reports/2025/annual-report.docx": 23,
    "/plans/mihon/reports/2025/annual-report.pdf": 23,
    "/plans/mihon/reports/2025/annual-report.xlsx": 23,
    "/plans/mihon/reports/compare/": 5,
    "/work/": 14,
    "/plans/mihon/reports/compare.csv?before=2024-draft&after=2025-draft": 40,
}
# What is no text and may take any bytes.
BINARY = (".docx", ".pdf", ".xlsx", ".zip")


@made_once
def make_plans(kikaku, projects, others):
    make_plan(kikaku, projects=projects)
    make_plans_beside(others)


@pytest.mark.parametrize(("projects", "others"), [(1, 0), (3, 4)])
@pytest.mark.parametrize(("path", "queries"), PAGES.items(), ids=PAGES)
def test_page_takes_a_constant_number_of_queries(
    planner, kikaku, django_assert_num_queries, path, queries, projects, others
):
    make_plans(kikaku=kikaku, projects=projects, others=others)

    with django_assert_num_queries(queries):
        response = planner.get(path)
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path", [*PAGES, "/plans/mihon/entry/", "/plans/mihon/kpis/P1-1/?fy=1", "/admin/"]
)
def test_page_needs_a_login(client, kikaku, path):
    make_plans(kikaku=kikaku, projects=1, others=0)
    response = client.get(path)

    assert response.status_code == 302
    assert "/login/" in response.url


@pytest.mark.parametrize(
    "path",
    [
        "/plans/mihon/?fy=2023",
        "/plans/mihon/?fy=2029",
        "/plans/mihon/?fy=abc",
        "/plans/mihon/?fy=２０２５",
        "/plans/mihon/projects/?fy=1",
        "/plans/mihon/projects/P9/",
        "/plans/mihon/projects/p1/",
        "/plans/mihon/kpis/?fy=9999",
        "/plans/mihon/kpis/P1-9/",
        "/plans/mihon/kpis/P9-1/",
        "/plans/mihon/entry/2023/",
        "/plans/mihon/reports/2023/",
        "/plans/mihon/reports/2023/annual-report.pdf",
        "/plans/mihon/reports/2025/annual-report.doc",
        "/plans/mihon/reports/2025/annual-report.",
        "/plans/mihon/initiatives/?_export=exe",
        "/nothing/",
    ],
)
def test_unknown_year_project_or_format_is_a_clean_404(planner, kikaku, path):
    make_plans(kikaku=kikaku, projects=1, others=0)
    response = planner.get(path)

    assert response.status_code == 404
    html = response.content.decode()
    assert "<h1>ページが見つかりません</h1>" in html
    assert "Resolver404" not in html


@pytest.mark.parametrize("path", [path for path in PAGES if "P1" not in path])
def test_empty_database_explains_itself(planner, path):
    html = planner.get(path).content.decode()

    assert "計画がまだ登録されていません" in html
    assert "load_plan" in html


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/plans/mihon/", "プロジェクトがまだ登録されていません"),
        ("/plans/mihon/projects/", "プロジェクトがまだ登録されていません"),
        ("/plans/mihon/kpis/", "指標がまだ登録されていません"),
        ("/plans/mihon/initiatives/", "条件に合う取組はありません"),
        ("/plans/mihon/entry/2025/", "あなたが入力できる指標はありません"),
        ("/plans/mihon/reports/2025/", "指標がまだ登録されていません"),
    ],
)
def test_plan_without_anything_explains_itself(planner, path, sentence):
    make_strategy()

    assert sentence in planner.get(path).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_plan_of_one_project_without_actuals_or_target_has_every_page(planner, path):
    make_kpi(make_project(make_strategy()), target=None)
    response = planner.get(path)

    assert response.status_code == 200
    if not path.endswith((".csv", *BINARY)):
        assert "None" not in response.content.decode()


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith("/plans/")])
def test_plan_that_is_not_the_main_one_has_every_page(planner, kikaku, path):
    make_plans(kikaku=kikaku, projects=1, others=0)
    Strategy.objects.update(is_current=False)
    make_strategy(code="main", name="主たる計画")
    page = planner.get(path)

    assert page.status_code == 200
    if not path.partition("?")[0].endswith((".csv", *BINARY)):
        assert page.context["strategy"].code == "mihon"


@pytest.mark.parametrize("path", [path for path in PAGES if "entry" not in path])
def test_reading_page_cannot_be_written_to(planner, kikaku, path):
    make_plans(kikaku=kikaku, projects=1, others=0)

    assert planner.post(path).status_code == 405


def test_page_never_names_another_host(planner, kikaku):
    make_plans(kikaku=kikaku, projects=1, others=0)
    for path in PAGES:
        if path.endswith(BINARY):
            continue
        html = planner.get(path).content.decode()
        assert "http://" not in html.replace("http://www.w3.org/", "")
        assert "https://" not in html


def test_page_says_that_the_figures_are_a_sample_only_in_the_demo(planner, kikaku, settings):
    make_plans(kikaku=kikaku, projects=1, others=0)
    banner = "サンプル表示：実績値はすべて架空です"

    assert banner not in planner.get("/plans/mihon/").content.decode()
    settings.DEMO = True
    assert banner in planner.get("/plans/mihon/").content.decode()


def test_login_page_refuses_with_a_sentence(client, kikaku):
    response = client.post(reverse("login"), {"username": "kikaku", "password": "wrong"})

    html = response.content.decode()
    assert "利用者名かパスワードが違います" in html
    assert "<title>エラー：ログイン" in html


def test_repeated_wrong_passwords_lock_the_name(client, kikaku):
    for _attempt in range(5):
        response = client.post(reverse("login"), {"username": "kikaku", "password": "wrong"})

    assert response.status_code == 429
    assert "ログインを止めています" in response.content.decode()


def test_forged_post_is_refused_in_japanese(kikaku):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(kikaku)
    make_plans(kikaku=kikaku, projects=1, others=0)
    response = strict.post("/plans/mihon/entry/2025/", {"P1-1-value": "9", "P1-1-version": "1"})

    assert response.status_code == 403
    assert "画面の有効期限が切れました" in response.content.decode()


def test_everybody_can_change_their_password(editor, tantou):
    new = {"new_password1": "kawaramono-2026", "new_password2": "kawaramono-2026"}
    refused = editor.post("/password/", {"old_password": "wrong"} | new)
    changed = editor.post("/password/", {"old_password": PASSWORD} | new)

    assert "変更していません" in refused.content.decode()
    assert changed.url == "/"
    tantou.refresh_from_db()
    assert tantou.check_password("kawaramono-2026")


def test_admin_has_no_login_page_of_its_own(client, db):
    assert client.get("/admin/login/?next=/admin/").url == "/login/?next=/admin/"


@pytest.mark.parametrize("name", ["tantou", "kanri"])
@pytest.mark.parametrize("path", ["/admin/", "/admin/kpis/kpi/"])
def test_who_may_not_enter_the_admin_is_told_so(client, tantou, kanri, name, path):
    client.force_login({"tantou": tantou, "kanri": kanri}[name])
    response = client.get(path, follow=True)

    assert response.status_code == 403
    assert "管理の画面に入るには、スタッフ権限が必要です。" in response.content.decode()


def test_who_is_in_the_admin_already_needs_no_login(planner):
    assert planner.get("/admin/login/?next=/admin/").url == "/admin/"


def test_unknown_page_of_the_admin_is_a_clean_404(planner):
    response = planner.get("/admin/nosuch/")

    assert response.status_code == 404
    html = response.content.decode()
    assert "<p>アドレスが違うか、そのページがありません。</p>" in html
    assert "Http404" not in html


def test_difference_to_pace_and_target_stands_beside_the_rates(planner, kikaku):
    kpi = make_kpi(make_project(make_strategy()), aggregation="cumulative")
    record(kpi, {2024: 12, 2025: 9}, kikaku)
    row = table_row(planner.get("/plans/mihon/kpis/P1-1/"), "令和7年度")

    assert (row["年度目安"], row["目安との差"], row["最終目標との差"]) == ("20", "1", "−29")
