"""Acts on the lives of initiatives and of their listings: adding them, and ending them."""

from common.fiscal_year import wareki
from kpis.permissions import User
from kpis.plan_changes.acting import (
    acting,
    last_closed_year,
    note_act,
    refused,
    save_row,
    stated_reason,
)
from kpis.plan_changes.lives import beginning
from kpis.recording import PROGRESS, Change
from projects.models import Initiative, InitiativeListing, InitiativeProgress, Lived, Strategy


def add_initiative(
    initiative: Initiative, number: int, *, user: User, reason: str = "", printed_name: str = ""
) -> Initiative:
    """Add an initiative that was not saved yet, at a number of its home's list; return it.

    Its first year is as with `kpis.plan_changes.lives.add_kpi`.
    """
    with acting(initiative.strategy, user) as plan:
        initiative.strategy = plan
        initiative.first_year = beginning(plan, initiative.first_year)
        reason = stated_reason(reason, "加える理由", is_needed=initiative.first_year is not None)
        initiative.begin_reason = reason
        save_row(initiative, user, reason)
        listing = InitiativeListing(
            project=initiative.home_project,
            number=number,
            initiative=initiative,
            printed_name=printed_name,
            first_year=initiative.first_year,
            begin_reason=reason,
        )
        save_row(listing, user, reason)
        what = f"{plan.words.initiative}「{initiative.name}」を{listing.project.code}に加えた"
        note_act(plan, what, reason, user)
    return initiative


def list_initiative(
    listing: InitiativeListing, *, user: User, reason: str = ""
) -> InitiativeListing:
    """List an initiative again on another project's list (再掲), by a listing not saved yet."""
    with acting(listing.project.strategy, user) as plan:
        listing.project.strategy = plan
        first = beginning(plan, listing.first_year)
        begins = listing.initiative.first_year
        if listing.first_year is None and begins is not None and (first or 0) < begins:
            first = begins
        listing.first_year = first
        reason = stated_reason(reason, "加える理由", is_needed=first is not None)
        listing.begin_reason = reason
        save_row(listing, user, reason)
        named = f"{plan.words.initiative}「{listing.initiative.name}」"
        what = f"{named}を{listing.project.code}に再掲した"
        note_act(plan, what, reason, user)
    return listing


def progress_after(initiative: Initiative, last_year: int) -> list[int]:
    """The years whose progress goes with the end of an initiative after a year."""
    later = initiative.progress.filter(fiscal_year__gt=last_year).order_by("fiscal_year")
    return list(later.values_list("fiscal_year", flat=True))


def end_initiative(initiative: Initiative, last_year: int, *, user: User, reason: str) -> list[int]:
    """End an initiative and all its listings; return the years whose progress went with it."""
    with acting(initiative.strategy, user) as plan:
        initiative = Initiative.objects.select_related("home_project").get(pk=initiative.pk)
        initiative.strategy = initiative.home_project.strategy = plan
        reason = stated_reason(reason, "終える理由")
        _check_last_year(initiative, last_year, plan)
        gone = progress_after(initiative, last_year)
        rows = InitiativeProgress.objects.filter(initiative=initiative, fiscal_year__gt=last_year)
        for row in rows:
            change = Change(initiative.pk, None, row.version)
            PROGRESS.record_one(plan, row.fiscal_year, change, user=user, reason=reason)
        initiative.last_year, initiative.end_reason = last_year, reason
        # Listings first: the home is the last to go, and none outlives the initiative.
        for listing in _listings(initiative, plan):
            if listing.last_year is None or listing.last_year > last_year:
                _end(listing, last_year, user, reason)
        save_row(initiative, user, reason)
        what = f"{plan.words.initiative}「{initiative.name}」を{wareki(last_year)}で終える"
        note_act(plan, what, reason, user)
    return gone


