"""What of a plan the database can't guarantee, checked for a whole strategy at once.

Every problem is a Japanese sentence that names the place and the remedy. The
KPIs' side is in `kpis.plan_check`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import F, Model

from projects.models import (
    FiscalYearClosing,
    Initiative,
    InitiativeListing,
    Pillar,
    Project,
    ProjectDirection,
    Strategy,
)


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """How much a plan holds; `listings` include the `relisted` ones."""

    pillars: int
    projects: int
    initiatives: int
    listings: int
    relisted: int


def count_plan(strategy: Strategy) -> PlanCounts:
    """Count a strategy's pillars, projects, initiatives and listings."""
    listings = InitiativeListing.objects.filter(project__strategy=strategy)
    return PlanCounts(
        pillars=Pillar.objects.filter(strategy=strategy).count(),
        projects=Project.objects.filter(strategy=strategy).count(),
        initiatives=Initiative.objects.filter(strategy=strategy).count(),
        listings=listings.count(),
        relisted=listings.exclude(project=F("initiative__home_project")).count(),
    )


def check_plan(strategy: Strategy) -> list[str]:
    """Everything that is wrong with a strategy's own plan; empty when nothing is."""
    pillars = list(Pillar.objects.filter(strategy=strategy))
    projects = list(Project.objects.filter(strategy=strategy).select_related("pillar__strategy"))
    directions = list(
        ProjectDirection.objects.filter(project__strategy=strategy).select_related("project")
    )
    initiatives = list(
        Initiative.objects.filter(strategy=strategy).select_related("home_project__strategy")
    )
    listings = list(
        InitiativeListing.objects.filter(project__strategy=strategy)
        .select_related("project", "initiative__strategy")
        .order_by("project__position", "project__code", "number")
    )
    return [
        *field_problems([strategy, *pillars, *projects, *directions, *initiatives, *listings]),
        *_closings_outside(strategy),
        *_pillars_of_other_plans(strategy, projects),
        *_homes_of_other_plans(strategy, initiatives),
        *_listings_of_other_plans(strategy, listings),
        *_not_listed_at_home(strategy, initiatives),
    ]


def field_problems(rows: Iterable[Model]) -> Iterator[str]:
    """Sentences for values that no form would take; bulk writes and SQL don't ask."""
    for row in rows:
        relations = {field.name for field in row._meta.fields if field.is_relation}
        try:
            row.clean_fields(exclude=relations)
        except ValidationError as error:
            yield from error_sentences(row, error, place=place_of(row))


def place_of(row: Model) -> str:
    """`プロジェクト「P1 地域産業応援・魅力化プロジェクト」`."""
    return f"{row._meta.verbose_name}「{row}」"


def error_sentences(row: Model, error: ValidationError, *, place: str) -> list[str]:
    """A ValidationError's messages, each with the place and the name of its field."""
    if not hasattr(error, "error_dict"):
        return [f"{place}：{message}" for message in error.messages]
    labels = {
        name: place if name == NON_FIELD_ERRORS else f"{place}の{_field_label(row, name)}"
        for name in error.message_dict
    }
    return [
        f"{labels[name]}：{message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]


def outside(strategy: Strategy) -> str:
    """The sentence for a year that the plan doesn't have; in the western years of its fields."""
    return f"計画期間（{strategy.first_year}年度から{strategy.last_year}年度まで）の外です。"


def _field_label(row: Model, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def _closings_outside(strategy: Strategy) -> Iterator[str]:
    closings = FiscalYearClosing.objects.filter(strategy=strategy)
    for closing in closings.exclude(fiscal_year__in=strategy.years).order_by("fiscal_year"):
        yield (
            f"{place_of(strategy)}：締め済みの{closing.fiscal_year}年度が、"
            f"{outside(strategy)}計画期間を直してください。"
        )


def _pillars_of_other_plans(strategy: Strategy, projects: list[Project]) -> Iterator[str]:
    for project in projects:
        if project.pillar.strategy_id != strategy.pk:
            yield (
                f"{place_of(project)}：創生の柱「{project.pillar}」は"
                f"別の計画「{project.pillar.strategy}」のものです。この計画の柱を選んでください。"
            )


def _homes_of_other_plans(strategy: Strategy, initiatives: list[Initiative]) -> Iterator[str]:
    for initiative in initiatives:
        home = initiative.home_project
        if home.strategy_id != strategy.pk:
            yield (
                f"{place_of(initiative)}：主な掲載先「{home}」は"
                f"別の計画「{home.strategy}」のものです。この計画のプロジェクトを選んでください。"
            )


def _listings_of_other_plans(
    strategy: Strategy, listings: list[InitiativeListing]
) -> Iterator[str]:
    for listing in listings:
        if listing.initiative.strategy_id != strategy.pk:
            yield (
                f"{place_of(listing)}：この取組は別の計画「{listing.initiative.strategy}」の"
                "ものです。この計画の取組を選ぶか、掲載を消してください。"
            )


def _not_listed_at_home(strategy: Strategy, initiatives: list[Initiative]) -> Iterator[str]:
    listed: dict[int, dict[int, str]] = defaultdict(dict)
    for initiative_id, project_id, code in (
        InitiativeListing.objects.filter(initiative__strategy=strategy)
        .order_by("project__position", "project__code")
        .values_list("initiative_id", "project_id", "project__code")
    ):
        listed[initiative_id][project_id] = code
    for initiative in initiatives:
        home = initiative.home_project
        projects = listed[initiative.pk]
        if home.pk in projects or home.strategy_id != strategy.pk:
            continue
        if projects:
            yield (
                f"{place_of(initiative)}：{'、'.join(projects.values())}に再掲されていますが、"
                f"主な掲載先「{home}」の一覧に載っていません。{home.code}に掲載を加えるか、"
                "主な掲載先を改めてください。"
            )
        else:
            yield (
                f"{place_of(initiative)}：どのプロジェクトの一覧にも載っていません。"
                f"主な掲載先「{home}」に掲載を加えるか、取組を消してください。"
            )
