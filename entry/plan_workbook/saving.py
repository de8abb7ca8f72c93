"""Writes what a workbook changes: rows saved one by one, each judged by its model's rules.

A row that its rules don't bear yet is tried again when others have been saved, so that the order
of what depends on each other is found; what never can be saved is told, at its cell.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from common.history import sign_change
from common.reading.names import comparable
from common.reading.units import NO_UNIT
from entry.plan_workbook import forms
from entry.plan_workbook.differing import ChangeKind, RowChange
from entry.plan_workbook.rating_rules import (
    columns_of,
    scale_columns_of,
    without_word_on_projects,
)
from entry.plan_workbook.standing import (
    KPI_TEXTS,
    LIFE,
    PLAN_ITEMS,
    Record,
    Records,
    Standing,
    key_of,
)
from kpis.models import FinalTarget, FormerPlace, Kpi, KpiRatingRules, YearlyTarget
from kpis.permissions import User
from kpis.plan_acts import take_free_mark
from projects.goals import holder_of
from projects.models import (
    RATING_COLUMNS,
    Department,
    FormerPeriod,
    Initiative,
    InitiativeListing,
    Pillar,
    PlanState,
    Project,
    ProjectDirection,
    RatingRules,
    Strategy,
)

# What of a record is at fault for a column of a model.
_HEADINGS: dict[str, dict[str, str]] = {
    forms.PILLARS: {"number": "番号", "name": "名称", "slogan": "標語"},
    forms.PROJECTS: {
        "code": "記号", "printed_sign": "表記", "pillar": "柱", "kind": "種別", "name": "名称",
        "purpose": "目的", "text": "方向性",
    },
    forms.DEPARTMENTS: {
        "code": "コード", "name": "名称", "valid_from": "設置日", "valid_until": "廃止日",
    },
    forms.INITIATIVES: {
        "name": "取組名", "printed_name": "取組名", "home_project": "プロジェクト",
        "department": "所管課", "project": "プロジェクト", "number": "番号",
        "initiative": "再掲元", **LIFE,
    },
    forms.KPIS: {
        **{column: heading for heading, column in KPI_TEXTS.items()}, **LIFE, "unit": "単位",
        "decimal_places": "小数桁数", "aggregation": "集計方法", "direction": "目指す方向",
        "formula": "達成率の算式", "department": "所管課", "project": "KPI番号",
        "number": "KPI番号", "successor_of": "前の指標", "carried_from": "前の指標",
        "source": "実績の引用元",
    },
    forms.MOVES: {
        "project": "プロジェクト", "number": "番号", "held_until": "適用年度", "reason": "理由",
    },
    forms.TARGETS: {
        "effective_from": "適用年度", "value": "目標値", "words": "目標値", "met_by": "満たし方",
        "is_strict": "条件", "tolerance": "許容幅", "target_year": "目標年度",
        "baseline": "基準値", "baseline_year": "基準値の年度", "reason": "理由",
    },
    forms.RULES: {
        "effective_from": "適用年度", "rating_method": "方法", "rating_basis": "使う率",
        "average_cap": "上限", "average_floor": "下限", "rate_decimals": "桁",
        "rate_rounding": "端数", "project_method": "方法", "bands": forms.BANDS,
        "rating_steps": forms.BANDS, "project_bands": forms.BANDS, "external_bands": forms.BANDS,
        "reason": "理由",
    },
    forms.PERIODS: {"held_until": "適用年度", "last_year": "最終年度", "reason": "理由"},
}  # fmt: skip
# A rule of rating is told at the row of what it is about.
_OF_COLUMN = {
    "project_method": forms.OF_PROJECTS,
    "project_bands": forms.OF_PROJECTS,
    "external_bands": forms.OF_EXPERTS,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record can't be saved: the sheet, what names the row, the heading (may be blank)."""

    sheet: str
    key: str
    heading: str
    message: str


@dataclass(frozen=True, slots=True)
class _Task:
    """Something to save; `do` raises ValidationError where it can't be yet."""

    sheet: str
    key: str
    do: Callable[[], None]


class NotThere(ValidationError):
    """A row refers to one that is not saved (yet)."""


