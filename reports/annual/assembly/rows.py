"""What a plan's reports say beside its figures, loaded once for one year or for several."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from projects.models import ProjectDirection, ProjectReview, Strategy
from reports.annual.assembly.initiatives import InitiativeRows, load_initiatives
from reports.annual.assembly.kpis import Reasons, Texts, reasons_of, texts_of


class Review(NamedTuple):
    """What is said of a project's year: 総括, what outside experts said, why it is rated so."""

    summary: str
    external_opinion: str
    rating_reason: str


NO_REVIEW = Review("", "", "")


@dataclass(frozen=True, slots=True)
class PlanRows:
    """Texts and initiatives of a plan.

    `directions` are those of each project by its id, `reviews` what is said of it, by its id and
    the year.
    """

    texts: Texts
    reasons: Reasons
    initiatives: InitiativeRows
    directions: Mapping[int, list[str]]
    reviews: Mapping[tuple[int, int], Review]


def load_rows(strategy: Strategy, years: Collection[int]) -> PlanRows:
    """What the reports of some years take (seven queries)."""
    return PlanRows(
        texts=texts_of(strategy),
        reasons=reasons_of(strategy),
        initiatives=load_initiatives(strategy, years),
        directions=_directions(strategy),
        reviews=_reviews(strategy, years),
    )


def _directions(strategy: Strategy) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for project_id, text in (
        ProjectDirection.objects.filter(project__strategy=strategy)
        .order_by("number")
        .values_list("project_id", "text")
    ):
        grouped[project_id].append(text)
    return dict(grouped)


def _reviews(strategy: Strategy, years: Collection[int]) -> dict[tuple[int, int], Review]:
    reviews = ProjectReview.objects.filter(project__strategy=strategy, fiscal_year__in=years)
    return {
        (project_id, year): Review(*said)
        for project_id, year, *said in reviews.order_by().values_list(
            "project_id", "fiscal_year", "summary", "external_opinion", "rating_reason"
        )
    }
