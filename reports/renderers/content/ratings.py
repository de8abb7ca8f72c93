"""By what KPIs and projects are rated, as finished texts: sections of the guide, tables' notes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from common.fiscal_year import wareki
from kpis.achievement import NOTHING, Absence
from projects.bands import percent
from projects.scales import Method, Reference, Scale
from reports.annual.document import AnnualReport, ReportKpi
from reports.renderers.clean_text import clean_line
from reports.renderers.content.tables import Table, section
from reports.renderers.wording import basis_text
from reports.rule_sentences import rule_sentences
from reports.scale_text import NOT_RATED, basis_of, scale_rows, scale_text

REASONS = (
    (Absence.MISSING, "実績の入力がまだないもの"),
    (Absence.PENDING, "集計が終わっていないもの（公表できる予定の日を注に示します）"),
    (Absence.UNMEASURED, "その年度には測らなかったもの（理由を注に示します）"),
    (Absence.REFERENCE, "前の年度の実績がそろわず、累計から率を算出しないもの"),
    (Absence.UNCOMPUTABLE, "目標値や基準値がないなど、算式に必要な値がそろわないもの"),
)
_UNDECIDED = (Absence.UNDECIDED, "評価を人が決める指標で、まだ決めていないもの")
_NOT_APPLICABLE = "年度の目安が0（または基準値）で、{}を求める対象でないもの"
_BEST_FIRST = ("良い順", "評価")
_REFERENCES = {
    Reference.EXPECTED: "「今年度の目安」は、その年度の末までに達する値です。",
    Reference.PREVIOUS: "「前の値」は、前に測った年度の値で、なければ基準値です。"
    "累計の指標では、その年度の実績を前の年度の実績と比べます。",
    Reference.BASELINE: "「基準値」は計画の前の値で、累計の指標とは比べません。",
}
_WIDTHS = (
    "「幅」は、比べる相手との差がそこまでなら達した、または同じ程度とみなす大きさで、"
    "%は相手の値に対する割合です。"
)
_SKIPPED = "相手の値がない条件は飛ばし、どの条件とも比べられない指標は算出不可とします。"
_NOTHING_DUE = (
    "年度の目安が基準値（累計の指標では0）のままの年度は、"
    "最終目標に達していなければ対象外とします。"
)


def reasons_of(report: AnnualReport) -> list[tuple[Absence, str]]:
    """Why a rating or a rate may be missing in a report, each with what that means."""
    years = [year for kpi in report.all_kpis for year in kpi.years]
    found = {year.absence_code for year in years}
    reasons = [*REASONS]
    if report.has_judged_kpis:
        reason, meaning = _UNDECIDED
        reasons.append((reason, report.words.put(meaning)))
    if Absence.NOT_APPLICABLE.code in found:
        sought = "進捗率や評価" if report.has_rated_kpis else "進捗率"
        reasons.append((Absence.NOT_APPLICABLE, _NOT_APPLICABLE.format(sought)))
    return reasons


def rating_sections(report: AnnualReport) -> list[dict[str, Any]]:
    """The guide's sections about ratings and means; without ratings one about means alone."""
    sections = []
    # 数値目標 alone have neither means nor projects.
    is_alone = report.has_goals_alone
    notes = [*([] if is_alone else [("注", _means(report))]), *rule_notes(report)]
    if report.scale.rates:
        sections.append(_of_kpis(report, notes))
    elif not is_alone:
        text = "".join([_means(report), *(note for _label, note in rule_notes(report))])
        sections.append(section("平均", text))
    if own := _own_scales(report):
        heads = (report.words.kpi, "評価の決め方")
        lead = report.words.put("次の指標は、ほかの指標と違うきまりで評価します。")
        table = Table(report.words.put("指標ごとの評価のきまり"), heads, own)
        sections.append(section(report.words.put("指標ごとの評価"), lead, table))
    if is_alone:
        return sections
    if table_of_projects := _of_projects(report):
        sections.append(table_of_projects)
    if report.external_scale.rates:
        marks = "、".join(f"「{band.text}」" for band in report.external_bands)
        text = report.words.put(
            f"外部有識者は、プロジェクトを良いものから順に{marks}で評価します。"
            "担当課の評価とは別のものです。"
        )
        sections.append(section("外部有識者の評価", text))
    return sections


