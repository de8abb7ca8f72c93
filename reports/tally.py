"""How many KPIs have which mark: one bar in proportion, and a list."""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kpis.assessment import KpiAssessment
from kpis.progress import Standing
from kpis.terms import RatingTerms
from projects.bands import Band
from projects.scales import Scale
from reports.annual.document import AnnualReport, ReportStanding
from reports.chips import NO_RATING, absence_chip, band_said, chip
from reports.marks import look_in

Counts = Sequence[tuple[Band | None, int]]
# Of the bar's width, what one digit takes on a narrow screen: a figure that is wider is left out.
_ROOM_OF_DIGIT = 3
# Of more marks than that the list names those that any KPI has.
_MANY = 7


def scales_of(kpis: Iterable[KpiAssessment], rules: RatingTerms) -> tuple[Scale, ...]:
    """By what some KPIs are rated: the plan's scale first, then those of their own."""
    return tuple(dict.fromkeys([rules.scale, *(kpi.scale for kpi in kpis)]))


def scales_in(report: AnnualReport) -> tuple[Scale, ...]:
    """By what the KPIs of a report are rated in its year."""
    own = (kpi.scale_in(report.fiscal_year, report) for kpi in report.all_kpis if kpi.own_scales)
    return tuple(dict.fromkeys([report.scale, *own]))


def tally(standing: Standing | ReportStanding, scales: Sequence[Scale]) -> SafeString:
    """Counts by mark, as a bar and as a list, a long one without noughts.

    `scales` are those that have the marks.
    """
    counts: Counts = (
        [(_said(symbol, label, scales), count) for symbol, label, count in standing.by_band]
        if isinstance(standing, ReportStanding)
        else standing.by_band
    )
    is_long = len(counts) > _MANY
    listed = [one for one in counts if one[1] or not is_long]
    items = format_html_join(
        "",
        "<li>{}<b>{}</b></li>",
        (
            (chip(look_in(band, scales), band.text) if band else absence_chip(NO_RATING), count)
            for band, count in listed
        ),
    )
    rest = len(counts) - len(listed)
    if rest:
        items += format_html('<li class="note">ほかの{}区分は0</li>', rest)
    return format_html('{}<ul class="tally">{}</ul>', _bar(counts, scales), items)


def _said(symbol: str, label: str, scales: Sequence[Scale]) -> Band | None:
    found = (band_said(symbol, label, scale.bands) for scale in scales)
    return next((band for band in found if band), None)


def _bar(counts: Counts, scales: Sequence[Scale]) -> SafeString:
    """Each count as a part of the bar, with its figure where it has room; empty without a KPI."""
    total = sum(count for _band, count in counts)
    if not total:
        return mark_safe("")
    parts = []
    start = 0.0
    for band, count in counts:
        if not count:
            continue
        width = 100 * count / total
        look = look_in(band, scales)
        shown = count if width >= _ROOM_OF_DIGIT * len(str(count)) else ""
        middle = f"{start + width / 2:.2f}"
        parts.append((look.filled, f"{start:.2f}", f"{width:.2f}", middle, shown))
        start += width
    return format_html(
        '<svg class="stack" role="img" aria-label="{}">{}</svg>',
        "、".join(f"{band.text if band else NO_RATING} {count}" for band, count in counts),
        format_html_join(
            "",
            '<rect class="{}" x="{}%" width="{}%" height="100%"/>'
            '<text x="{}%" y="50%" dy="0.36em" text-anchor="middle">{}</text>',
            parts,
        ),
    )
