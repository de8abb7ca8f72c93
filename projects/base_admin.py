"""What every admin page of ours shares: history to read, and refusals as sentences."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as django_delete_selected
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Field, Model, QuerySet, TextField
from django.forms import ModelForm, Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin

from common.fiscal_year import wareki
from common.form_conflicts import SEEN, Part, conflict, seen_of
from common.read_only_admin import ReadOnlyMixin
from common.reading.form_fields import ReadsAsWritten
from projects.plans import lock_plans, plan_for_new_rows
from projects.rules import ended

_Answer = TypeVar("_Answer")
_DELETE_SELECTED: str = django_delete_selected.short_description  # type: ignore[attr-defined]

# Django's own text box is wider than a table's cell and taller than most of our texts.
SHORT_TEXT: dict[type[Field[Any, Any]], dict[str, Any]] = {
    TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 40})}
}
MIDDLE_TEXT: dict[type[Field[Any, Any]], dict[str, Any]] = {
    TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})}
}


def reads_history(request: HttpRequest) -> bool:
    """Whether the request shows a past version."""
    return getattr(request, "reads_history", False)


def with_fields(fieldsets: Any, chosen: Callable[[list[str]], list[str]]) -> Any:
    """Fieldsets with other fields: what `chosen` makes of each one's."""
    return [
        (title, {**options, "fields": chosen(flatten_fieldsets([(title, options)]))})
        for title, options in fieldsets
    ]


def _ended_plan_of(row: Any) -> Any:
    """The plan that a row belongs to, if that has ended; else None."""
    plan = getattr(row, "plan", None)
    return plan if plan is not None and plan.has_ended else None


def _foreign_key(inline: Any, request: HttpRequest) -> str:
    """The column by which an inline's rows belong to the page's object."""
    return str(inline.get_formset(request).fk.attname)


