"""What differs between two reports, figure by figure; pure, on two `AnnualReport`s.

Two reports of one fiscal year are compared in everything that they say. Of
reports of different years only that is compared which both say: names,
definitions and the figures of the years that both cover.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from decimal import Decimal
from typing import Any

from common.fiscal_year import wareki
from common.spreadsheets.writing import csv_file
from kpis.achievement import MINUS_IN_PRINT, NOTHING, Absence, display_value
from kpis.publication import TERMS
from projects.goals import GOALS
from reports.annual.compared_rules import own_rules, rule_items
from reports.annual.document import (
    AnnualReport,
    ReportChange,
    ReportGoals,
    ReportInitiative,
    ReportKpi,
    ReportProject,
    ReportRevision,
    ReportStanding,
    ReportYear,
)
from reports.renderers.clean_text import clean_line

HEADER = ("場所", "名称", "年度", "項目", "前", "後")
# What a report says, as it is printed: by the name of each item.
Items = dict[str, str]
_LISTED = "掲載"


def report_label(report: AnnualReport) -> str:
    """`令和7年度 第2版`, or `令和7年度 案`."""
    return f"{wareki(report.fiscal_year)} {report.edition_label}"


def compared(report: AnnualReport, previous: AnnualReport | None) -> AnnualReport:
    """A report with all that differs from the one that was issued before; itself without one."""
    if previous is None:
        return report
    return replace(
        report,
        compared_with=report_label(previous),
        compared_year=previous.fiscal_year,
        changes=changes_between(previous, report),
    )


def changes_between(before: AnnualReport, after: AnnualReport) -> tuple[ReportChange, ...]:
    """Everything that reads otherwise in `after`, in its printed order, what is gone last."""
    is_same_year = before.fiscal_year == after.fiscal_year
    last = min(before.fiscal_year, after.fiscal_year)
    words = after.words
    names = [{"呼び名と報告書の題名": "、".join(astuple(one.words))} for one in (before, after)]
    # What a plan calls its parts is one difference, not one of every count of them.
    before = replace(before, words=words)
    whole = [_whole(one, is_same_year=is_same_year) for one in (before, after)]
    if all(one.data_licence and one.contact for one in (before, after)):
        # What is kept of a closed year says neither.
        terms = [
            {label: getattr(one, name) for name, label in TERMS.items()} for one in (before, after)
        ]
        names = [own | others for own, others in zip(names, terms, strict=True)]
    changes = list(_differing("", "", None, *(w | n for w, n in zip(whole, names, strict=True))))
    # A sign that changes is one difference, not one of every place that names it.
    signs = {project.code: project.sign for one in (before, after) for project in one.projects}
    changes += _compare(
        before.projects, after.projects, _project_key,
        lambda old, new: _project_changes(old, new, before, after, is_same_year=is_same_year),
        "プロジェクト", identity=lambda one: one.code,
    )  # fmt: skip
    changes += _compare(
        _homes(before), _homes(after), _kpi_key,
        lambda old, new: _kpi_changes(old, new, before, after, last), "指標",
        identity=_kpi_identity(before, after),
    )  # fmt: skip
    changes += _compare(
        _goals(before), _goals(after), _kpi_key,
        lambda old, new: _kpi_changes(old, new, before, after, last), GOALS,
        identity=lambda home: home[1].key,
    )  # fmt: skip
    changes += _compare(
        _listings(before), _listings(after), _listing_key,
        lambda old, new: _initiative_changes(old, new, signs, is_same_year=is_same_year), "取組",
        identity=lambda listing: (listing[0].code, listing[1].number),
    )  # fmt: skip
    return tuple(replace(one, item=words.put(one.item)) for one in changes)


def changes_csv(changes: tuple[ReportChange, ...]) -> bytes:
    """The changes as a CSV file: one row each, on one line."""
    rows = (
        (
            change.code or "計画全体",
            change.name,
            "" if change.fiscal_year is None else wareki(change.fiscal_year),
            change.item,
            change.before,
            change.after,
        )
        for change in changes
    )
    return csv_file(HEADER, (tuple(map(clean_line, row)) for row in rows))


def _whole(report: AnnualReport, *, is_same_year: bool) -> Items:
    items = {
        "団体名": report.municipality,
        "計画名": report.strategy_name,
        "担当課": report.office,
        "計画期間": f"{wareki(report.first_year)}から{wareki(report.last_year)}まで",
        **rule_items(report),
    }
    if is_same_year:
        items |= _standing(report.standing, report)
        before = _standing(report.previous, report) if report.previous else {}
        items |= {
            f"前年度の{name}": before.get(name, "") for name in _standing(report.standing, report)
        }
        items["前年度からの動き"] = _movements(report)
        items["評価別の数値目標の数"] = _by_band(report.goals_by_band)
        items["取組の数（再掲を除く）"] = str(report.initiative_count)
        items["再掲の数"] = str(report.relisted_count)
        items["取組の状況（再掲を除く）"] = _counts(report.initiative_statuses)
    return items


def _movements(report: AnnualReport) -> str:
    """How ratings moved since the year before, and of which KPIs."""
    moves = report.movements
    if moves is None:
        return ""
    counts = (
        f"上がった{moves.up}、下がった{moves.down}、同じ{moves.same}、"
        f"比べられない{moves.incomparable}"
    )
    moved = "、".join(
        f"{one.code} {_mark(one.before_rating)} {_rate(one.before_rate, report)}"
        f"→{_mark(one.after_rating)} {_rate(one.after_rate, report)}"
        for one in moves.moved
    )
    return f"{counts}（{moved}）" if moved else counts


def _project_key(project: ReportProject) -> tuple[str, str]:
    return project.sign, project.name


def _project_changes(
    old: ReportProject,
    new: ReportProject,
    before: AnnualReport,
    after: AnnualReport,
    *,
    is_same_year: bool,
) -> Iterator[ReportChange]:
    def items(project: ReportProject, report: AnnualReport) -> Items:
        texts = {
            "プロジェクト名": project.name,
            "表記": project.printed_sign,
            "創生の柱": project.pillar,
            "目的": project.purpose,
            "方向性": "、".join(project.directions),
        }
        if not is_same_year:
            return texts
        return (
            texts
            | _standing(project.standing, report)
            | {
                "取組の状況（再掲を除く）": _counts(project.initiative_statuses),
                "総括": project.review,
                "外部有識者の意見": project.external_opinion,
                "評価の理由": project.rating_reason,
            }
        )

    return _differing(new.sign, new.name, None, items(old, before), items(new, after))


# A KPI with the project that it belongs to, or with what holds it among the 数値目標.
_Home = tuple[ReportProject | ReportGoals, ReportKpi]


def _homes(report: AnnualReport) -> list[_Home]:
    return [(project, kpi) for project in report.projects for kpi in project.kpis]


def _goals(report: AnnualReport) -> list[_Home]:
    return [(group, kpi) for group in report.goals for kpi in group.kpis]


def _kpi_key(home: _Home) -> tuple[str, str]:
    return home[1].code, home[1].name


def _kpi_identity(before: AnnualReport, after: AnnualReport) -> Callable[[_Home], object]:
    """By what a KPI is known in both: its key, or the code where one of them has no keys."""
    if all(kpi.key for report in (before, after) for kpi in report.kpis):
        return lambda home: home[1].key
    return lambda home: home[1].code


def _kpi_changes(
    old: _Home, new: _Home, before: AnnualReport, after: AnnualReport, last: int
) -> Iterator[ReportChange]:
    kpi = new[1]
    is_same_year = before.fiscal_year == after.fiscal_year
    yield from _differing(
        kpi.code,
        kpi.name,
        None,
        _definition(old[1], before, is_same_year=is_same_year)
        | _revisions(before, old[1].code, last)
        | own_rules(old[1], last),
        _definition(kpi, after, is_same_year=is_same_year)
        | _revisions(after, kpi.code, last)
        | own_rules(kpi, last),
    )
    years = {year.fiscal_year: year for year in old[1].years}
    for year in kpi.years:
        if year.fiscal_year in years and year.fiscal_year <= last:
            yield from _differing(
                kpi.code,
                kpi.name,
                year.fiscal_year,
                _year(years[year.fiscal_year], old[1], before.in_year(year.fiscal_year)),
                _year(year, kpi, after.in_year(year.fiscal_year)),
            )


def _definition(kpi: ReportKpi, report: AnnualReport, *, is_same_year: bool) -> Items:
    # The plan's last year moves with the period: only a target's own year is named.
    target_year = "計画の最終年度"
    if kpi.target_year is not None and kpi.target_year != report.last_year:
        target_year = wareki(kpi.target_year)
    return {
        "番号": kpi.code,
        "指標名": kpi.name,
        "開始年度": "" if kpi.first_year is None else wareki(kpi.first_year),
        "終了年度": "" if kpi.last_year is None else wareki(kpi.last_year),
        "前の指標": kpi.predecessor,
        "単位": kpi.unit,
        "小数の桁数": str(kpi.decimal_places),
        "集計方法": kpi.aggregation_label,
        "目指す方向": kpi.direction_label,
        "算式": kpi.formula_label,
        "基準値": _value(kpi.baseline, kpi),
        "最終目標の条件・年度": "" if is_same_year else kpi.target_text,
        "目標の条件": kpi.target_condition if is_same_year else "",
        "ことばの目標": kpi.target_words if is_same_year else "",
        "目標の許容の幅": _value(kpi.target_tolerance, kpi) if is_same_year else "",
        "目標の年度": target_year if is_same_year else "",
        "基準値の年度": "" if kpi.baseline_year is None else wareki(kpi.baseline_year),
        "所管課": kpi.department,
        "関係課": "、".join(kpi.related_departments),
        "算出方法": kpi.definition,
        "資料出所": kpi.data_source,
        "備考": kpi.note,
        # A later report has a year more of the same source's figures.
        "元の指標": kpi.source if is_same_year else kpi.source.rpartition("（")[0],
    }


def _revisions(report: AnnualReport, code: str, last: int) -> Items:
    """A KPI's revised final targets up to a year; what they were is told by the years."""
    revisions = [
        f"{wareki(one.effective_from)}から{_aim(one)}" + (f"（{one.reason}）" if one.reason else "")
        for one in report.revisions
        if one.code == code and one.effective_from <= last
    ]
    return {"最終目標の改定": "、".join(revisions)}


