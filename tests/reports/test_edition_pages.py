"""Reports' pages: the list, issuing from a page, an edition and its files, the admin."""

import re
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from kpis.recording import close_years_through, end_correction
from projects.models import Project, Strategy
from reports.annual.editions import issue_edition
from reports.formats import FORMATS
from reports.models import Edition
from tests.factories import correct_from, make_kpi, make_plan, make_strategy
from tests.made_once import made_once
from tests.page_text import said
from tests.reports.issued import YEAR, correct_an_actual

ISSUE = f"/plans/mihon/reports/{YEAR}/issue/"
EDITION = f"/plans/mihon/reports/{YEAR}/editions/1/"


@pytest.fixture
@made_once
def plan(kikaku):
    """A plan in use whose year 令和7年度 is closed and 令和6年度 is open."""
    close_years_through(make_plan(kikaku), YEAR, user=kikaku)
    return Strategy.objects.get()


@pytest.fixture
def manager(client, kanri):
    kanri.last_name, kanri.first_name = "管理", "花子"
    kanri.save()
    client.force_login(kanri)
    return client


def posted(client, reason="", **changes):
    """Look at the page that issues, and press its button."""
    shown = client.get(ISSUE)
    return client.post(
        ISSUE, {"reason": reason, "fingerprint": shown.context["fingerprint"], **changes}
    )


def test_manager_issues_from_the_page_and_lands_on_the_edition(manager, plan):
    response = posted(manager)
    shown = said(manager.get(response.url))

    assert response.url == EDITION
    assert "令和7年度 第1版を発行しました。" in shown
    assert "令和7年度（2025年度） 年次報告書 第1版" in shown
    assert "管理花子" in shown
    assert "初めての版なので、比べるものはありません。" in shown


@pytest.mark.parametrize("name", FORMATS)
def test_file_of_an_edition_is_kept_and_asked_for_each_time(manager, plan, kikaku, name):
    kept = issue_edition(plan, YEAR, user=kikaku).files.get(name=name)
    response = manager.get(EDITION + name)
    again = manager.get(EDITION + name, headers={"If-None-Match": response["ETag"]})

    assert response.content == bytes(kept.content)
    assert response["Content-Type"] == FORMATS[name].content_type
    assert response["Cache-Control"] == "private, no-cache"
    assert response["ETag"] == f'"{kept.sha256}"'
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"
    stem, _dot, extension = name.partition(".")
    assert f'filename="{stem}-2025-1.{extension}"' in response["Content-Disposition"]


