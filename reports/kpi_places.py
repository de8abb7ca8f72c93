"""Where else a KPI stands, before and after the year that its page shows."""

from common.fiscal_year import wareki
from kpis.definition import KpiDefinition, PlaceUntil


def place_sentences(definition: KpiDefinition, fiscal_year: int) -> list[str]:
    """A sentence for each move, as it is told in a year; `definition` has the place of now.

    `令和6年度まではP1-1（P1プロジェクト）でした。` or, before it,
    `令和7年度からP2-4（P2プロジェクト）に移ります。`
    """
    former = sorted(definition.former_places, key=lambda place: place.held_until)
    following: list[PlaceUntil | KpiDefinition] = [*former[1:], definition]
    sentences = []
    for past, follows in zip(former, following, strict=False):
        if past.held_until < fiscal_year:
            place = f"{past.code}（{past.project_name}）"
            sentences.append(f"{wareki(past.held_until)}までは{place}でした。")
        else:
            place = f"{follows.code}（{follows.project_name}）"
            sentences.append(f"{wareki(past.held_until + 1)}から{place}に移ります。")
    return sentences
