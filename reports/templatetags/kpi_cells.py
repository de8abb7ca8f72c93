"""A KPI's name and figures as a table's cells.

Tables have up to some hundred rows of them, so they are written here and not by a template.
"""

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kpis.achievement import NOTHING, Number, display_value
from kpis.assessment import KpiAssessment
from kpis.target_text import condition_of
from reports.templatetags.figures import actual

register = template.Library()
_REFERENCE = mark_safe(" <small>（参考）</small>")


@register.simple_tag(takes_context=True)
def kpi_name(context: Context, kpi: KpiAssessment, fiscal_year: int) -> SafeString:
    """The row's head: the KPI's code, and its name as a link to its page in a year."""
    definition = kpi.definition
    url = reverse("kpi", args=[context["strategy"].code, definition.code])
    return format_html(
        '<th scope="row" role="rowheader"><span class="name"><span class="code">{}</span> '
        '<a href="{}?fy={}">{}</a></span></th>',
        definition.code, url, fiscal_year, definition.name,
    )  # fmt: skip


def _target(kpi: KpiAssessment) -> str:
    """The target without what the unit and the direction say already: `50`, `50超`, `増加`."""
    if kpi.target is None or kpi.target.value is None:
        return (kpi.target and kpi.target.words) or NOTHING
    value = display_value(kpi.target.value, kpi.definition.decimal_places)
    condition = condition_of(kpi.target, kpi.definition.direction)
    return value if condition in ("以上", "以下") else f"{value}{condition}"


@register.simple_tag
def kpi_figures(kpi: KpiAssessment) -> SafeString:
    """The cells 実績値, 累計 (empty unless cumulative), 年度目安 and 最終目標."""
    definition = kpi.definition

    def shown(figure: Number | None) -> str:
        return display_value(figure, definition.decimal_places)

    return format_html(
        '<td role="cell" class="num" data-label="実績値">{}</td>'
        '<td role="cell" class="num" data-label="累計">{}{}</td>'
        '<td role="cell" class="num" data-label="年度目安">{}</td>'
        '<td role="cell" class="num" data-label="最終目標">{}</td>',
        actual(kpi, definition.decimal_places),
        shown(kpi.value) if definition.is_cumulative else "",
        _REFERENCE if definition.is_cumulative and kpi.is_reference else "",
        shown(kpi.expected),
        _target(kpi),
    )
