"""What pages about one fiscal year, and pages of one report, have in common."""

from django.utils import timezone

from common.fiscal_year import fiscal_year_of
from kpis.permissions import User, may_begin_next, may_change_plan
from kpis.progress import StrategyProgress
from kpis.targets import Outcome
from kpis.terms import PlanRules
from projects.models import Strategy
from projects.scales import Method
from reports.annual.document import AnnualReport, ReportOutcome
from reports.goal_figures import goal_figures
from reports.movement_text import incomparable_sentence
from reports.outcome_text import outcome_sentence
from reports.rated import own_rated, own_rated_in, rated_in, rated_in_report
from reports.renderers.content.lives import (
    incomparable_text,
    lives_rows,
    lives_text,
    lives_title,
    means_text,
)
from reports.rule_sentences import rule_sentences
from reports.tally import scales_in, scales_of


def page_context(progress: StrategyProgress) -> dict[str, object]:
    """What a page about one fiscal year shows around its own part."""
    return {
        "progress": progress,
        "fiscal_year": progress.fiscal_year,
        "closed_years": progress.closed_years,
        "rules": progress.rules,
        "last_year": progress.last_year,
        "rule_sentences": rule_sentences(
            progress.rules.changes,
            progress.rules.first_year,
            progress.fiscal_year,
            progress.rules.words,
        ),
        "standing": progress.standing,
        "previous": progress.previous,
        "goals": goal_figures(progress),
        "why_incomparable": incomparable_sentence(progress.not_compared, progress.incomparable),
        "rated": rated_in(progress),
        "rated_by_people": progress.rules.project_scale.is_by_people,
        "own_rated": own_rated((*progress.kpis, *progress.goal_kpis), progress.rules),
        "scales": scales_of((*progress.kpis, *progress.goal_kpis), progress.rules),
    }


def outcome_context(
    outcome: ReportOutcome | None,
    rules: PlanRules | AnnualReport,
    fiscal_year: int,
    most: int | None = None,
) -> dict[str, object]:
    """What `reports/_outcome.html` takes, which the plan's last year alone shows.

    No more than `most` KPIs are named of those that came out alike; None is all of them.
    """
    if outcome is None:
        return {"outcome": None}
    first = rules.first_year
    years = [
        (year, standing, rules.in_year(year))
        for year, standing in enumerate(outcome.standings, first)
    ]
    return {
        "outcome": outcome,
        # Of the plan as a whole nobody decides: it is rated by its means, or not.
        "is_plan_rated": any(one.project_scale.method == Method.RATE for *_of, one in years),
        "outcome_sentence": outcome_sentence(outcome, rules.words, (first, fiscal_year)),
        "outcome_lists": [
            (one.label, len(outcome.of(one.value)), outcome.of(one.value)[:most]) for one in Outcome
        ],
        "outcome_years": years,
    }


def near_the_end(user: User, strategy: Strategy) -> dict[str, object]:
    """What planners may do in the plan's last two years, for `partials/near_the_end.html`.

    Nothing, and no question of rights, in any other.
    """
    if fiscal_year_of(timezone.localdate()) < strategy.last_years[0]:
        return {}
    begins, changes = may_begin_next(user, strategy), may_change_plan(user, strategy)
    return {
        "is_near_the_end": begins or changes,
        "may_begin_next": begins,
        "may_change_plan": changes,
    }


def report_context(report: AnnualReport) -> dict[str, object]:
    """What `reports/_document.html` takes: the report is its own source, for its rules too.

    So an edition looks the same whatever the plan has become since.
    """
    return {
        "report": report,
        "fiscal_year": report.fiscal_year,
        "rules": report,
        "last_year": report.last_year,
        "rule_sentences": rule_sentences(
            report.rules, report.first_year, report.fiscal_year, report.words
        ),
        "standing": report.standing,
        "previous": report.previous,
        "why_incomparable": incomparable_text(report) + means_text(report),
        "lives": lives_rows(report),
        "lives_title": lives_title(report),
        "lives_text": lives_text(report),
        "rated": rated_in_report(report),
        "own_rated": own_rated_in(report),
        "scales": scales_in(report),
    } | outcome_context(report.outcome, report, report.fiscal_year)
