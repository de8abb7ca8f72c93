"""What saving the rows of a workbook shares: how one is saved, and how another is found."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from common.history import sign_change
from common.reading.names import comparable
from entry.plan_workbook import forms
from entry.plan_workbook.differing import ChangeKind, RowChange
from entry.plan_workbook.standing import Record, Records, Standing
from kpis.models import Kpi
from kpis.permissions import User
from projects.goals import holder_of
from projects.models import Department, Pillar, Project, Strategy
from projects.project_codes import LONGEST_CODE, is_of_goals

# That of a pillar which only a trial has.
_NO_NUMBER = 9_999


class NotThere(ValidationError):
    """A row refers to one that is not saved (yet), `on`: its sheet and what names it."""

    def __init__(self, message: Any, sheet: str, key: str) -> None:
        super().__init__(message)
        self.on = sheet, key


def no_kpi(name: str) -> str:
    """The sentence for what hangs on a KPI that will not be there."""
    return (
        f"{name}は、計画にありません（削除されたか、削除するところです）。"
        "指標の行も取り込んでください。"
    )


@dataclass
class SavedRows:
    """A plan's rows while they are saved: `standing` grows with them.

    `after` are the records as they will be, `changed` the changes by sheet and key, `others` the
    KPIs of other plans by the plans' codes, once they were asked for; `user` is None for a
    command. With `is_lenient` rows are saved unchecked, for a trial that goes on; with
    `asks_constraints` a row's constraints are asked before it is saved, which is slow: by their
    sentences, where the database has refused one.
    """

    standing: Standing
    after: Records
    changes: Iterable[RowChange]
    user: User | None
    reason: str
    is_in_force: bool = False
    is_lenient: bool = False
    asks_constraints: bool = False
    changed: defaultdict[str, dict[str, RowChange]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    others: dict[str, dict[str, Kpi]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for change in self.changes:
            self.changed[change.sheet][change.key] = change

    @property
    def plan(self) -> Strategy:
        """The plan, which is saved first. Raises NotThere."""
        if self.standing.strategy is None:
            raise NotThere("計画を先に保存できませんでした。", forms.PLAN, "計画コード")
        return self.standing.strategy

    def saved(self, sheet: str) -> list[str]:
        """The keys of a sheet's rows that are new or change, in their order."""
        return [
            key for key, one in self.changed[sheet].items() if one.kind is not ChangeKind.DELETED
        ]

    def rules_since(self, since: str) -> dict[str, Record]:
        """The plan's rules of rating from a year on, by 対象."""
        parted = [
            (key.split("／"), record) for key, record in self.after.get(forms.RULES, {}).items()
        ]
        return {of: record for (year, of, kpi), record in parted if year == since and not kpi}

    def save(self, row: Any) -> None:
        """Check and save a row, its history signed. Raises ValidationError and IntegrityError."""
        if not self.is_lenient:
            row.full_clean(validate_constraints=self.asks_constraints)
        sign_change(row, self.user, self.reason)
        row.save()

    def delete(self, row: Any) -> None:
        """Delete a row (None: there is none), its history signed. Raises ValidationError."""
        if row is not None:
            sign_change(row, self.user, self.reason)
            row.delete()

    def project(self, code: str) -> Project:
        """The project of a 記号; what holds 数値目標 is made where it is not there."""
        found = self.standing.projects.get(code)
        if found is not None:
            found.strategy = self.plan
            return found
        if not is_of_goals(code) and self.is_lenient:
            return self.project_in_its_place(code)
        if not is_of_goals(code):
            message = f"記号「{code}」のプロジェクトがありません。"
            raise NotThere({"project": message}, forms.PROJECTS, code)
        pillar = self.standing.pillars.get(code[1:])
        if pillar is None and code != "G0":
            message = f"番号{code[1:]}の柱がありません。"
            raise NotThere({"project": message}, forms.PILLARS, code[1:])
        holder: Project = holder_of(self.plan, pillar)
        if holder.pk is None:
            self.save(holder)
        self.standing.projects[code] = holder
        return holder

    def project_in_its_place(self, code: str) -> Project:
        """A project of a 記号 that there is not, for a trial that goes on."""
        project = Project(strategy=self.plan, code=code[:LONGEST_CODE], name=code)
        project.pillar = self.pillar_in_its_place()
        project.save()
        self.standing.projects[code] = project
        return project

    def pillar_in_its_place(self) -> Pillar:
        """Any pillar, for a trial that goes on."""
        found = next(iter(self.standing.pillars.values()), None)
        return found or Pillar.objects.create(strategy=self.plan, number=_NO_NUMBER, name="柱")

    def kpi(self, name: str) -> Kpi:
        kpi = self.standing.kpis.get(name)
        if kpi is None:
            raise NotThere({"kpi": no_kpi(name)}, forms.KPIS, name)
        kpi.project.strategy = self.plan
        return kpi

    def kpis_of(self, plan_code: str) -> dict[str, Kpi]:
        """The KPIs of a plan by their KPI番号, read once; none where there is no such plan."""
        if plan_code not in self.others:
            plan = Strategy.objects.filter(code=plan_code).first()
            self.others[plan_code] = Standing.of(plan).kpis
        return self.others[plan_code]

    def departments(self, text: str) -> list[Department]:
        """The departments of a cell, which are known."""
        found = []
        for part in filter(None, text.split("、")):
            known = self.standing.departments.get(part) or next(
                (
                    one
                    for one in self.standing.departments.values()
                    if comparable(one.name) == comparable(part)
                ),
                None,
            )
            if known is None and self.is_lenient:
                continue
            if known is None:
                message = f"「{part}」という課がありません。"
                raise NotThere({"department": message}, forms.DEPARTMENTS, part)
            found.append(known)
        return found
