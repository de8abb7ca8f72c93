"""Progress and reviews taken back: the year is 未入力 again, and the history keeps who and when."""

import pytest

from kpis.recording import (
    Change,
    Kind,
    ProgressEntry,
    RecordingRefused,
    ReviewEntry,
    close_years_through,
    record_initiative_progress,
    record_initiatives_progress,
    record_project_review,
    withdraw_initiative_progress,
)
from projects.models import InitiativeProgress, InitiativeStatus, ProjectReview
from reports.history.changes import history_of_plan
from tests.entry_forms import typed_progress, typed_reviews
from tests.factories import assign, make_initiative
from tests.page_text import text_of

ENTRY = ProgressEntry(InitiativeStatus.ONGOING, "相談会を12回", cost=1250)
OTHER = ProgressEntry(InitiativeStatus.DONE)
URL = "/plans/mihon/entry/2025/initiatives/"
REVIEWS = "/plans/mihon/entry/2025/reviews/"


@pytest.fixture
def recorded(initiative, kikaku):
    """The initiative, with a year's progress recorded as version 1."""
    record_initiative_progress(initiative, 2025, ENTRY, user=kikaku, version=0)
    return initiative


def refused(call, *args, **kwargs):
    """The kinds of refusals that a call raises."""
    with pytest.raises(RecordingRefused) as caught:
        call(*args, **kwargs)
    return [one.kind for one in caught.value.refusals]


def test_withdrawn_progress_is_gone_and_the_history_says_who_and_why(recorded, kikaku):
    withdraw_initiative_progress(recorded, 2025, user=kikaku, version=1, reason="別の取組だった")

    assert not InitiativeProgress.objects.exists()
    last = InitiativeProgress.history.latest("history_id")
    assert (last.history_type, last.history_user, last.history_change_reason) == (
        "-", kikaku, "別の取組だった",
    )  # fmt: skip


def test_withdrawal_stands_in_the_history_in_words(recorded, kikaku):
    withdraw_initiative_progress(recorded, 2025, user=kikaku, version=1)
    (change,) = history_of_plan(recorded.strategy)[:1]

    assert (change.action, change.code, change.fiscal_year, change.person) == (
        "削除", "P1-1", 2025, "kikaku",
    )  # fmt: skip
    assert [(one.label, one.old, one.new) for one in change.fields] == [
        ("状況", "実施中", ""),
        ("取組実績", "相談会を12回", ""),
        ("決算額（千円）", "1,250", ""),
    ]


def test_withdrawal_of_an_older_version_is_a_conflict(recorded, kikaku):
    record_initiative_progress(recorded, 2025, OTHER, user=kikaku, version=1)

    assert refused(withdraw_initiative_progress, recorded, 2025, user=kikaku, version=1) == [
        Kind.STALE
    ]
    assert InitiativeProgress.objects.get().status == "done"


def test_page_from_before_a_withdrawal_conflicts_also_after_a_new_entry(recorded, kikaku):
    withdraw_initiative_progress(recorded, 2025, user=kikaku, version=1)

    def save(version):
        return record_initiative_progress(recorded, 2025, OTHER, user=kikaku, version=version)

    assert refused(save, 1) == [Kind.STALE]
    assert save(0).version == 2
    assert refused(record_initiative_progress, recorded, 2025, ENTRY, user=kikaku, version=1) == [
        Kind.STALE
    ]


def test_second_withdrawal_says_what_stands_already(recorded, kikaku):
    for _time in range(2):
        withdraw_initiative_progress(recorded, 2025, user=kikaku, version=1)

    assert InitiativeProgress.history.filter(history_type="-").count() == 1


def test_closed_year_refuses_a_withdrawal(recorded, kikaku):
    close_years_through(recorded.strategy, 2025, user=kikaku)

    assert refused(withdraw_initiative_progress, recorded, 2025, user=kikaku, version=1) == [
        Kind.CLOSED
    ]
    assert InitiativeProgress.objects.exists()


def test_batch_with_a_withdrawal_says_what_it_did(project, recorded, kikaku):
    second = make_initiative(project, 2)
    changes = [Change(recorded.pk, None, 1), Change(second.pk, OTHER, 0)]
    outcome = record_initiatives_progress(project.strategy, 2025, changes, user=kikaku)

    assert (outcome.created, outcome.deleted, outcome.count) == ((second.pk,), (recorded.pk,), 2)
    assert list(outcome.rows) == [second.pk]


