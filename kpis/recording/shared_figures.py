"""Figures that several plans count: written at their source alone, if every plan bears it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from common.fiscal_year import wareki
from kpis import rules
from kpis.models import ActualState, Kpi, YearlyActual
from kpis.recording.engine import Change
from kpis.recording.refusals import Kind, Refusal
from kpis.sharing import figure_errors, place_of, source_of
from projects.models import FiscalYearClosing, living_in

# What a taker has from its source's row, but for the explanations.
_FIGURE = (
    "state", "value", "value_year", "value_words", "unmeasured_reason", "expected_on",
)  # fmt: skip
_NOTHING = (ActualState.MISSING, None, None, "", "", None)
# What it has where it has no explanations of its own.
_TEXTS = ("analysis", "next_steps", "confirmation")

# A change beside the row that stands, None where none does.
Changes = Sequence[tuple[Any, Change]]


def refused_by_source(
    owners: Mapping[int, Kpi], fiscal_year: int, changes: Changes
) -> Iterator[Refusal]:
    """Figures for KPIs that take them from elsewhere: they are entered there."""
    for _row, change in changes:
        owner, entry = owners[change.owner_id], change.entry
        source = source_of(owner)
        if source is None or not source.covers(fiscal_year) or entry is None:
            continue
        if _figure_of(entry) != _NOTHING or entry.confirmation:
            sentence = source.entered_there(fiscal_year)
            yield Refusal(owner.code, Kind.INVALID, "value", sentence, owner_id=owner.pk)


def refused_by_takers(
    owners: Mapping[int, Any], fiscal_year: int, changes: Changes
) -> Iterator[Refusal]:
    """Figures that a plan which counts them can't bear, or has closed the year with.

    Explanations that a closed plan shows for want of its own are locked with them. One query,
    and none where nobody takes these KPIs' figures. Closing a plan locks its sources too
    (`lock_plan`), so that no year is closed between this and the writing.
    """
    giving = [pk for pk, owner in owners.items() if owner.has_takers]
    if not giving:
        return
    takers = counting_kpis(giving, fiscal_year)
    for row, change in changes:
        before, after = _figure_of(row), _figure_of(change.entry)
        owner = owners[change.owner_id]
        for taker in takers:
            if taker.source_id != owner.pk:
                continue
            problem = figure_errors(taker, fiscal_year, change.entry)
            if problem:
                why = rules.worded(taker, problem)
                sentence = f"この値を使う{place_of(taker)}に合いません：{why}"
                yield Refusal(owner.code, Kind.INVALID, "value", sentence, owner_id=owner.pk)
            lends_texts = not taker.has_texts and _texts_of(row) != _texts_of(change.entry)
            if taker.is_closed and (before != after or lends_texts):
                this = rules.worded(owner, "この指標")
                what = "値" if before != after else "説明"
                sentence = closed_where_counted(this, taker, fiscal_year, what)
                yield Refusal(owner.code, Kind.CLOSED, "value", sentence, owner_id=owner.pk)


def counting_kpis(giving: Sequence[int], fiscal_year: int) -> list[Any]:
    """The KPIs that count some KPIs' figures of a year, with their plans (one query).

    Each with `is_closed`, whether the year is closed in its plan, and `has_texts`, whether it has
    explanations of its own.
    """
    closed = FiscalYearClosing.objects.filter(
        strategy=OuterRef("project__strategy"), fiscal_year=fiscal_year
    )
    texts = YearlyActual.objects.filter(kpi=OuterRef("pk"), fiscal_year=fiscal_year)
    takers = (
        Kpi.objects.filter(
            source__in=giving,
            project__strategy__first_year__lte=fiscal_year,
            project__strategy__last_year__gte=fiscal_year,
        )
        .filter(living_in(fiscal_year))
        .select_related("project__strategy")
    )
    return list(
        takers.annotate(
            is_closed=Exists(closed),
            has_texts=Exists(texts.exclude(analysis="", next_steps="")),
        ).order_by("project__strategy__code", "pk")
    )


def _figure_of(stated: Any) -> tuple[Any, ...]:
    """The figure, or the reason for none, of a row or an entry (None: nothing is stated)."""
    return _NOTHING if stated is None else tuple(getattr(stated, name) for name in _FIGURE)


def _texts_of(stated: Any) -> tuple[str, ...]:
    return ("", "", "") if stated is None else tuple(getattr(stated, name) for name in _TEXTS)


def closed_where_counted(this: str, taker: Kpi, fiscal_year: int, what: str) -> str:
    """Why `what` (値, 説明) of a KPI (`this`) can't change, and the remedy."""
    plan = taker.project.strategy.name
    return (
        f"{wareki(fiscal_year)}は、{this}の数値を使う{plan}（{taker.code}）で締め済みのため、"
        f"{what}は変えられません。直すときは、企画担当か管理職に、{plan}の締めた年度を改めてもらってください。"
    )
