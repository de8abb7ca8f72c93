"""The import of KPIs from a file, with a preview, and their export."""

from base64 import b64decode, b64encode
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import Format
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.results import Result, RowResult
from import_export.tmp_storages import BaseStorage

from accounts.audit import Kind, note, note_reading
from entry.confirmation import OUTDATED, opened, sealed
from entry.kpi_file.formats import CsvFile, SpreadsheetFile, XlsxFile
from entry.kpi_file.resource import KpiResource
from kpis.admin.kpi import KpiAdmin
from kpis.models import Kpi
from kpis.permissions import User, may_import_kpis
from projects.plans import main_plan

_LARGEST = 1024 * 1024
_KIND = "kpis"


class FileImportForm(ImportForm):
    """The file to import."""

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if file.size > _LARGEST:
            raise ValidationError("ファイルが大きすぎます。1MBまでのファイルにしてください。")
        return file


class FileInForm(BaseStorage):
    """The file between preview and confirmation: in the form, sealed by `entry.confirmation`."""

    def save(self, data: bytes) -> None:
        self.name = b64encode(data).decode()

    def read(self) -> bytes:
        return b64decode(self.name)

    def remove(self) -> None:
        """Nothing to remove."""


class SealedConfirmForm(ConfirmImportForm):
    """The confirmation, which carries the file and the versions it was looked over against."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.seen: dict[str, list[int]] = {}

    def clean_import_file_name(self) -> str:
        kept = opened(
            self.cleaned_data["import_file_name"],
            _KIND,
            user=self.user,
            strategy=main_plan(),
        )
        if kept is None:
            raise forms.ValidationError(OUTDATED)
        self.seen = kept["seen"]
        file: str = kept["file"]
        return file


admin.site.unregister(Kpi)


@admin.register(Kpi)
class KpiWithFileAdmin(ImportExportMixin, KpiAdmin):
    """The KPIs' admin with import, preview and export, for who may edit and read them."""

    resource_classes = [KpiResource]
    import_formats = [SpreadsheetFile]
    export_formats = [XlsxFile, CsvFile]
    import_form_class = FileImportForm
    confirm_form_class = SealedConfirmForm
    tmp_storage_class = FileInForm
    export_form_class = ExportForm
    # simple-history keeps who imported what, and why.
    skip_admin_log = True

    def has_import_permission(self, request: HttpRequest) -> bool:
        return may_import_kpis(request.user)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_or_change_permission(request)

    def import_action(self, request: HttpRequest, **kwargs: Any) -> TemplateResponse:
        """The preview; its confirmation is bound to who looks, the plan, and what stood then."""
        response: TemplateResponse = super().import_action(request, **kwargs)
        context = response.context_data or {}
        strategy, form = main_plan(), context.get("confirm_form")
        if form is not None and strategy is not None:
            form.initial["import_file_name"] = sealed(
                {"file": form.initial["import_file_name"], "seen": context["result"].versions},
                _KIND,
                user=request.user,
                strategy=strategy,
            )
        return response

    def get_confirm_form_kwargs(self, request: HttpRequest, import_form: Any = None) -> Any:
        return {**super().get_confirm_form_kwargs(request, import_form), "user": request.user}

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """All rows or none, whatever kind of problem there is; and only on what was looked over."""
        return {
            **super().get_import_data_kwargs(**kwargs),
            "rollback_on_validation_errors": True,
            "seen": getattr(kwargs.get("form"), "seen", None),
        }

    def get_import_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fields = KpiResource().get_import_fields()
        return {"columns": [(field.column_name, field.meaning) for field in fields]}

    def process_dataset(
        self, dataset: Any, form: forms.Form, request: HttpRequest, **kwargs: Any
    ) -> Result:
        """Write the confirmed file, and the audit's entry with it."""
        with transaction.atomic():
            result = super().process_dataset(dataset, form, request, **kwargs)
            if not result.is_refused:
                name = form.cleaned_data.get("original_file_name")
                totals = result.totals
                rows = (
                    f"新規{totals[RowResult.IMPORT_TYPE_NEW]}件、"
                    f"更新{totals[RowResult.IMPORT_TYPE_UPDATE]}件"
                )
                note(Kind.IMPORT, f"重要業績評価指標「{name}」", after=rows, user=request.user)
        return result

    def get_export_data(
        self, file_format: Format, request: HttpRequest, queryset: Any, **kwargs: Any
    ) -> Any:
        """The file that leaves, which the audit has too."""
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        name = self.get_export_filename(request, queryset, file_format)
        note_reading(Kind.EXPORT, f"重要業績評価指標 {name}", user=request.user)
        return data

    def process_result(self, result: Result, request: HttpRequest) -> Any:
        """Say what was written; or show why nothing was, where things changed since the preview."""
        if not result.is_refused:
            return super().process_result(result, request)
        context = {
            **self.admin_site.each_context(request),
            "title": "ファイルの取り込み",
            "opts": self.opts,
            "result": result,
            "form": self.import_form_class(
                self.get_import_formats(), self.get_import_resource_classes(request)
            ),
        }
        return TemplateResponse(request, [self.import_template_name], context)

    def add_success_message(self, result: Result, request: HttpRequest) -> None:
        totals = result.totals
        messages.success(
            request,
            f"取り込みました：新規{totals[RowResult.IMPORT_TYPE_NEW]}件、"
            f"更新{totals[RowResult.IMPORT_TYPE_UPDATE]}件、"
            f"変更なし{totals[RowResult.IMPORT_TYPE_SKIP]}件。",
        )

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        known = isinstance(e, ValueError)
        form.add_error(
            "import_file",
            str(e) if known else "ファイルを読み取れません。CSV か XLSX で保存し直してください。",
        )

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Format) -> str:
        return f"kpis-{timezone.localdate():%Y-%m-%d}.{file_format.get_extension()}"
