"""A row of progress is set back to 未入力 on the page, and says what has to be cleared for it."""

import pytest
from playwright.sync_api import expect

from kpis.recording import ProgressEntry, record_initiative_progress
from projects.models import InitiativeProgress, InitiativeStatus
from tests.browser.axe import findings
from tests.browser.test_yearly_saving import cell, open_entry, row, status
from tests.factories import make_initiative, make_project, make_strategy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entry(page, live_server, kikaku):
    project = make_project(make_strategy(), "P1")
    make_initiative(project, 2)
    entry = ProgressEntry(InitiativeStatus.ONGOING, "12回", cost=1250)
    record_initiative_progress(make_initiative(project, 1), 2025, entry, user=kikaku, version=0)
    return open_entry(page, live_server.url, "/plans/mihon/entry/2025/initiatives/")


def choose(page, status):
    """Choose a status as a person does, who is in the row then."""
    cell(page, "P1-1", "status").focus()
    cell(page, "P1-1", "status").select_option(label=status)


def withdraw(page):
    choose(page, "未入力に戻す")
    cell(page, "P1-1", "cost").fill("")
    cell(page, "P1-1", "summary").fill("")
    cell(page, "P1-2", "summary").focus()


def test_row_set_back_says_so_and_may_be_entered_anew(entry):
    withdraw(entry)
    expect(status(entry, "P1-1")).to_contain_text("未入力に戻しました")
    expect(entry.locator("#waiting")).to_contain_text("まだ入っていないのは2")
    expect(cell(entry, "P1-1", "status").locator("option:checked")).to_have_text("未入力")
    expect(row(entry, "P1-1").locator(".tag")).to_have_text("未入力")
    assert not InitiativeProgress.objects.exists()
    assert findings(entry) == []

    choose(entry, "完了")
    cell(entry, "P1-2", "summary").focus()
    expect(status(entry, "P1-1")).to_contain_text("保存しました")
    assert InitiativeProgress.objects.get().version == 2


@pytest.mark.refusals(422)
def test_status_set_back_alone_says_what_to_clear(entry):
    choose(entry, "未入力に戻す")
    cell(entry, "P1-2", "summary").focus()
    expect(row(entry, "P1-1")).to_contain_text(
        "未入力に戻すときは、決算額・取組実績・今後の方向性も空にしてください。"
    )
    assert InitiativeProgress.objects.get().summary == "12回"

    withdraw(entry)
    expect(row(entry, "P1-1").locator(".error-text")).to_have_count(0)
    expect(status(entry, "P1-1")).to_contain_text("未入力に戻しました")


@pytest.mark.refusals(409)
def test_row_withdrawn_by_somebody_else_is_a_conflict_that_gives_back_the_own_text(entry):
    InitiativeProgress.objects.get().delete()
    cell(entry, "P1-1", "summary").fill("13回")
    cell(entry, "P1-2", "summary").focus()
    expect(row(entry, "P1-1")).to_contain_text("ほかの人が取り消しました")

    row(entry, "P1-1").get_by_role("button", name="保存されている内容を使う").press("Enter")
    expect(cell(entry, "P1-1", "status").locator("option:checked")).to_have_text("未入力")
    expect(cell(entry, "P1-1", "summary")).to_have_value("")
    row(entry, "P1-1").get_by_role("button", name="自分の入力に戻す").press("Enter")
    expect(cell(entry, "P1-1", "summary")).to_have_value("13回")
    cell(entry, "P1-2", "summary").focus()
    expect(status(entry, "P1-1")).to_contain_text("保存しました")
    assert InitiativeProgress.objects.get().summary == "13回"
