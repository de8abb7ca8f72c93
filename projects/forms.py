"""Forms of the plan: rating bands as lines, and initiatives that their home lists."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Model, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.reading.characters import plain
from common.reading.figures import read_number
from common.reading.form_fields import ReadField, allow_unit
from common.reading.names import read_code
from projects import rules
from projects.bands import bands_from_data, default_bands, validate_bands
from projects.models import Initiative, InitiativeListing, Project, Strategy
from projects.scales import steps_from_data

_SEPARATORS = str.maketrans({"、": ",", "\t": ","})
_PARTS = 3
_LATE, _NOT_LATE = "遅れ", "遅れでない"


class BandsField(ReadField):
    """Rating bands as lines `A,順調,100`, best first; the last one without a bound.

    A line may end with `,遅れ`; where one does, the others are not.

    Cleans to what `Strategy.bands` keeps.
    """

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        super().__init__(validators=[validate_bands], **kwargs)
        self.widget.attrs.update(rows=6, cols=40)

    def prepare_value(self, value: Any) -> Any:
        return bands_as_lines(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        written = plain(super().to_python(value) or "").translate(_SEPARATORS)
        lines = [line.strip() for line in written.splitlines()]
        bands = [_band_of_line(number, line) for number, line in enumerate(lines, start=1) if line]
        if any("is_late" in band for band in bands):
            bands = [{"is_late": False} | band for band in bands]
        return bands


def bands_as_lines(data: list[dict[str, Any]]) -> str:
    """What `BandsField` reads, from what the database keeps."""
    bands = bands_from_data(data)
    is_none_late = not any(band.is_late for band in bands)
    lines = []
    for band in bands:
        bound = "" if band.lower is None else f"{band.lower:f}"
        late = _LATE if band.is_late else ""
        if is_none_late and band.is_late is False:
            late = _NOT_LATE
        tail = f",{bound},{late}" if late else f",{bound}" if bound else ""
        lines.append(f"{band.symbol},{band.label}{tail}")
    return "\n".join(lines)


def steps_as_lines(data: list[dict[str, Any]]) -> str:
    """The conditions of a rating by position, one a line, with the places of their bands."""
    return "\n".join(f"{step.text}：上から{step.place}番目" for step in steps_from_data(data))


def _band_of_line(number: int, line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split(",")]
    is_late = None
    if len(parts) == _PARTS + 1 and parts[-1] in (_LATE, _NOT_LATE):
        is_late = parts.pop() == _LATE
    if len(parts) > _PARTS or len(parts) < _PARTS - 1:
        raise ValidationError(
            f"{number}行目「{line}」を読み取れません。"
            "記号・名称・下限をコンマで区切ってください（例：A,順調,100）。"
        )
    try:
        lower = read_number(parts[2], "%") if len(parts) == _PARTS else None
    except ValueError as error:
        raise ValidationError(
            f"{number}行目の下限：{error}記号・名称・下限の順に書いてください（例：A,順調,100）。"
        ) from None
    return {
        "symbol": parts[0],
        "label": parts[1],
        "lower": None if lower is None else f"{lower:f}",
    } | ({} if is_late is None else {"is_late": is_late})


class StrategyForm(forms.ModelForm[Strategy]):
    """A strategy, its rating bands as lines of text."""

    bands = BandsField(
        label="評価区分",
        initial=default_bands,
        help_text=(
            "1行にひとつ、良い区分から順に「記号,名称,下限（%）」と書きます（例：A,順調,100）。"
            "いちばん下の区分には下限を書きません。"
        ),
    )

    class Meta:
        model = Strategy
        exclude = ()  # noqa: DJ006 - the admin's fieldsets say which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allow_unit(self, "average_cap", "%")


class Suggestions(forms.TextInput):
    """A text with what may be meant as suggestions; anything else can be typed."""

    def __init__(self, suggested: Iterable[str] = ()) -> None:
        super().__init__(attrs={"class": "vTextField"})
        self.suggested = suggested

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        listed = f"{name}-suggested"
        field = super().render(name, value, (attrs or {}) | {"list": listed}, renderer)
        options = format_html_join("", '<option value="{}">', ((one,) for one in self.suggested))
        return format_html('{}<datalist id="{}">{}</datalist>', field, listed, options)


def kinds_of(projects: QuerySet[Project]) -> list[str]:
    """The kinds of some projects, each once, in the order in which they appear (one query)."""
    kinds = projects.order_by("strategy", "position", "code").values_list("kind", flat=True)
    return list(dict.fromkeys(filter(None, kinds)))


class ProjectForm(forms.ModelForm[Project]):
    """A project, whose kind is any word; those that its plan has are suggested.

    It stands in a pillar: what stands in none holds 数値目標, which this form doesn't make.
    """

    class Meta:
        model = Project
        exclude = ()  # noqa: DJ006 - the admin's fieldsets say which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.instance.strategy_id
        known = Project.objects.filter(strategy=plan) if plan else Project.objects.all()
        if "kind" in self.fields:
            self.fields["kind"].widget = Suggestions(kinds_of(known))
        if "pillar" in self.fields:
            self.fields["pillar"].required = True

    def clean_code(self) -> str:
        """The code in half width and capitals, however it is typed."""
        return read_code(self.cleaned_data["code"])


class PlanChoiceField(forms.ModelChoiceField[Any]):
    """A choice among pillars or projects, which names their plan where there are several."""

    names_plan = False

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}（{obj.strategy}）" if self.names_plan else str(obj)


class InitiativeForm(forms.ModelForm[Initiative]):
    """An initiative; a new one is put on its home's list in the same go.

    Whether the home lists it is judged by the rows of `HomeListedFormSet`,
    saved together with this form, and not by what the database says before.
    """

    home_number = forms.IntegerField(
        label="主な掲載先での番号",
        required=False,
        min_value=1,
        max_value=999,
        help_text="空欄なら、主な掲載先の取組一覧のいちばん後に載せます。",
    )

    class Meta:
        model = Initiative
        fields = ("strategy", "name", "home_project", "department")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        home, number = cleaned.get("home_project"), cleaned.get("home_number")
        if home and number and home.listings.filter(number=number).exists():
            word = home.strategy.words.initiative
            self.add_error(
                "home_number",
                f"「{home}」の({number})には別の{word}が載っています。"
                "空いている番号にするか、空欄にしてください。",
            )
        return cleaned

    def _post_clean(self) -> None:
        home = self.cleaned_data.get("home_project")
        super()._post_clean()  # type: ignore[misc] # the stubs leave it out
        in_plan = home is not None and home.strategy_id == self.instance.strategy_id
        if in_plan and "home_project" in self.errors:
            del self.errors["home_project"]
            self.cleaned_data["home_project"] = home

    def list_at_home(self) -> InitiativeListing | None:
        """Put the saved initiative on its home's list; None if it stands there already."""
        home: Project = self.instance.home_project
        if home.listings.filter(initiative=self.instance).exists():
            return None
        number = self.cleaned_data.get("home_number") or next_number(home)
        return InitiativeListing.objects.create(
            project=home, initiative=self.instance, number=number
        )


