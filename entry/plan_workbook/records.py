"""A plan of the database as the records of a workbook: each sheet's rows as export writes them."""

from collections import defaultdict

from common.reading.units import NO_UNIT
from entry.actuals_file import columns as actuals
from entry.actuals_file.ratings import written_mark
from entry.plan_workbook import forms
from entry.plan_workbook.columns import written_figure
from entry.plan_workbook.rating_rules import record_of_own_rules, records_of_rules
from entry.plan_workbook.standing import (
    KPI_TEXTS,
    LIFE,
    PLAN_ITEMS,
    Record,
    Records,
    Standing,
    key_of,
)
from kpis.models import (
    MEASURED_STATES,
    ActualState,
    FinalTarget,
    FormerPlace,
    Kpi,
    KpiRatingRules,
    YearlyTarget,
)
from kpis.series import KpiSeries, load_series
from projects.models import (
    Department,
    FormerPeriod,
    Initiative,
    InitiativeListing,
    RatingRules,
    Strategy,
)


def plan_records(standing: Standing) -> Records:
    """A plan as the workbook has it; only cells that say anything."""
    if standing.strategy is None:
        return {}
    writer = _Writer(standing, standing.strategy)
    records = {name: writer.of(name) for name in _SHEETS}
    return {name: rows for name, rows in records.items() if rows}


