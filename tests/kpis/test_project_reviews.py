"""Projects' reviews: the planner writes 総括 and 外部有識者の意見, everybody reads them."""

import pytest

from kpis.recording import ReviewEntry, close_years_through, record_project_review
from projects.models import ProjectReview
from tests.entry_forms import typed_reviews
from tests.factories import make_project, make_user
from tests.page_text import text_of

URL = "/plans/mihon/entry/2025/reviews/"


def record(project, user, summary, year=2025, version=0, opinion=""):
    entry = ReviewEntry(summary, opinion)
    return record_project_review(project, year, entry, user=user, version=version)


def test_typed_reviews_are_saved_and_blank_ones_left_alone(planner, project):
    make_project(project.strategy, "P2")
    make_project(project.strategy, "P3")
    posted = typed_reviews(P1={"summary": "上回った"}, P2={"external_opinion": "手薄では"}, P3={})
    response = planner.post(URL, posted, follow=True)

    assert "令和7年度の総括2件を保存しました。" in text_of(response)
    saved = ProjectReview.objects.order_by("project__code")
    assert [(row.summary, row.external_opinion) for row in saved] == [
        ("上回った", ""),
        ("", "手薄では"),
    ]


def test_too_long_text_keeps_every_row_unwritten(planner, project):
    make_project(project.strategy, "P2")
    posted = typed_reviews(P1={"summary": "よい行"}, P2={"external_opinion": "長" * 4001})
    response = planner.post(URL, posted)

    html = text_of(response)
    assert response.status_code == 422
    assert "4000字までです（今は4001字）" in html
    assert 'href="#P2-external_opinion"' in html
    assert "よい行</textarea>" in html
    assert not ProjectReview.objects.exists()


def test_save_on_top_of_a_newer_one_shows_who_and_both_texts(planner, project, kikaku):
    record(project, kikaku, "先の総括")
    response = planner.post(URL, typed_reviews(P1={"summary": "後の総括"}))

    html = text_of(response)
    assert response.status_code == 409
    assert "kikakuさんが" in html
    assert '<p class="prose">先の総括</p>' in html
    assert '<p class="prose">後の総括</p>' in html
    assert ProjectReview.objects.get().summary == "先の総括"

    planner.post(URL, typed_reviews(P1={"summary": "後の総括", "version": "1"}))
    assert ProjectReview.objects.get().summary == "後の総括"


def test_row_that_was_only_looked_at_does_not_undo_a_newer_save(planner, project, kikaku):
    record(project, kikaku, "前")
    record(project, kikaku, "後", version=1)
    response = planner.post(URL, typed_reviews(P1={"summary": "前", "version": "1"}), follow=True)

    assert "何も書き込んでいません" in text_of(response)
    assert ProjectReview.objects.get().summary == "後"


def test_last_year_is_one_click_away(planner, project, kikaku):
    record(project, kikaku, "昨年の総括", year=2024, opinion="昨年の意見")
    html = text_of(planner.get(URL))

    assert "前年度の記入を見る" in html
    assert "昨年の総括" in html
    assert "昨年の意見" in html


def test_closed_year_is_plain_text_and_refuses(planner, project, kikaku):
    record(project, kikaku, "確定した総括")
    close_years_through(project.strategy, 2025, user=kikaku)
    html = text_of(planner.get(URL))
    refused = planner.post(URL, typed_reviews(P1={"summary": "書きかけ", "version": "1"}))

    assert "<b>締め済み</b>です" in html
    assert "確定した総括" in html
    assert "<textarea" not in html
    assert refused.status_code == 409
    assert "書きかけ</textarea>" in text_of(refused)
    assert ProjectReview.objects.get().summary == "確定した総括"


@pytest.mark.parametrize("name", ["tantou", "kanri", "yosomono"])
def test_only_the_planner_may_open_or_post_it(client, project, name):
    client.force_login(make_user(name))
    for response in (client.get(URL), client.post(URL, typed_reviews(P1={"summary": "総括"}))):
        assert response.status_code == 403
        assert "総括を書くのは企画担当です。" in text_of(response)

    assert not ProjectReview.objects.exists()
    assert URL not in text_of(client.get("/plans/mihon/entry/2025/initiatives/"))


def test_forged_project_is_refused(planner, project):
    response = planner.post(URL, typed_reviews(P1={"summary": "総括"}, P9={"summary": "総括"}))

    assert response.status_code == 403
    assert "P9は、この計画のプロジェクトではない" in text_of(response)
    assert not ProjectReview.objects.exists()


def test_everybody_reads_the_review_on_the_projects_page(manager, project, kikaku):
    record(project, kikaku, "一行目\n<script>alert(1)</script>", opinion="支援が手薄ではないか")
    html = text_of(manager.get("/plans/mihon/projects/P1/?fy=2025"))

    assert "<h2>総括 <small>令和7年度</small></h2>" in html
    assert "&lt;script&gt;alert(1)" in html
    assert "支援が手薄ではないか" in html
    assert "<h2>総括" not in text_of(manager.get("/plans/mihon/projects/P1/?fy=2024"))


def test_unknown_year_is_a_clean_404(planner, project):
    assert planner.get("/plans/mihon/entry/2029/reviews/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_a_constant_number_of_queries(
    planner, project, kikaku, count, django_assert_num_queries
):
    record(project, kikaku, "総括")
    for number in range(2, count + 1):
        record(make_project(project.strategy, f"P{number}"), kikaku, "総括")

    with django_assert_num_queries(8):
        planner.get(URL)