class RowsFormSet(forms.BaseInlineFormSet[Any, Any, forms.ModelForm[Any]]):
    """Rows that belong to one thing, with Japanese names in what is said of equal rows."""

    model: type[Model]

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        names = [name for name in unique_check if name != self.fk.name]
        labels = "・".join(
            str(getattr(self.model._meta.get_field(name), "verbose_name", name)) for name in names
        )
        return f"{labels}が同じ行が2つ以上あります。1行だけにしてください。"


class ListingRowForm(forms.ModelForm[InitiativeListing]):
    """A listing as a row of its initiative's page; `HomeListedFormSet` judges it."""

    class Meta:
        model = InitiativeListing
        fields = ("project", "number", "printed_name")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc] # the stubs leave it out
        self.errors.pop("initiative", None)


class HomeListedFormSet(RowsFormSet):
    """All listings of one initiative as they will be: in its own plan, and with its home."""

    def clean(self) -> None:
        super().clean()
        initiative = self.instance
        if initiative.strategy_id is None or initiative.home_project_id is None:
            return
        listed = {}
        for form in kept_forms(self):
            project = form.cleaned_data.get("project")
            if project is None:
                continue
            listed[project.pk] = project.code
            problem = rules.foreign_project(project, initiative)
            if problem:
                form.add_error("project", problem)
        if initiative.pk is not None:
            rules.check_home_among_rows(initiative, listed)


class ProjectListingFormSet(RowsFormSet):
    """All listings of one project: an initiative at home here can't leave the list."""

    def clean(self) -> None:
        super().clean()
        kept = {
            form.cleaned_data["initiative"].pk
            for form in kept_forms(self)
            if form.cleaned_data.get("initiative")
        }
        if self.instance.pk is not None:
            rules.check_list_keeps_homes(self.instance, kept)


def kept_forms(
    formset: forms.BaseModelFormSet[Any, forms.ModelForm[Any]],
) -> list[forms.ModelForm[Any]]:
    """The formset's valid rows that will be in the database once it is saved."""
    gone = formset.deleted_forms
    return [
        form
        for form in formset.forms
        if form not in gone
        and hasattr(form, "cleaned_data")
        and (form.has_changed() or form.instance.pk is not None)
    ]


def next_number(project: Project) -> int:
    """The number after the last one on a project's list of initiatives."""
    return (project.listings.aggregate(last=Max("number"))["last"] or 0) + 1
