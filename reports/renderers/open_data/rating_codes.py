"""The codes of ratings: those of the plan, by year where its rules changed, and of single KPIs."""

from collections.abc import Iterator
from itertools import zip_longest

from kpis.sharing import span_of
from projects.bands import Band
from projects.scales import Scale
from reports.annual.document import AnnualReport, ReportKpi
from reports.renderers.clean_text import clean_line
from reports.renderers.csv import kpis_of_all_kinds
from reports.renderers.wording import basis_text
from reports.scale_text import COMPUTED, band_ranges, basis_of

_RATING = "評価区分"
_PROJECTS, _EXPERTS = "プロジェクトの評価区分", "外部有識者の評価"
Code = tuple[str, str, str, str]


def rating_codes(report: AnnualReport) -> Iterator[Code]:
    """Item, code, name and meaning of every mark, from the best down.

    The plan's stand first, those of each year's rules in turn, then those of KPIs with scales of
    their own, of projects (where they are others) and of outside experts.
    """
    if not report.rules:
        yield from _codes(_RATING, report.scale)
    for first, last in _spans(report):
        span = span_of(range(first, last + 1))
        yield from _codes(_RATING, report.in_year(first).scale, span)
    for _home, kpi, _is_goal in kpis_of_all_kinds(report):
        for scale, years in _own(kpi):
            yield from _codes(_RATING, scale, f"{kpi.code}、{span_of(years)}")
    projects = report.project_scale
    if projects.is_by_people or projects != report.scale:
        yield from _codes(_PROJECTS, projects, basis=f"{basis_text(report)}の平均")
    yield from _codes(_EXPERTS, report.external_scale)


def _spans(report: AnnualReport) -> Iterator[tuple[int, int]]:
    """The first and the last year of each of the rules, where they are several."""
    for rules, following in zip_longest(report.rules, report.rules[1:]):
        last = report.fiscal_year if following is None else following.effective_from - 1
        yield rules.effective_from, last


def _own(kpi: ReportKpi) -> Iterator[tuple[Scale, list[int]]]:
    """A KPI's own scales, each with the years of its life that are rated so."""
    years_of: dict[Scale, list[int]] = {}
    for year in kpi.years:
        scale = kpi.own_scale_in(year.fiscal_year)
        if scale is not None:
            years_of.setdefault(scale, []).append(year.fiscal_year)
    yield from years_of.items()


def _codes(item: str, scale: Scale, where: str = "", basis: str = "") -> Iterator[Code]:
    for band, meaning in zip(scale.marks, _meanings(scale, basis or basis_of(scale)), strict=True):
        code, name = clean_line(band.short), clean_line(band.name)
        yield item, code, name, f"{meaning}（{where}）" if where else meaning


def _meanings(scale: Scale, basis: str) -> list[str]:
    if scale.is_by_rate:
        said = [f"{basis}が{span}" if span else "すべて" for span in band_ranges(scale.marks)]
    elif scale.is_by_position:
        said = [_conditions(scale, band) for band in scale.marks]
    else:
        said = [""] * len(scale.marks)
    if not scale.is_by_people:
        return said
    counted = (f"人が決める評価で、良いものから{at}番目" for at in range(1, len(said) + 1))
    return [
        f"{place}。{COMPUTED}{meaning}" if meaning else place
        for place, meaning in zip(counted, said, strict=True)
    ]


def _conditions(scale: Scale, band: Band) -> str:
    """The conditions under which a mark is given; they are looked at in their order."""
    steps = [
        f"{at}番目の条件「{step.text}」"
        for at, step in enumerate(scale.steps, start=1)
        if scale.at(step.place) == band
    ]
    return "か、".join(steps)