def resume_initiative(initiative: Initiative, *, user: User, reason: str) -> Initiative:
    """Let an initiative that was to end go on, with the listings that ended with it."""
    with acting(initiative.strategy, user) as plan:
        initiative = Initiative.objects.select_related("home_project").get(pk=initiative.pk)
        initiative.strategy = initiative.home_project.strategy = plan
        reason = stated_reason(reason, "終わりを取りやめる理由")
        ended = _refuse_resuming(initiative, plan)
        initiative.last_year, initiative.end_reason = None, ""
        save_row(initiative, user, reason)
        for listing in _listings(initiative, plan):
            if listing.last_year == ended:
                listing.initiative = initiative
                _end(listing, None, user, reason)
        what = f"{plan.words.initiative}「{initiative.name}」の終わりを取りやめた"
        note_act(plan, what, reason, user)
    return initiative


def end_listing(
    listing: InitiativeListing, last_year: int, *, user: User, reason: str
) -> InitiativeListing:
    """End a 再掲; the listing at home ends with its initiative alone."""
    with acting(listing.project.strategy, user) as plan:
        listing = _listing(listing, plan)
        reason = stated_reason(reason, "終える理由")
        if not listing.is_relisted:
            word = plan.words.initiative
            raise refused(f"主な掲載先の掲載です。{word}そのものを終えてください。")
        _check_last_year(listing, last_year, plan)
        _end(listing, last_year, user, reason)
        what = f"「{listing.initiative.name}」の{listing.project.code}への再掲を終える"
        note_act(plan, what, reason, user)
    return listing


def resume_listing(listing: InitiativeListing, *, user: User, reason: str) -> InitiativeListing:
    """Let a 再掲 that was to end go on."""
    with acting(listing.project.strategy, user) as plan:
        listing = _listing(listing, plan)
        reason = stated_reason(reason, "終わりを取りやめる理由")
        _refuse_resuming(listing, plan)
        _end(listing, None, user, reason)
        what = f"「{listing.initiative.name}」の{listing.project.code}への再掲を続ける"
        note_act(plan, what, reason, user)
    return listing


def _listing(listing: InitiativeListing, plan: Strategy) -> InitiativeListing:
    """The listing of the database, with the plan that is locked."""
    now = InitiativeListing.objects.select_related("project", "initiative").get(pk=listing.pk)
    now.project.strategy = plan
    return now


def _listings(initiative: Initiative, plan: Strategy) -> list[InitiativeListing]:
    found = list(initiative.listings.select_related("project"))
    for listing in found:
        listing.project.strategy = plan
        listing.initiative = initiative
    return sorted(found, key=lambda one: not one.is_relisted)


def _end(listing: InitiativeListing, last_year: int | None, user: User, reason: str) -> None:
    listing.last_year = last_year
    listing.end_reason = "" if last_year is None else reason
    save_row(listing, user, reason)


def _check_last_year(row: Lived, last_year: int, plan: Strategy) -> None:
    first = row.first_year or plan.first_year
    if not first <= last_year < plan.last_year:
        raise refused(
            f"最後の年度は、{wareki(first)}から{wareki(plan.last_year - 1)}までにしてください。",
            "last_year",
        )
    closed = last_closed_year(plan)
    if closed is None:
        return
    if row.last_year is not None and row.last_year < closed:
        raise refused(
            f"{wareki(closed)}は締め済みのため、最後の年度は変えられません。", "last_year"
        )
    if last_year < closed and row.lives_in(closed):
        raise refused(
            f"{wareki(closed)}は締め済みです。最後の年度は{wareki(closed)}か、その後にしてください。",
            "last_year",
        )


def _refuse_resuming(row: Lived, plan: Strategy) -> int:
    """The year with which a row was to end; RecordingRefused where that can't be taken back."""
    if row.last_year is None:
        raise refused("終わりの年度がありません。")
    closed = last_closed_year(plan)
    if closed is not None and closed > row.last_year:
        raise refused(
            f"{wareki(closed)}は、これがないものとして締め済みです。終わりは取りやめられません。"
        )
    return row.last_year
