"""Two small plans with a KPI of every formula, shared figures, initiatives: what acts are done to.

Nothing in them is closed yet. `mihon` counts a figure of `sogo`, and `sogo` one of `mihon`.
"""

from decimal import Decimal
from random import Random

from django.contrib.auth.models import User
from django.db.models import Q

from kpis.models import Kpi, YearlyTarget
from projects.models import Department, InitiativeListing, Strategy
from reports.models import KeptContent
from tests.factories import (
    assign,
    make_department,
    make_initiative,
    make_kpi,
    make_project,
    make_strategy,
    make_user,
)
from tests.rated_otherwise import RATED_OTHERWISE


class World:
    """The plans, and who acts on them: `planner` may do all that anybody may, `editor` little."""

    def __init__(self) -> None:
        self.planner = make_user("kikaku")
        self.editor = make_user("tantou")
        self._make_mihon()
        self._make_sogo()
        Department.objects.get(code="D01").members.add(self.editor)

    def actor(self, draw: Random) -> User:
        """Nearly always the planner."""
        return self.editor if draw.random() < 0.05 else self.planner

    def plan(self, draw: Random) -> Strategy:
        """A plan, as the database has it now."""
        return draw.choice(list(Strategy.objects.order_by("pk")))

    def kpi(self, draw: Random) -> Kpi:
        """A KPI of any plan; every third time one that gives or takes figures, if there is any."""
        kpis = Kpi.objects.select_related("project__strategy").order_by("pk")
        if draw.random() < 0.3:
            shared = kpis.filter(Q(source__isnull=False) | Q(takers__isnull=False)).distinct()
            kpis = shared if shared.exists() else kpis
        return draw.choice(list(kpis))

    def year(self, plan: Strategy, draw: Random) -> int:
        """A year of the plan: half the time one that is or was closed, else an earlier one.

        Closed in whichever plan, as one counts the other's figures. Sometimes one beside the plan.
        """
        kept = KeptContent.objects.order_by("fiscal_year")
        kept_years = kept.values_list("fiscal_year", flat=True).distinct()
        closed = [one for one in kept_years if one in plan.years]
        if closed and draw.random() < 0.5:
            return draw.choice(closed)
        years = [*plan.years, plan.last_year + 1]
        return years[int(len(years) * draw.random() ** 1.7)]

    def _make_mihon(self) -> None:
        plan = make_strategy()
        first, second = make_project(plan), make_project(plan, "P2")
        make_department("D02")
        annual = make_kpi(first, 1)
        assign(annual)
        total = make_kpi(first, 2, aggregation="cumulative")
        YearlyTarget.objects.create(kpi=total, fiscal_year=2026, value=Decimal(25))
        make_kpi(
            second, 1, 60, unit="%", decimal_places=1, formula="from_baseline",
            baseline=Decimal(40), baseline_year=2023,
        )  # fmt: skip
        make_kpi(second, 2, 30, unit="トン", formula="deviation", direction="decrease")
        make_kpi(second, 3, 20, unit="人", direction="decrease")
        for project in (first, second):
            make_initiative(project)
        InitiativeListing.objects.create(
            project=second, number=2, initiative=first.home_initiatives.get()
        )

    def _make_sogo(self) -> None:
        # People rate there: projects inside and outside, KPIs without a rate beside.
        plan = make_strategy(
            code="sogo", name="見本市総合計画", first_year=2023, last_year=2027, is_current=False,
            **RATED_OTHERWISE["by people"],
        )  # fmt: skip
        project = make_project(plan)
        source = make_kpi(project, 1, 90, name="相談件数")
        mine = Kpi.objects.get(project__strategy__code="mihon", project__code="P1", number=1)
        make_kpi(project, 2, 70, aggregation="cumulative", source=mine)
        first = Strategy.objects.get(code="mihon").projects.get(code="P1")
        make_kpi(first, 3, 80, source=source)
