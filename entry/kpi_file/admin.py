"""The import of KPIs from a file, with a preview, and their export."""

from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import Format
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.results import Result, RowResult
from import_export.tmp_storages import BaseStorage

from accounts.audit import Kind, note, note_reading
from entry.changing.acting import carry_out
from entry.confirmation import OUTDATED, opened, sealed
from entry.kpi_file.formats import CsvFile, SpreadsheetFile, XlsxFile
from entry.kpi_file.resource import CHANGE_REASON, KpiResource
from kpis.admin.kpi import KpiAdmin
from kpis.models import Kpi
from kpis.permissions import User, may_import_kpis
from kpis.plan_pages import home_plan, main_of, plan_in_file_names, plans_of
from projects.admin.plan_lists import shown_plan
from projects.models import Strategy
from projects.plans import PLAN_PARAMETER

_LARGEST = 1024 * 1024
_KIND = "kpis"


class PlanField(forms.ModelChoiceField[Strategy]):
    """The plan of a file, by its code: somebody's own unless they choose another.

    One that has ended is none: its KPIs change no more. Hidden where there is nothing to choose.
    """

    def __init__(self, request: HttpRequest, *, is_hidden: bool = False) -> None:
        plans = [one for one in plans_of(request) if not one.has_ended]
        home = home_plan(request)
        self.first = home if home in plans else (main_of(plans) if plans else None)
        super().__init__(
            Strategy.objects.filter(pk__in=[one.pk for one in plans]),
            label="計画",
            required=False,
            empty_label=None,
            initial=self.first,
            to_field_name="code",
            widget=forms.HiddenInput if is_hidden or len(plans) < 2 else forms.Select,
            error_messages={
                "invalid_choice": "この計画には取り込めません。終了したか、もうありません。"
            },
        )

    def clean(self, value: Any) -> Any:
        return super().clean(value) or self.first


class FileImportForm(ImportForm):
    """The file to import, and the plan whose KPIs it has."""

    def __init__(self, *args: Any, plan: PlanField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"] = plan

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

    def __init__(self, *args: Any, user: User, plan: PlanField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"] = plan
        self.order_fields(["plan"])  # before the file, which is bound to it
        self.user = user
        self.seen: dict[str, list[int]] = {}

    def clean_import_file_name(self) -> str:
        kept = opened(
            self.cleaned_data["import_file_name"],
            _KIND,
            user=self.user,
            strategy=self.cleaned_data.get("plan"),
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
        form = context.get("confirm_form")
        if form is not None:
            form.initial["import_file_name"] = sealed(
                {"file": form.initial["import_file_name"], "seen": context["result"].versions},
                _KIND,
                user=request.user,
                strategy=form.initial["plan"],
            )
        return response

    def get_import_form_kwargs(self, request: HttpRequest) -> Any:
        return {**super().get_import_form_kwargs(request), "plan": PlanField(request)}

    def get_confirm_form_kwargs(self, request: HttpRequest, import_form: Any = None) -> Any:
        own = {"user": request.user, "plan": PlanField(request, is_hidden=True)}
        return {**super().get_confirm_form_kwargs(request, import_form), **own}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> Any:
        initial = super().get_confirm_form_initial(request, import_form)
        return initial | {"plan": import_form.cleaned_data["plan"]} if import_form else initial

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {"strategy": getattr(kwargs["form"], "cleaned_data", {}).get("plan")}

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {"strategy": _exported_plan(request)}

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The choice of a format, or the file, of the plan that the list shows."""
        answer: HttpResponse = super().export_action(request)
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:
            answer.context_data["plan"] = _exported_plan(request)
        return answer

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
        """Write the confirmed file as one change of the plan, and the audit's entry with it."""
        plan, name = form.cleaned_data["plan"], form.cleaned_data.get("original_file_name")
        write = super().process_dataset
        results: list[Result] = []

        def take_in() -> None:
            result = write(dataset, form, request, **kwargs)
            results.append(result)
            totals = result.totals
            new, updated = totals[RowResult.IMPORT_TYPE_NEW], totals[RowResult.IMPORT_TYPE_UPDATE]
            if result.is_refused or not new + updated:
                raise _NothingTaken
            what = f"{plan}の重要業績評価指標「{name}」"
            rows = f"新規{new}件、更新{updated}件"
            note(Kind.IMPORT, what, after=rows, user=request.user)

        with suppress(_NothingTaken):
            carry_out(plan, CHANGE_REASON, f"{CHANGE_REASON}：{name}", request.user, take_in)
        (result,) = results
        return result

    def get_export_data(
        self, file_format: Format, request: HttpRequest, queryset: Any, **kwargs: Any
    ) -> Any:
        """The file that leaves, which the audit has too."""
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        name = self.get_export_filename(request, queryset, file_format)
        what = f"{_exported_plan(request)}の重要業績評価指標 {name}"
        note_reading(Kind.EXPORT, what, user=request.user)
        return data

    def process_result(self, result: Result, request: HttpRequest) -> Any:
        """Say what was written; or show why nothing was, where things changed since the preview."""
        if not result.is_refused:
            done: HttpResponseRedirect = super().process_result(result, request)
            query = urlencode({PLAN_PARAMETER: result.plan_code})
            return HttpResponseRedirect(f"{done.url}?{query}")
        context = {
            **self.admin_site.each_context(request),
            "title": "ファイルの取り込み",
            "opts": self.opts,
            "result": result,
            "form": self.import_form_class(
                self.get_import_formats(),
                self.get_import_resource_classes(request),
                initial={"plan": result.plan_code},
                plan=PlanField(request),
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
        plan, day = _exported_plan(request), timezone.localdate()
        code = plan_in_file_names(request, plan) if plan else ""
        return f"kpis{code}-{day:%Y-%m-%d}.{file_format.get_extension()}"


class _NothingTaken(Exception):
    """A file that is refused, or says what stands already, is no change of the plan."""


def _exported_plan(request: HttpRequest) -> Strategy | None:
    """The plan that the list shows; where it shows all, the reader's own."""
    return shown_plan(request) or home_plan(request)