def rating_notes(report: AnnualReport, kpis: Sequence[ReportKpi]) -> list[tuple[str, str]]:
    """What stands below a table of some KPIs with their ratings."""
    return [*_note(report.scale, report), *_own_notes(kpis, report), *_source(report)]


def project_notes(report: AnnualReport) -> list[tuple[str, str]]:
    """What stands below a table of projects with their ratings."""
    scale = report.project_scale
    mean = "" if scale == report.scale else f"{basis_text(report)}の平均"
    notes = _note(scale, report, mean)
    if report.external_scale.rates:
        marks = "　".join(band.text for band in report.external_bands)
        notes.append(("外部有識者の評価", marks))
    return [*notes, *_source(report)]


def rule_notes(report: AnnualReport) -> list[tuple[str, str]]:
    """Where years were rated by other rules: since when, what, and why."""
    changed = rule_sentences(report.rules, report.first_year, report.fiscal_year, report.words)
    return [("きまりの変更", clean_line(sentence)) for sentence in changed]


def rounding_note(report: AnnualReport) -> str:
    """How rates are rounded, and that none is rounded up to a bound."""
    place = report.rate_decimals + 1
    bounds = "・".join(map(percent, report.bounds)) or "100%"
    named = f"評価の境（{bounds}）" if report.bounds else bounds
    short = "境" if report.bounds else bounds
    if report.rate_rounding == "cut":
        rounded = f"率は、小数第{place}位以下を切り捨てています。"
    else:
        rounded = (
            f"率は、小数第{place}位を四捨五入しています。ただし、{named}に"
            f"届かない率は、四捨五入で{short}に届くときは切り捨てています。"
        )
    if any(bound != round(bound, report.rate_decimals) for bound in report.bounds):
        rounded += f"{named}に届くかどうかがその桁では分からない率は、桁を増やして示します。"
    return rounded


def _of_kpis(report: AnnualReport, notes: list[tuple[str, str]]) -> dict[str, Any]:
    scale = report.scale
    reasons = "・".join(reason.label for reason, _meaning in reasons_of(report))
    if scale.is_by_position:
        notes = [*(("注", one) for one in _of_positions(scale, report)), *notes]
    heads, rows = _rows(scale)
    nothing = "率を算出できないもの" if scale.method == Method.RATE else "評価のないもの"
    last = (NOTHING, f"{nothing}（{reasons}）")
    rows.append(last)
    return section("評価", _lead(scale, report), Table("評価の区分", heads, rows, notes=notes))


def _rows(scale: Scale) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    rows = [(mark, said or NOTHING) for mark, said in scale_rows(scale)]
    if scale.is_by_position:
        return ("評価", "条件"), rows
    if scale.is_by_rate:
        return ("評価", basis_of(scale)), rows
    counted = enumerate((mark for mark, _said in rows), start=1)
    return _BEST_FIRST, [(str(at), mark) for at, mark in counted]


def _lead(scale: Scale, report: AnnualReport) -> str:
    """How a rating comes about."""
    if scale.is_by_people:
        decided = f"評価は、所管課が理由を付けて案を出し、{_office(report)}が決めます。"
        if scale.is_by_position:
            return f"{decided}次の条件から計算した評価と違うときは、両方を示します。"
        if scale.is_by_rate:
            computed = f"次の区分で{basis_of(scale)}から計算した評価"
            return f"{decided}{computed}と違うときは、両方を示します。"
        return decided
    if scale.is_by_position:
        return "評価は、次の条件を上から順に見て、最初に当てはまるもので決めます。"
    return f"評価は、{basis_of(scale)}について、端数を処理する前の値で次の区分に分けます。"


