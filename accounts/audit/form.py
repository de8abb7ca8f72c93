"""The filters of the audit: period, person and kind, as people write them."""

from datetime import date, datetime, time

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.models import AuditEntry, Kind
from common.period_form import PeriodForm
from common.reading.form_fields import TextField


class AuditForm(PeriodForm):
    """Whose acts, of which kind, of which days; both days count."""

    person = TextField(
        label="だれが",
        required=False,
        max_length=150,
        help_text="利用者名か氏名",
    )
    kind = forms.ChoiceField(
        label="種類",
        required=False,
        choices=[("", "すべて"), *Kind.choices],
        error_messages={"invalid_choice": "この種類はありません。一覧から選んでください。"},
    )
    field_order = ["person", "kind", "since", "until"]

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, use_required_attribute=False)
        self.point_to_errors()

    def chosen(self) -> QuerySet[AuditEntry]:
        """The entries that a valid form asks for, newest first."""
        cleaned = self.cleaned_data
        entries: QuerySet[AuditEntry] = AuditEntry.objects.all()
        if cleaned["person"]:
            named = cleaned["person"]
            entries = entries.filter(Q(login=named) | Q(name__contains=named))
        if cleaned["kind"]:
            entries = entries.filter(kind=cleaned["kind"])
        if cleaned["since"]:
            entries = entries.filter(at__gte=_moment(cleaned["since"], time.min))
        if cleaned["until"]:
            entries = entries.filter(at__lte=_moment(cleaned["until"], time.max))
        return entries

    def in_words(self) -> str:
        """What a valid form asks for, as the audit itself notes it."""
        stated = [
            f"{field.label}：{self.data[name].strip()}"
            for name, field in self.fields.items()
            if self.cleaned_data[name]
        ]
        return "、".join(stated) or "全部"


def _moment(day: date, of_day: time) -> datetime:
    return datetime.combine(day, of_day, timezone.get_current_timezone())
