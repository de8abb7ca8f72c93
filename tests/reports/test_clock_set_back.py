"""A clock that was set back, or ran ahead: what was written last stays last."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Kind
from common.reading.dates import read_date
from entry.closing_check import closing_events
from kpis.as_of import kpi_as_of
from kpis.models import YearlyActual
from kpis.recording import close_years_through, end_correction, record_actual
from reports.annual.editions import IssueRefused, issue_edition
from reports.history.changes import HistoryFilter, history_of_kpi, history_of_plan
from reports.models import Edition, Seal
from reports.seals import Occasion, make_seal, newest_seal
from tests.clock import on
from tests.factories import correct_from, final, make_kpi, make_project, make_strategy, make_user
from tests.page_text import text_of
from tests.reports.verifying import notes, problems

YEAR = 2024


@pytest.fixture
def kpi(kikaku):
    with on("2025-05-01 09:00"):
        return make_kpi(make_project(make_strategy()), 1)


def saved(kpi, user, value, version):
    return record_actual(kpi, YEAR, final(value), user=user, version=version)


@pytest.fixture
def written_backwards(kpi, kikaku):
    """40, 45 and 48 are recorded in this order, on days that go back."""
    for version, (day, value) in enumerate([("06-30", 40), ("06-20", 45), ("06-10", 48)]):
        with on(f"2025-{day} 09:00"):
            saved(kpi, kikaku, value, version)
    return kpi


def figures(changes):
    """The new figures of changes, in their order, without the target."""
    pairs = [{one.label: one.new for one in change.fields} for change in changes]
    return [pair["実績値"] for pair in pairs if "実績値" in pair]


def test_histories_list_what_was_written_last_first(written_backwards):
    plan = written_backwards.project.strategy

    assert figures(history_of_plan(plan)) == ["48件", "45件", "40件"]
    assert figures(history_of_kpi(plan, written_backwards)[:9]) == ["48件", "45件", "40件"]
    days = HistoryFilter(fiscal_year=YEAR)
    assert figures(history_of_plan(plan, days)[:2]) == ["48件", "45件"]


def test_latest_of_a_history_is_what_was_written_last(written_backwards):
    values = [row.value for row in YearlyActual.history.all()]

    assert values == [48, 45, 40]
    assert YearlyActual.history.latest().value == YearlyActual.history.first().value == 48


def test_history_in_the_administration_begins_with_what_was_written_last(
    client, written_backwards, kikaku
):
    client.force_login(kikaku)
    actual = YearlyActual.objects.get()
    page = text_of(client.get(reverse("admin:kpis_yearlyactual_history", args=[actual.pk])))

    assert page.index("2025-06-10") < page.index("2025-06-20") < page.index("2025-06-30")


def test_version_counts_on_and_nobody_overwrites_unseen(written_backwards):
    assert YearlyActual.objects.get().version == 3


def test_closings_and_reopenings_are_listed_as_they_were_done(kpi, kikaku):
    plan = kpi.project.strategy
    with on("2025-06-30 09:00"):
        close_years_through(plan, YEAR, user=kikaku)
    with on("2025-06-20 09:00"):
        correct_from(plan, YEAR, user=kikaku, reason="訂正")
    with on("2025-06-10 09:00"):
        end_correction(plan, user=kikaku)

    kinds = [event.is_closing for event in closing_events(plan, YEAR)]
    assert kinds == [True, False, True]


def value_on(kpi, text):
    state = kpi_as_of(kpi.project.strategy, kpi, read_date(text))
    record = state.series.actuals.get(YEAR)
    return None if record is None else record.value


def test_of_the_rows_dated_up_to_a_day_the_last_written_answers(written_backwards):
    """The clock is believed for the day, never for the order."""
    answers = {day: value_on(written_backwards, f"2025-06-{day}") for day in (9, 10, 20, 30)}

    assert answers == {9: None, 10: 48, 20: 48, 30: 48}


def test_today_is_answered_by_what_stands_also_where_a_clock_ran_ahead(client, kpi, kikaku):
    with on("2031-01-01 09:00"):  # a wrong clock
        saved(kpi, kikaku, 40, 0)
    with on("2025-06-10 09:00"):
        assert value_on(kpi, "2025-06-10") == 40
        client.force_login(kikaku)
        page = client.get("/plans/mihon/kpis/P1-1/", {"as_of": "2025-06-10"})
        assert page.context["years"][0][0].actual == 40
        saved(kpi, kikaku, 45, 1)
        assert value_on(kpi, "2025-06-10") == 45
    with on("2025-06-11 09:00"):
        assert value_on(kpi, "2025-06-10") == 45
        assert figures(history_of_kpi(kpi.project.strategy, kpi)[:9]) == ["45件", "40件"]


# Editions


@pytest.fixture
def issued(kpi, kikaku):
    with on("2025-06-10 09:00"):
        close_years_through(kpi.project.strategy, YEAR, user=kikaku)
    with on("2025-06-30 09:00"):
        return issue_edition(kpi.project.strategy, YEAR, user=kikaku)


def test_edition_is_never_dated_before_its_predecessor(issued, kikaku):
    with on("2025-06-29 09:00"), pytest.raises(IssueRefused) as refused:
        issue_edition(issued.strategy, YEAR, user=kikaku, reason="訂正")

    assert refused.value.message == (
        "サーバーの時計（令和7年6月29日 09時00分00秒）が、"
        "ひとつ前に発行した令和6年度 第1版の発行日時（令和7年6月30日 09時00分00秒）より前です。"
        "時計が戻されたか、そのとき進んでいました。"
        "発行していません。システムの管理者に時計を合わせてもらい、もう一度発行してください。"
    )
    assert Edition.objects.get() == issued
    with on("2025-06-30 09:00"):
        assert issue_edition(issued.strategy, YEAR, user=kikaku, reason="訂正").number == 2


def test_edition_is_never_dated_before_the_closing_of_its_year(kpi, kikaku):
    with on("2025-06-10 09:00"):
        close_years_through(kpi.project.strategy, YEAR, user=kikaku)
    with (
        on("2025-06-09 09:00"),
        pytest.raises(IssueRefused, match="令和6年度を締めた日時（令和7年"),
    ):
        issue_edition(kpi.project.strategy, YEAR, user=kikaku)


def test_page_says_that_the_clock_is_wrong_and_keeps_the_reason(client, issued):
    client.force_login(make_user("kanri"))
    with on("2025-06-29 09:00"):
        page = client.get(f"/plans/mihon/reports/{YEAR}/issue/")
        answer = client.post(
            f"/plans/mihon/reports/{YEAR}/issue/",
            {"reason": "数字の訂正", "fingerprint": page.context["fingerprint"]},
        )

    assert answer.status_code == 409
    assert "サーバーの時計（令和7年6月29日 09時00分00秒）が、" in text_of(answer)
    assert "数字の訂正" in answer.content.decode()


# Seals


def test_seals_go_on_in_their_order_and_the_verification_notes_the_clock(written_backwards):
    with on("2025-07-10 09:00"):
        make_seal(Occasion.DAILY)
    with on("2025-07-01 09:00"):
        second = make_seal(Occasion.DAILY)

        assert newest_seal() == second
        assert [one.number for one in Seal.objects.all()] == [2, 1]
        assert problems() == []
        assert any("前の号より早い日時です。" in note for note in notes())


def test_entry_of_the_audit_that_says_it_is_older_than_a_seal_is_noted(db):
    with on("2025-06-20 09:00"):
        make_seal(Occasion.BACKUP)
    at = datetime(2025, 6, 10, tzinfo=UTC)
    AuditEntry(kind=Kind.EXPORT, what="名簿", at=at).save()
    with on("2025-06-20 10:00"):
        (late,) = (one for one in notes() if one.startswith("監査の記録"))

    assert "日時は令和7年6月10日 09時00分ですが、封印の第1号" in late
