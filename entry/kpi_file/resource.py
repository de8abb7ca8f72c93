"""Import and export of KPIs as a table (columns: entry.kpi_file.columns)."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export import resources
from import_export.results import Result

from common.reading.codes import read_code
from entry.kpi_file.columns import (
    AGGREGATIONS,
    DIRECTIONS,
    FORMULAS,
    ChoiceWidget,
    Column,
    DecimalPlacesWidget,
    DepartmentWidget,
    FigureWidget,
    FiscalYearWidget,
    TextWidget,
)
from kpis.file_formats import ROW_NUMBER, cell_text
from kpis.models import FinalTarget, Kpi
from kpis.recording import lock_plan
from projects.current import current_strategy
from projects.models import Department, Project

CHANGE_REASON = "ファイルの取り込み"
_ALWAYS_SHOWN = ("KPI番号", "指標名")
_CODE = re.compile(r"([A-Z]{1,2}[1-9][0-9]{0,3})-([1-9][0-9]{0,3})")


class Difference:
    """Each column before and after the import, as `<del>` and `<ins>`."""

    def __init__(self, resource: resources.Resource, instance: Model, new: object) -> None:
        self.before = [] if new else _rendered(resource, instance)
        self.after: list[str] = []

    def compare_with(self, resource: resources.Resource, instance: Model) -> None:
        self.after = _rendered(resource, instance)

    def as_html(self) -> list[SafeString]:
        before = self.before or [""] * len(self.after)
        return [_difference(old, new) for old, new in zip(before, self.after, strict=True)]


class ImportResult(Result):
    """What an import did or would do, and every problem with its row and column."""

    columns: Mapping[str, str] = {}

    @property
    def is_refused(self) -> bool:
        """Whether there is a problem, so that nothing is written."""
        return self.has_errors() or self.has_validation_errors()

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """(row of the file, column, sentence) for every problem; blank where it is none's."""
        for one in self.base_errors:
            yield "", "", _sentence(one.error)
        for row in self.error_rows:
            for one in row.errors:
                yield str(_row_number(one.row, one.number)), "", _sentence(one.error)
        for row in self.invalid_rows:
            for name, sentences in row.error_dict.items():
                for sentence in sentences:
                    yield str(row.number), self.columns.get(name, ""), sentence

    def preview(self) -> tuple[list[str], list[tuple[str, list[SafeString]]]]:
        """The heads and the rows (kind, cells) to look over: only columns that change."""
        rows = [(row.import_type, row.diff) for row in self.valid_rows()]
        shown = [
            at
            for at, name in enumerate(self.diff_headers)
            if name in _ALWAYS_SHOWN or any(_is_change(cells[at]) for _, cells in rows)
        ]
        heads = [self.diff_headers[at] for at in shown]
        return heads, [(kind, [cells[at] for at in shown]) for kind, cells in rows]

    def append_invalid_row(self, number: int, row: Mapping, validation_error: Any) -> None:
        super().append_invalid_row(_row_number(row, number), row, validation_error)


