"""The 総括 of a plan's whole period."""

from dataclasses import dataclass
from decimal import Decimal

from reports.annual.document.kpis import ReportStanding


@dataclass(frozen=True, slots=True)
class ReportFinalKpi:
    """How a KPI came out in the last year of its life, over which its rates stand.

    `value` is in its unit, `value_words` one in words in its place; `target_text` is printed for
    the final target where the figure doesn't say it. `ratings` are a short mark for each of the
    plan's years: 「－」 without a rating, empty where it did not live. `outcome` is reached, missed
    or unknown (the 達成率 can't be computed). `own_bounds` are those of the last year's scale where
    it is its own.
    """

    code: str
    name: str
    unit: str
    decimal_places: int
    fiscal_year: int
    value: Decimal | None
    final_target: Decimal | None
    achievement: Decimal | None
    rating_symbol: str
    rating_label: str
    absence_label: str
    ratings: tuple[str, ...]
    outcome: str
    target_text: str = ""
    value_words: str = ""
    own_bounds: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportOutcome:
    """What became of the plan over its whole period.

    `standings` is where it stood in each of its years, from the first on; `kpis` are all that it
    ever had, in printed order, those that ended before its last year at the end; `goals` its
    数値目標, which `of` leaves out.
    """

    standings: tuple[ReportStanding, ...]
    kpis: tuple[ReportFinalKpi, ...]
    goals: tuple[ReportFinalKpi, ...] = ()

    def of(self, outcome: str) -> tuple[ReportFinalKpi, ...]:
        """The KPIs that came out so: reached, missed or unknown."""
        return tuple(one for one in self.kpis if one.outcome == outcome)

    @property
    def reached(self) -> tuple[ReportFinalKpi, ...]:
        """Those that reached their final target."""
        return self.of("reached")

    @property
    def missed(self) -> tuple[ReportFinalKpi, ...]:
        """Those that did not."""
        return self.of("missed")

    @property
    def unknown(self) -> tuple[ReportFinalKpi, ...]:
        """Those of which nobody can say."""
        return self.of("unknown")
