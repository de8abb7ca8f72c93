"""What is told beside a preview: by kind, what matters in the open."""

import json

from entry.plan_workbook.told import MOST_OPEN, Kind, Reading, by_kind
from entry.plan_workbook.workbook import Workbook


def test_what_matters_comes_first_and_in_the_open():
    spelled = [Reading(f"{number}行目：読みました。", Kind.SPELLING) for number in range(3)]
    unused = Reading("使わないシート：「下書き」。", Kind.UNUSED)

    assert by_kind([*spelled, "非表示の行も読みました。", unused, unused]) == [
        ("使わないシート、列、行", [unused], True),
        ("そのほか", ["非表示の行も読みました。"], True),
        ("単位や年度などの書き方", spelled, False),
    ]


def test_what_matters_is_folded_where_it_is_long_but_never_what_is_not_used():
    for kind, is_open in ((Kind.BLANKS, False), (Kind.UNUSED, True)):
        many = [Reading(f"{number}行目", kind) for number in range(MOST_OPEN + 1)]
        assert [one.is_open for one in by_kind(many)] == [is_open]
        assert [one.is_open for one in by_kind(many[1:])] == [True]


def test_kinds_are_kept_while_a_workbook_waits_to_be_confirmed():
    notes = [Reading("令和6を2024と読みました。", Kind.SPELLING), "非表示の行も読みました。"]
    kept = json.loads(json.dumps(Workbook(notes=notes).as_data()))

    assert by_kind(Workbook.from_data(kept).notes) == by_kind(notes)
