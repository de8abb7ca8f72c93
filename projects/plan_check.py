"""What of a plan the database can't guarantee, checked for a whole strategy at once.

The rules are those of `projects.rules`, asked of everything that stands. Every problem is a
Japanese sentence that names the place and the remedy. The KPIs' side is in `kpis.plan_check`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from projects import rules
from projects.models import (
    Initiative,
    InitiativeListing,
    Pillar,
    Project,
    ProjectDirection,
    Strategy,
)
from projects.rules import Fault
from projects.words import OWN_WORDS, PlanWords


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
    revisions = list(strategy.rule_changes.select_related("strategy"))
    listed = _projects_that_list(strategy)
    at_home = [one for one in initiatives if one.home_project.strategy_id == strategy.pk]
    found = [
        (strategy, rules.period_faults(strategy)),
        *((one, rules.terms_faults(one)) for one in (strategy, *revisions)),
        *((one, rules.rating_rules_faults(one)) for one in revisions),
        *((one, rules.code_faults(one)) for one in projects),
        *((one, rules.pillar_faults(one)) for one in projects),
        *((one, rules.home_plan_faults(one)) for one in initiatives),
        *((one, rules.listing_plan_faults(one)) for one in listings),
        *((one, rules.unlisted_home_faults(one, listed[one.pk])) for one in at_home),
    ]
    plan = [strategy, *revisions, *pillars, *projects, *directions, *initiatives, *listings]
    return [
        *field_problems(plan, strategy.words),
        *told(found, strategy.words),
    ]


def check_main_plan() -> list[str]:
    """What is wrong with the main mark among all plans; empty when nothing is.

    Where a plan is running, exactly one of the running ones has it.
    """
    plans = list(Strategy.objects.all())
    running = [one for one in plans if one.is_running]
    main = next((one for one in plans if one.is_current), None)
    if not running or main in running:
        return []
    return [
        (f"主たる計画「{main}」は終了しています。" if main else "主たる計画がありません。")
        + "企画担当が「計画の一覧」で、実施中の計画のひとつを主たる計画にしてください"
        f"（実施中：{'、'.join(f'「{one}」' for one in running)}）。"
    ]


def told(found: Iterable[tuple[Model, Iterable[Fault]]], words: PlanWords) -> Iterator[str]:
    """The faults of rows that stand in the database, each with its row's place."""
    for row, faults in found:
        for fault in faults:
            yield f"{place_of(row, words)}：{fault.standing or fault.entered}"


def field_problems(rows: Iterable[Model], words: PlanWords) -> Iterator[str]:
    """Sentences for values that no form would take; bulk writes and SQL don't ask."""
    for row in rows:
        relations = {field.name for field in row._meta.fields if field.is_relation}
        try:
            row.clean_fields(exclude=relations)
        except ValidationError as error:
            yield from error_sentences(row, error, place=place_of(row, words), words=words)


def place_of(row: Model, words: PlanWords) -> str:
    """`プロジェクト「P1 地域産業応援・魅力化プロジェクト」`."""
    return f"{words.put(str(row._meta.verbose_name))}「{row}」"


def error_sentences(
    row: Model, error: ValidationError, *, place: str, words: PlanWords = OWN_WORDS
) -> list[str]:
    """A ValidationError's messages, each with the place and the name of its field."""
    if not hasattr(error, "error_dict"):
        return [f"{place}：{message}" for message in error.messages]
    labels = {
        name: place
        if name == NON_FIELD_ERRORS
        else f"{place}の{words.put(_field_label(row, name))}"
        for name in error.message_dict
    }
    return [
        f"{labels[name]}：{message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]


def _field_label(row: Model, name: str) -> str:
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def _projects_that_list(strategy: Strategy) -> defaultdict[int, dict[int, str]]:
    """By initiative: the codes of the projects that list it, by their id, in printed order."""
    listed: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for initiative_id, project_id, code in (
        InitiativeListing.objects.filter(initiative__strategy=strategy)
        .order_by("project__position", "project__code")
        .values_list("initiative_id", "project_id", "project__code")
    ):
        listed[initiative_id][project_id] = code
    return listed
