"""What the script of the initiatives' and reviews' entry gets for a row: its changing parts."""

import pytest

from kpis.recording import close_years_through
from projects.models import InitiativeListing, InitiativeProgress, ProjectReview
from tests.factories import make_initiative, make_project, make_strategy

URL = "/plans/mihon/entry/2025/initiatives/"
PARTIAL = {"HX-Request": "true"}
ROW = {
    "P1-1-status": "done",
    "P1-1-cost": "1250",
    "P1-1-summary": "12回",
    "P1-1-next_steps": "",
    "P1-1-version": "0",
}


@pytest.fixture
def initiative(db):
    project = make_project(make_strategy(), "P1")
    make_initiative(project, 2)
    return make_initiative(project, 1)


@pytest.fixture
def ask(planner, initiative):
    """Post a row as the script does; the answer's status and text."""

    def post(fields=ROW, url=URL):
        response = planner.post(url, fields, headers=PARTIAL)
        return response.status_code, response.content.decode()

    return post


def test_saved_row_is_answered_with_its_changing_parts_alone(ask):
    status, html = ask()

    assert status == 200
    assert "保存しました " in html
    assert "&quot;cost&quot;: &quot;1,250&quot;" in html
    assert "&quot;version&quot;: &quot;1&quot;" in html
    assert "まだ入っていないのは1" in html
    assert "kikakuさんが保存" in html
    for word in ("<html", "<textarea", 'data-row="P1-2"'):
        assert word not in html
    assert InitiativeProgress.objects.get().cost == 1250


def test_last_row_that_was_waiting_says_that_all_is_in(ask):
    ask()
    _status, html = ask({name.replace("P1-1", "P1-2"): text for name, text in ROW.items()})

    assert "2の取組は、<b>すべて入っています</b>。" in html


def test_same_row_again_writes_nothing_and_says_so(ask):
    ask()
    status, html = ask(ROW | {"P1-1-version": "1"})

    assert status == 200
    assert "保存済み（変わりありません）" in html
    assert InitiativeProgress.objects.get().version == 1


def test_wrong_row_is_422_with_the_reason(ask):
    status, html = ask(ROW | {"P1-1-cost": "約100"})

    assert status == 422
    assert 'data-invalid="cost"' in html
    assert "「約100」を読み取れません" in html
    assert not InitiativeProgress.objects.exists()


def test_conflict_is_409_with_both_texts_and_the_choice(ask):
    ask()
    status, html = ask(ROW | {"P1-1-summary": "<b>後</b>"})

    assert status == 409
    assert "data-conflict" in html
    assert '<p class="prose">12回</p>' in html
    assert '<p class="prose">&lt;b&gt;後&lt;/b&gt;</p>' in html
    assert 'data-action="overwrite"' in html
    assert "すべて保存" not in html
    assert InitiativeProgress.objects.get().summary == "12回"


def test_closed_year_is_409_with_the_remedy(ask, initiative, kikaku):
    close_years_through(initiative.strategy, 2025, user=kikaku)
    status, html = ask()

    assert status == 409
    assert "保存できません：締め済みです" in html
    assert "令和7年度は締め済みです" in html


def test_denied_row_is_403_with_one_sentence(editor, initiative):
    for url in (
        URL,
        "/plans/mihon/entry/2025/initiatives/P1-1/",
        "/plans/mihon/entry/2025/reviews/",
    ):
        response = editor.post(url, ROW, headers=PARTIAL)
        assert response.status_code == 403
        assert response["Content-Type"].startswith("text/plain")
        assert response.content.decode().endswith("。")

    assert not InitiativeProgress.objects.exists()


def test_expired_session_is_401(client, initiative):
    assert client.post(URL, ROW, headers=PARTIAL).status_code == 401


def test_review_is_answered_the_same_way(ask):
    fields = {"P1-summary": "上回った", "P1-external_opinion": "", "P1-version": "0"}
    status, html = ask(fields, "/plans/mihon/entry/2025/reviews/")

    assert status == 200
    assert "保存しました " in html
    assert "1プロジェクトは、<b>すべて入っています</b>。" in html
    assert ProjectReview.objects.get().summary == "上回った"


def test_row_posted_without_its_fields_withdraws_nothing(ask):
    ask()
    status, html = ask({"P1-1-version": "1"})

    assert status == 422
    assert "画面が古くなっています" in html
    assert InitiativeProgress.objects.get().summary == "12回"


def test_row_posted_to_the_address_of_a_relisting_is_saved(ask, initiative):
    other = make_project(initiative.strategy, "P2")
    InitiativeListing.objects.create(project=other, number=3, initiative=initiative)
    status, html = ask(url="/plans/mihon/entry/2025/initiatives/P2-3/")

    assert status == 200
    assert 'data-row="P1-1"' in html
    assert InitiativeProgress.objects.get().summary == "12回"
