"""Rules of the plan that need more than one table, each with its sentences.

Called by the models' `clean()` and `delete()`, by the admin's tables with the rows as they
will be, and by `projects.plan_check` for all that stands. Rules of one table are database
constraints; those of KPIs and targets are in `kpis.rules`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from common.fiscal_year import wareki
from projects.goals import goals_code
from projects.project_codes import is_of_goals

if TYPE_CHECKING:
    from projects.models import (
        EntryDeadline,
        Initiative,
        InitiativeListing,
        Lived,
        Project,
        RatingRules,
        Strategy,
    )

# `/plans/new/` is where a plan begins.
NOT_A_CODE = "new"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule finds wrong, and at which field.

    `entered` is the sentence for who is entering it; `standing` the one for what is in the
    database already, where the remedy is another one (empty: the same).
    """

    field: str
    entered: str
    standing: str = ""


def refuse(faults: Iterable[Fault]) -> None:
    """Raise ValidationError by field if there are any faults."""
    errors: dict[str, list[str]] = defaultdict(list)
    for fault in faults:
        errors[fault.field].append(fault.entered)
    if errors:
        raise ValidationError(dict(errors))


def outside(strategy: Strategy) -> str:
    """The sentence for a year that the plan doesn't have; in the western years of its fields."""
    return f"計画期間（{strategy.first_year}年度から{strategy.last_year}年度まで）の外です。"


# The plan


def ended(strategy: Strategy) -> str:
    """The sentence for whoever would write into an ended plan."""
    return (
        f"「{strategy.name}」は終了した計画です。"
        "直すときは、企画担当に「計画の一覧」で実施中へ戻してもらってください。"
    )


def check_goes_on(strategy: Strategy | None) -> None:
    """Raise ValidationError for an ended plan; None, of a form that names none yet, passes."""
    if strategy is not None and strategy.has_ended:
        raise ValidationError(ended(strategy))


def check_code_is_free(strategy: Strategy) -> None:
    """Raise ValidationError for a code whose address is another page's."""
    if strategy.code == NOT_A_CODE:
        raise ValidationError(
            {"code": f"「{NOT_A_CODE}」は画面のアドレスに使うため、計画コードにできません。"}
        )


def check_plan_deletable(strategy: Strategy) -> None:
    """Raise ValidationError if a year is closed, or the main mark is needed by another plan."""
    if strategy.closings.exists() or strategy.corrections.exists():
        raise ValidationError(
            f"「{strategy.name}」には締め済みの年度があるため、削除できません。"
            "使い終えた計画は、「計画の一覧」で終了にしてください。"
        )
    if strategy.is_current:
        check_mark_can_go(strategy)


def check_mark_can_go(strategy: Strategy) -> None:
    """Raise ValidationError if the main plan goes while others are running, naming them."""
    others = type(strategy).objects.filter(state="running").exclude(pk=strategy.pk)
    named = "、".join(f"「{one.name}」" for one in others)
    if named:
        raise ValidationError(
            f"「{strategy.name}」は主たる計画です。"
            f"先に、ほかの実施中の計画（{named}）を主たる計画にしてください。"
        )


def period_faults(strategy: Strategy) -> Iterator[Fault]:
    """Closed years that the plan's period leaves out."""
    outside_years = strategy.closings.exclude(fiscal_year__in=strategy.years)
    for year in outside_years.order_by("fiscal_year").values_list("fiscal_year", flat=True):
        yield Fault(
            NON_FIELD_ERRORS,
            f"{wareki(year)}は締め済みです。計画期間から外せません。",
            f"締め済みの{year}年度が、{outside(strategy)}計画期間を直してください。",
        )


def check_period_change(strategy: Strategy) -> None:
    """Raise ValidationError if a closed year would know another period than it does.

    Another last year is none where `FormerPeriod` keeps the one that closed years knew.
    """
    before = type(strategy).objects.get(pk=strategy.pk)
    last = strategy.closings.order_by("-fiscal_year").values_list("fiscal_year", flat=True).first()
    if before.years == strategy.years or last is None:
        return
    is_kept = strategy.former_periods.filter(held_until__gte=last).exists()
    if before.first_year != strategy.first_year or not is_kept:
        raise ValidationError(
            "締め済みの年度があるため、計画期間はここでは変えられません（目安と率が変わります）。"
            "計画の変更の「計画期間を変える」で、まだ締めていない年度から変えてください。"
        )