def test_planner_sets_a_row_back_on_the_page(planner, project, recorded):
    html = text_of(planner.get(URL))
    response = planner.post(URL, typed_progress(P1_1={"version": "1"}), follow=True)

    assert '<option value="">未入力に戻す</option>' in html
    assert "令和7年度の取組1件を保存しました。" in text_of(response)
    assert "1の取組のうち、<b>まだ入っていないのは1</b>です" in text_of(response)
    assert '<option value="" selected>未入力</option>' in text_of(response)
    assert "相談会を12回" not in text_of(planner.get("/plans/mihon/projects/P1/?fy=2025"))


def test_owning_department_sets_its_row_back_and_no_other(editor, project, recorded, tantou):
    url = "/plans/mihon/entry/2025/initiatives/P1-1/"
    denied = editor.post(url, typed_progress(P1_1={"version": "1"}))
    assign(recorded, tantou)
    editor.post(url, typed_progress(P1_1={"version": "1"}))

    assert denied.status_code == 403
    last = InitiativeProgress.history.latest("history_id")
    assert (last.history_type, last.history_user) == ("-", tantou)


@pytest.mark.parametrize(
    "left", [{"summary": "相談会を12回"}, {"cost": "1,250"}, {"next_steps": "続ける"}]
)
def test_status_set_back_with_something_left_says_what_to_clear(planner, recorded, left):
    response = planner.post(URL, typed_progress(P1_1={"version": "1", **left}))

    assert response.status_code == 422
    assert (
        "状況を選んでください。未入力に戻すときは、決算額・取組実績・今後の方向性も空にしてください。"
        in text_of(response)
    )
    assert InitiativeProgress.objects.get().summary == "相談会を12回"


def test_withdrawal_on_top_of_a_newer_save_shows_what_is_saved(planner, recorded, kikaku):
    newer = ProgressEntry(InitiativeStatus.DONE, "相談会を14回")
    record_initiative_progress(recorded, 2025, newer, user=kikaku, version=1)
    response = planner.post(URL, typed_progress(P1_1={"version": "1"}))

    assert response.status_code == 409
    assert "kikakuさんが" in text_of(response)
    assert '<p class="prose">相談会を14回</p>' in text_of(response)
    assert '<p class="prose">（空）</p>' in text_of(response)

    planner.post(URL, typed_progress(P1_1={"version": "2"}))
    assert not InitiativeProgress.objects.exists()


def test_row_only_looked_at_before_a_withdrawal_does_not_bring_it_back(planner, recorded, kikaku):
    withdraw_initiative_progress(recorded, 2025, user=kikaku, version=1)
    seen = {"status": "ongoing", "cost": "1,250", "summary": "相談会を12回", "version": "1"}
    response = planner.post(URL, typed_progress(P1_1=seen), follow=True)

    assert "何も書き込んでいません" in text_of(response)
    assert not InitiativeProgress.objects.exists()


def test_script_gets_an_unrecorded_row_back(planner, recorded):
    headers = {"HX-Request": "true"}
    response = planner.post(URL, typed_progress(P1_1={"version": "1"}), headers=headers)

    html = text_of(response)
    assert response.status_code == 200
    assert "未入力に戻しました " in html
    assert "&quot;version&quot;: &quot;0&quot;" in html
    assert '<div data-part="saved"><span class="tag">未入力</span></div>' in html
    assert "まだ入っていないのは1" in html


def test_review_emptied_again_counts_as_not_written(planner, project, kikaku):
    record_project_review(project, 2025, ReviewEntry("先の総括"), user=kikaku, version=0)
    response = planner.post(REVIEWS, typed_reviews(P1={"version": "1"}), follow=True)

    assert "令和7年度の総括1件を保存しました。" in text_of(response)
    assert "1プロジェクトのうち、<b>まだ入っていないのは1</b>です" in text_of(response)
    assert "総括（" not in text_of(planner.get("/plans/mihon/projects/P1/?fy=2025"))
    assert not ProjectReview.objects.exists()
    assert ProjectReview.history.latest("history_id").history_type == "-"


def test_review_without_words_is_none_whoever_writes_it(project, kikaku):
    def write(entry, version):
        return record_project_review(project, 2025, entry, user=kikaku, version=version)

    assert write(ReviewEntry(), 0) is None
    assert write(ReviewEntry("総括"), 0).version == 1
    assert write(ReviewEntry(), 1) is None
    assert write(ReviewEntry("書き直した"), 0).version == 2
    assert [row.history_type for row in ProjectReview.history.order_by("history_id")] == [
        "+", "-", "+",
    ]  # fmt: skip


def test_closed_year_refuses_an_emptied_review(planner, project, kikaku):
    record_project_review(project, 2025, ReviewEntry("確定した総括"), user=kikaku, version=0)
    close_years_through(project.strategy, 2025, user=kikaku)
    response = planner.post(REVIEWS, typed_reviews(P1={"version": "1"}))

    assert response.status_code == 409
    assert ProjectReview.objects.get().summary == "確定した総括"
