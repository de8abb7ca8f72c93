"""Rating by people on the entry pages: who is offered what, and what is done with it."""

import re

import pytest
from django.urls import reverse

from kpis.models import YearlyActual
from kpis.recording import ReviewEntry, close_years_through, record_actual, record_project_review
from projects.models import ProjectReview
from tests.entry_forms import typed, typed_reviews
from tests.factories import assign, final, make_kpi, make_source, record
from tests.page_text import text_of
from tests.rated_otherwise import rate_otherwise

PAGE = "/plans/mihon/entry/2025/"
DECIDE = f"{PAGE}decide/"
REVIEWS = f"{PAGE}reviews/"
MARKS = "評価の案は、「S 期待を超える」「A 期待どおり」「B やや不足」「C 不足」から選んでください。"
HTMX = {"HX-Request": "true"}
PROPOSED = {"proposed_place": 2, "proposal_reason": "見込みどおり"}
TYPED = {"proposed_place": "2", "proposal_reason": "見込みどおり"}


@pytest.fixture
def own(kpi, tantou):
    """A KPI of the department whose editor is `tantou`, in a plan in which people rate."""
    rate_otherwise(kpi.project.strategy, "by people")
    assign(kpi, tantou)
    return kpi


def fields_of(html, code="P1-1"):
    """The names of the fields for ratings that a row shows."""
    return re.findall(rf'<(?:select|textarea) id="{code}-(\w*(?:place|reason))"', html)


def judged(kpi, year=2025):
    row = YearlyActual.objects.get(kpi=kpi, fiscal_year=year)
    return (row.proposed_place, row.proposal_reason, row.decided_place, row.decision_reason)


def post(client, **row):
    return client.post(PAGE, typed(P1_1=row))


def test_department_is_offered_the_proposal_alone(own, editor, kikaku):
    record(own, {2025: final(9, **PROPOSED, decided_place=1, decision_reason="全国一")}, kikaku)
    html = text_of(editor.get(PAGE))

    assert fields_of(html) == ["proposed_place", "proposal_reason"]
    assert '<option value="2" selected>A 期待どおり</option>' in html
    assert "企画担当が決めた評価：<b>S 期待を超える</b>（全国一）" in html
    assert "案のとおり決める" not in html


def test_planner_is_offered_the_decision_too_and_sees_the_proposal(own, planner, kikaku):
    record(own, {2025: final(9, **PROPOSED)}, kikaku)
    html = text_of(planner.get(PAGE))

    assert fields_of(html) == [
        "proposed_place", "proposal_reason", "decided_place", "decision_reason",
    ]  # fmt: skip
    assert "案：A 期待どおり" in html
    assert "まだ評価を決めていない指標が<b>1件</b>あります。" in html


@pytest.mark.parametrize("how", [None, "by position", "not at all"])
def test_nothing_of_it_shows_where_people_do_not_rate(kpi, planner, kikaku, how):
    if how:
        rate_otherwise(kpi.project.strategy, how)
    html = text_of(planner.get(PAGE)) + text_of(planner.get(REVIEWS))

    assert fields_of(html) + fields_of(html, "P1") == []
    assert "評価の案" not in html


def test_computed_rating_stands_beside_where_the_scale_has_bounds(kpi, planner, kikaku):
    plan = kpi.project.strategy
    plan.rating_method = "people"
    plan.save()
    record(kpi, {2025: 40}, kikaku)

    assert "計算：B 概ね順調" in text_of(planner.get(PAGE))


def test_department_saves_its_proposal_without_the_decision(own, editor):
    assert post(editor, value="9", **TYPED).status_code == 302

    assert judged(own) == (2, "見込みどおり", None, "")


def test_department_that_posts_a_decision_is_refused(own, editor):
    response = post(editor, value="9", decided_place="1", decision_reason="よい")

    assert response.status_code == 403
    assert "評価を決めるのは企画担当です。" in text_of(response)
    assert not YearlyActual.objects.exists()