def _aim(revision: ReportRevision) -> str:
    if revision.after_text:
        return revision.after_text
    shown = display_value(revision.after, revision.decimal_places, minus=MINUS_IN_PRINT)
    return f"{shown}{revision.unit}"


def _year(year: ReportYear, kpi: ReportKpi, report: AnnualReport) -> Items:
    is_undecided = year.absence_code == Absence.UNDECIDED.code
    bounds = kpi.bounds_in(year.fiscal_year, report)
    return {
        "値の区分": year.state_label,
        "実績値": year.value_words or _value(year.actual, kpi),
        "値の年度": "" if year.value_year is None else wareki(year.value_year),
        "累計": _value(year.total, kpi),
        "年度目安": _value(year.expected, kpi),
        "最終目標": _value(year.final_target, kpi),
        "達成率": _rate(year.achievement, report, bounds),
        "進捗率": _rate(year.progress, report, bounds),
        "評価": _mark(year.rating),
        "計算した評価": _mark(year.computed_rating),
        "評価の案": _mark(year.proposed_rating),
        "評価の案の理由": year.proposal_reason,
        "評価の理由": year.decision_reason,
        "率のない理由": "" if is_undecided else year.absence_label,
        "評価のない理由": year.absence_label if is_undecided else "",
        "注記": "".join(year.remarks),
        "要因分析": year.analysis,
        "今後の方向性": year.next_steps,
    }


