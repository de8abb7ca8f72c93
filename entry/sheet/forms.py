"""Reads one row of an entry page: what was typed, what it means, what is wrong with it."""

import re
from typing import Any

from django import forms

from common.reading.characters import plain
from common.reading.figures import NotAFigure, State, read_number
from common.reading.form_fields import DayField, FiscalYearField
from common.reading.texts import LONGEST_TEXT, clean_text
from entry.actual_value import read_actual_value
from entry.sheet.rows import OUTDATED, VERSION
from kpis.models import MEASURED_STATES, ActualState
from kpis.recording import ActualEntry, ProgressEntry, ReviewEntry
from kpis.series import ActualRecord
from projects.models import InitiativeStatus
from projects.models.yearly_texts import MOST_COST
from projects.words import OWN_WORDS

# Chosen on the page to make a recorded year 未入力 again; never a state of an actual.
WITHDRAW = "withdraw"
# 未入力 is what stays when nothing is chosen; nobody states it.
STATE_CHOICES = [choice for choice in ActualState.choices if choice[0] != ActualState.MISSING]
# What only one state asks for; the page hides it with every other.
_ONLY_WITH: dict[str, tuple[ActualState, ...]] = {
    "unmeasured_reason": (ActualState.UNMEASURED,),
    "expected_on": (ActualState.PENDING,),
    "value_year": MEASURED_STATES,
}
_LONGEST_SHOWN = 20
# Amounts like 3万5千円 could be read too, but not without guessing.
_THOUSANDS = re.compile(r"[^百十千万億兆]*千円")
_IN_THOUSANDS = "千円単位の数字だけを入力してください"
_NO_STATUS = "状況を選んでください。"
_TO_WITHDRAW = "未入力に戻すときは、決算額・取組実績・今後の方向性も空にしてください。"
_HOW_TO_STATE: dict[State | None, str] = {
    "pending": "状態で「集計中」を選び、集計中の予定日を入力してください。",
    "unmeasured": (
        "測っていない年度は、状態で「未測定」を選び、その理由を書いてください。"
        "0のときは 0 と入力します。"
    ),
    "provisional": "数字だけを入力し、状態で「速報」を選んでください。",
}


