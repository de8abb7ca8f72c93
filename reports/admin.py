"""Issued editions and seals in the admin: to read, whoever asks."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.fiscal_year import wareki
from common.read_only_admin import ReadOnlyMixin
from projects.admin.plan_lists import PlanRows
from reports.models import Edition, Seal


@admin.register(Edition)
class EditionAdmin(ReadOnlyMixin, PlanRows):
    """Editions and links to their files. They are issued on the page of reports alone."""

    fields = [
        "strategy", "year", "number", "title", "issued_at", "issued_by", "issued_by_name",
        "reason", "files", "document_sha256",
    ]  # fmt: skip
    list_display = ["title", "label", "strategy", "issued_at", "issued_by_name", "short_reason"]
    list_filter = ["fiscal_year"]
    search_fields = ["title", "reason", "issued_by_name"]
    search_help_text = "題名・理由・発行者で探す"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).defer("document")

    @admin.display(description="年度", ordering="fiscal_year")
    def year(self, edition: Edition) -> str:
        return wareki(edition.fiscal_year)

    @admin.display(description="版", ordering="number")
    def label(self, edition: Edition) -> str:
        return edition.label

    @admin.display(description="この版を出す理由")
    def short_reason(self, edition: Edition) -> str:
        return edition.reason[:60]

    @admin.display(description="ファイル")
    def files(self, edition: Edition) -> SafeString:
        at = (edition.strategy.code, edition.fiscal_year, edition.number)
        kept = edition.files.defer("content").order_by("id")
        return format_html(
            '<a href="{}">{}</a><br>{}',
            edition.get_absolute_url(),
            "版のページ",
            format_html_join(
                "",
                '<a href="{}">{}</a> {}<br>',
                ((reverse("edition_file", args=[*at, one.name]), one.name, one.sha256)
                 for one in kept),
            ),
        )  # fmt: skip


@admin.register(Seal)
class SealAdmin(ReadOnlyMixin, admin.ModelAdmin[Seal]):
    """The chain of seals, newest first, to hold against one on paper."""

    fields = ["label", "made_at", "occasion", "subject", "row_count", "sha256"]
    list_display = ["label", "made_at", "occasion", "subject", "short_form", "row_count"]
    list_filter = ["occasion"]
    search_fields = ["sha256", "subject"]
    search_help_text = "短い形の最初の4桁・対象で探す"

    @admin.display(description="号", ordering="number")
    def label(self, seal: Seal) -> str:
        return seal.label

    @admin.display(description="短い形")
    def short_form(self, seal: Seal) -> str:
        return seal.short_form