# An initiative's place in a project's list.
_Listing = tuple[ReportProject, ReportInitiative]


def _listings(report: AnnualReport) -> list[_Listing]:
    return [(project, one) for project in report.projects for one in project.initiatives]


def _listing_key(listing: _Listing) -> tuple[str, str]:
    project, one = listing
    return f"{project.sign}({one.number})", one.name


def _initiative_changes(
    old: _Listing, new: _Listing, signs: Mapping[str, str], *, is_same_year: bool
) -> Iterator[ReportChange]:
    def items(one: ReportInitiative) -> Items:
        texts = {
            "取組名": one.name,
            "主な掲載先": f"{signs.get(one.home_code, one.home_code)}({one.home_number})",
            "再掲": "再掲" if one.is_relisted else "",
            # Told once, at the home.
            "所管課": "" if one.is_relisted else one.department,
            "再掲先": "、".join(signs.get(code, code) for code in one.relisted_in),
        }
        if not is_same_year:
            return texts
        return texts | {
            "状況": one.status_label,
            "取組実績": one.summary,
            "今後の方向性": one.next_steps,
            "決算額（千円）": "" if one.cost is None else f"{one.cost:,}",
        }

    code, name = _listing_key(new)
    return _differing(code, name, None, items(old[1]), items(new[1]))


