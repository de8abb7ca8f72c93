"""By what one KPI is rated otherwise than the plan's others, from a fiscal year on."""

from django.db import models

from common.fiscal_year import wareki
from common.history import History
from kpis.life_rules import own_rules_faults
from kpis.models.kpi import Kpi
from projects.models import DatedRow, NaturalKeyManager, ScaleColumns
from projects.models.rating import scale_choices
from projects.rules import refuse


class KpiRatingRules(ScaleColumns, DatedRow):
    """A KPI's own scale from a fiscal year on; `is_plans` says: the plan's again."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="own_rules", verbose_name="指標")
    is_plans = models.BooleanField(
        "計画のきまりに戻す",
        default=False,
        help_text="この年度から、ほかの指標と同じきまりで評価します。",
    )

    way_to_plan = ("kpi", "project", "strategy")

    objects = NaturalKeyManager(
        "kpi__project__strategy__code", "kpi__project__code", "kpi__number", "effective_from"
    )
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "指標ごとの評価のきまり"
        ordering = ["kpi", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "effective_from"],
                name="kpi_rating_rules_once_a_year",
                violation_error_message="この年度から適用する、この指標の評価のきまりはすでにあります。",
            ),
            *scale_choices("kpi_rating_rules"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi.code} 評価のきまり（{wareki(self.effective_from)}から）"

    def clean(self) -> None:
        """Refuse a year in which the KPI is not in the plan."""
        super().clean()
        if self.kpi_id and self.effective_from is not None:
            refuse(own_rules_faults(self))

    def natural_key(self) -> tuple[str, str, int, int]:
        return (*self.kpi.natural_key(), self.effective_from)

    natural_key.dependencies = ["kpis.kpi"]  # type: ignore[attr-defined]
