"""A filter by days, as people write them."""

from typing import Any

from django import forms

from common.reading.form_fields import DayField

_HELP = "例：2025-06-30"


class PeriodForm(forms.Form):
    """From a day to a day, both of which count; either may be left out."""

    since = DayField(label="この日から", required=False, help_text=_HELP)
    until = DayField(label="この日まで", required=False, help_text=_HELP)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "「この日まで」は「この日から」以後の日にしてください。")
        return cleaned

    def point_to_errors(self) -> None:
        """Tell whoever hears the page which fields are wrong, and where it says why."""
        for name in self.errors:
            self.fields[name].widget.attrs |= {
                "aria-invalid": "true",
                "aria-describedby": f"id_{name}-error",
            }