class KpiResource(resources.ModelResource):
    """KPIs of the current plan, one a row, named by their KPI番号."""

    code = Column(
        "KPI番号",
        TextWidget(),
        "P1-2 の形。ある番号なら更新、ない番号なら新しい指標になります（必須）",
        attribute="code",
        readonly=True,
    )
    name = Column("指標名", TextWidget(), "新しい指標では必須", attribute="name")
    unit = Column("単位", TextWidget(), "件、人、% など。新しい指標では必須", attribute="unit")
    decimal_places = Column(
        "小数桁数", DecimalPlacesWidget(), "0から4まで", attribute="decimal_places"
    )
    aggregation = Column(
        "集計方法", ChoiceWidget(AGGREGATIONS), "・".join(AGGREGATIONS), attribute="aggregation"
    )
    direction = Column(
        "目指す方向", ChoiceWidget(DIRECTIONS), "・".join(DIRECTIONS), attribute="direction"
    )
    formula = Column(
        "達成率の算式", ChoiceWidget(FORMULAS), "・".join(FORMULAS), attribute="formula"
    )
    baseline = Column("基準値", FigureWidget(), "数字（全角や桁区切りも可）", attribute="baseline")
    baseline_year = Column(
        "基準値の年度", FiscalYearWidget(), "2023、令和5年度、R5 など", attribute="baseline_year"
    )
    department = Column("所管課", DepartmentWidget(), "課名か課コード", attribute="department")
    definition = Column("算出方法", TextWidget(), "文", attribute="definition")
    data_source = Column("出典", TextWidget(), "文", attribute="data_source")
    note = Column("備考", TextWidget(), "文", attribute="note")
    final_target = Column(
        "最終目標値",
        FigureWidget(),
        "数字。計画の最初の年度から適用します。改定は指標のページで理由とともに行います",
        attribute="final_target",
    )

    class Meta:
        model = Kpi
        fields = (
            "code", "name", "unit", "decimal_places", "aggregation", "direction", "formula",
            "baseline", "baseline_year", "department", "definition", "data_source", "note",
            "final_target",
        )  # fmt: skip
        import_id_fields = ("code",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.projects: dict[str, Project] = {}
        self.kpis: dict[str, Kpi] = {}
        self.seen: set[str] = set()

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
        strategy = current_strategy()
        if strategy is not None and not dry_run:
            # Closing a year takes the same lock: it can't slip in between check and save.
            lock_plan(strategy)
        return super().import_data_inner(dataset, dry_run, *args, **kwargs)

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Check the header and load what the rows are held against; refuse all rows otherwise."""
        strategy = current_strategy()
        problem = self._header_problem(dataset.headers or [])
        if strategy is None:
            problem = "現行の計画がありません。先に総合戦略を登録し、「現行の計画」にしてください。"
        if problem:
            dataset.wipe()
            raise ValidationError(problem)
        self.projects = {one.code: one for one in strategy.projects.select_related("strategy")}
        kpis = Kpi.objects.filter(project__strategy=strategy).select_related(
            "project__strategy", "department"
        )
        self.kpis = {
            kpi.code: kpi for kpi in kpis.prefetch_related("final_targets", "yearly_targets")
        }
        self.fields["department"].widget.departments = list(Department.objects.all())

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Read the KPI番号, which decides what the row is about."""
        written = cell_text(row["KPI番号"])
        code = read_code(written)
        match = _CODE.fullmatch(code)
        if match is None:
            raise ValidationError(
                {"code": f"「{written}」を読み取れません。P1-2 のように書いてください。"}
            )
        if match.group(1) not in self.projects:
            raise ValidationError(
                {
                    "code": (
                        f"プロジェクト{match.group(1)}は、現行の計画にありません"
                        f"（あるもの：{'、'.join(self.projects)}）。"
                    )
                }
            )
        if code in self.seen:
            raise ValidationError({"code": f"{code}の行が2つ以上あります。1行にまとめてください。"})
        self.seen.add(code)
        row["KPI番号"] = code
        if code in self.kpis and not cell_text(row.get("単位")):
            # A figure may carry its KPI's unit.
            row["単位"] = self.kpis[code].unit

    def get_instance(self, instance_loader: Any, row: Mapping) -> Kpi | None:
        return self.kpis.get(row["KPI番号"])

    def init_instance(self, row: Mapping) -> Kpi:
        project, number = row["KPI番号"].split("-")
        return Kpi(project=self.projects[project], number=int(number))

    def after_init_instance(self, instance: Kpi, new: object, row: Mapping, **kwargs: Any) -> None:
        instance.final_target = None if new else current_target(instance)

    def skip_row(
        self, instance: Kpi, original: Kpi, row: Mapping, import_validation_errors: Any = None
    ) -> bool:
        is_new = instance.pk is None
        return not is_new and super().skip_row(instance, original, row, import_validation_errors)

    def validate_instance(
        self, instance: Kpi, import_validation_errors: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        """Check the whole KPI with its targets; raises ValidationError by attribute."""
        errors = dict(import_validation_errors or {})
        for name in ("name", "unit"):
            if not getattr(instance, name) and name not in errors:
                sentence = f"新しい指標なので、{self.fields[name].column_name}を入れてください。"
                errors[name] = [ValidationError(sentence)]
        super().validate_instance(instance, errors, *args, **kwargs)
        _check_final_target(instance)

    def before_save_instance(self, instance: Kpi, row: Mapping, **kwargs: Any) -> None:
        _sign(instance, kwargs.get("user"))

    def after_save_instance(self, instance: Kpi, row: Mapping, **kwargs: Any) -> None:
        """Add the first final target, if the row names it and the KPI has none."""
        target = _first_target(instance)
        if target is not None:
            _clean_target(target)
            _sign(target, kwargs.get("user"))
            target.save()

    def after_import(self, dataset: tablib.Dataset, result: ImportResult, **kwargs: Any) -> None:
        columns = {field.attribute: field.column_name for field in self.fields.values()}
        number = self.fields["code"].column_name
        result.columns = {**columns, "project": number, "number": number}

    def filter_export(self, queryset: QuerySet[Kpi], **kwargs: Any) -> QuerySet[Kpi]:
        """Only the current plan's: a KPI番号 names nothing without its plan."""
        return (
            queryset.filter(project__strategy__is_current=True)
            .select_related("project", "department")
            .prefetch_related("final_targets")
        )

    def dehydrate_final_target(self, kpi: Kpi) -> str:
        """The final target in force at the plan's end."""
        return self.fields["final_target"].widget.render(current_target(kpi))

    def _check_import_id_fields(self, headers: list[str]) -> None:
        """Nothing: `before_import` has checked the header, in Japanese."""

    def _header_problem(self, headers: list[str]) -> str:
        known = [field.column_name for field in self.get_import_fields()]
        usable = f"使える見出し：{'、'.join(known)}。"
        if "KPI番号" not in headers:
            return f"1行目の見出しに「KPI番号」がありません。{usable}"
        unknown = [head for head in headers if head not in (*known, ROW_NUMBER)]
        if unknown:
            named = "、".join(f"「{head}」" for head in unknown)
            return f"見出し{named}は使えません。{usable}"
        double = {head for head in headers if headers.count(head) > 1}
        return f"見出し「{'、'.join(sorted(double))}」が2つ以上あります。" if double else ""


def current_target(kpi: Kpi) -> Decimal | None:
    """The final target in force at the plan's end; None without one."""
    targets = [(target.effective_from, target.value) for target in kpi.final_targets.all()]
    return max(targets)[1] if targets else None


def _first_target(kpi: Kpi) -> FinalTarget | None:
    """The target that a row adds to a KPI without one; None where it adds none."""
    if kpi.final_target is None or (kpi.pk is not None and current_target(kpi) is not None):
        return None
    first_year = kpi.project.strategy.first_year
    return FinalTarget(kpi=kpi, effective_from=first_year, value=kpi.final_target)


def _check_final_target(kpi: Kpi) -> None:
    """Raise ValidationError if the target that a row states is not the KPI's, or can't be."""
    standing = current_target(kpi) if kpi.pk is not None else None
    if standing is not None and kpi.final_target != standing:
        raise ValidationError(
            {
                "final_target": (
                    f"最終目標値はすでに{standing.normalize():f}です。改めるときは、"
                    "管理画面の指標のページで、適用する年度と理由を書いて加えてください。"
                )
            }
        )
    target = _first_target(kpi)
    if target is not None:
        _clean_target(target)


def _clean_target(target: FinalTarget) -> None:
    unsaved = ["kpi"] if target.kpi.pk is None else []
    try:
        target.full_clean(exclude=unsaved)
    except ValidationError as refusal:
        raise ValidationError({"final_target": refusal.messages}) from None


def _sign(instance: Model, user: Any) -> None:
    """Let the history say who imported it. These are simple-history's documented attributes."""
    instance._history_user = user  # noqa: SLF001
    instance._change_reason = CHANGE_REASON  # noqa: SLF001


def _rendered(resource: resources.Resource, instance: Model) -> list[str]:
    return [field.export(instance) for field in resource.get_import_fields()]


def _is_change(cell: SafeString) -> bool:
    return cell.startswith(("<del", "<ins"))


def _difference(old: str, new: str) -> SafeString:
    if old == new:
        return format_html("{}", new)
    removed = format_html('<del class="diff-old">{}</del> ', old) if old else ""
    added = format_html('<ins class="diff-new">{}</ins>', new) if new else ""
    return format_html("{}{}", removed, added)


def _row_number(row: Mapping | None, number: int) -> int:
    """The row as a spreadsheet numbers it: its header is row 1."""
    return int((row or {}).get(ROW_NUMBER, number + 1))


def _sentence(error: Exception) -> str:
    return "".join(error.messages) if isinstance(error, ValidationError) else str(error)
