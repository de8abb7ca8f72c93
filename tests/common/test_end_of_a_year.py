"""The day and the moment with which a fiscal year ends."""

from datetime import UTC, date, datetime

from common.fiscal_year import end_of_day, last_day


def test_year_ends_on_the_last_of_march():
    assert last_day(2024) == date(2025, 3, 31)


def test_day_ends_at_midnight_in_the_city():
    assert end_of_day(date(2025, 3, 31)) == datetime(2025, 3, 31, 15, tzinfo=UTC)