class NumberField(forms.CharField):
    """A figure as people write it; cleans to Decimal or None, to str where words are taken."""

    def __init__(self, *, unit: str, takes_words: bool = False) -> None:
        super().__init__(required=False)
        self.unit = unit
        self.takes_words = takes_words

    def clean(self, value: str) -> object:
        """Raise ValidationError with the sentence that `read_number` gives."""
        try:
            text = super().clean(value)
            return read_actual_value(text, self.unit, takes_words=self.takes_words)
        except NotAFigure as word:
            remedy = _HOW_TO_STATE.get(word.state)
            raise forms.ValidationError(word.saying(remedy) if remedy else str(word)) from None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class ExplanationField(forms.CharField):
    """A text of several lines, without control characters."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            max_length=LONGEST_TEXT,
            error_messages={
                "max_length": (
                    "%(limit_value)d字までです（今は%(show_value)d字）。短くまとめてください。"
                )
            },
        )

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class CostField(forms.CharField):
    """決算額 in 千円 as people write it; cleans to int, or None where it is not known."""

    def clean(self, value: str) -> int | None:
        """Raise ValidationError with a sentence for what is no amount of whole 千円."""
        text = super().clean(value)
        written = plain(text).strip()
        shown = text.strip()[:_LONGEST_SHOWN]
        if written.endswith("円") and not _THOUSANDS.fullmatch(written):
            raise forms.ValidationError(
                f"「{shown}」は千円単位ではありません。{_IN_THOUSANDS}（例：1,250,000円は 1,250）。"
            )
        try:
            figure = read_number(text, "千円")
        except NotAFigure as word:
            remedy = "決算額がまだ分からないときは空けてください。"
            raise forms.ValidationError(word.saying(remedy)) from None
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


class RowForm(forms.Form):
    """One row. Its prefix is the code of the KPI, the initiative or the project."""

    words = OWN_WORDS
    version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            OUTDATED,
        ),
    )

    def stated(self) -> dict[str, Any]:
        """What a valid row states, by field."""
        return {name: self.cleaned_data[name] for name in self.fields if name != VERSION}

    @property
    def is_blank(self) -> bool:
        """Whether a valid row states nothing."""
        return all(stated in ("", None) for stated in self.stated().values())


class ActualForm(RowForm):
    """One KPI in one fiscal year."""

    state = forms.ChoiceField(
        choices=[*STATE_CHOICES, (WITHDRAW, "未入力に戻す")],
        error_messages={
            "required": "状態を選んでください。",
            "invalid_choice": "状態は、確定・速報・集計中・未測定から選んでください。",
        },
    )
    unmeasured_reason = ExplanationField()
    expected_on = DayField(required=False)
    analysis = ExplanationField()
    next_steps = ExplanationField()
    confirmation = ExplanationField()

    value_year = FiscalYearField(required=False)

    field_order = (
        "value", "value_year", "state", "unmeasured_reason", "expected_on", "analysis",
        "next_steps",
    )  # fmt: skip

    def __init__(self, *args: Any, unit: str, takes_words: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = NumberField(unit=unit, takes_words=takes_words)

    def let_go(self, saved: ActualRecord | None) -> None:
        """Blank what stands saved for another state than the one chosen.

        One that was newly written stays, to be refused: its author may have meant that state.
        """
        for name, states in _ONLY_WITH.items():
            is_left_over = saved is not None and self.cleaned_data[name] == getattr(saved, name)
            if is_left_over and self.cleaned_data["state"] not in states:
                self.cleaned_data[name] = "" if name == "unmeasured_reason" else None

    @property
    def has_figure(self) -> bool:
        """Whether the row states more than explanations: a value, or why there is none."""
        stated = self.cleaned_data
        return not (
            stated["state"] in MEASURED_STATES
            and stated["value"] is None
            and not stated["unmeasured_reason"]
            and stated["expected_on"] is None
        )

    @property
    def has_explanation(self) -> bool:
        """Whether an explanation is written."""
        return bool(self.cleaned_data["analysis"] or self.cleaned_data["next_steps"])

    def entry(self) -> ActualEntry | None:
        """What a valid row states; None to make the year 未入力 again.

        Explanations without a figure are kept with the state 未入力.
        """
        stated = self.cleaned_data
        if stated["state"] == WITHDRAW:
            return None
        in_words = isinstance(stated["value"], str)
        return ActualEntry(
            state=ActualState(stated["state"]) if self.has_figure else ActualState.MISSING,
            value=None if in_words else stated["value"],
            value_words=stated["value"] if in_words else "",
            unmeasured_reason=stated["unmeasured_reason"],
            confirmation=stated["confirmation"],
            expected_on=stated["expected_on"],
            analysis=stated["analysis"],
            next_steps=stated["next_steps"],
            value_year=stated["value_year"],
        )


class TakenForm(RowForm):
    """One KPI in a year whose figure another plan enters: its explanations.

    A figure may be posted too, by a spreadsheet's column or by a page of before, to be compared.
    """

    state = forms.CharField(required=False)
    unmeasured_reason = ExplanationField()
    expected_on = DayField(required=False)
    analysis = ExplanationField()
    next_steps = ExplanationField()

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = NumberField(unit=unit)

    def differs_from(self, standing: ActualRecord | None) -> bool:
        """Whether a valid row states another figure, or reason for none, than the one standing."""
        stated = self.cleaned_data
        names = [
            name
            for name in ("value", "unmeasured_reason", "expected_on")
            if stated[name] not in ("", None)
        ]
        if names and stated["state"]:
            names.append("state")
        return any(stated[name] != getattr(standing, name, None) for name in names)

    def entry(self) -> ActualEntry:
        """The explanations, which may be empty."""
        texts = {name: self.cleaned_data[name] for name in ("analysis", "next_steps")}
        return ActualEntry(ActualState.MISSING, **texts)


class ProgressForm(RowForm):
    """One initiative in one fiscal year."""

    status = forms.ChoiceField(
        required=False,
        choices=InitiativeStatus.choices,
        error_messages={
            "invalid_choice": f"状況は、{'・'.join(InitiativeStatus.labels)}から選んでください。"
        },
    )
    cost = CostField(required=False)
    summary = ExplanationField()
    next_steps = ExplanationField()

    field_order = ("status", "cost", "summary", "next_steps")

    def clean(self) -> dict[str, Any]:
        """Ask for the status of a row that states anything else."""
        super().clean()
        stated = self.cleaned_data
        written = any(
            self.data.get(self.add_prefix(name), "").strip()
            for name in ("cost", "summary", "next_steps")
        )
        if stated.get("status") == "" and written:
            self.add_error(
                "status", _NO_STATUS + (self.words.put(_TO_WITHDRAW) if stated.get(VERSION) else "")
            )
        return stated

    def entry(self) -> ProgressEntry | None:
        """What a valid row states; None where it states nothing."""
        stated = self.stated()
        if self.is_blank:
            return None
        return ProgressEntry(**stated | {"status": InitiativeStatus(stated["status"])})


class ReviewForm(RowForm):
    """One project in one fiscal year."""

    summary = ExplanationField()
    external_opinion = ExplanationField()

    field_order = ("summary", "external_opinion")

    def entry(self) -> ReviewEntry:
        """The texts of a valid row, which may be empty."""
        return ReviewEntry(self.cleaned_data["summary"], self.cleaned_data["external_opinion"])
