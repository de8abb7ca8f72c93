"""Tables of the plan."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.fiscal_year import wareki
from projects.initiative_codes import code_at_home
from projects.models import Initiative, InitiativeStatus


class InitiativeTable(tables.Table):
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
    name = tables.Column("取組・事業", attrs={"cell": {"class": "wide"}})
    relisted = tables.Column("再掲先", empty_values=(), orderable=False)
    department = tables.Column("所管課", accessor="department__name", default="未設定")
    status = tables.Column("状況", empty_values=(), orderable=False, exclude_from_export=True)

    class Meta:
        model = Initiative
        fields = ("home_project", "home_number", "name", "relisted", "department", "status")
        order_by = ("home_project",)
        empty_text = "条件に合う取組はありません。条件をゆるめてください。"

    def render_home_project(self, record: Initiative) -> SafeString:
        """The home's code and name, linked."""
        project = record.home_project
        return format_html(
            '<a href="{}">{} {}</a>',
            reverse("project", args=[project.code]),
            project.code,
            project.name,
        )

    def value_home_project(self, record: Initiative) -> str:
        """The home in an exported file."""
        return str(record.home_project)

    def render_status(self, record: Initiative) -> SafeString | str:
        """The status of the latest year with an entry, and that year."""
        if not record.latest_status:
            return "未入力"
        status = InitiativeStatus(record.latest_status)
        chip = render_to_string(
            "partials/initiative_status.html", {"status": status.value, "label": status.label}
        )
        return format_html("{} <small>{}</small>", chip, wareki(record.latest_year))

    def render_relisted(self, record: Initiative) -> SafeString | str:
        """The projects that list it again, linked, with another printed name where there is one."""
        listings = self._relistings(record)
        if not listings:
            return "－"
        return format_html_join(
            "、",
            '<a href="{}">{}</a>{}',
            (
                (
                    reverse("project", args=[listing.project.code]),
                    listing.project.code,
                    f"（掲載名：{listing.printed_name}）" if listing.printed_name else "",
                )
                for listing in listings
            ),
        )

    def value_relisted(self, record: Initiative) -> str:
        """The codes of the projects that list it again, in an exported file."""
        return " ".join(listing.project.code for listing in self._relistings(record))

    def render_name(self, record: Initiative, value: str) -> SafeString | str:
        """The name, linked to the initiative's page."""
        if not record.home_number:
            return value
        url = reverse("initiative", args=[code_at_home(record)])
        return format_html('<a href="{}">{}</a>', url, value)

    def value_name(self, value: str) -> str:
        """The bare name in an exported file."""
        return value

    @staticmethod
    def _relistings(record: Initiative) -> list:
        return [
            listing
            for listing in record.listings.all()
            if listing.project_id != record.home_project_id
        ]
