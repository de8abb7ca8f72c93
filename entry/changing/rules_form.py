"""The form of all rules of a plan's rating: KPIs, projects, experts, means, rates."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from common.reading.form_fields import FigureField
from entry.changing.rule_rows import BAND_COLUMNS, RowsField, RowsWidget, Typed, rows_of_bands
from entry.changing.rule_starts import fields_of
from entry.changing.scale_form import BANDS_LAYOUT, ScaleForm
from kpis.terms import RatingTerms
from projects.models.rating import MOST_RATE_DECIMALS
from projects.scales import ProjectMethod, RateRounding
from projects.words import PlanWords

_PROJECT_METHODS = [
    (ProjectMethod.MEAN, "平均による：指標の率の平均を区分の下限と比べて、自動で評価します"),
    (ProjectMethod.PEOPLE, "人が決める：総括を書く画面で評価を選びます"),
    (ProjectMethod.NONE, "評価しない：評価はどこにも出しません"),
]
WITH_EXPERTS, WITHOUT_EXPERTS = "rate", "none"
_EXPERTS = [
    (WITHOUT_EXPERTS, "外部有識者の評価は載せない"),
    (WITH_EXPERTS, "外部有識者の評価も、内部の評価と並べて載せる"),
]


class RulesForm(ScaleForm):
    """All rules of a plan as they shall be, from an open year on."""

    project_method = forms.ChoiceField(
        label="プロジェクトの評価の方法",
        choices=_PROJECT_METHODS,
        widget=forms.RadioSelect,
        error_messages={"required": "プロジェクトの評価の方法を選んでください。"},
    )
    project_bands = RowsField(
        RowsWidget(BANDS_LAYOUT, BAND_COLUMNS),
        label="プロジェクトの評価区分",
        help_text=(
            "すべて空欄なら、指標の評価区分と同じです。"
            "指標を率で評価しないのにプロジェクトを平均で評価するときは、ここに下限のある区分を書きます。"
        ),
    )
    experts = forms.ChoiceField(
        label="外部有識者の評価", choices=_EXPERTS, widget=forms.RadioSelect, required=False
    )
    external_bands = RowsField(
        RowsWidget(BANDS_LAYOUT, BAND_COLUMNS, with_bounds=False),
        label="外部有識者の評価区分",
        help_text="良い区分から順に、1行にひとつ書きます。",
    )
    average_cap = FigureField(
        label="平均に入れる率の上限（%）",
        required=False,
        help_text="これを超える率は、平均ではこの値として数えます。空欄は上限なし。",
    )
    average_floor = FigureField(
        label="平均に入れる率の下限（%）",
        required=False,
        help_text="これより低い率は、平均ではこの値として数えます。空欄は下限なし。",
    )
    rate_decimals = forms.TypedChoiceField(
        label="率の小数桁数",
        coerce=int,
        choices=[(0, "整数"), *((n, f"小数第{n}位") for n in range(1, MOST_RATE_DECIMALS + 1))],
    )
    rate_rounding = forms.ChoiceField(
        label="率の端数",
        choices=RateRounding.choices,
        widget=forms.RadioSelect,
        help_text="切り捨てでなくても、区分の下限に届いていない率を、届いたように示すことはありません。",
    )

    def __init__(
        self,
        data: QueryDict | None,
        words: PlanWords,
        years: Iterable[int],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, words, years, initial)
        for name in ("average_cap", "average_floor"):
            field = self.fields[name]
            assert isinstance(field, FigureField)  # noqa: S101 - declared so above
            field.unit = "%"

    @property
    def has_project_bands(self) -> bool:
        """Whether anything stands in the table of projects' own bands."""
        return _is_typed(self["project_bands"].value())

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of rating that the form, which has no fault, states."""
        said = self.cleaned_data
        named = ("project_method", "average_cap", "average_floor", "rate_decimals", "rate_rounding")
        return (
            self.scale_columns
            | {name: said[name] for name in named}
            | {name: said[name] for name in ("project_bands", "external_bands")}
        )

    def clean(self) -> dict[str, Any]:
        """The bands of projects and of experts too, where they rate."""
        cleaned = super().clean()
        method = cleaned.get("project_method")
        own = _is_typed(cleaned.get("project_bands")) and method != ProjectMethod.NONE
        cleaned["project_bands"] = self._own_bands(
            "project_bands", is_wanted=own, with_bounds=method == ProjectMethod.MEAN
        )
        cleaned["external_bands"] = self._own_bands(
            "external_bands", is_wanted=cleaned.get("experts") == WITH_EXPERTS, with_bounds=False
        )
        return cleaned

    def _own_bands(self, name: str, *, is_wanted: bool, with_bounds: bool) -> list[dict[str, Any]]:
        read = self.read_bands(name, with_bounds=with_bounds) if is_wanted else None
        return [] if read is None else read.data


def fields_of_terms(terms: RatingTerms) -> dict[str, Any]:
    """A plan's rules as the fields of `RulesForm` have them, by name."""
    return fields_of(terms.scale) | {
        "project_method": terms.project_method,
        "project_bands": rows_of_bands(terms.project_bands),
        "experts": WITH_EXPERTS if terms.external_bands else WITHOUT_EXPERTS,
        "external_bands": rows_of_bands(terms.external_bands),
        "average_cap": terms.average_cap,
        "average_floor": terms.average_floor,
        "rate_decimals": terms.rate_decimals,
        "rate_rounding": terms.rate_rounding,
    }


def _is_typed(rows: list[Typed] | None) -> bool:
    return any(text.strip() for row in rows or [] for text in row.values())