def test_department_keeps_the_decision_when_it_corrects_its_figure(own, editor, kikaku):
    record(own, {2025: final(9, **PROPOSED, decided_place=2)}, kikaku)
    post(editor, value="10", version="1", **TYPED)

    assert judged(own) == (2, "見込みどおり", 2, "")
    assert YearlyActual.objects.get().value == 10


def test_department_cannot_withdraw_a_year_with_a_decision(own, editor, kikaku):
    record(own, {2025: final(9, decided_place=2)}, kikaku)
    response = post(editor, state="withdraw", version="1")

    assert response.status_code == 422
    assert "企画担当が評価を決めているため、未入力に戻せません。" in text_of(response)
    assert YearlyActual.objects.exists()


def test_emptied_row_keeps_the_decision_that_its_author_does_not_see(own, editor, kikaku):
    record(own, {2025: final(9, **PROPOSED)}, kikaku)
    YearlyActual.objects.update(state="missing", value=None, decided_place=2)
    post(editor, value="", version="1", proposed_place="", proposal_reason="")

    assert judged(own) == (None, "", 2, "")


def test_planner_decides_and_takes_it_back(own, planner, kikaku):
    record(own, {2025: final(9, **PROPOSED)}, kikaku)
    row = {"value": "9", **TYPED}
    post(planner, **row, decided_place="2", decision_reason="", version="1")
    assert judged(own) == (2, "見込みどおり", 2, "")

    post(planner, **row, decided_place="", decision_reason="", version="2")
    assert judged(own) == (2, "見込みどおり", None, "")


def test_decision_may_come_first(own, planner):
    post(planner, value="", decided_place="3", decision_reason="")

    assert judged(own) == (None, "", 3, "")
    assert YearlyActual.objects.get().state == "missing"