def _office(report: AnnualReport) -> str:
    return clean_line(report.office) or "計画の担当課"


def _of_positions(scale: Scale, report: AnnualReport) -> Iterator[str]:
    """What its conditions compare a value with."""
    asked = {step.against for step in scale.steps}
    said = [sentence for one, sentence in _REFERENCES.items() if one in asked]
    if any(step.tolerance for step in scale.steps):
        said.append(_WIDTHS)
    said.append(_SKIPPED)
    if Reference.EXPECTED in asked:
        said.append(_NOTHING_DUE)
    yield report.words.put("".join(said))


def _of_projects(report: AnnualReport) -> dict[str, Any] | None:
    """How projects are rated; None where as KPIs are, by their mean, or not at all."""
    scale, words = report.project_scale, report.words
    if not scale.rates or (scale == report.scale and not scale.is_by_people):
        return None
    title = words.put("プロジェクトの評価")
    heads, rows = _rows(scale)
    mean = f"{basis_text(report)}の平均"
    if scale.is_by_people:
        lead = f"{words.project}の評価は、{_office(report)}が理由を付けて決めます。"
        if scale.is_by_rate:
            lead += f"次の区分で{mean}から計算した評価と違うときは、両方を示します。"
    else:
        lead = f"{words.project}と全体の評価は、{mean}を次の区分に分けます。"
    return section(title, lead, Table(f"{title}の区分", heads, rows))


def _own_scales(report: AnnualReport) -> list[tuple[str, str]]:
    """The KPIs that are rated by scales of their own in the report's year, and how."""
    return [
        (f"{kpi.code}　{clean_line(kpi.name)}", scale_text(own))
        for kpi, own in _with_own_scale(report.all_kpis, report.fiscal_year)
    ]


def _with_own_scale(kpis: Iterable[ReportKpi], year: int) -> Iterator[tuple[ReportKpi, Scale]]:
    for kpi in kpis:
        own = kpi.own_scale_in(year)
        if own is not None:
            yield kpi, own


def _own_notes(kpis: Sequence[ReportKpi], report: AnnualReport) -> list[tuple[str, str]]:
    own = list(_with_own_scale(kpis, report.fiscal_year))
    if not own:
        return []
    codes = "、".join(kpi.code for kpi, _scale in own)
    others = report.words.put("ほかの指標と違うきまり")
    return [("注", f"{codes}は、{others}で評価します（「この報告書の見方」に示します）。")]


def _note(scale: Scale, report: AnnualReport, basis: str = "") -> list[tuple[str, str]]:
    text = scale_text(scale, basis or basis_text(report))
    return [] if text == NOT_RATED else [("評価", text)]


def _source(report: AnnualReport) -> list[tuple[str, str]]:
    return [("資料出所", f"各所管課の報告を基に{clean_line(report.municipality)}作成")]


def _means(report: AnnualReport) -> str:
    """What a mean is made of, and within which limits."""
    return report.words.put(
        f"平均は、率を算出できた指標の単純平均です。{_mean_range(report)}。"
        "率を算出できない指標は平均に含めません。"
        "全体の平均は、プロジェクトの平均ではなく、指標の平均です。"
    )


def _mean_range(report: AnnualReport) -> str:
    below, above = "", ""
    if report.average_floor is not None:
        floor = percent(report.average_floor)
        below = f"{floor}を下回る率は{floor}"
    if report.average_cap is not None:
        cap = percent(report.average_cap)
        above = f"{cap}を上回る率は{cap}"
    counted = "、".join(filter(None, (below, above)))
    return f"{counted}と数えます" if counted else "率は、上限も下限もなくそのまま数えます"


def own_scales_text(kpi: ReportKpi) -> str:
    """Since when a KPI has scales of its own, and which: for its definition; empty for none."""
    said = (
        "計画のきまり" if own.scale is None else scale_text(own.scale) for own in kpi.own_scales
    )
    return "、".join(
        f"{wareki(own.effective_from)}から{text}"
        for own, text in zip(kpi.own_scales, said, strict=True)
    )
