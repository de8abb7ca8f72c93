"""The form of a scale by which KPIs are rated, and what its own buttons put into it.

Only what the chosen method asks for is read; the rest of what is typed counts for nothing.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from common.fiscal_year import wareki
from entry.changing.rule_rows import (
    BAND_COLUMNS,
    MOST_ROWS,
    STEP_COLUMNS,
    ReadBands,
    RowsField,
    RowsWidget,
    Typed,
    names_of_rows,
    read_bands,
    read_steps,
    with_row_at,
)
from entry.changing.rule_starts import start_of
from entry.changing.screen import ChangeForm
from projects.scales import Basis, Method, steps_to_data
from projects.words import PlanWords

BANDS_LAYOUT, _STEPS = "entry/changing/_band_rows.html", "entry/changing/_step_rows.html"
_METHODS = [
    (Method.RATE, "率による：率を区分の下限と比べて、自動で評価します"),
    (Method.POSITION, "位置による：実績を目標や前の値などと比べて、自動で評価します"),
    (Method.PEOPLE, "人が決める：所管課が案を出し、企画担当が決めます"),
    (Method.NONE, "評価しない：率だけを示し、評価はどこにも出しません"),
]
_COMPARED = [
    (Method.NONE, "比べない"),
    (Method.RATE, "率による評価と比べる"),
    (Method.POSITION, "位置による評価と比べる"),
]
_BANDS_HELP = (
    "良い区分から順に、1行にひとつ、12行まで。記号と名称は、どちらかだけでもかまいません。"
    "空いた行は数えません。「遅れ」に印を付けた区分が、遅れている指標として数えられます。"
)
_STEPS_HELP = (
    "上から順に見て、最初に当てはまった行の評価区分になります。"
    "「達する」は同じ値か、それより良い値。「同程度」は幅の内側。"
    "幅を書くと、「達する」は幅だけ届かなくても当てはまり、「より良い」は幅を超えて良いときだけ当てはまります。"
    "「ポイント」は、単位が%の指標だけのものです。相手が分からない指標では、その行を飛ばします。"
)


class ScaleForm(ChangeForm):
    """By what KPIs are rated, and the year from which it holds: one that is open."""

    effective_from = forms.TypedChoiceField(
        label="適用する最初の年度",
        coerce=int,
        help_text="この年度から新しいきまりで評価します。締めた年度の評価は変わりません。",
        error_messages={
            "required": "適用する最初の年度を選んでください。",
            "invalid_choice": "締めていない年度から選んでください。",
        },
    )
    rating_method = forms.ChoiceField(
        label="指標の評価の方法",
        choices=_METHODS,
        widget=forms.RadioSelect,
        error_messages={"required": "指標の評価の方法を選んでください。"},
    )
    compared_with = forms.ChoiceField(
        label="人の評価と比べる、計算による評価",
        choices=_COMPARED,
        widget=forms.RadioSelect,
        required=False,
        help_text="比べるときは、人の評価と違うところで、両方を示します。",
    )
    rating_basis = forms.ChoiceField(
        label="評価に使う率", choices=Basis.choices, widget=forms.RadioSelect, required=False
    )
    bands = RowsField(
        RowsWidget(BANDS_LAYOUT, BAND_COLUMNS),
        label="評価区分",
        help_text=_BANDS_HELP,
    )
    rating_steps = RowsField(
        RowsWidget(_STEPS, STEP_COLUMNS), label="評価の条件", help_text=_STEPS_HELP
    )
    otherwise = forms.ChoiceField(
        label="その他（どの条件にも当てはまらないとき）の評価区分", required=False
    )

    def __init__(
        self,
        data: QueryDict | None,
        words: PlanWords,
        years: Iterable[int],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial)
        # Before any field is bound, which keeps its label and help.
        for field in self.fields.values():
            _word(field, words)
        years = list(years)
        self.initial.setdefault("effective_from", years[0] if years else None)
        self._choices("effective_from", [(year, f"{wareki(year)}から") for year in years])
        rows = self["bands"].value() or []
        places = [("", "（選ぶ）"), *names_of_rows(rows)]
        self._choices("otherwise", places)
        steps = self.fields["rating_steps"].widget
        steps.places = places
        steps.widths = [(value, words.put(said)) for value, said in steps.widths]

    @property
    def scale_columns(self) -> dict[str, Any]:
        """The columns of a scale that the form, which has no fault, states."""
        columns: dict[str, Any] = self.cleaned_data["scale"]
        return columns

    def clean(self) -> dict[str, Any]:
        """What the chosen method asks for, read."""
        cleaned = super().clean() or {}
        if self.asks_for_scale(cleaned) and cleaned.get("rating_method"):
            cleaned["scale"] = self._scale(cleaned)
        return cleaned

    def asks_for_scale(self, cleaned: dict[str, Any]) -> bool:
        """Whether a scale is stated at all."""
        return True

    def _scale(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        method = cleaned["rating_method"]
        by = cleaned.get("compared_with") if method == Method.PEOPLE else method
        columns: dict[str, Any] = {"rating_method": method, "rating_steps": []}
        if method == Method.NONE:
            return columns
        if by == Method.RATE:
            columns["rating_basis"] = cleaned.get("rating_basis")
            if not columns["rating_basis"] and "rating_basis" not in self.errors:
                self.add_error("rating_basis", "評価に使う率を選んでください。")
        bands = self.read_bands("bands", with_bounds=by == Method.RATE)
        if bands is not None:
            columns["bands"] = bands.data
            if by == Method.POSITION:
                columns["rating_steps"] = self._read_steps(cleaned, bands)
        return columns

    def read_bands(self, name: str, *, with_bounds: bool) -> ReadBands | None:
        rows: list[Typed] = self.cleaned_data.get(name) or []
        try:
            return read_bands(rows, with_bounds=with_bounds)
        except ValidationError as fault:
            self.add_error(name, fault)
            return None

    def _read_steps(self, cleaned: dict[str, Any], bands: ReadBands) -> list[dict[str, Any]]:
        rows: list[Typed] = cleaned.get("rating_steps") or []
        try:
            return steps_to_data(read_steps(rows, cleaned.get("otherwise") or "", bands))
        except ValidationError as fault:
            self.add_error("rating_steps", fault)
            return []

    def _choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
        field.choices = choices


def asked_year(request: HttpRequest, years: list[int]) -> int | None:
    """The open year whose rules the form shows at first: `?from=2027`, else the first.

    None where there is none.
    """
    asked = (year for year in years if str(year) == request.GET.get("from"))
    return next(asked, years[0] if years else None)


def filled_in_anew(form: ScaleForm) -> dict[str, Any] | None:
    """What a form's fields are to show where one of its own buttons was pressed: nothing is read.

    `start` puts a ready-made scale into the fields, `rows` an empty row into a table
    (`bands:2`, `bands:end`). None where neither was.
    """
    if "start" not in form.data and "rows" not in form.data:
        return None
    shown: dict[str, Any] = {name: form[name].data for name in form.fields}
    start = start_of(form.data.get("start", ""))
    if start is not None:
        filled = shown | start.fields
        return filled | ({"project_method": start.projects} if "project_method" in shown else {})
    name, _, at = form.data.get("rows", "").partition(":")
    if not isinstance(form.fields.get(name), RowsField):
        return shown
    rows = shown[name]
    number = next((one for one in range(len(rows)) if str(one) == at), len(rows))
    shown[name] = with_row_at(rows, number)
    if name == "bands":
        _keep_named(shown, number)
    return shown


def _keep_named(shown: dict[str, Any], at: int) -> None:
    """Let the conditions name the rows of bands that they named before one came in between."""
    numbers = {str(number): number for number in range(1, MOST_ROWS)}

    def moved(named: str) -> str:
        number = numbers.get(named, 0)
        return str(number + 1) if number > at else named

    shown["rating_steps"] = [
        row | {"place": moved(row.get("place", ""))} for row in shown["rating_steps"]
    ]
    shown["otherwise"] = moved(shown["otherwise"] or "")


def _word(field: forms.Field, words: PlanWords) -> None:
    """Say a field's label, help and choices in the plan's words; years and bands hold none."""
    field.label = words.put(str(field.label))
    field.help_text = words.put(str(field.help_text))
    if isinstance(field.widget, forms.RadioSelect):
        choices = field.widget.choices
        field.widget.choices = [(value, words.put(str(said))) for value, said in choices]