class _Writer:
    """Makes the records of each sheet of one plan."""

    def __init__(self, standing: Standing, strategy: Strategy) -> None:
        self.standing = standing
        self.strategy = strategy
        self.names = {one.pk: name for name, one in standing.kpis.items()}
        self.codes = {one.pk: code for code, one in standing.projects.items()}

    def of(self, sheet: str) -> dict[str, Record]:
        """The records of a sheet."""
        rows: dict[str, Record] = getattr(self, _SHEETS[sheet])()
        return {
            key: said
            for key, record in rows.items()
            if (said := {heading: text for heading, text in record.items() if text})
        }

    def plan(self) -> dict[str, Record]:
        plan = self.strategy
        said = {item: str(getattr(plan, column)) for item, column in PLAN_ITEMS.items()}
        first = plan.former_periods.order_by("held_until").first()
        if first is not None:
            said["最終年度"] = str(first.last_year)
        return {
            item: {forms.ITEM: item, forms.CONTENT: text} for item, text in said.items() if text
        }

    def periods(self) -> dict[str, Record]:
        former = list(FormerPeriod.objects.filter(strategy=self.strategy).order_by("held_until"))
        then = [one.last_year for one in former[1:]] + [self.strategy.last_year] * bool(former)
        return {
            str(one.held_until + 1): {
                "適用年度": str(one.held_until + 1),
                "最終年度": str(last),
                "理由": one.reason,
            }
            for one, last in zip(former, then, strict=True)
        }

    def rules(self) -> dict[str, Record]:
        rows: dict[str, Record] = {}
        revisions = RatingRules.objects.filter(strategy=self.strategy).order_by("effective_from")
        had_experts = False
        for row in (self.strategy, *revisions):
            since = str(getattr(row, "effective_from", ""))
            records = records_of_rules(row, had_experts=had_experts)
            had_experts = bool(row.external_bands)
            for of, record in records.items():
                named = {"適用年度": since, "対象": of, "理由": getattr(row, "reason", "")}
                rows[key_of(since, of, "")] = named | record
        own = KpiRatingRules.objects.filter(kpi__project__strategy=self.strategy)
        for own_row in own.order_by("kpi_id", "effective_from"):
            name = self.names[own_row.kpi_id]
            begins = self.standing.kpis[name].first_year or self.strategy.first_year
            year = own_row.effective_from
            since = "" if year <= begins else str(year)
            named = {"適用年度": since, "対象": forms.OF_KPIS, "KPI番号": name}
            rows[key_of(since, forms.OF_KPIS, name)] = (
                named | {"理由": own_row.reason} | record_of_own_rules(own_row)
            )
        return rows

    def pillars(self) -> dict[str, Record]:
        return {
            number: {"番号": number, "名称": one.name, "標語": one.slogan}
            for number, one in self.standing.pillars.items()
        }

    def projects(self) -> dict[str, Record]:
        directions = self.standing.directions
        return {
            code: {
                "記号": code,
                "表記": one.printed_sign,
                "柱": str(one.pillar.number) if one.pillar else "",
                "種別": one.kind,
                "名称": one.name,
                "目的": one.purpose,
                "方向性": "\n".join(it.text for it in directions.get(one.pk, ())),
            }
            for code, one in self.standing.projects.items()
            if not one.holds_goals
        }

    def initiatives(self) -> dict[str, Record]:
        homes = {
            (one.initiative_id, one.project_id): place
            for place, one in self.standing.listings.items()
        }
        rows = {}
        for place, one in self.standing.listings.items():
            code = self.codes[one.project_id]
            number = place.removeprefix(f"{code}(").replace(")", "", 1)
            record = {"プロジェクト": code, "番号": number}
            if one.is_relisted:
                home = homes[one.initiative_id, one.initiative.home_project_id]
                record |= {"取組名": one.printed_name, "再掲元": home} | _life(one)
            else:
                owner = one.initiative.department
                record |= {"取組名": one.initiative.name, "掲載名": one.printed_name}
                record |= _life(one.initiative)
                record["所管課"] = self.standing.written_department(owner) if owner else ""
            rows[place] = record
        return rows

    def departments(self) -> dict[str, Record]:
        """Those that the plan's KPIs and initiatives have."""
        used = {one.department_id for one in self.standing.kpis.values()}
        used |= {one.initiative.department_id for one in self.standing.listings.values()}
        for kpi in self.standing.kpis.values():
            used |= {one.pk for one in kpi.related_departments.all()}
        return {
            self.standing.written_department(one): record_of_department(one)
            for one in self.standing.departments.values()
            if one.pk in used
        }

    def kpis(self) -> dict[str, Record]:
        return {name: self._kpi(name, one) for name, one in self.standing.kpis.items()}

    def _kpi(self, name: str, kpi: Kpi) -> Record:
        related = sorted(kpi.related_departments.all(), key=lambda one: one.code)
        owners = [*([kpi.department] if kpi.department else []), *related]
        before = [self.names[kpi.successor_of_id]] if kpi.successor_of_id else []
        if kpi.carried_from:
            before.append(_elsewhere(kpi.carried_from))
        return {
            "KPI番号": name,
            **{heading: getattr(kpi, column) for heading, column in KPI_TEXTS.items()},
            "単位": kpi.unit or NO_UNIT,
            "小数桁数": str(kpi.decimal_places),
            "集計方法": _word(forms.AGGREGATIONS, kpi.aggregation),
            "目指す方向": _word(forms.DIRECTIONS, kpi.direction),
            "達成率の算式": _word(forms.FORMULAS, kpi.formula),
            "所管課": "、".join(self.standing.written_department(one) for one in owners),
            **_life(kpi),
            "前の指標": "、".join(before),
            "実績の引用元": _elsewhere(kpi.source) if kpi.source else "",
        }

    def moves(self) -> dict[str, Record]:
        rows: dict[str, Record] = {}
        former: defaultdict[int, list[FormerPlace]] = defaultdict(list)
        for one in FormerPlace.objects.filter(kpi__project__strategy=self.strategy).order_by(
            "held_until"
        ):
            former[one.kpi_id].append(one)
        for name, kpi in self.standing.kpis.items():
            since, reason = "", ""
            for place in (*former.get(kpi.pk, ()), *([kpi] if kpi.pk in former else [])):
                rows[key_of(name, since)] = {
                    "KPI番号": name,
                    "適用年度": since,
                    "プロジェクト": self.codes[place.project_id],
                    "番号": str(place.number),
                    "理由": reason,
                }
                if isinstance(place, FormerPlace):
                    since, reason = str(place.held_until + 1), place.reason
        return rows

    def targets(self) -> dict[str, Record]:
        rows: dict[str, Record] = {}
        finals: defaultdict[int, list[FinalTarget]] = defaultdict(list)
        for one in FinalTarget.objects.filter(kpi__project__strategy=self.strategy).order_by(
            "effective_from"
        ):
            finals[one.kpi_id].append(one)
        for name, kpi in self.standing.kpis.items():
            begins = kpi.first_year or self.strategy.first_year
            baseline = {
                "基準値": written_figure(kpi.baseline),
                "基準値の年度": str(kpi.baseline_year or ""),
            }
            first = {"KPI番号": name, "適用年度": ""} | baseline
            for row in finals.get(kpi.pk, ()):
                if row.effective_from <= begins:
                    first |= _target(row, kpi)
            if any(text for heading, text in first.items() if heading != "KPI番号"):
                rows[key_of(name, "")] = first
            for row in finals.get(kpi.pk, ()):
                if row.effective_from > begins:
                    since = str(row.effective_from)
                    rows[key_of(name, since)] = {
                        "KPI番号": name,
                        "適用年度": since,
                        "基準値": written_figure(row.baseline),
                        "基準値の年度": str(row.baseline_year or ""),
                    } | _target(row, kpi)
        return rows

    def yearly(self) -> dict[str, Record]:
        rows: dict[str, Record] = {}
        for one in YearlyTarget.objects.filter(kpi__project__strategy=self.strategy).order_by(
            "kpi__project__position", "kpi__project__code", "kpi__number", "fiscal_year"
        ):
            name = self.names[one.kpi_id]
            row = rows.setdefault(name, {"KPI番号": name})
            row[str(one.fiscal_year)] = written_figure(one.value)
        return rows

    def actuals(self) -> dict[str, Record]:
        rows: dict[str, Record] = {}
        series = {one.definition.id: one for one in load_series(self.strategy, with_texts=True)}
        for kpi, name in self.names.items():
            for year in self.strategy.years if kpi in series else ():
                record = record_of_actual(series[kpi], year)
                if record:
                    rows[key_of(name, year)] = {"KPI番号": name, actuals.YEAR: str(year)} | record
        return rows


