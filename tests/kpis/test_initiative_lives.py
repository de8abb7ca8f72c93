"""取組と掲載を加える・終える: what their lives do to lists and to what is recorded."""

import pytest
from django.core.exceptions import ValidationError

from kpis.plan_changes.initiatives import (
    add_initiative,
    end_initiative,
    end_listing,
    list_initiative,
    resume_initiative,
)
from kpis.recording import RecordingRefused, close_fiscal_year
from projects.models import Initiative, InitiativeListing
from tests.factories import make_initiative, make_project, record_progress


def refusal_of(act, *args, **kwargs):
    with pytest.raises(RecordingRefused) as caught:
        act(*args, **kwargs)
    (refusal,) = caught.value.refusals
    return refusal.field, refusal.message


def new_initiative(project, **fields):
    return Initiative(
        **{"strategy": project.strategy, "home_project": project, "name": "新しい取組"} | fields
    )


def lives(initiative):
    """First and last years of an initiative and of its listings, by project."""
    initiative.refresh_from_db()
    listings = initiative.listings.order_by("project__code")
    return (initiative.first_year, initiative.last_year), {
        one.project.code: (one.first_year, one.last_year) for one in listings
    }


def test_initiative_begins_in_the_first_open_year_with_its_listing(strategy, project, kikaku):
    close_fiscal_year(strategy, 2024, user=kikaku)
    added = add_initiative(new_initiative(project), 4, user=kikaku, reason="新しい事業")
    assert lives(added) == ((2025, None), {"P1": (2025, None)})
    assert added.listings.get().begin_reason == "新しい事業"
    assert refusal_of(
        add_initiative, new_initiative(project, name="別"), 4, user=kikaku, reason="追加"
    ) == ("number", "この番号の取組は、このプロジェクトにすでにあります。")
    assert not Initiative.objects.filter(name="別").exists()


def test_end_takes_listings_and_later_progress_along_and_is_taken_back(strategy, project, kikaku):
    initiative = make_initiative(project)
    other = make_project(strategy, "P2")
    again = InitiativeListing(project=other, number=1, initiative=initiative)
    list_initiative(again, user=kikaku, reason="関係が深い")
    record_progress(initiative, kikaku, 2025)
    record_progress(initiative, kikaku, 2026)
    assert end_initiative(initiative, 2025, user=kikaku, reason="事業の終了") == [2026]
    assert lives(initiative) == ((None, 2025), {"P1": (None, 2025), "P2": (None, 2025)})
    with pytest.raises(RecordingRefused, match="令和7年度に終わりました"):
        record_progress(initiative, kikaku, 2026)
    resume_initiative(initiative, user=kikaku, reason="続ける")
    assert lives(initiative) == ((None, None), {"P1": (None, None), "P2": (None, None)})


def test_relisting_ends_by_itself_and_the_home_does_not(strategy, project, kikaku):
    initiative = make_initiative(project)
    again = list_initiative(
        InitiativeListing(
            project=make_project(strategy, "P2"), number=1, initiative=initiative, first_year=2025
        ),
        user=kikaku,
        reason="関係が深い",
    )
    end_listing(again, 2026, user=kikaku, reason="整理")
    assert lives(initiative) == ((None, None), {"P1": (None, None), "P2": (2025, 2026)})
    home = initiative.listings.get(project=project)
    assert refusal_of(end_listing, home, 2026, user=kikaku, reason="整理") == (
        "",
        "主な掲載先の掲載です。取組そのものを終えてください。",
    )


def test_closed_year_keeps_its_list_by_every_door(strategy, project, kikaku):
    initiative = make_initiative(project)
    close_fiscal_year(strategy, 2024, user=kikaku)
    listing = initiative.listings.get()
    listing.number = 7
    with pytest.raises(ValidationError, match="令和6年度は締め済みのため、その年度の取組の一覧は"):
        listing.full_clean()
    with pytest.raises(ValidationError, match="令和6年度は締め済みのため、「P1の取組1」は削除"):
        initiative.delete()
    with pytest.raises(ValidationError, match="令和6年度は締め済み"):
        new_initiative(project).full_clean()
    close_fiscal_year(strategy, 2025, user=kikaku)
    assert refusal_of(end_initiative, initiative, 2024, user=kikaku, reason="終了") == (
        "last_year",
        "令和7年度は締め済みです。最後の年度は令和7年度か、その後にしてください。",
    )
