"""By what single KPIs are rated otherwise: to read, on their KPI's page.

Written by the act 評価のきまりを改める alone (`kpis.plan_changes.kpi_rules`).
"""

from django.contrib import admin

from common.fiscal_year import wareki
from common.read_only_admin import ReadOnlyMixin
from kpis.models import Kpi, KpiRatingRules
from kpis.rules_in_words import scale_in_words


class OwnRulesInline(ReadOnlyMixin, admin.TabularInline[KpiRatingRules, Kpi]):
    """A KPI's own rules of rating and their revisions."""

    model = KpiRatingRules
    fields = ["from_year", "in_words", "reason"]
    readonly_fields = ["from_year", "in_words", "reason"]
    extra = 0
    verbose_name_plural = "この指標だけの評価のきまり（なければ計画のきまり）"

    @admin.display(description="適用")
    def from_year(self, rules: KpiRatingRules) -> str:
        return f"{wareki(rules.effective_from)}から"

    @admin.display(description="きまり")
    def in_words(self, rules: KpiRatingRules) -> str:
        return "計画のきまり" if rules.is_plans else scale_in_words(rules.scale)