def record_of_department(department: Department) -> Record:
    """A department as its row has it."""
    since, until = department.valid_from, department.valid_until
    return {
        "コード": department.code,
        "名称": department.name,
        "設置日": since.isoformat() if since else "",
        "廃止日": until.isoformat() if until else "",
    }


def record_of_actual(series: KpiSeries, year: int) -> Record:
    """What is recorded of a KPI's year; a figure that is another plan's is not the KPI's own."""
    saved = series.own_record(year)
    if saved is None:
        return {}
    scale = series.scale_in(year)
    marks = {ActualState.PROVISIONAL: "1", ActualState.FINAL: "0"}
    said = {
        actuals.ANALYSIS: saved.analysis,
        actuals.NEXT_STEPS: saved.next_steps,
        actuals.PROPOSED: written_mark(scale, saved.proposed_place),
        actuals.PROPOSAL_REASON: saved.proposal_reason,
        actuals.DECIDED: written_mark(scale, saved.decided_place),
        actuals.DECISION_REASON: saved.decision_reason,
    }
    if not series.takes(year):
        is_measured = saved.state in MEASURED_STATES
        said |= {
            actuals.VALUE: saved.value_words or written_figure(saved.value),
            actuals.VALUE_YEAR: str(saved.value_year or ""),
            actuals.PROVISIONAL: marks[ActualState(saved.state)] if is_measured else "",
            actuals.REASON: saved.unmeasured_reason,
            actuals.EXPECTED: saved.expected_on.isoformat() if saved.expected_on else "",
            actuals.CONFIRMATION: saved.confirmation,
        }
    return {heading: text for heading, text in said.items() if text}


def _target(row: FinalTarget, kpi: Kpi) -> Record:
    increases = kpi.direction == "increase"
    condition = ""
    if row.value is not None and row.tolerance is None:
        words = ("超", "以上") if increases else ("未満", "以下")
        condition = words[0] if row.is_strict else words[1]
    return {
        "目標値": row.words or written_figure(row.value),
        "条件": condition,
        "許容幅": written_figure(row.tolerance),
        "満たし方": _word(forms.MET_BY, row.met_by) if row.met_by else "",
        "目標年度": str(row.target_year or ""),
        "理由": row.reason,
    }


def _life(row: Initiative | InitiativeListing | Kpi) -> Record:
    return {heading: str(getattr(row, column) or "") for column, heading in LIFE.items()}


def _elsewhere(kpi: Kpi) -> str:
    """A KPI of another plan: `omuta-2024-2028:P1-2`."""
    project = kpi.project
    return f"{project.strategy.code}:{kpi.code}"


def _word(words: dict[str, str], value: str) -> str:
    return next(word for word, kept in words.items() if kept == value)


# In the order in which they are written; what a later sheet names, an earlier one has.
_SHEETS = {
    forms.PLAN: "plan", forms.PERIODS: "periods", forms.RULES: "rules",
    forms.PILLARS: "pillars", forms.PROJECTS: "projects", forms.DEPARTMENTS: "departments",
    forms.INITIATIVES: "initiatives", forms.KPIS: "kpis", forms.MOVES: "moves",
    forms.TARGETS: "targets", forms.YEARLY: "yearly", forms.ACTUALS: "actuals",
}  # fmt: skip
