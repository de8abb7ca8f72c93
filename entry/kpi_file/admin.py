"""The import of KPIs from a file, with a preview, and their export."""

from base64 import b64decode, b64encode
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
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
from entry.kpi_file.formats import CsvFile, SpreadsheetFile, XlsxFile
from entry.kpi_file.resource import KpiResource
from kpis.admin.kpi import KpiAdmin
from kpis.models import Kpi
from kpis.permissions import may_import_kpis

_LARGEST = 1024 * 1024
_SALT = "kpis.import"
_SECONDS_TO_CONFIRM = 8 * 60 * 60


class FileImportForm(ImportForm):
    """The file to import."""

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if file.size > _LARGEST:
            raise ValidationError("ファイルが大きすぎます。1MBまでのファイルにしてください。")
        return file


class SignedFile(BaseStorage):
    """The file between preview and confirmation: in the form itself, signed.

    So nothing is left behind where nobody confirms, any server can take the
    confirmation, and only what was looked over is taken.
    """

    def save(self, data: bytes) -> None:
        self.name = signing.dumps(b64encode(data).decode(), salt=_SALT, compress=True)

    def read(self) -> bytes:
        """The file's bytes. Raises BadSignature for anything else, or after eight hours."""
        return b64decode(signing.loads(self.name, salt=_SALT, max_age=_SECONDS_TO_CONFIRM))

    def remove(self) -> None:
        """Nothing to remove."""


class SignedConfirmForm(ConfirmImportForm):
    """The confirmation, which carries the signed file."""

    def clean_import_file_name(self) -> str:
        name: str = self.cleaned_data["import_file_name"]
        try:
            SignedFile(name=name).read()
        except signing.BadSignature:
            raise forms.ValidationError(
                "確認の画面が古くなっています。ファイルを選び直してください。"
            ) from None
        return name


admin.site.unregister(Kpi)


@admin.register(Kpi)
class KpiWithFileAdmin(ImportExportMixin, KpiAdmin):
    """The KPIs' admin with import, preview and export, for who may edit and read them."""

    resource_classes = [KpiResource]
    import_formats = [SpreadsheetFile]
    export_formats = [XlsxFile, CsvFile]
    import_form_class = FileImportForm
    confirm_form_class = SignedConfirmForm
    tmp_storage_class = SignedFile
    export_form_class = ExportForm
    # simple-history keeps who imported what, and why.
    skip_admin_log = True

    def has_import_permission(self, request: HttpRequest) -> bool:
        return may_import_kpis(request.user)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_or_change_permission(request)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """All rows or none, whatever kind of problem there is."""
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

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
