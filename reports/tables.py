"""Tables of the plan."""

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.fiscal_year import wareki
from projects.initiative_codes import code_at_home
from projects.models import Initiative, InitiativeStatus
from projects.words import PlanWords

# An initiative with what the view's query adds: `home_number` in its home's list, and the
# `latest_year` with its `latest_status`; None where there is none.
Row = Any
_NOTHING_FITS = "条件に合う取組はありません。条件をゆるめてください。"


class InitiativeTable(tables.Table):  # type: ignore[misc]  # untyped
    """One row an initiative: its home, where it is re-listed, who owns it.

    `row_header` is the column that names a row, `paged_name` what its pages are of.
    """

    row_header = "name"
    paged_name = "取組の一覧"

    home_project = tables.Column(
        "主な掲載先", order_by=("home_project__position", "home_number", "name")
    )
    home_number = tables.Column(
        "番号",
        order_by=("home_project__position", "home_number", "name"),
        attrs={"th": {"class": "num"}, "td": {"class": "num"}},
    )
    name = tables.Column("取組", attrs={"cell": {"class": "wide"}})
    relisted = tables.Column("再掲先", empty_values=(), orderable=False)
    department = tables.Column("所管課", accessor="department__name", default="未設定")
    status = tables.Column("状況", empty_values=(), orderable=False, exclude_from_export=True)

    class Meta:
        model = Initiative
        fields = ("home_project", "home_number", "name", "relisted", "department", "status")
        order_by = ("home_project",)

    def __init__(self, *args: Any, plan_code: str, words: PlanWords, **kwargs: Any) -> None:
        super().__init__(*args, empty_text=words.put(_NOTHING_FITS), **kwargs)
        self.plan_code = plan_code
        self.paged_name = words.put(self.paged_name)
        self.columns["name"].column.verbose_name = words.initiative

    def render_home_project(self, record: Row) -> SafeString:
        """The home's code and name, linked."""
        project = record.home_project
        return format_html(
            '<a href="{}">{} {}</a>',
            reverse("project", args=[self.plan_code, project.code]),
            project.sign,
            project.name,
        )

    def value_home_project(self, record: Row) -> str:
        """The home in an exported file."""
        return str(record.home_project)

    def render_status(self, record: Row) -> SafeString | str:
        """The status of the latest year with an entry, and that year."""
        if not record.latest_status:
            begins = "" if record.first_year is None else f"（{wareki(record.first_year)}から）"
            return f"未入力{begins}"
        status = InitiativeStatus(record.latest_status)
        chip = render_to_string(
            "partials/initiative_status.html", {"status": status.value, "label": status.label}
        )
        return format_html("{} <small>{}</small>", chip, wareki(record.latest_year))

    def render_relisted(self, record: Row) -> SafeString | str:
        """The projects that list it again, linked, with another printed name where there is one."""
        if not record.relistings:
            return "－"
        return format_html_join(
            "、",
            '<a href="{}">{}</a>{}',
            (
                (
                    reverse("project", args=[self.plan_code, listing.project.code]),
                    listing.project.sign,
                    f"（掲載名：{listing.printed_name}）" if listing.printed_name else "",
                )
                for listing in record.relistings
            ),
        )

    def value_relisted(self, record: Row) -> str:
        """The signs of the projects that list it again, in an exported file."""
        return " ".join(listing.project.sign for listing in record.relistings)

    def render_name(self, record: Row, value: str) -> SafeString | str:
        """The name, linked to the initiative's page."""
        if not record.home_number:
            return value
        url = reverse("initiative", args=[self.plan_code, code_at_home(record)])
        ends = f"（{wareki(record.last_year)}で終了）" if record.last_year else ""
        return format_html('<a href="{}">{}</a>{}', url, value, ends)

    def value_name(self, value: str) -> str:
        """The bare name in an exported file."""
        return value