class HistoryAdmin(ReadsAsWritten, SimpleHistoryAdmin, admin.ModelAdmin[Any]):  # type: ignore[misc] # untyped
    """A model's admin whose rules speak up in messages, and whose past is only read.

    A past version is never written back: that would go round the rules which
    look at several rows at once. Subclasses name their `fields` or `fieldsets`.
    """

    actions = ["delete_selected"]
    change_form_template = "admin/history_change_form.html"
    # What a row belongs to. It is shown but no longer changed once the row is there; a
    # read-only field would do that too, but unique constraints with it go unchecked then.
    fixed: tuple[str, ...] = ()
    # Fields whose past can't be shown: simple-history would show today's rows.
    hidden_in_history: tuple[str, ...] = ()

    def revert_disabled(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def history_view_title(self, request: HttpRequest, obj: Model) -> str:
        return f"履歴：{obj}"

    def history_form_view_title(self, request: HttpRequest, obj: Model) -> str:
        return f"過去の内容：{obj}"

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied("過去の版に戻すことはできません。今の内容を直してください。")
        request.reads_history = True  # type: ignore[attr-defined]
        response: HttpResponse = super().history_form_view(
            request, object_id, version_id, extra_context
        )
        return response

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _ended_plan_of(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _ended_plan_of(obj)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Django's; why a row of an ended plan is only read is said above it."""
        plan = _ended_plan_of(context.get("original"))
        response: HttpResponse = super().render_change_form(
            request, {**context, "why_read": ended(plan) if plan else ""}, *args, **kwargs
        )
        return response

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: Any = None, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            return form
        form = self._guarded(form, request)
        for name in self.fixed:
            if name in form.base_fields:
                form.base_fields[name].disabled = True
        return form

    def _guarded(self, form: Any, request: HttpRequest) -> type[ModelForm[Any]]:
        """The form, refusing once what was typed on top of a change made since it was opened."""
        parts, seen = self._parts(request), request.POST.get(SEEN, "")
        user: Any = request.user  # the admin lets in nobody who is not logged in

        class GuardedForm(form):  # type: ignore[misc] # the admin's own form
            # Not `clean`, which a subclass may leave early: the conflict would be forgotten.
            def _post_clean(self) -> None:
                refusal = conflict(parts, seen, self, user)
                if refusal:
                    self.add_error(None, refusal)
                super()._post_clean()

        return GuardedForm

    def _parts(self, request: HttpRequest) -> list[Part]:
        """What the form writes: the thing itself, and the rows of it that the user may change."""
        rows = [
            Part(inline.model, _foreign_key(inline, request))
            for inline in self.get_inline_instances(request)
            if inline.has_change_permission(request)
        ]
        return [Part(self.model, self.opts.pk.attname), *rows]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if not reads_history(request):
            return fieldsets
        return with_fields(
            fieldsets, lambda names: [one for one in names if one not in self.hidden_in_history]
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if reads_history(request):
            return flatten_fieldsets(self.get_fieldsets(request, obj))
        return super().get_readonly_fields(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        initial = super().get_changeform_initial_data(request)
        plan = plan_for_new_rows(request) if hasattr(self.model, "strategy") else None
        return {"strategy": str(plan.pk), **initial} if plan else initial

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django's, with a refusal that no form foresaw as a message; nothing is saved then."""

        def answer() -> HttpResponse:
            # Before the thing itself is read: what comes between the two counts as not seen.
            known = int(object_id) if object_id is not None and object_id.isdecimal() else None
            seen = {} if known is None else {"seen": seen_of(self._parts(request), known)}
            context = {**(extra_context or {}), **seen}
            return super(HistoryAdmin, self).changeform_view(request, object_id, form_url, context)

        return self._locked(request, answer, "保存していません。", request.get_full_path())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's, with the model's refusal as a message."""
        delete = partial(super().delete_view, request, object_id, extra_context)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return self._locked(request, delete, "削除していません。", reverse(name, args=[object_id]))

    @admin.action(permissions=["delete"], description=_DELETE_SELECTED)
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Django's, all or nothing, with the model's refusal as a message."""
        delete = partial(django_delete_selected, self, request, queryset)
        return self._locked(request, delete, "1件も削除していません。", request.get_full_path())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete one by one: a queryset would go round the rules in `Model.delete`."""
        for obj in queryset:
            obj.delete()

    @admin.display(description="年度", ordering="fiscal_year")
    def year(self, row: Any) -> str:
        """The fiscal year that a row is about, as lists and pages print it."""
        return wareki(row.fiscal_year)

    def _locked(
        self, request: HttpRequest, act: Callable[[], _Answer], refused: str, back: str
    ) -> _Answer | HttpResponseRedirect:
        """What an act answers, with the plans locked if it writes; a refusal leads `back`."""
        try:
            if request.method != "POST":
                return act()
            with transaction.atomic():
                lock_plans()
                return act()
        except ValidationError as refusal:
            self.message_user(request, refused + "".join(refusal.messages), messages.ERROR)
            return HttpResponseRedirect(back)


class LivedAdmin(HistoryAdmin):
    """What lives in the plan for some years: its life is read here, and changed by acts alone.

    Where the plan has closed years, what is new is added on the screen `add_page`, and what
    closed years list (`fixed_by_closing`) is read.
    """

    life: tuple[str, ...] = ("first_year", "begin_reason", "last_year", "end_reason")
    add_page = ""
    fixed_by_closing: tuple[str, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = self.own_fieldsets(request, obj)
        if obj is None or reads_history(request):
            return fieldsets
        shown = [name for name in self.life if getattr(obj, name)]
        return [*fieldsets, ("載せる年度", {"fields": shown})] if shown else fieldsets

    def own_fieldsets(self, request: HttpRequest, obj: Any) -> Any:
        """Those of the model's page without the life."""
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [*super().get_readonly_fields(request, obj), *self.life]
        return [*fields, *self.fixed_by_closing] if _has_closed_years(obj) else fields

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Django's; in a plan with closed years the screen that asks from which year on."""
        plan = plan_for_new_rows(request)
        if self.add_page and plan is not None and plan.closings.exists():
            return HttpResponseRedirect(reverse(self.add_page, args=[plan.code]))
        return super().add_view(request, form_url, extra_context)


def _has_closed_years(row: Any) -> bool:
    plan = None if row is None else row.plan
    return plan is not None and plan.closings.exists()


class OpenPlanRows(admin.options.InlineModelAdmin[Any, Any]):
    """Rows that are added here only as long as their plan has no closed year."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not _has_closed_years(obj)


class FixedAdmin(ReadOnlyMixin, HistoryAdmin):
    """What people write elsewhere: the admin shows it with its history."""