def rating_rules_faults(revision: RatingRules) -> Iterator[Fault]:
    """Revised rules of rating that hold from a year in which the plan has none to revise."""
    plan = revision.strategy
    if revision.effective_from not in plan.years[1:]:
        yield Fault(
            "effective_from",
            f"{outside(plan)}評価のきまりを改める年度は、計画の2年目からです。"
            if revision.effective_from not in plan.years
            else "計画の最初の年度の評価のきまりは、計画そのものに書いてください。",
        )


def terms_faults(row: Any) -> Iterator[Fault]:
    """Bands and conditions of a row of rating columns that don't fit the method."""
    try:
        row.check_terms()
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            yield from (Fault(name, sentence) for sentence in sentences)


def check_deadline(deadline: EntryDeadline) -> None:
    """Raise ValidationError for a deadline of a year that the plan has not, or that is closed."""
    if deadline.fiscal_year not in deadline.strategy.years:
        raise ValidationError({"fiscal_year": "計画期間の年度を西暦で入力してください。"})
    check_deadline_changeable(deadline)


def check_deadline_changeable(deadline: EntryDeadline) -> None:
    """Raise ValidationError if the deadline's year, now or as it is saved, is closed."""
    saved = type(deadline).objects.filter(pk=deadline.pk).values_list("fiscal_year", flat=True)
    closings = deadline.strategy.closings.filter(fiscal_year__in={deadline.fiscal_year, *saved})
    closed = closings.order_by("fiscal_year").first()
    if closed is not None:
        raise ValidationError(
            f"{wareki(closed.fiscal_year)}は締め済みのため、締切は変えられません。"
        )


def life_faults(row: Lived, strategy: Strategy) -> Iterator[Fault]:
    """A first or last year outside the plan, or one that comes before the other."""
    for name, label in (("first_year", "最初の年度"), ("last_year", "最後の年度")):
        year = getattr(row, name)
        if year is not None and year not in strategy.years:
            yield Fault(
                NON_FIELD_ERRORS,
                f"{label}は、計画期間（{wareki(strategy.first_year)}から"
                f"{wareki(strategy.last_year)}まで）の年度にしてください。",
                f"{label}の{year}年度が、{outside(strategy)}",
            )
    if row.last_year is not None and row.last_year < (row.first_year or strategy.first_year):
        yield Fault(NON_FIELD_ERRORS, "最後の年度が、最初の年度より前です。")


def closed_years_lived(row: Lived, strategy: Strategy) -> list[int]:
    """The plan's closed fiscal years in which a row stands in it, in order."""
    closed = strategy.closings.order_by("fiscal_year").values_list("fiscal_year", flat=True)
    return [year for year in closed if row.lives_in(year)]


def overlap(one: Lived, other: Lived) -> bool:
    """Whether two rows of a plan stand in it in the same year."""
    return not _ends_before(one, other) and not _ends_before(other, one)


def _ends_before(one: Lived, other: Lived) -> bool:
    """Whether one is over when the other begins."""
    return (
        one.last_year is not None
        and other.first_year is not None
        and one.last_year < other.first_year
    )


def check_closed_years_keep(row: Lived, strategy: Strategy, what: tuple[str, ...]) -> None:
    """Raise ValidationError where a row, as it will be, changes what closed years list.

    That is the years in which it lives, and the columns `what` while it lives in one of them.
    """
    rows: Any = type(row)
    before = rows.objects.filter(pk=row.pk).first() if row.pk else None
    columns = ("first_year", "last_year", *what)
    if before is not None and all(getattr(before, one) == getattr(row, one) for one in columns):
        return
    closed = strategy.closings.order_by("fiscal_year").values_list("fiscal_year", flat=True)
    lived = [year for year in closed if row.lives_in(year)]
    changed = (
        lived
        if before is None
        else [
            year
            for year in closed
            if before.lives_in(year) != row.lives_in(year)
            or (
                row.lives_in(year)
                and any(getattr(before, one) != getattr(row, one) for one in what)
            )
        ]
    )
    if changed:
        named = "、".join(map(wareki, changed))
        raise ValidationError(
            strategy.words.put(
                f"{named}は締め済みのため、その年度の取組の一覧は変えられません。"
                "締めていない年度から加えるか終えてください。"
            )
        )


