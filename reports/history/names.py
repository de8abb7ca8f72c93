"""The names of everything in a plan, of what has been deleted since too."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from kpis.models import Kpi
from kpis.sharing import named_place_of
from projects.models import Department, Initiative, InitiativeListing, Project, Strategy
from reports.history.marks import PlanMarks


@dataclass(frozen=True, slots=True)
class Owner:
    """What a change belongs to: a KPI, an initiative, a project or the plan (without a code)."""

    code: str
    name: str
    department_id: int | None


class PlanNames:
    """The names in one plan; each kind is loaded when it is first asked for.

    `kpis` says which KPIs are asked for where they are known already, `others` which ones of
    other plans are (by id, in words).
    """

    def __init__(
        self,
        strategy: Strategy,
        kpis: Mapping[int, Owner] | None = None,
        others: Mapping[int, str] | None = None,
    ) -> None:
        self.strategy = strategy
        self.words = strategy.words
        self.marks = PlanMarks(strategy)
        self._known_kpis = kpis
        self._known_others = others or {}

    def owners(self, kind: str) -> Mapping[int, Owner]:
        """What changes of a kind (kpi, initiative, project, strategy) may belong to, by id."""
        owners: Mapping[int, Owner] = getattr(self, f"_{kind}")
        return owners

    def department(self, pk: int) -> str:
        """A department's name; its number where it is gone."""
        return self._departments.get(pk, f"（削除された課{pk}）")

    def project(self, pk: int) -> str:
        """A project's sign and name."""
        found = self._projects.get(pk)
        return str(found) if found else f"（削除された{self.words.project}{pk}）"

    def other_kpi(self, pk: int) -> str:
        """A KPI of another plan, that a KPI takes its figures from or carries on.

        `見本市総合計画のP1-2「観光客数」`; its number where it is gone.
        """
        known = self._known_others.get(pk)
        return known or self._others.get(pk, f"（削除された指標{pk}）")

    @cached_property
    def _strategy(self) -> dict[int, Owner]:
        return {self.strategy.pk: Owner("", self.strategy.name, None)}

    @cached_property
    def _project(self) -> dict[int, Owner]:
        return {pk: Owner(one.code, one.name, None) for pk, one in self._projects.items()}

    @cached_property
    def _projects(self) -> dict[int, Project]:
        columns = ("id", "code", "printed_sign", "name")
        rows = _ever(Project, *columns, strategy_id=self.strategy.pk)
        return {row[0]: Project(**dict(zip(columns, row, strict=True))) for row in rows}

    @cached_property
    def _kpi(self) -> Mapping[int, Owner]:
        if self._known_kpis is not None:
            return self._known_kpis
        columns = ("id", "project_id", "number", "name", "department_id")
        rows = _ever(Kpi, *columns, project_id__in=self._project)
        return {
            pk: Owner(f"{self._project[project_id].code}-{number}", name, department_id)
            for pk, project_id, number, name, department_id in rows
        }

    @cached_property
    def _initiative(self) -> dict[int, Owner]:
        """Initiatives under the code of their home (`P1-3`), where they have one."""
        home_numbers = {
            (initiative_id, project_id): number
            for initiative_id, project_id, number in InitiativeListing.objects.filter(
                project__strategy=self.strategy
            ).values_list("initiative_id", "project_id", "number")
        }
        columns = ("id", "home_project_id", "name", "department_id")
        rows = _ever(Initiative, *columns, strategy_id=self.strategy.pk)
        owners = {}
        for pk, project_id, name, department_id in rows:
            number = home_numbers.get((pk, project_id))
            project = self._project.get(project_id)
            code = f"{project.code}-{number}" if number and project else ""
            owners[pk] = Owner(code, name, department_id)
        return owners

    @cached_property
    def _others(self) -> dict[int, str]:
        ever = Kpi.history.order_by()
        named = Q(pk__in=ever.exclude(source_id=None).values("source_id"))
        named |= Q(pk__in=ever.exclude(carried_from_id=None).values("carried_from_id"))
        named |= Q(pk__in=ever.exclude(successor_of_id=None).values("successor_of_id"))
        found = Kpi.objects.filter(named).select_related("project__strategy")
        return {kpi.pk: named_place_of(kpi) for kpi in found}

    @cached_property
    def _departments(self) -> dict[int, str]:
        return dict(Department.objects.values_list("id", "name"))


def _ever(model: Any, *columns: str, **of: Any) -> list[tuple[Any, ...]]:
    """The rows of a model that are gone, as they last were, and then those that are there."""
    gone = model.history.filter(history_type="-", **of).order_by("history_id")
    there = model.objects.filter(**of)
    return [*gone.values_list(*columns), *there.values_list(*columns)]