@pytest.mark.parametrize(
    ("row", "label", "sentence"),
    [
        (
            {"proposed_place": "7", "proposal_reason": "よい"},
            "評価の案",
            MARKS,
        ),
        (
            {"proposed_place": "2", "proposal_reason": ""},
            "評価の案の理由",
            "評価の案の理由を書いてください。",
        ),
        (
            {**TYPED, "decided_place": "1", "decision_reason": ""},
            "評価の理由",
            "案の「A 期待どおり」と違う評価にする理由を書いてください。",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_said_beside_its_field(own, planner, row, label, sentence):
    response = post(planner, value="9", **row)

    assert response.status_code == 422
    assert f"＊{label}：{sentence}" in text_of(response)
    assert not YearlyActual.objects.exists()


def test_rating_follows_the_typing(own, planner):
    row = {"value": "9", "proposed_place": "3", "decided_place": "2"}
    fields = typed(P1_1=row)
    response = planner.get(f"{PAGE}P1-1/effect/", fields)

    assert "A 期待どおり" in text_of(response)
    assert "案：B やや不足" in text_of(response)


def test_save_on_top_of_a_newer_proposal_shows_both(own, planner, tantou):
    record_actual(own, 2025, final(9, **PROPOSED), user=tantou, version=0)
    row = {"value": "9", "proposed_place": "3", "proposal_reason": "届かない"}
    response = planner.post(
        f"{PAGE}P1-1/", typed(P1_1=row | {"decided_place": "", "decision_reason": ""}),
        headers=HTMX,
    )  # fmt: skip

    html = text_of(response)
    assert response.status_code == 409
    assert "A 期待どおり" in html
    assert "B やや不足" in html
    assert "tantouさんが" in html
    assert judged(own) == (2, "見込みどおり", None, "")


def test_row_of_a_shared_figure_takes_its_own_rating(own, planner, kikaku):
    record(make_source(own), {2025: 9}, kikaku)
    html = text_of(planner.get(PAGE))
    planner.post(PAGE, typed(P1_1={"state": "", **TYPED, "decided_place": "2"}))

    assert fields_of(html)[0] == "proposed_place"
    assert "要因分析と今後の方向性、評価だけです。" in html
    assert judged(own) == (2, "見込みどおり", 2, "")


def test_all_proposals_are_decided_by_one_button(own, planner, kikaku):
    other = make_kpi(own.project, 2)
    record(own, {2025: final(9, **PROPOSED)}, kikaku)
    record(other, {2025: final(9, proposed_place=1, proposal_reason="一番")}, kikaku)
    response = planner.post(DECIDE, {"P1-1": "2", "P1-2": "1"}, follow=True)

    assert "令和7年度の評価を2件、案のとおり決めました。" in text_of(response)
    assert (judged(own)[2], judged(other)[2]) == (2, 1)
    again = planner.post(DECIDE, {"P1-1": "2", "P9-9": "x"}, follow=True)
    assert "変わったところがないため、何も書き込んでいません。" in text_of(again)


def test_button_decides_nothing_that_was_not_seen_or_is_closed(own, planner, kikaku):
    record(own, {2025: final(9, **PROPOSED)}, kikaku)
    response = planner.post(DECIDE, {"P1-1": "3"}, follow=True)
    assert "案を見直してから、もう一度押してください。" in text_of(response)

    close_years_through(own.project.strategy, 2025, user=kikaku)
    response = planner.post(DECIDE, {"P1-1": "2"}, follow=True)
    assert "締め済み" in text_of(response)
    assert judged(own)[2] is None


@pytest.mark.parametrize("name", ["tantou", "kanri"])
def test_button_is_the_planners_alone(own, client, kikaku, request, name):
    record(own, {2025: final(9, **PROPOSED)}, kikaku)
    client.force_login(request.getfixturevalue(name))
    response = client.post(DECIDE, {"P1-1": "2"})

    assert response.status_code == 403
    assert "評価を決めるのは企画担当です。" in text_of(response)
    assert judged(own)[2] is None


def test_closed_year_shows_what_was_decided(own, planner, kikaku):
    record(own, {2025: final(9, **PROPOSED, decided_place=2)}, kikaku)
    entry = ReviewEntry("総括", "", 1, "伸びた", 2)
    record_project_review(own.project, 2025, entry, user=kikaku, version=0)
    close_years_through(own.project.strategy, 2025, user=kikaku)

    assert "A 期待どおり" in text_of(planner.get(PAGE))
    html = text_of(planner.get(REVIEWS))
    assert "<dt>評価</dt><dd>S 期待を超える</dd>" in html
    assert "<dt>外部有識者の評価</dt><dd>有効でない</dd>" in html
    assert '<dt>評価の理由</dt><dd class="prose">伸びた</dd>' in html


def test_projects_are_rated_on_the_reviews_page(own, planner):
    html = text_of(planner.get(REVIEWS))
    row = {"rating_place": "1", "rating_reason": "伸びた", "external_place": "2"}
    planner.post(REVIEWS, typed_reviews(P1=row))

    assert fields_of(html, "P1") == ["rating_place", "rating_reason", "external_place"]
    saved = ProjectReview.objects.get()
    assert (saved.rating_place, saved.rating_reason, saved.external_place) == (1, "伸びた", 2)
    assert (saved.summary, saved.external_opinion) == ("", "")

    planner.post(REVIEWS, typed_reviews(P1=dict.fromkeys(row, "") | {"version": "1"}))
    assert not ProjectReview.objects.exists()


def test_projects_rating_that_is_no_mark_is_refused(own, planner):
    response = planner.post(REVIEWS, typed_reviews(P1={"external_place": "3"}))

    assert response.status_code == 422
    sentence = "外部有識者の評価は、「有効」「有効でない」から選んでください。"
    assert f"＊外部有識者の評価：{sentence}" in text_of(response)


def test_projects_mean_stands_beside_peoples_rating(kpi, planner, kikaku):
    plan = kpi.project.strategy
    plan.project_method = "people"
    plan.save()
    record(kpi, {2025: 40}, kikaku)
    html = text_of(planner.get(REVIEWS))

    assert "<small>計算：B 概ね順調</small>" in html
    assert fields_of(html, "P1") == ["rating_place", "rating_reason"]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_a_constant_number_of_queries(
    own, planner, kikaku, count, django_assert_num_queries
):
    for number in range(2, count + 1):
        make_kpi(own.project, number)
    record(own, {2025: final(9, **PROPOSED)}, kikaku)

    with django_assert_num_queries(11):
        planner.get(reverse("entry", args=["mihon", 2025]))