def check_lived_deletable(row: Lived, strategy: Strategy) -> None:
    """Raise ValidationError if a row stood in the plan in a closed year: it is ended, and stays."""
    closed = closed_years_lived(row, strategy)
    if closed:
        raise ValidationError(
            f"{'、'.join(map(wareki, closed))}は締め済みのため、「{row}」は削除できません。"
            "使わなくなったものは、最後の年度を決めて終えてください。"
        )


# Projects


def code_faults(project: Project) -> Iterator[Fault]:
    """A project's code that 数値目標 have; one of what holds 数値目標 that isn't its pillar's."""
    if not project.holds_goals and is_of_goals(project.code):
        yield Fault(
            "code",
            f"「{project.code}」のような、G と数字だけのコードは、数値目標が使います。"
            "別のコードにしてください（例：P1）。",
        )
    elif project.holds_goals and project.pk is None:
        own = goals_code(project.pillar)
        if project.code != own:
            yield Fault("code", f"この数値目標をまとめるもののコードは {own} です。")


def pillar_faults(project: Project) -> Iterator[Fault]:
    """A pillar of another plan."""
    if project.pillar is not None and project.pillar.strategy_id != project.strategy_id:
        words = project.strategy.words
        yield Fault(
            "pillar",
            words.put("別の計画の柱です。同じ総合戦略の柱を選んでください。"),
            f"{words.pillar}「{project.pillar}」は別の計画「{project.pillar.strategy}」のものです。"
            + words.put("この計画の柱を選んでください。"),
        )


def check_same_plan(project: Project) -> None:
    """Raise ValidationError if a saved project is given to another plan."""
    before = type(project).objects.filter(pk=project.pk).first() if project.pk else None
    if before is not None and before.strategy_id != project.strategy_id:
        word = before.strategy.words.project
        raise ValidationError({"strategy": f"{word}は別の計画へ移せません。"})


# Initiatives and where they are listed


def foreign_project(project: Project, initiative: Initiative) -> str:
    """The sentence for a project that is not of the initiative's plan; empty for one that is."""
    if project.strategy_id == initiative.strategy_id:
        return ""
    word = initiative.strategy.words.project
    return f"別の計画の{word}です。同じ総合戦略から選んでください。"


def goals_fault(project: Project, field: str) -> Iterator[Fault]:
    """An initiative where 数値目標 stand alone."""
    if project.holds_goals:
        words = project.strategy.words
        yield Fault(
            field,
            words.put(f"「{project}」は数値目標だけのもので、取組は載せられません。")
            + f"{words.project}を選んでください。",
        )


def home_plan_faults(initiative: Initiative) -> Iterator[Fault]:
    """A home of another plan, or one that is no project."""
    home = initiative.home_project
    yield from goals_fault(home, "home_project")
    entered = foreign_project(home, initiative)
    if entered:
        yield Fault(
            "home_project",
            entered,
            f"主な掲載先「{home}」は別の計画「{home.strategy}」のものです。"
            f"この計画の{initiative.strategy.words.project}を選んでください。",
        )


def unlisted_home_faults(initiative: Initiative, listed: Mapping[int, str]) -> Iterator[Fault]:
    """A home that does not list the initiative; `listed` are the codes of those that do, by id."""
    home = initiative.home_project
    if home.pk in listed:
        return
    words = initiative.strategy.words
    if listed:
        standing = (
            f"{'、'.join(listed.values())}に再掲されていますが、"
            f"主な掲載先「{home}」の一覧に載っていません。{home.code}に掲載を加えるか、"
            "主な掲載先を改めてください。"
        )
    else:
        standing = (
            f"どの{words.project}の一覧にも載っていません。"
            f"主な掲載先「{home}」に掲載を加えるか、{words.initiative}を消してください。"
        )
    yield Fault(
        "home_project",
        f"「{home}」の{words.put('取組一覧に、この取組は載っていません。')}"
        f"先にその{words.project}へ掲載を加えてください。",
        standing,
    )


