"""Forms of a year's texts: one initiative's progress, one project's review."""

import re
import unicodedata
from typing import Any

from django import forms

from common.number_input import read_number
from entry.sheet.forms import ExplanationField
from kpis.recording import ProgressEntry, ReviewEntry
from projects.models import InitiativeStatus
from projects.models.progress import MOST_COST

VERSION = "version"
_LONGEST_SHOWN = 20
# Amounts like 3万5千円 could be read too, but not without guessing.
_THOUSANDS = re.compile(r"[^百十千万億兆]*千円")
_NO_STATUS = "状況を選んでください。"
_TO_WITHDRAW = "未入力に戻すときは、決算額・取組実績・今後の方向性も空にしてください。"
_IN_THOUSANDS = "千円単位の数字だけを入力してください"


class CostField(forms.CharField):
    """決算額 in 千円 as people write it; cleans to int, or None where it is not known."""

    def clean(self, value: str) -> int | None:
        """Raise ValidationError with a sentence for what is no amount of whole 千円."""
        text = super().clean(value)
        written = unicodedata.normalize("NFKC", text).strip()
        shown = text.strip()[:_LONGEST_SHOWN]
        if written.endswith("円") and not _THOUSANDS.fullmatch(written):
            raise forms.ValidationError(
                f"「{shown}」は千円単位ではありません。{_IN_THOUSANDS}（例：1,250,000円は 1,250）。"
            )
        try:
            figure = read_number(text, "千円")
        except ValueError:
            raise forms.ValidationError(
                f"「{shown}」を読み取れません。{_IN_THOUSANDS}（例：1,250）。"
            ) from None
        if figure is None:
            return None
        if figure < 0:
            raise forms.ValidationError("決算額は0以上です。まだ分からないときは空けてください。")
        if figure != figure.to_integral_value():
            raise forms.ValidationError(
                f"「{shown}」には千円未満の端数があります。{_IN_THOUSANDS}（例：1,250）。"
            )
        if figure > MOST_COST:
            raise forms.ValidationError(
                f"「{shown}」は桁が多すぎます。円ではなく{_IN_THOUSANDS}（例：1,250）。"
            )
        return int(figure)


class YearlyForm(forms.Form):
    """One row. Its prefix is the code of the initiative or the project."""

    version = forms.IntegerField(
        label="版",
        min_value=0,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "画面が古くなっています。ページを開き直してください。",
        ),
    )

    @property
    def is_blank(self) -> bool:
        """Whether a valid row states nothing."""
        return all(stated in ("", None) for stated in self.stated().values())

    def stated(self) -> dict[str, Any]:
        """What a valid row states, by field."""
        return {name: self.cleaned_data[name] for name in self.fields if name != VERSION}


class ProgressForm(YearlyForm):
    """One initiative in one fiscal year."""

    status = forms.ChoiceField(
        label="状況",
        required=False,
        choices=InitiativeStatus.choices,
        error_messages={
            "invalid_choice": f"状況は、{'・'.join(InitiativeStatus.labels)}から選んでください。"
        },
    )
    cost = CostField(label="決算額（千円）", required=False)
    summary = ExplanationField()
    next_steps = ExplanationField()

    field_order = ("status", "cost", "summary", "next_steps")

    def clean(self) -> dict[str, Any]:
        """Ask for the status of a row that states anything else."""
        stated = super().clean()
        written = any(
            self.data.get(self.add_prefix(name), "").strip()
            for name in ("cost", "summary", "next_steps")
        )
        if stated.get("status") == "" and written:
            self.add_error("status", _NO_STATUS + (_TO_WITHDRAW if stated.get(VERSION) else ""))
        return stated

    def entry(self) -> ProgressEntry | None:
        """What a valid row states; None where it states nothing."""
        stated = self.stated()
        if self.is_blank:
            return None
        return ProgressEntry(**stated | {"status": InitiativeStatus(stated["status"])})


class ReviewForm(YearlyForm):
    """One project in one fiscal year."""

    summary = ExplanationField()
    external_opinion = ExplanationField()

    field_order = ("summary", "external_opinion")

    def entry(self) -> ReviewEntry | None:
        """What a valid row states; None where it states nothing."""
        return None if self.is_blank else ReviewEntry(**self.stated())