def test_files_have_japanese_names_of_edition_and_draft(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    edition, draft = (
        unquote(manager.get(path)["Content-Disposition"])
        for path in (
            f"{EDITION}annual-report.pdf",
            f"/plans/mihon/reports/{YEAR}/annual-report.csv",
        )
    )

    assert edition == (
        'inline; filename="annual-report-2025-1.pdf"; '
        "filename*=UTF-8''令和7年度年次報告書_第1版.pdf"
    )
    assert draft == (
        'attachment; filename="annual-report-2025.csv"; '
        "filename*=UTF-8''令和7年度年次報告書_案.csv"
    )


def test_issuing_page_shows_what_is_open_and_what_differs(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    correct_an_actual(plan, kikaku)
    response = manager.get(ISSUE)
    shown = said(response)

    assert "令和7年度の年次報告書 第2版の発行" in shown
    assert [(title, len(places)) for title, _, places in response.context["open_points"]] == [
        ("要因分析のない指標", 2),
        ("状況が未入力の取組", 2),
        ("総括のないプロジェクト", 1),
    ]
    assert "令和7年度 実績値 31件 99件" in shown
    assert "令和7年度 達成率 62.0% 198.0%" in shown


def test_second_edition_asks_for_a_reason_and_keeps_what_was_typed(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    refused = posted(manager, reason=" ")
    too_long = posted(manager, reason="長" * 4001)

    assert (refused.status_code, too_long.status_code) == (422, 422)
    html = refused.content.decode()
    assert "<title>エラー：令和7年度 第2版の発行" in html
    assert 'aria-describedby="reason-error"' in html
    assert "＊この版を出す理由を書いてください。" in html
    assert "長" * 4001 in too_long.content.decode()
    assert Edition.objects.count() == 1
    assert "直しました" in said(manager.get(posted(manager, reason="直しました").url))


def test_page_that_is_sent_twice_issues_once_and_leads_to_the_edition(manager, plan):
    fingerprint = manager.get(ISSUE).context["fingerprint"]
    first = manager.post(ISSUE, {"fingerprint": fingerprint})
    second = manager.post(ISSUE, {"fingerprint": fingerprint, "reason": "もう一度"})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "管理花子さんが" in said(second)
    assert f'<a href="{EDITION}">令和7年度 第1版を見る</a>' in second.content.decode()
    assert Edition.objects.count() == 1


def test_figures_that_changed_behind_the_page_are_shown_anew(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    fingerprint = manager.get(ISSUE).context["fingerprint"]
    correct_an_actual(plan, kikaku)
    response = manager.post(ISSUE, {"fingerprint": fingerprint, "reason": "課の名前"})
    shown = said(response)

    assert response.status_code == 409
    assert "報告書の内容が変わりました。" in shown
    assert "令和7年度 実績値 31件 99件" in shown
    assert "課の名前</textarea>" in response.content.decode()
    fresh = response.context["fingerprint"]
    assert manager.post(ISSUE, {"fingerprint": fresh, "reason": "訂正"}).status_code == 302


def test_post_without_having_looked_issues_nothing(manager, plan):
    assert manager.post(ISSUE, {"reason": "急ぎ"}).status_code == 409
    assert Edition.objects.count() == 0


def test_open_year_is_not_issued_and_leads_to_closing(manager, kikaku):
    make_plan(kikaku)
    page = manager.get("/plans/mihon/reports/2024/issue/")
    response = manager.post(
        "/plans/mihon/reports/2024/issue/", {"fingerprint": page.context["fingerprint"]}
    )

    assert "年度を締めると発行できます。" in said(page)
    assert 'href="/plans/mihon/entry/2024/close/"' in page.content.decode()
    assert response.status_code == 409
    assert "令和6年度は締められていません。" in said(response)
    assert Edition.objects.count() == 0


def test_department_editor_reads_editions_but_issues_none(client, plan, tantou, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    client.force_login(tantou)

    assert client.get(ISSUE).status_code == 403
    assert client.post(ISSUE, {"reason": "x"}).status_code == 403
    assert client.get(EDITION).status_code == 200
    assert client.get(f"{EDITION}annual-report.csv").status_code == 200
    assert ISSUE not in client.get("/plans/mihon/reports/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/plans/mihon/reports/",
        ISSUE,
        EDITION,
        f"{EDITION}annual-report.pdf",
        "/plans/mihon/reports/compare/",
        "/plans/mihon/reports/compare.csv",
    ],
)
def test_stranger_sees_the_login_page_alone(client, plan, kikaku, path):
    issue_edition(plan, YEAR, user=kikaku)

    assert "/login/?next=" in client.get(path).url


@pytest.mark.parametrize(
    "path",
    [
        "/plans/mihon/reports/2025/editions/1/",
        "/plans/mihon/reports/2025/editions/0/annual-report.pdf",
        "/plans/mihon/reports/2025/editions/2/annual-report.pdf",
        "/plans/mihon/reports/2025/annual-report.doc",
        "/plans/mihon/reports/2023/issue/",
    ],
)
def test_what_was_never_issued_is_a_clean_404(manager, plan, path):
    response = manager.get(path)

    assert response.status_code == 404
    assert "ページが見つかりません" in said(response)


def test_format_that_an_edition_has_not_is_a_clean_404(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    response = manager.get(f"{EDITION}annual-report.odt")

    assert response.status_code == 404
    assert "令和7年度 第1版に「annual-report.odt」はありません。" in said(response)


def test_list_names_state_editions_and_the_next_step_of_each_year(manager, plan, kikaku):
    before = manager.get("/plans/mihon/reports/").content.decode()
    issue_edition(plan, YEAR, user=kikaku)
    issue_edition(plan, YEAR, user=kikaku, reason="誤字を直した")
    response = manager.get("/plans/mihon/reports/")
    shown = said(response)

    assert [row.fiscal_year for row in response.context["rows"]] == [2025, 2024]
    assert response.context["later_years"] == [2026, 2027, 2028]
    assert f'<a class="button button--main" href="{ISSUE}">第1版を発行する</a>' in before
    assert "令和7年度（2025年度） 締め済み 2指標中2指標が入力済み" in shown
    assert "令和6年度（2024年度） 締め済み 2指標中2指標が入力済み" in shown
    assert "誤字を直した" in shown
    assert "第2版と案を比べる 第3版を発行する" in shown
    assert "締めの内容" in shown


def test_older_edition_points_to_the_newest(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    assert "新しい版があります" not in said(manager.get(EDITION))
    issue_edition(plan, YEAR, user=kikaku, reason="訂正")

    shown = said(manager.get(EDITION))
    assert re.search(r"新しい版があります： 第2版 （令和\d+年\d+月\d+日発行）。", shown)
    newest = said(manager.get(f"/plans/mihon/reports/{YEAR}/editions/2/"))
    assert "新しい版があります" not in newest
    assert "この版を出す理由 訂正" in newest
    assert "令和7年度 第1版との違いはありません。" in newest


def test_edition_stays_where_it_is_when_the_next_plan_is_current(manager, plan, kikaku):
    kept = issue_edition(plan, YEAR, user=kikaku).files.get(name="annual-report.csv")
    Strategy.objects.update(is_current=False)
    assert manager.get(f"{EDITION}annual-report.csv").content == bytes(kept.content)
    make_strategy(code="next", name="次の計画", first_year=2029, last_year=2033)

    assert manager.get(f"{EDITION}annual-report.csv").content == bytes(kept.content)
    assert "見本市総合戦略" in said(manager.get(EDITION))
    assert "令和7年度（2025年度） 締め済み" in said(manager.get("/plans/mihon/reports/"))
    assert "令和7年度" not in said(manager.get("/plans/next/reports/"))


PAGES = {
    "/plans/mihon/reports/": 12,
    f"/plans/mihon/reports/{YEAR}/": 8,
    ISSUE: 9,
    EDITION: 8,
    f"{EDITION}annual-report.csv": 8,
    "/plans/mihon/reports/compare/": 7,
    "/plans/mihon/reports/compare.csv?before=2025-1&after=2025-2": 10,
}


@made_once
def make_issued(kikaku, size):
    """A plan of some projects, with one edition more than it has projects."""
    strategy = make_plan(kikaku, projects=size)
    close_years_through(strategy, YEAR, user=kikaku)
    for number in range(1 + size):
        issue_edition(strategy, YEAR, user=kikaku, reason="訂正" if number else "")


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(("path", "queries"), PAGES.items(), ids=PAGES)
def test_page_takes_a_constant_number_of_queries(
    client, kikaku, django_assert_num_queries, path, queries, size
):
    make_issued(kikaku=kikaku, size=size)
    client.force_login(kikaku)

    with django_assert_num_queries(queries):
        response = client.get(path)
    assert response.status_code == 200


def admin_urls(edition):
    return [
        reverse("admin:reports_edition_changelist"),
        reverse("admin:reports_edition_change", args=[edition.pk]),
    ]


@pytest.mark.parametrize("name", ["kikaku", "root"])
def test_admin_shows_editions_and_changes_nothing(client, plan, kikaku, name):
    User.objects.create_superuser("root", password="only-for-tests-2024")
    edition = issue_edition(plan, YEAR, user=kikaku)
    client.force_login(User.objects.get(username=name))
    listed, one = admin_urls(edition)
    before = list(Edition.objects.values_list())

    assert "令和7年度　年次報告書" in client.get(listed).content.decode()
    html = client.get(one).content.decode()
    assert f'href="{EDITION}annual-report.pdf"' in html
    assert edition.document_sha256 in html
    delete = reverse("admin:reports_edition_delete", args=[edition.pk])
    for url in (one, delete, reverse("admin:reports_edition_add")):
        assert client.post(url, {"number": "9", "post": "yes"}).status_code == 403
    client.post(
        listed, {"action": "delete_selected", "_selected_action": [edition.pk], "post": "yes"}
    )
    assert list(Edition.objects.values_list()) == before
    assert edition.files.count() == len(FORMATS)


def test_new_kpi_without_figures_is_named_before_issuing(manager, plan, kikaku):
    correct_from(plan, YEAR, user=kikaku, reason="追加")
    make_kpi(Project.objects.get(code="P1"), 3)
    end_correction(plan, user=kikaku)
    shown = said(manager.get(ISSUE))

    assert "実績のない指標 1件 「未入力」と記されます P1-3 指標3" in shown