def check_home_among_rows(initiative: Initiative, listed: Mapping[int, str]) -> None:
    """Raise ValidationError if the rows of an initiative's own page leave its home out."""
    if any(unlisted_home_faults(initiative, listed)):
        raise ValidationError(
            f"主な掲載先の「{initiative.home_project}」の行がありません。"
            f"主な掲載先の掲載は外せません（別の{initiative.strategy.words.project}へ移すときは、"
            "掲載の行を加えてから「主な掲載先」を選び直してください）。"
        )


def listing_plan_faults(listing: InitiativeListing) -> Iterator[Fault]:
    """An initiative of another plan on a project's list, or one on the list of no project."""
    yield from goals_fault(listing.project, "project")
    if listing.initiative.strategy_id != listing.project.strategy_id:
        word = listing.project.strategy.words.initiative
        yield Fault(
            "initiative",
            f"別の計画の{word}です。同じ総合戦略の{word}を選んでください。",
            f"この{word}は別の計画「{listing.initiative.strategy}」の"
            f"ものです。この計画の{word}を選ぶか、掲載を消してください。",
        )


def number_faults(listing: InitiativeListing) -> Iterator[Fault]:
    """A number that another listing of the project has in one of the years of this one's life."""
    others = type(listing).objects.filter(project=listing.project, number=listing.number)
    if any(overlap(listing, other) for other in others.exclude(pk=listing.pk)):
        words = listing.project.strategy.words
        yield Fault("number", words.put("この番号の取組は、このプロジェクトにすでにあります。"))


def listing_life_faults(listing: InitiativeListing) -> Iterator[Fault]:
    """A listing that is there in years in which its initiative is not."""
    initiative, plan = listing.initiative, listing.project.strategy
    first, last = initiative.first_year or plan.first_year, initiative.last_year
    word = plan.words.initiative
    if (listing.first_year or plan.first_year) < first:
        yield Fault(NON_FIELD_ERRORS, f"この{word}が始まるのは{wareki(first)}です。")
    if last is not None and (listing.last_year is None or listing.last_year > last):
        yield Fault(NON_FIELD_ERRORS, f"この{word}は{wareki(last)}で終わります。")


def relisting_faults(listing: InitiativeListing) -> Iterator[Fault]:
    """A 再掲 of an initiative that no other saved listing has at its home."""
    home = listing.initiative.home_project
    others = listing.initiative.listings.exclude(pk=listing.pk)
    if listing.is_relisted and not others.filter(project=home).exists():
        yield Fault(
            "initiative",
            f"この{listing.project.strategy.words.initiative}は、"
            f"主な掲載先の「{home}」にまだ載っていません。"
            "先に主な掲載先へ掲載してから再掲してください。",
        )


def check_listing_may_move(listing: InitiativeListing) -> None:
    """Raise ValidationError if a saved listing becomes another one and must stay."""
    before = type(listing).objects.filter(pk=listing.pk).first() if listing.pk else None
    if before is None:
        return
    if (before.project_id, before.initiative_id) != (listing.project_id, listing.initiative_id):
        reason = why_listing_stays(before)
        if reason:
            raise ValidationError({"initiative": reason})


def why_listing_stays(listing: InitiativeListing) -> str:
    """Why a listing can't go: it is the home of an initiative listed elsewhere. Else empty."""
    if listing.is_relisted:
        return ""
    elsewhere = list(
        listing.initiative.listings.exclude(pk=listing.pk).values_list("project__code", flat=True)
    )
    if not elsewhere:
        return ""
    return (
        f"「{listing.initiative.name}」は{'、'.join(elsewhere)}に再掲されているため、"
        "主な掲載先から外せません。先に再掲を外してください。"
    )


def check_list_keeps_homes(project: Project, kept: Iterable[int]) -> None:
    """Raise ValidationError if an initiative at home here is not among those kept on the list."""
    leaving = project.listings.filter(initiative__home_project=project).exclude(initiative__in=kept)
    words = project.strategy.words
    refusals = [
        why_listing_stays(listing)
        or (
            f"「{listing.initiative}」はこの{words.project}が主な掲載先です。一覧から外すときは、"
            f"{words.initiative}そのものを削除するか、先に「主な掲載先」を変えてください。"
        )
        for listing in leaving.select_related("initiative")
    ]
    if refusals:
        raise ValidationError(refusals)
