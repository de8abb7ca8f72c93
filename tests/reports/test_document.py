"""The report's document as JSON: nothing is lost on the way there and back."""

import json

import pytest

from reports.annual.serialisation import UnknownSchema, from_json, to_json
from tests.reports.sample_report import sample_report


def test_document_is_the_same_after_json():
    report = sample_report()

    assert from_json(to_json(report)) == report


def test_document_without_an_optional_part_is_the_same_after_json():
    report = sample_report(
        edition=3, previous=None, movements=None, average_cap=None, compared_with="", changes=()
    )

    assert from_json(to_json(report)) == report


def test_json_is_self_contained_and_says_by_what_it_was_written():
    written = json.loads(to_json(sample_report()))

    assert (written["schema"], written["rules_version"]) == (1, 1)
    assert written["projects"][0]["kpis"][2]["years"][1]["achievement"] == "99.96"
    assert written["made_at"] == "2026-07-15T08:30:00+09:00"


@pytest.mark.parametrize("text", ["[]", '{"schema": 2}', "{}", '{"schema": "1"}'])
def test_document_of_another_form_is_refused(text):
    with pytest.raises(UnknownSchema, match="知らない形式"):
        from_json(text)
