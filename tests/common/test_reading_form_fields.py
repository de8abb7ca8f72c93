"""Form fields that read what people write."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from common.reading.form_fields import DayField, FigureField, FiscalYearField, TextField


def test_figure_takes_what_django_hands_over_for_a_decimal_and_asks_for_digits():
    field = FigureField(max_digits=15, decimal_places=4)

    assert field.to_python("１，２３４．５") == Decimal("1234.5")
    assert field.widget.attrs["inputmode"] == "decimal"


def test_figure_is_shown_without_idle_decimals_and_as_it_was_typed_otherwise():
    field = FigureField()

    assert [field.prepare_value(value) for value in (Decimal("50.0000"), "５０", None)] == [
        "50", "５０", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "is_changed"), [("１２．０", False), ("13", True), ("", True), ("約12", True)]
)
def test_figure_has_changed_where_another_is_read_or_none_can_be(typed, is_changed):
    assert FigureField(required=False).has_changed(Decimal(12), typed) is is_changed


def test_fiscal_year_takes_what_django_hands_over_for_an_integer():
    assert FiscalYearField(min_value=2000, max_value=2100).to_python("R6") == 2024
    assert FiscalYearField(required=False).to_python("") is None


def test_day_is_read_and_one_that_is_a_day_already_stays():
    field = DayField(required=False)

    assert field.to_python("令和8年8月20日") == date(2026, 8, 20)
    assert field.to_python(date(2026, 8, 20)) == date(2026, 8, 20)
    assert field.to_python(None) is None


def test_text_that_is_not_there_is_empty():
    assert TextField(required=False).to_python(None) == ""


@pytest.mark.parametrize(
    ("page", "field", "example"),
    [
        ("projects_strategy_add", "first_year", "例：2024、令和6年度、R6"),
        ("projects_entrydeadline_add", "fiscal_year", "例：2025、令和7年度、R7"),
    ],
)
def test_field_of_a_year_shows_how_to_write_it(planner, page, field, example):
    form = planner.get(reverse(f"admin:{page}")).context["adminform"].form

    assert form.fields[field].help_text == example
