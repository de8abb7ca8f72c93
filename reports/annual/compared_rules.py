"""What a report says of the rules by which it rates, as two reports are compared: by item."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import TextChoices

from common.fiscal_year import wareki
from projects.bands import Band, percent
from projects.scales import BASES, Method, ProjectMethod, RateRounding, Scale
from reports.annual.document import AnnualReport, ReportKpi
from reports.scale_text import scale_text

_NONE = "なし"
_AS_KPIS = "指標と同じ"


def rule_items(report: AnnualReport) -> dict[str, str]:
    """The rules of a report's year."""
    put = report.words.put
    return {
        "評価の方法": put(_label(Method, report.rating_method)),
        "評価に使う率": BASES.get(report.rating_basis, report.rating_basis),
        "平均に入れる率の上限": _bound(report.average_cap, _NONE),
        "平均に入れる率の下限": _bound(report.average_floor, _NONE),
        "評価の区分": _bands(report.scale),
        "評価の条件": "、".join(
            f"{step.text}は{band.name}"
            for step in report.scale.steps
            if (band := report.scale.at(step.place))
        ),
        "遅れとみなす評価": _late(report.scale),
        "プロジェクトの評価の方法": put(_label(ProjectMethod, report.project_method)),
        "プロジェクトの評価の区分": _own_bands(report.project_bands, put(_AS_KPIS)),
        "外部有識者の評価の区分": _own_bands(report.external_bands, _NONE),
        "率の小数の桁数": str(report.rate_decimals),
        "率の端数": _label(RateRounding, report.rate_rounding),
    }


def own_rules(kpi: ReportKpi, last: int) -> dict[str, str]:
    """The rules of its own by which a KPI is rated, up to a year."""
    own = (one for one in kpi.own_scales if one.effective_from <= last)
    return {
        "指標ごとの評価のきまり": "、".join(
            f"{wareki(one.effective_from)}から"
            f"{'計画のきまり' if one.scale is None else scale_text(one.scale)}"
            + (f"（{one.reason}）" if one.reason else "")
            for one in own
        )
    }


def _label(choices: type[TextChoices], value: str) -> str:
    """What a choice is called; one that a later version of the app wrote stands as it is."""
    return str(choices(value).label) if value in choices.values else value


def _bands(scale: Scale) -> str:
    """The bands with their bounds, where there are any; nothing where nothing is rated."""
    if scale.is_by_rate:
        said = (f"{band.text} {_bound(band.lower, '下限なし')}" for band in scale.marks)
    else:
        said = (band.text for band in scale.marks)
    return "、".join(said)


def _own_bands(bands: Sequence[Band], otherwise: str) -> str:
    return "、".join(f"{one.text} {one.range_text}".strip() for one in bands) or otherwise


def _late(scale: Scale) -> str:
    """The bands that are ticked as 遅れ; nothing where that is left to their places."""
    if all(band.is_late is None for band in scale.bands):
        return ""
    return "、".join(band.name for band in scale.marks if scale.is_late(band))


def _bound(bound: Decimal | None, otherwise: str) -> str:
    return percent(bound) or otherwise
