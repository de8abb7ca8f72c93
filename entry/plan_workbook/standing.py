"""What stands of a plan in the database, by what a workbook calls it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from common.reading.names import comparable
from entry.plan_workbook.columns import placed
from kpis.models import Kpi
from projects.models import (
    Department,
    InitiativeListing,
    Pillar,
    Project,
    ProjectDirection,
    Strategy,
)

Record = dict[str, str]
# By sheet, by what names the row.
Records = dict[str, dict[str, Record]]
PARTED_BY = "／"
LIFE = {
    "first_year": "開始年度",
    "begin_reason": "開始の理由",
    "last_year": "終了年度",
    "end_reason": "終了の理由",
}
# The rows of the sheet 計画 that are columns of the plan.
PLAN_ITEMS = {
    "計画コード": "code", "計画名": "name", "団体名": "municipality",
    "団体コード": "municipality_code", "担当課": "office", "最初の年度": "first_year",
    "最終年度": "last_year", "報告書の名称": "report_word", "柱の呼び名": "pillar_word",
    "プロジェクトの呼び名": "project_word", "取組の呼び名": "initiative_word",
    "指標の呼び名": "kpi_word", "利用条件": "data_licence", "問い合わせ先": "contact",
}  # fmt: skip
KPI_TEXTS = {"指標名": "name", "算出方法": "definition", "出典": "data_source", "備考": "note"}


def key_of(*parts: object) -> str:
    """What names a row in a sheet: its parts in the order of the sheet's columns."""
    return PARTED_BY.join("" if part is None else str(part) for part in parts)


@dataclass
class Standing:
    """A plan's rows as they stand, by what the workbook calls them; of a new plan there are none.

    Projects are by 記号 (what holds 数値目標 as `G1`), listings by `P1(3)`, KPIs by KPI番号.
    """

    strategy: Strategy | None = None
    pillars: dict[str, Pillar] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    listings: dict[str, InitiativeListing] = field(default_factory=dict)
    kpis: dict[str, Kpi] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    directions: dict[int, list[ProjectDirection]] = field(default_factory=dict)

    @classmethod
    def of(cls, strategy: Strategy | None) -> "Standing":
        """What stands of a plan (None: a new one); departments are everybody's."""
        standing = cls(strategy)
        standing.departments = {one.code: one for one in Department.objects.all()}
        if strategy is not None:
            standing._load(strategy)
        return standing

    def _load(self, strategy: Strategy) -> None:
        self.pillars = {str(one.number): one for one in strategy.pillars.order_by("number")}
        projects = list(strategy.projects.select_related("pillar").order_by("position", "code"))
        codes = {one.pk: one.code for one in projects}
        self.projects = {codes[one.pk]: one for one in projects}
        directions: defaultdict[int, list[ProjectDirection]] = defaultdict(list)
        for one in ProjectDirection.objects.filter(project__strategy=strategy).order_by("number"):
            directions[one.project_id].append(one)
        self.directions = dict(directions)
        listings = InitiativeListing.objects.filter(project__strategy=strategy).select_related(
            "project", "initiative__department"
        )
        self.listings = _by_place(
            listings.order_by("project__position", "project__code", "number"),
            lambda one: f"{codes[one.project_id]}({one.number})",
            strategy,
        )
        kpis = Kpi.objects.filter(project__strategy=strategy).select_related(
            "project", "department", "successor_of", "carried_from__project__strategy",
            "source__project__strategy",
        ).prefetch_related("related_departments", "former_places")  # fmt: skip
        self.kpis = _by_place(
            kpis.order_by("project__position", "project__code", "number", "id"),
            lambda one: f"{codes[one.project_id]}-{one.number}",
            strategy,
        )

    def written_department(self, department: Department) -> str:
        """A department by its name, or by its code where the name is another one's too."""
        is_alone = self._namesakes[comparable(department.name)] == 1
        return department.name if is_alone else department.code

    @cached_property
    def written_departments(self) -> dict[str, Department]:
        """The departments that stood when it was first asked, as the workbook writes them."""
        return {self.written_department(one): one for one in self.departments.values()}

    @cached_property
    def _namesakes(self) -> Counter[str]:
        """How many departments have a name, of those that stood when it was first asked."""
        return Counter(comparable(one.name) for one in self.departments.values())


def _by_place(rows: Iterable[Any], place: Any, strategy: Strategy) -> dict[str, Any]:
    """Rows by their place; one that had it before another has it now, with its first year."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[place(row)].append(row)
    named: dict[str, Any] = {}
    for name, having in found.items():
        *former, now = sorted(having, key=lambda one: (one.last_year is None, one.last_year or 0))
        for one in former:
            named[placed(name, _since(one) or strategy.first_year)] = one
        named[name] = now
    return named


def _since(row: Any) -> int | None:
    """The year from which a row has its place; None: from the plan's first on."""
    former = row.former_places.all() if isinstance(row, Kpi) else ()
    moved = max((one.held_until + 1 for one in former), default=None)
    first: int | None = row.first_year
    return moved or first