class Saving:
    """Saves the changes of one workbook, in the caller's transaction.

    `before` and `after` are the plan's records; `user` is None for a command. A new plan is in
    preparation, or running where `is_in_force`. Afterwards `standing` is what stands.
    """

    def __init__(
        self,
        standing: Standing,
        before: Records,
        after: Records,
        changes: Iterable[RowChange],
        *,
        user: User | None,
        reason: str,
        is_in_force: bool = False,
    ) -> None:
        self.standing = standing
        self.before = before
        self.after = after
        self.user = user
        self.reason = reason
        self.is_in_force = is_in_force
        self.changed: dict[str, dict[str, RowChange]] = defaultdict(dict)
        for change in changes:
            if self.before.get(change.sheet, {}).get(change.key) != self.after.get(
                change.sheet, {}
            ).get(change.key):
                self.changed[change.sheet][change.key] = change

    def run(self) -> list[Fault]:
        """Save everything; what couldn't be, and why."""
        waiting = [*self._tasks()]
        while waiting:
            left: list[_Task] = []
            faults: list[Fault] = []
            for task in waiting:
                told = self._tried(task)
                if told:
                    left.append(task)
                    faults += told
            if len(left) == len(waiting):
                return faults
            waiting = left
            if not self.standing.strategy:
                return faults
        return []

    @property
    def plan(self) -> Strategy:
        """The plan, which is saved first."""
        if self.standing.strategy is None:
            raise NotThere("計画を先に保存できませんでした。")
        return self.standing.strategy

    def _tried(self, task: _Task) -> list[Fault]:
        """Do a task; why it can't be done."""
        try:
            with transaction.atomic():
                task.do()
        except ValidationError as error:
            return [*self._faults(task, error)]
        except (ProtectedError, RestrictedError):
            message = "ほかのものが使っているため、削除できません。使うものを先に直してください。"
            return [Fault(task.sheet, task.key, forms.BY_NAME[task.sheet].row_named_by, message)]
        return []

    def _faults(self, task: _Task, error: ValidationError) -> Iterator[Fault]:
        if not hasattr(error, "error_dict"):
            for message in error.messages:
                yield Fault(task.sheet, task.key, "", message)
            return
        for name, messages in error.message_dict.items():
            sheet, key = task.sheet, task.key
            heading = "" if name == NON_FIELD_ERRORS else _HEADINGS.get(sheet, {}).get(name, "")
            if sheet == forms.PLAN:
                key = next((item for item, column in PLAN_ITEMS.items() if column == name), key)
                heading = forms.CONTENT
                if name in _HEADINGS[forms.RULES] and name not in PLAN_ITEMS.values():
                    sheet, heading = forms.RULES, _HEADINGS[forms.RULES][name]
                    key = key_of("", _OF_COLUMN.get(name, forms.OF_KPIS), "")
            elif sheet == forms.RULES and name in _OF_COLUMN:
                since, _of, kpi = key.split("／")
                key = key_of(since, _OF_COLUMN[name], kpi)
            elif sheet == forms.KPIS and name in ("baseline", "baseline_year"):
                sheet, key = forms.TARGETS, key_of(key, "")
                heading = _HEADINGS[forms.TARGETS][name]
            for message in messages:
                yield Fault(sheet, key, heading, message)

    def _tasks(self) -> Iterator[_Task]:
        yield from self._deletions()
        if self.standing.strategy is None or any(
            self.changed[name] for name in (forms.PLAN, forms.PERIODS, forms.RULES)
        ):
            yield _Task(forms.PLAN, "計画コード", self._save_plan)
        makers: tuple[tuple[str, Callable[[str], None]], ...] = (
            (forms.DEPARTMENTS, self._save_department),
            (forms.PILLARS, self._save_pillar),
            (forms.PROJECTS, self._save_project),
            (forms.INITIATIVES, self._save_listing),
        )
        for sheet, save in makers:
            for key in self._saved(sheet):
                yield _Task(sheet, key, _bound(save, key))
        for name in self._kpis_to_save():
            yield _Task(forms.KPIS, name, _bound(self._save_kpi, name))
        for since in dict.fromkeys(key.split("／")[0] for key in self.changed[forms.RULES]):
            own = [key for key in self.changed[forms.RULES] if key.split("／")[0] == since]
            if since and any(not key.split("／")[2] for key in own):
                key = next(key for key in own if not key.split("／")[2])
                yield _Task(forms.RULES, key, _bound(self._save_rules, since))
            for key in own:
                if key.split("／")[2]:
                    yield _Task(forms.RULES, key, _bound(self._save_own_rules, key))
        for name in dict.fromkeys(key.split("／")[0] for key in self.changed[forms.MOVES]):
            key = next(key for key in self.changed[forms.MOVES] if key.split("／")[0] == name)
            yield _Task(forms.MOVES, key, _bound(self._save_moves, name))
        for key in self._saved(forms.TARGETS):
            yield _Task(forms.TARGETS, key, _bound(self._save_target, key))
        for name, change in self.changed[forms.YEARLY].items():
            for cell in change.cells:
                yield _Task(forms.YEARLY, name, _bound(self._save_yearly, (name, cell.heading)))

    def _saved(self, sheet: str) -> list[str]:
        """The keys of a sheet's rows that are new or change, in their order."""
        return [
            key for key, one in self.changed[sheet].items() if one.kind is not ChangeKind.DELETED
        ]

    def _kpis_to_save(self) -> list[str]:
        """KPIs that change, or whose first baseline does."""
        rebased = [
            key.split("／")[0]
            for key, one in self.changed[forms.TARGETS].items()
            if key.endswith("／") and {"基準値", "基準値の年度"} & {it.heading for it in one.cells}
        ]
        standing = [name for name in rebased if name in self.after.get(forms.KPIS, {})]
        return list(dict.fromkeys([*self._saved(forms.KPIS), *standing]))

    def _deletions(self) -> Iterator[_Task]:
        rows: tuple[tuple[str, Callable[[str], Any]], ...] = (
            (forms.TARGETS, self._standing_target),
            (forms.KPIS, lambda key: self.standing.kpis[key]),
            (forms.INITIATIVES, self._standing_listing),
            (forms.PROJECTS, lambda key: self.standing.projects[key]),
            (forms.PILLARS, lambda key: self.standing.pillars[key]),
        )
        for sheet, row_of in rows:
            for key, change in self.changed[sheet].items():
                if change.kind is ChangeKind.DELETED:
                    yield _Task(sheet, key, _bound(self._delete, (row_of, key)))

    def _delete(self, asked: tuple[Callable[[str], Any], str]) -> None:
        row_of, key = asked
        row = row_of(key)
        if row is not None:
            sign_change(row, self.user, self.reason)
            row.delete()

    def _standing_target(self, key: str) -> Any:
        name, since = key.split("／")
        kpi = self.standing.kpis[name]
        if not since:
            first = kpi.final_targets.order_by("effective_from").first()
            begins = kpi.first_year or self.plan.first_year
            return first if first is not None and first.effective_from <= begins else None
        return kpi.final_targets.filter(effective_from=int(since)).first()

    def _standing_listing(self, key: str) -> Any:
        listing = self.standing.listings[key]
        return listing if listing.is_relisted else listing.initiative

    def _save(self, row: Any) -> None:
        """Check and save a row, its history signed. Raises ValidationError."""
        row.full_clean()
        sign_change(row, self.user, self.reason)
        row.save()

    # The plan

    def _save_plan(self) -> None:
        plan = self.standing.strategy
        is_new = plan is None
        if plan is None:
            plan = Strategy(state=PlanState.PREPARING, is_current=False)
        said = self.after.get(forms.PLAN, {})
        for item, column in PLAN_ITEMS.items():
            text = said.get(item, {}).get(forms.CONTENT)
            if text is None and is_new:
                continue
            is_year = column in ("first_year", "last_year")
            setattr(plan, column, int(text) if is_year and text else text or "")
        periods = self._periods(plan)
        rules = self._rules_since("")
        columns = columns_of(rules)
        if is_new:
            without_word_on_projects(columns, rules)
            if not plan.code:
                raise ValidationError({"code": "計画コードを書いてください。"})
            if self.is_in_force:
                plan.state = PlanState.RUNNING
                take_free_mark(plan, user=self.user)
        for name, value in columns.items():
            setattr(plan, name, value)
        self._save(plan)
        for period in periods:
            self._save(period)
        self.standing.strategy = plan

    def _periods(self, plan: Strategy) -> list[FormerPeriod]:
        """The rows for how long the plan was to last before; the plan gets what holds now."""
        changes = sorted(self.after.get(forms.PERIODS, {}).items())
        if not changes and not self.changed[forms.PERIODS]:
            return []
        standing = {one.held_until: one for one in FormerPeriod.objects.filter(strategy=plan.pk)}
        rows, last = [], plan.last_year
        for since, record in changes:
            row = standing.pop(int(since) - 1, None) or FormerPeriod(held_until=int(since) - 1)
            row.strategy, row.last_year, row.reason = plan, last, record.get("理由", "")
            rows.append(row)
            last = int(record["最終年度"])
        for gone in standing.values():
            sign_change(gone, self.user, self.reason)
            gone.delete()
        plan.last_year = last
        return rows

    def _rules_since(self, since: str) -> dict[str, Record]:
        """The plan's rules of rating from a year on, by 対象."""
        rows = self.after.get(forms.RULES, {})
        parted = {tuple(key.split("／")): record for key, record in rows.items()}
        return {
            of: record for (year, of, kpi), record in parted.items() if year == since and not kpi
        }

    def _save_rules(self, since: str) -> None:
        records = self._rules_since(since)
        row = RatingRules.objects.filter(strategy=self.plan, effective_from=int(since)).first()
        if not records:
            if row is not None:
                self._delete((lambda _key: row, since))
            return
        if row is None:
            before = (
                RatingRules.objects.filter(strategy=self.plan, effective_from__lt=int(since))
                .order_by("effective_from")
                .last()
            )
            row = RatingRules(strategy=self.plan, effective_from=int(since))
            for name in RATING_COLUMNS:
                setattr(row, name, getattr(before or self.plan, name))
        for name, value in columns_of(records).items():
            setattr(row, name, value)
        row.reason = next((one["理由"] for one in records.values() if one.get("理由")), "")
        self._save(row)

    def _save_own_rules(self, key: str) -> None:
        since, _of, name = key.split("／")
        kpi = self._kpi(name)
        year = int(since) if since else kpi.first_year or self.plan.first_year
        row = KpiRatingRules.objects.filter(kpi=kpi, effective_from=year).first()
        record = self.after.get(forms.RULES, {}).get(key)
        if record is None:
            self._delete((lambda _key: row, key))
            return
        if row is None:
            row = KpiRatingRules(effective_from=year)
            for column, value in scale_columns_of(
                self._rules_since("").get(forms.OF_KPIS, {})
            ).items():
                setattr(row, column, value)
        row.kpi = kpi
        row.is_plans = record.get("方法") == "計画"
        for column, value in scale_columns_of(record).items():
            setattr(row, column, value)
        row.reason = record.get("理由", "")
        self._save(row)

    # Its parts

    def _save_department(self, name: str) -> None:
        record = self.after[forms.DEPARTMENTS][name]
        code = record.get("コード") or self._free_department_code()
        valid = {
            column: date.fromisoformat(record[heading]) if record.get(heading) else None
            for heading, column in (("設置日", "valid_from"), ("廃止日", "valid_until"))
        }
        department = Department(code=code, name=name, **valid)
        self._save(department)
        self.standing.departments[code] = department

    def _free_department_code(self) -> str:
        number = len(self.standing.departments) + 1
        while f"D{number:02d}" in self.standing.departments:
            number += 1
        return f"D{number:02d}"

    def _save_pillar(self, number: str) -> None:
        record = self.after[forms.PILLARS][number]
        pillar = self.standing.pillars.get(number) or Pillar(number=int(number))
        pillar.strategy = self.plan
        pillar.name, pillar.slogan = record.get("名称", ""), record.get("標語", "")
        self._save(pillar)
        self.standing.pillars[number] = pillar

    def _save_project(self, code: str) -> None:
        record = self.after[forms.PROJECTS][code]
        project = self.standing.projects.get(code)
        if project is None:
            last = max((one.position for one in self.standing.projects.values()), default=0)
            project = Project(code=code, position=last + 1)
        pillar = self.standing.pillars.get(record.get("柱", ""))
        if pillar is None:
            raise NotThere({"pillar": "この番号の柱がありません。"})
        project.strategy, project.pillar = self.plan, pillar
        for heading, column in _PROJECT_TEXTS.items():
            setattr(project, column, record.get(heading, ""))
        self._save(project)
        self.standing.projects[code] = project
        self._save_directions(project, record.get("方向性", ""))

    def _save_directions(self, project: Project, text: str) -> None:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        standing = list(self.standing.directions.get(project.pk, ()))
        rows = []
        for number, line in enumerate(lines, start=1):
            row = standing.pop(0) if standing else ProjectDirection(project=project)
            if (row.number, row.text) != (number, line):
                row.number, row.text = number, line
                self._save(row)
            rows.append(row)
        for gone in standing:
            sign_change(gone, self.user, self.reason)
            gone.delete()
        self.standing.directions[project.pk] = rows

    def _save_listing(self, key: str) -> None:
        record = self.after[forms.INITIATIVES][key]
        listing = self.standing.listings.get(key)
        project = self._project(record["プロジェクト"])
        if listing is None:
            listing = InitiativeListing(number=int(record["番号"].partition("（")[0]))
        listing.project = project
        home = record.get("再掲元", "")
        if home:
            if home not in self.standing.listings:
                raise NotThere({"initiative": f"再掲元の{home}がありません。"})
            listing.initiative = self.standing.listings[home].initiative
            name = record.get("取組名", "")
            same = comparable(name) == comparable(listing.initiative.name)
            listing.printed_name = "" if same else name
            _set_life(listing, record)
        else:
            listing.initiative = self._initiative(listing, project, record)
            listing.printed_name = record.get("掲載名", "")
            _set_life(listing, record)
        self._save(listing)
        self.standing.listings[key] = listing

    def _initiative(
        self, listing: InitiativeListing, project: Project, record: Record
    ) -> Initiative:
        """The initiative of a row at its home, saved."""
        initiative = listing.initiative if listing.pk else Initiative(home_project=project)
        initiative.strategy = self.plan
        initiative.name = record.get("取組名", "")
        owners = self._departments(record.get("所管課", ""))
        initiative.department = owners[0] if owners else None
        _set_life(initiative, record)
        self._save(initiative)
        return initiative

    # KPIs

    def _save_kpi(self, name: str) -> None:
        record = self.after[forms.KPIS][name]
        kpi = self.standing.kpis.get(name)
        if kpi is None:
            code, _dash, number = name.partition("（")[0].rpartition("-")
            kpi = Kpi(project=self._project(code), number=int(number))
        kpi.project.strategy = self.plan
        for heading, column in KPI_TEXTS.items():
            setattr(kpi, column, record.get(heading, ""))
        kpi.unit = record.get("単位", "").replace(NO_UNIT, "")
        kpi.decimal_places = int(record.get("小数桁数", "0"))
        kpi.aggregation = forms.AGGREGATIONS[record.get("集計方法", "単年度")]
        kpi.direction = forms.DIRECTIONS[record.get("目指す方向", "以上")]
        kpi.formula = forms.FORMULAS[record.get("達成率の算式", "実績÷目標")]
        first = self.after.get(forms.TARGETS, {}).get(key_of(name, ""), {})
        kpi.baseline = _decimal(first.get("基準値"))
        kpi.baseline_year = _year(first.get("基準値の年度"))
        _set_life(kpi, record)
        owners = self._departments(record.get("所管課", ""))
        kpi.department = owners[0] if owners else None
        kpi.successor_of, kpi.carried_from = self._former(record.get("前の指標", ""))
        kpi.source = self._elsewhere(record.get("実績の引用元", ""), "source")
        self._save(kpi)
        related = owners[1:]
        if {one.pk for one in kpi.related_departments.all()} != {one.pk for one in related}:
            sign_change(kpi, self.user, self.reason)
            kpi.related_departments.set(related)
        self.standing.kpis[name] = kpi

    def _former(self, text: str) -> tuple[Kpi | None, Kpi | None]:
        """The KPI that one replaces, and that of an earlier plan which it carries on."""
        replaced, carried = None, None
        for part in filter(None, (one.strip() for one in text.split("、"))):
            if ":" in part or "：" in part:
                carried = self._elsewhere(part, "carried_from")
            else:
                replaced = self.standing.kpis.get(part)
                if replaced is None:
                    raise NotThere(
                        {"successor_of": f"「{part}」という指標は、この計画にありません。"}
                    )
        return replaced, carried

    def _elsewhere(self, text: str, field: str) -> Kpi | None:
        """A KPI of another plan: `omuta-2024-2028:P1-2`."""
        if not text:
            return None
        plan_code, _colon, name = text.replace("：", ":").partition(":")
        plan = Strategy.objects.filter(code=plan_code.strip()).first()
        found = Standing.of(plan).kpis.get(name.strip()) if plan else None
        if found is None:
            raise NotThere(
                {
                    field: f"「{text}」に当たる指標がありません。計画コード:P1-2 のように書き、"
                    "その計画を先に取り込んでください。"
                }
            )
        return found

    def _save_moves(self, name: str) -> None:
        kpi = self._kpi(name)
        rows = sorted(
            (key.split("／")[1], record)
            for key, record in self.after.get(forms.MOVES, {}).items()
            if key.split("／")[0] == name
        )
        if rows:
            _since, last = rows[-1]
            if f"{last['プロジェクト']}-{last['番号']}" != name.partition("（")[0]:
                raise ValidationError(
                    {"number": f"最後の場所は、今のKPI番号（{name}）と同じにしてください。"}
                )
        standing = {one.held_until: one for one in FormerPlace.objects.filter(kpi=kpi)}
        for (_from, place), (since, later) in zip(rows, rows[1:], strict=False):
            until = int(since) - 1
            row = standing.pop(until, None) or FormerPlace(kpi=kpi, held_until=until)
            row.project, row.number = self._project(place["プロジェクト"]), int(place["番号"])
            row.reason = later.get("理由", "")
            self._save(row)
        for gone in standing.values():
            sign_change(gone, self.user, self.reason)
            gone.delete()

    def _save_target(self, key: str) -> None:
        name, since = key.split("／")
        kpi = self._kpi(name)
        record = self.after[forms.TARGETS][key]
        row = self._standing_target(key)
        if not since and not record.keys() & _SAYS_TARGET:
            if row is not None:
                self._delete((lambda _key: row, key))
            return
        begins = kpi.first_year or self.plan.first_year
        row = row or FinalTarget(effective_from=int(since) if since else begins)
        row.kpi = kpi
        _set_target(row, record)
        if since:
            row.baseline = _decimal(record.get("基準値"))
            row.baseline_year = _year(record.get("基準値の年度"))
        self._save(row)

    def _save_yearly(self, asked: tuple[str, str]) -> None:
        name, year = asked
        kpi = self._kpi(name)
        text = self.after.get(forms.YEARLY, {}).get(name, {}).get(year)
        row = YearlyTarget.objects.filter(kpi=kpi, fiscal_year=int(year)).first()
        if text is None:
            self._delete((lambda _key: row, name))
            return
        row = row or YearlyTarget(fiscal_year=int(year))
        row.kpi, row.value = kpi, Decimal(text)
        try:
            self._save(row)
        except ValidationError as error:
            messages = getattr(error, "messages", [str(error)])
            raise ValidationError({year: messages}) from None

    # What rows refer to

    def _project(self, code: str) -> Project:
        """The project of a 記号; what holds 数値目標 is made where it is not there."""
        found = self.standing.projects.get(code)
        if found is not None:
            found.strategy = self.plan
            return found
        number = code[1:]
        if not (code.startswith("G") and number.isdigit()):
            raise NotThere({"project": f"記号「{code}」のプロジェクトがありません。"})
        pillar = self.standing.pillars.get(number)
        if pillar is None and number != "0":
            raise NotThere({"project": f"番号{number}の柱がありません。"})
        holder: Project = holder_of(self.plan, pillar)
        if holder.pk is None:
            self._save(holder)
        self.standing.projects[code] = holder
        return holder

    def _kpi(self, name: str) -> Kpi:
        kpi = self.standing.kpis.get(name)
        if kpi is None:
            raise NotThere("指標を先に保存できませんでした。")
        kpi.project.strategy = self.plan
        return kpi

    def _departments(self, text: str) -> list[Department]:
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
            if known is None:
                raise NotThere({"department": f"「{part}」という課がありません。"})
            found.append(known)
        return found


