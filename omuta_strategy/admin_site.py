"""The admin as this installation runs it: no list and no address takes more than it declares.

Django's lists filter by every lookup on their own fields, `?name__regex=…` among them, which a
database may work on for ever. Here each model's admin, ours and other packages' alike, is
registered with lists that take their own filters alone.
"""

import re
from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import (
    IS_FACETS_VAR,
    IS_POPUP_VAR,
    TO_FIELD_VAR,
    IncorrectLookupParameters,
)
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import (
    ALL_VAR,
    ERROR_FLAG,
    ORDER_VAR,
    PAGE_VAR,
    SEARCH_VAR,
    ChangeList,
)
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse

from common.ids import is_id

LONGEST_SEARCH = 200
# Of a table in a form: each is a form of its own, with queries for its choices.
MOST_ROWS = 300
_COUNTS = ("-TOTAL_FORMS", "-INITIAL_FORMS")
_COUNT = re.compile("[0-9]{1,4}")
# What the list's own links and forms say, beside its filters.
_OWN_PARAMETERS = {
    ALL_VAR: re.compile(""),
    ERROR_FLAG: re.compile("1"),
    ORDER_VAR: re.compile(r"(-?[0-9]{1,2}(\.-?[0-9]{1,2}){0,19})?"),
    PAGE_VAR: re.compile("[1-9][0-9]{0,8}"),
    SEARCH_VAR: re.compile(f".{{0,{LONGEST_SEARCH}}}"),
    IS_FACETS_VAR: re.compile("True"),
    IS_POPUP_VAR: re.compile("1"),
    TO_FIELD_VAR: re.compile("[a-z_]{1,40}"),
}
_LONGEST_FILTER = 200
_VERSION = re.compile("[0-9]{1,18}")
_BACK_TO_LIST = "一覧の画面を開き直し、検索欄と右の絞り込みから選んでください。"


class StrictChangeList(ChangeList):
    """A list that answers to its declared filters alone. BadRequest for everything else."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        _check_own_parameters(request)
        try:
            super().__init__(request, *args, **kwargs)
        except (IncorrectLookupParameters, ValidationError, ValueError, OverflowError, DataError):
            if not request.GET:
                raise
            raise BadRequest(
                f"一覧の条件（ページ・並べ替え・絞り込み）の値を読み取れません。{_BACK_TO_LIST}"
            ) from None

    def get_filters(self, request: HttpRequest) -> Any:
        """Django's; what its filters have not taken would become a lookup of its own."""
        found = super().get_filters(request)
        left_over = [name for name in found[2] if name in request.GET]
        if left_over:
            raise BadRequest(
                f"この一覧は「{left_over[0][:40]}」では絞り込めません。{_BACK_TO_LIST}"
            )
        return found


class StrictLists(ModelAdmin[Any]):
    """A model's admin whose lists are strict, whichever they are."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        own = super().get_changelist(request, **kwargs)
        return type(own.__name__, (StrictChangeList, own), {})

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        for text in request.POST.getlist(ACTION_CHECKBOX_NAME):
            if not is_id(self.model, text):
                raise BadRequest(f"選んだ行の番号を読み取れません。{_BACK_TO_LIST}")
        return super().changelist_view(request, extra_context)


class StrictAdminSite(AdminSite):
    """The site on which everything is registered."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        own = admin_class or ModelAdmin
        strict = type(own.__name__, (StrictLists, own), {"__module__": own.__module__})
        super().register(model_or_iterable, strict, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's
        owner = getattr(view, "__self__", None)
        if isinstance(owner, ModelAdmin):
            view = _with_checked_request(view, owner.model)
        return super().admin_view(view, cacheable)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        if len(request.GET.get("term", "")) > LONGEST_SEARCH:
            raise BadRequest(f"探すことばは{LONGEST_SEARCH}字までです。短くしてください。")
        from projects.admin.plan_autocomplete import PlanAutocomplete  # noqa: PLC0415 - has models

        answer: HttpResponse = PlanAutocomplete.as_view(admin_site=self)(request)  # type: ignore[assignment]
        return answer


class StrictAdminConfig(AdminConfig):
    """Django's admin on the site above."""

    default_site = "omuta_strategy.admin_site.StrictAdminSite"


def _check_own_parameters(request: HttpRequest) -> None:
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise BadRequest(f"条件「{name[:40]}」が2つ以上あります。{_BACK_TO_LIST}")
        form, value = _OWN_PARAMETERS.get(name), values[0]
        if form is None and len(value) <= _LONGEST_FILTER:
            continue
        if form is None or form.fullmatch(value) is None:
            too_long = name == SEARCH_VAR and len(value) > LONGEST_SEARCH
            raise BadRequest(
                f"探すことばは{LONGEST_SEARCH}字までです。短くしてください。"
                if too_long
                else f"一覧の条件「{name[:40]}」の値を読み取れません。{_BACK_TO_LIST}"
            )


def _check_form(request: HttpRequest) -> None:
    """Refuse what the hidden fields of Django's forms can't say."""
    fields = [*request.GET.items(), *request.POST.items()]
    for name, written in fields:
        value = str(written)
        if name == TO_FIELD_VAR and _OWN_PARAMETERS[name].fullmatch(value) is None:
            raise BadRequest(f"「{name}」の値を読み取れません。一覧から開き直してください。")
        if not name.endswith(_COUNTS):
            continue
        if _COUNT.fullmatch(value) is None or int(value) > MOST_ROWS:
            raise BadRequest(
                f"表の行数を読み取れません（{MOST_ROWS}行まで）。画面を開き直し、入れ直してください。"
            )


def _with_checked_request(view: Callable[..., Any], model: type[Model]) -> Callable[..., Any]:
    """A view of a model's admin that is asked for ids alone, where its address holds any.

    Every other id names nothing: Http404, before it is compared with a column of numbers. A form
    says how many rows its tables have: BadRequest where nobody's browser could have said so.
    """

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _check_form(request)
        own = [kwargs.get(name) for name in ("object_id", "id")] + list(args[:1])
        versions = [kwargs.get("version_id"), *args[1:2]]
        for text in own:
            if isinstance(text, str) and not is_id(model, unquote(text)):
                raise Http404("この番号のものはありません。一覧から選んでください。")
        for text in versions:
            if isinstance(text, str) and _VERSION.fullmatch(text) is None:
                raise Http404("この番号の版はありません。履歴の一覧から選んでください。")
        return view(request, *args, **kwargs)

    return checked
