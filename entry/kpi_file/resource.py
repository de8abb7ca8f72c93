"""Import and export of KPIs as a table (columns: entry.kpi_file.columns)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from import_export import resources
from import_export.results import Result

from common.history import sign_change
from common.reading.names import half_width
from common.reading.units import NO_UNIT
from common.spreadsheets.cells import BLANK, Cell
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.sheet import Sheet
from common.spreadsheets.shift_jis import is_loss_of
from common.spreadsheets.table import UNNAMED, Table, read_table
from entry.actuals_file.importing import LOST_CHARACTERS
from entry.kpi_file.columns import (
    AGGREGATIONS,
    DIRECTIONS,
    FORMULAS,
    ChoiceColumn,
    Column,
    DecimalPlacesColumn,
    DepartmentColumn,
    FigureColumn,
    FiscalYearColumn,
    UnitColumn,
    text_of,
)
from entry.kpi_file.formats import SheetDataset
from entry.kpi_file.preview import ROW_NUMBER, Difference, ImportResult
from entry.kpi_file.revising import Revision, current_baseline, current_target, revision_of
from kpis.lookup import not_over
from kpis.models import FinalTarget, Kpi
from kpis.plan_changes.lives import add_kpi, beginning
from kpis.plan_changes.targets import check_target, revise_target
from kpis.recording import RecordingRefused, lock_plan
from kpis.series import closed_years
from projects.models import Department, Project, Strategy
from projects.project_codes import parts_if_any, parts_of

CHANGE_REASON = "ファイルの取り込み"
_MOST_ROWS = 2000
_MOST_NAMED = 5
# Where what is wrong with a revision stands in the file.
_COLUMN_OF = {"baseline": "baseline", "baseline_year": "baseline_year"}
# The same of a KPI that is added; whatever else is at fault has a column of its name.
_COLUMN_OF_ADDED = {"": "code", "first_year": "code", "target": "final_target"}


class KpiResource(resources.ModelResource):
    """KPIs of one plan, one a row, named by their KPI番号."""

    code = Column(
        "KPI番号",
        "code",
        "P1-2 の形。ある番号なら更新、ない番号なら新しい指標になります（必須）",
        readonly=True,
    )
    name = Column("指標名", "name", "新しい指標では必須")
    unit = UnitColumn(
        "単位", "unit", "件、人、% など。単位のないものは「なし」。新しい指標では必須"
    )
    decimal_places = DecimalPlacesColumn("小数桁数", "decimal_places", "0から4まで")
    aggregation = ChoiceColumn("集計方法", "aggregation", AGGREGATIONS)
    direction = ChoiceColumn("目指す方向", "direction", DIRECTIONS)
    formula = ChoiceColumn("達成率の算式", "formula", FORMULAS)
    baseline = FigureColumn("基準値", "baseline", "数字（全角や桁区切りも可）")
    baseline_year = FiscalYearColumn("基準値の年度", "baseline_year", "2023、令和5年度、R5 など")
    department = DepartmentColumn("所管課", "department", "課名か課コード")
    definition = Column("算出方法", "definition", "文")
    data_source = Column("出典", "data_source", "文")
    note = Column("備考", "note", "文")
    final_target = FigureColumn(
        "最終目標値",
        "final_target",
        "数字。新しい指標では最初の年度から、ある指標では締めていない最初の年度から適用します",
    )
    reason = Column("改定の理由", "reason", "ある指標の最終目標値や基準値を改めるときの理由")

    class Meta:
        model = Kpi
        fields = (
            "code", "name", "unit", "decimal_places", "aggregation", "direction", "formula",
            "baseline", "baseline_year", "department", "definition", "data_source", "note",
            "final_target", "reason",
        )  # fmt: skip
        import_id_fields = ("code",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def __init__(self, strategy: Strategy | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.strategy = strategy
        self.projects: dict[str, Project] = {}
        self.kpis: dict[str, Kpi] = {}
        self.seen: set[str] = set()
        self.without_unit: set[str] = set()
        self.table = Table({})
        self.lossy: list[str] = []
        self.versions: dict[str, list[int]] = {}
        self.closed: frozenset[int] = frozenset()

    @classmethod
    def get_result_class(cls) -> type[Result]:
        return ImportResult

    @classmethod
    def get_diff_class(cls) -> type[Difference]:
        return Difference

    def import_data_inner(
        self, dataset: tablib.Dataset, dry_run: object, *args: Any, **kwargs: Any
    ) -> Result:
        """Read, and unless it is only for the preview write, with the plan locked."""
        if self.strategy is not None and not dry_run:
            # Closing a year takes the same lock: it can't slip in between check and save.
            lock_plan(self.strategy)
        return super().import_data_inner(dataset, dry_run, *args, **kwargs)

    def before_import(self, dataset: SheetDataset, **kwargs: Any) -> None:
        """Read the rows and load what they are held against; refuse all of them otherwise."""
        dataset.wipe()
        strategy = self.strategy
        if strategy is None:
            raise ValidationError(
                "取り込める計画がありません。指標を取り込めるのは、準備中か実施中の計画です。"
            )
        try:
            self.table = self._table(dataset.sheet)
        except FileRefused as refused:
            raise ValidationError(str(refused)) from None
        dataset.headers = [ROW_NUMBER, *self.table.letters]
        for number, cells in self.table.rows.items():
            dataset.append([number, *(cells.get(one, BLANK) for one in self.table.letters)])
        self.projects = {one.code: one for one in strategy.projects.select_related("strategy")}
        # A code may have been another KPI's, which is over.
        kpis = not_over(Kpi.objects.filter(project__strategy=strategy), strategy).select_related(
            "project__strategy", "department"
        )
        self.kpis = {
            kpi.code: kpi for kpi in kpis.prefetch_related("final_targets", "yearly_targets")
        }
        self.fields["department"].departments = list(Department.objects.all())
        self.closed = closed_years(strategy)
        self.versions = self._versions()
        seen = kwargs.get("seen")
        if seen is not None and seen != self.versions:
            raise ValidationError(_changed_since(seen, self.versions))

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Read the KPI番号, which decides what the row is about."""
        cell = row["KPI番号"]
        code = _code_in(row)
        problem = cell.problem or self._code_problem(code, cell.text)
        if problem:
            raise ValidationError({"code": problem})
        self.seen.add(code)
        row["KPI番号"] = Cell(code)
        if row.get("単位", BLANK).is_blank:
            if code in self.kpis:
                # A figure may carry its KPI's unit.
                row["単位"] = Cell(self.kpis[code].unit or NO_UNIT)
            else:
                self.without_unit.add(code)

    def get_instance(self, instance_loader: Any, row: Mapping[str, Any]) -> Kpi | None:
        return self.kpis.get(row["KPI番号"].text)

    def init_instance(self, row: Mapping[str, Any]) -> Kpi:
        project, number = parts_of(row["KPI番号"].text)
        kpi = Kpi(project=self.projects[project], number=number)
        try:
            kpi.first_year = beginning(kpi.project.strategy, None)
        except RecordingRefused as refused:
            raise _at_columns(refused) from None
        return kpi

    def after_init_instance(
        self, instance: Any, new: object, row: Mapping[str, Any], **kwargs: Any
    ) -> None:
        instance.final_target = None if new else current_target(instance)
        instance.reason, instance.revision = "", None
        if not new:
            instance.own_baseline = (instance.baseline, instance.baseline_year)
            instance.baseline, instance.baseline_year = current_baseline(instance)

    def import_field(
        self, field: Column, instance: Kpi, row: Mapping[str, Any], *args: Any, **kwargs: Any
    ) -> None:
        """Take a cell, unless it is blank or has only lost characters of what stands."""
        cell = row.get(field.column_name, BLANK)
        if cell.is_blank:
            return
        if instance.pk and not cell.problem:
            standing = str(field.export(instance) or "")
            if is_loss_of(text_of(cell), standing):
                place = self.table.place(row[ROW_NUMBER], field.column_name)
                self.lossy.append(f"{place}：{LOST_CHARACTERS}")
                return
        super().import_field(field, instance, row, *args, **kwargs)

    def skip_row(
        self,
        instance: Any,
        original: Any,
        row: Mapping[str, Any],
        import_validation_errors: Any = None,
    ) -> bool:
        is_new = instance.pk is None
        # Why something is changed is no change.
        original.reason = instance.reason
        return not is_new and super().skip_row(instance, original, row, import_validation_errors)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        """Check the whole KPI with its targets; raises ValidationError by attribute."""
        errors = dict(import_validation_errors or {})
        says_no_unit = instance.pk is not None or instance.code not in self.without_unit
        for name, is_stated in (("name", instance.name), ("unit", instance.unit or says_no_unit)):
            if not is_stated and name not in errors:
                sentence = f"新しい指標なので、{self.fields[name].column_name}を入れてください。"
                errors[name] = [ValidationError(sentence)]
        if instance.pk is None and not errors:
            return  # the act that adds it checks it
        if instance.pk is not None:
            instance.revision = revision_of(instance, self.closed)
        super().validate_instance(instance, errors, *args, **kwargs)
        if instance.revision is not None:
            _check_revision(instance, instance.revision)

    def save_instance(
        self, instance: Any, is_create: object, row: Mapping[str, Any], **kwargs: Any
    ) -> None:
        """Add a new KPI by the act of that name; save another, its target by its own act.

        Raises ValidationError, at the columns, for what an act refuses.
        """
        if not is_create:
            super().save_instance(instance, is_create, row, **kwargs)
            return
        aim = instance.final_target
        target = None if aim is None else FinalTarget(value=aim)
        user: Any = kwargs.get("user")
        try:
            add_kpi(instance, user=user, reason=CHANGE_REASON, target=target)
        except RecordingRefused as refused:
            raise _at_columns(refused) from None

    def before_save_instance(self, instance: Kpi, row: Mapping[str, Any], **kwargs: Any) -> None:
        sign_change(instance, kwargs.get("user"), CHANGE_REASON)

    def after_save_instance(self, instance: Kpi, row: Mapping[str, Any], **kwargs: Any) -> None:
        """Write what the row revises."""
        user: Any = kwargs.get("user")
        revision = getattr(instance, "revision", None)
        if revision is not None:
            stated = revision.stated
            revise_target(instance, revision.target, user=user, reason=revision.reason)
            # As the row says it, for the comparison that is shown.
            instance.baseline, instance.baseline_year = stated

    def after_import(self, dataset: tablib.Dataset, result: ImportResult, **kwargs: Any) -> None:
        columns = {field.attribute: field.column_name for field in self.fields.values()}
        number = self.fields["code"].column_name
        result.where = self.table.where
        result.plan_code = self.strategy.code if self.strategy else ""
        result.versions = self.versions
        result.notes = [*self.table.notes, *self.lossy]
        result.columns = {**columns, "project": number, "number": number}

    def get_export_fields(self, selected_fields: Any = None) -> Any:
        """All but the reason, which only a change has."""
        fields = super().get_export_fields(selected_fields)
        return [field for field in fields if field.attribute != "reason"]

    def filter_export(self, queryset: QuerySet[Kpi], **kwargs: Any) -> QuerySet[Kpi]:
        """Only one plan's: a KPI番号 names nothing without its plan."""
        return (
            queryset.filter(project__strategy=self.strategy)
            .select_related("project", "department")
            .prefetch_related("final_targets")
        )

    def dehydrate_final_target(self, kpi: Kpi) -> Decimal | None:
        """The final target in force at the plan's end."""
        shown: Decimal | None = self.fields["final_target"].write(current_target(kpi))
        return shown

    def dehydrate_baseline(self, kpi: Kpi) -> Decimal | None:
        """The baseline in force at the plan's end."""
        shown: Decimal | None = self.fields["baseline"].write(current_baseline(kpi)[0])
        return shown

    def dehydrate_baseline_year(self, kpi: Kpi) -> int | None:
        """The year of that baseline."""
        shown: int | None = self.fields["baseline_year"].write(current_baseline(kpi)[1])
        return shown

    def _versions(self) -> dict[str, list[int]]:
        """The newest row of the histories of each KPI in the file, and of its final targets.

        And the last closed year, on which it depends what a revision can be about. By KPI番号;
        one that is not there yet has none.
        """
        codes = {_code_in(cells) for cells in self.table.rows.values()}
        named = {kpi.pk: kpi.code for kpi in self.kpis.values() if kpi.code in codes}
        last_closed = max(self.closed, default=0)
        found: dict[str, list[int]] = {code: [0, 0, last_closed] for code in named.values()}
        histories: tuple[tuple[Any, str], ...] = ((Kpi, "id"), (FinalTarget, "kpi_id"))
        for at, (model, owner) in enumerate(histories):
            rows = model.history.filter(**{f"{owner}__in": list(named)}).order_by()
            for pk, newest in rows.values_list(owner).annotate(Max("history_id")):
                found[named[pk]][at] = newest
        return found

    def _check_import_id_fields(self, headers: list[str]) -> None:
        """Nothing: `before_import` has checked the header, in Japanese."""

    def _code_problem(self, code: str, written: str) -> str:
        parts = parts_if_any(code)
        if parts is None or code != f"{parts[0]}-{parts[1]}":
            return f"「{written}」を読み取れません。P1-2 のように書いてください。"
        if parts[0] not in self.projects:
            return (
                f"プロジェクト{parts[0]}は、「{self.strategy}」にありません"
                f"（あるもの：{'、'.join(self.projects)}）。"
            )
        return f"{code}の行が2つ以上あります。1行にまとめてください。" if code in self.seen else ""

    def _table(self, sheet: Sheet) -> Table:
        """The rows of the file. Raises FileRefused for another heading than these too."""
        headings = [field.column_name for field in self.get_import_fields()]
        table = read_table(
            sheet, headings, ["KPI番号"], most_rows=_MOST_ROWS, of=f"「{self.strategy}」の指標"
        )
        if UNNAMED in table.ignored:
            raise FileRefused(
                "見出しのない列に内容があります。見出しを書くか、その列を削除してください。"
            )
        if table.ignored:
            named = "、".join(f"「{heading}」" for heading in table.ignored)
            raise FileRefused(f"見出し{named}は使えません。使える見出し：{'、'.join(headings)}。")
        return table