_SAYS_TARGET = {"目標値", "条件", "許容幅", "満たし方", "目標年度"}
_PROJECT_TEXTS = {"名称": "name", "目的": "purpose", "種別": "kind", "表記": "printed_sign"}


def _set_target(row: FinalTarget, record: Mapping[str, str]) -> None:
    text, met_by = record.get("目標値", ""), record.get("満たし方", "")
    value = _decimal(text)
    row.value, row.words = value, "" if value is not None else text
    if row.words and not met_by and row.words in forms.MET_BY:
        met_by = row.words
    row.met_by = forms.MET_BY.get(met_by, "")
    condition = record.get("条件", "")
    increases = row.kpi.direction == "increase"
    if condition and value is not None and (condition in ("以上", "超")) is not increases:
        way = "以上" if increases else "以下"
        raise ValidationError(
            {
                "is_strict": f"条件「{condition}」が、目指す方向「{way}」と合いません。どちらかを直してください。"
            }
        )
    row.is_strict = value is not None and condition in ("超", "未満")
    row.tolerance = _decimal(record.get("許容幅"))
    row.target_year = _year(record.get("目標年度"))
    row.reason = record.get("理由", "")


def _set_life(row: Any, record: Mapping[str, str]) -> None:
    row.first_year, row.last_year = _year(record.get("開始年度")), _year(record.get("終了年度"))
    row.begin_reason = record.get("開始の理由", "")
    row.end_reason = record.get("終了の理由", "")


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def _bound(do: Callable[[Any], None], argument: Any) -> Callable[[], None]:
    return lambda: do(argument)
