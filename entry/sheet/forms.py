"""Reads one KPI's row of the entry page: what was typed, what it means, what is wrong with it."""

from django import forms

from common.number_input import LONGEST_TEXT, clean_text, read_date, read_number
from kpis.models import MEASURED_STATES, ActualState
from kpis.recording import ActualEntry
from kpis.series import ActualRecord

# Chosen on the page to make a recorded year 未入力 again; never a state of an actual.
WITHDRAW = "withdraw"
# 未入力 is what stays when nothing is chosen; nobody states it.
STATE_CHOICES = [choice for choice in ActualState.choices if choice[0] != ActualState.MISSING]
# What only one state asks for; the page hides it with every other.
_ONLY_WITH = {"unmeasured_reason": ActualState.UNMEASURED, "expected_on": ActualState.PENDING}


class NumberField(forms.CharField):
    """A figure as people write it; cleans to Decimal or None."""

    def __init__(self, *, unit: str) -> None:
        super().__init__(required=False)
        self.unit = unit

    def clean(self, value: str) -> object:
        """Raise ValidationError with the sentence that `read_number` gives."""
        try:
            return read_number(super().clean(value), self.unit)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class DayField(forms.CharField):
    """A day in any usual spelling; cleans to date or None."""

    def clean(self, value: str) -> object:
        """Raise ValidationError with the sentence that `read_date` gives."""
        try:
            return read_date(super().clean(value))
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

    def to_python(self, value: str) -> str:
        return clean_text(super().to_python(value))


class ActualForm(forms.Form):
    """One KPI in one fiscal year. Its prefix is the KPI's code."""

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
    version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "画面が古くなっています。ページを開き直してください。",
        ),
    )

    field_order = ("value", "state", "unmeasured_reason", "expected_on", "analysis", "next_steps")

    def __init__(self, *args: object, unit: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = NumberField(unit=unit)

    def let_go(self, saved: ActualRecord | None) -> None:
        """Blank the reason or the day that stands saved, where the state chosen has no use for it.

        One that was newly written stays, to be refused: its author may have meant another state.
        """
        for name, state in _ONLY_WITH.items():
            is_left_over = saved is not None and self.cleaned_data[name] == getattr(saved, name)
            if is_left_over and self.cleaned_data["state"] != state:
                self.cleaned_data[name] = None if name == "expected_on" else ""

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
        return ActualEntry(
            state=ActualState(stated["state"]) if self.has_figure else ActualState.MISSING,
            value=stated["value"],
            unmeasured_reason=stated["unmeasured_reason"],
            confirmation=stated["confirmation"],
            expected_on=stated["expected_on"],
            analysis=stated["analysis"],
            next_steps=stated["next_steps"],
        )