def _code_in(row: Mapping[str, Any]) -> str:
    """The KPI番号 of a row, as it is compared."""
    return half_width(row.get("KPI番号", BLANK).text).upper()


def _changed_since(seen: Mapping[str, list[int]], now: Mapping[str, list[int]]) -> str:
    """The sentence that refuses a confirmation; both are versions by KPI番号."""
    codes = [code for code in sorted({*seen, *now}) if seen.get(code) != now.get(code)]
    rest = "など" if len(codes) > _MOST_NAMED else ""
    return (
        f"確認の画面を開いたあとで、{'・'.join(codes[:_MOST_NAMED])}{rest}が変わっています"
        "（この確認で取り込み済みか、ほかの人が更新しました）。1件も書き込んでいません。"
        "ファイルを選び直し、変わるところをもう一度確かめてください。"
    )


def _at_columns(refused: RecordingRefused) -> ValidationError:
    """What the act that adds a KPI refuses, at the columns of the file."""
    errors: dict[str, list[str]] = {}
    for one in refused.refusals:
        errors.setdefault(_COLUMN_OF_ADDED.get(one.field, one.field), []).append(one.message)
    return ValidationError(errors)


def _check_revision(kpi: Kpi, revision: Revision) -> None:
    """Raise ValidationError, at the columns, if what a row revises can't be."""
    try:
        check_target(kpi, revision.target, reason=revision.reason)
    except RecordingRefused as refused:
        errors: dict[str, list[str]] = {}
        for one in refused.refusals:
            errors.setdefault(_COLUMN_OF.get(one.field, "final_target"), []).append(one.message)
        raise ValidationError(errors) from None
