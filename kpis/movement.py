"""What moved since the year before: KPIs whose rating rose or fell."""

from dataclasses import dataclass

from kpis.assessment import KpiAssessment


@dataclass(frozen=True, slots=True)
class Movement:
    """One KPI in the year before and in this year."""

    before: KpiAssessment
    after: KpiAssessment

    @property
    def direction(self) -> str:
        """Where its rating went: up, down or same; empty where one of the years has none."""
        if self.before.rating is None or self.after.rating is None:
            return ""
        bands = self.after.bands
        was, now = bands.index(self.before.rating), bands.index(self.after.rating)
        return "same" if was == now else "up" if now < was else "down"