def _compare(
    before: Iterable[Any],
    after: Iterable[Any],
    key: Callable[[Any], tuple[str, str]],
    changes: Callable[[Any, Any], Iterable[ReportChange]],
    item: str,
    identity: Callable[[Any], object] | None = None,
) -> Iterator[ReportChange]:
    """The changes of things that both have by code (or another identity), and what one has."""

    def known_by(one: Any) -> object:
        return key(one)[0] if identity is None else identity(one)

    old = {known_by(one): one for one in before}
    for one in after:
        code, name = key(one)
        if known_by(one) in old:
            yield from changes(old.pop(known_by(one)), one)
        else:
            yield ReportChange(code, name, None, item, "", _LISTED)
    for gone in old.values():
        code, name = key(gone)
        yield ReportChange(code, name, None, item, _LISTED, "")


def _differing(
    code: str, name: str, fiscal_year: int | None, before: Items, after: Items
) -> Iterator[ReportChange]:
    for item, now in after.items():
        if (was := before[item]) != now:
            yield ReportChange(code, name, fiscal_year, item, was, now)


def _standing(standing: ReportStanding, report: AnnualReport) -> Items:
    total = standing.kpi_count
    return {
        "達成率の平均": _mean(standing.achievement_mean, standing.achievement_count, total, report),
        "進捗率の平均": _mean(standing.progress_mean, standing.progress_count, total, report),
        "評価": _mark(standing.rating),
        "計算した評価": _mark(standing.computed_rating),
        "外部有識者の評価": _mark(standing.external_rating),
        "評価別の指標数": _by_band(standing.by_band),
    }


def _by_band(counts: tuple[tuple[str, str, int], ...]) -> str:
    return "、".join(f"{_mark(mark)} {count}" for *mark, count in counts)


def _mean(mean: Decimal | None, count: int, total: int, report: AnnualReport) -> str:
    of_all = f"{report.words.count_kpis(total)}中{report.words.of_kpis(count)}"
    return f"{_rate(mean, report) or NOTHING}（{of_all}）"


def _mark(rating: Sequence[str]) -> str:
    return " ".join(filter(None, rating))


def _rate(rate: Decimal | None, report: AnnualReport, bounds: Sequence[Decimal] = ()) -> str:
    return "" if rate is None else report.rate_text(rate, bounds, minus=MINUS_IN_PRINT)


def _value(value: Decimal | None, kpi: ReportKpi) -> str:
    return "" if value is None else written(value, kpi)


def written(value: Decimal, kpi: ReportKpi) -> str:
    """A value in a KPI's unit, as it is printed: `△12.5件`."""
    return f"{display_value(value, kpi.decimal_places, minus=MINUS_IN_PRINT)}{kpi.unit}"


def _counts(statuses: tuple[tuple[str, int], ...]) -> str:
    return "、".join(f"{label} {count}" for label, count in statuses)
