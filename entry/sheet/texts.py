"""The entry of a year's texts: initiatives' progress and projects' reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Model, Prefetch, QuerySet
from django.http import QueryDict

from common.people import person_name
from entry.sheet import ratings
from entry.sheet.forms import ProgressForm, ReviewForm
from entry.sheet.rows import VERSION, SheetRow
from entry.sheet.saving import Sheet, Unreadable, Untouched
from kpis.lookup import projects_in
from kpis.plan_rules import plan_rules
from kpis.recording import PROGRESS, REVIEWS, ProgressEntry, ReviewEntry, YearlyRecords
from kpis.recording.reviews import computed_of_projects
from kpis.terms import RatingTerms
from projects.bands import Band
from projects.initiative_codes import code_at_home, with_home_number
from projects.models import (
    Initiative,
    InitiativeListing,
    InitiativeProgress,
    InitiativeStatus,
    Project,
    ProjectReview,
    Strategy,
    living_in,
)
from projects.scales import Scale
from projects.words import PlanWords


def _labels(model: Any, *names: str) -> dict[str, str]:
    """The fields of a page by name, called as the model calls them."""
    return {name: str(model._meta.get_field(name).verbose_name) for name in names}


class TextRow(SheetRow):
    """An initiative or a project, with what was written of its year.

    `scales` are those of the ratings that it can have, by the field's name.
    """

    scales: Mapping[str, Scale] = {}

    def __init__(
        self,
        owner: Initiative | Project,
        code: str,
        recorded: tuple[Any, Any],
        words: PlanWords,
    ) -> None:
        self.owner = owner
        super().__init__(owner.pk, code, owner.name, *recorded, words)

    def texts_of(self, record: Any) -> dict[str, str]:
        return {name: "" if record is None else getattr(record, name) for name in self.labels}

    @property
    def saved_by(self) -> str:
        """Who saved what is recorded, with さん."""
        return person_name(self.saved.updated_by_name)


class ProgressRow(TextRow):
    """One initiative at its home."""

    owner: Initiative
    labels = _labels(InitiativeProgress, "status", "cost", "summary", "next_steps")

    def texts_of(self, record: Any) -> dict[str, str]:
        texts = super().texts_of(record)
        cost = None if record is None else record.cost
        return texts | {"cost": "" if cost is None else f"{cost:,}"}

    def spoken(self, name: str, text: str) -> str:
        known = name == "status" and text in InitiativeStatus.values
        return str(InitiativeStatus(text).label) if known else text

    @property
    def status_choices(self) -> list[tuple[str, str, bool]]:
        """(value, label, chosen) of the status; the blank one says 未入力, or goes back to it."""
        known = InitiativeStatus.choices
        choices = [*known, ("", "未入力に戻す")] if self.saved else [("", "未入力"), *known]
        chosen = self.typed["status"]
        return [(key, str(word), key == chosen) for key, word in choices]

    @property
    def saved_cost(self) -> int | None:
        """What is recorded as 決算額 in 千円; None where it is not known or nothing is recorded."""
        return None if self.saved is None else self.saved.cost

    @property
    def owner_note(self) -> str:
        """`商工課 ／ P2・A1にも再掲 ／`: its department, and the projects that list it again."""
        department = self.owner.department
        again = [one.project.sign for one in self.owner.listings.all() if one.is_relisted]
        relisted = f" {'・'.join(again)}にも再掲 ／" if again else ""
        return f"{department.name if department else '所管課は未設定'} ／{relisted}"


class ReviewRow(TextRow):
    """One project, with the fields for its ratings that the year's rules ask for.

    `computed` is what the mean of its KPIs says, where people's rating is held against that.
    """

    owner: Project
    labels = _labels(ProjectReview, "summary", "external_opinion")

    def __init__(
        self,
        owner: Project,
        recorded: tuple[Any, Any],
        words: PlanWords,
        rules: RatingTerms,
        computed: Band | None = None,
    ) -> None:
        self.computed = computed
        own, experts = rules.project_scale, rules.external_scale
        self.scales = {
            **dict.fromkeys(ratings.PROJECTS, own),
            **dict.fromkeys(ratings.EXPERTS, experts),
        }
        self.rated = [name for name, scale in self.scales.items() if scale.is_by_people]
        self.labels = self.labels | {name: ratings.RATINGS[name] for name in self.rated}
        super().__init__(owner, owner.code, recorded, words)

    def texts_of(self, record: Any) -> dict[str, str]:
        texts = {name: "" if record is None else getattr(record, name) for name in self.labels}
        return texts | {
            name: ratings.text_of(record, name, self.scales[name]) for name in self.rated
        }

    def spoken(self, name: str, text: str) -> str:
        is_mark = name in self.scales and ratings.is_place(name)
        return ratings.spoken(self.scales[name], text) if is_mark else text

    def label(self, name: str) -> str:
        return ratings.RATINGS.get(name) or super().label(name)

    @property
    def rating_choices(self) -> ratings.Choices:
        """(value, label, chosen) of the office's mark; empty where it gives none."""
        return self._choices("rating_place")

    @property
    def external_choices(self) -> ratings.Choices:
        """(value, label, chosen) of the outside experts' mark; empty where they give none."""
        return self._choices("external_place")

    def _choices(self, name: str) -> ratings.Choices:
        if name not in self.rated:
            return []
        return ratings.choices_of(self.scales[name], self.typed[name])

    @property
    def said(self) -> list[tuple[str, str]]:
        """(what, mark) of the ratings that are saved, as a closed year shows them."""
        return [
            (ratings.RATINGS[name], self.spoken(name, self.standing[name]) or "未定")
            for name in self.rated
            if ratings.is_place(name)
        ]


class _TextSheet(Sheet[TextRow]):
    form: type[ProgressForm] | type[ReviewForm]
    conflict = "entry/_text_conflict.html"
    own_parts = "entry/_saved_part.html"

    def read(self, row: TextRow, posted: QueryDict) -> ProgressEntry | ReviewEntry | None:
        form = self.form(posted, prefix=row.code)
        form.words = row.words
        ratings.add_fields(form, posted, row.scales)
        for name, messages in form.errors.items():
            for message in messages:
                row.add_error(name, str(message))
        if row.errors:
            raise Unreadable
        row.typed[VERSION] = str(form.cleaned_data[VERSION])
        entry = form.entry()
        if isinstance(entry, ReviewEntry):
            entry = replace(entry, **ratings.read(form, row.saved, row.scales))
            entry = entry if REVIEWS.settled(row.saved, entry) else None
        if entry is None and row.typed[VERSION] == "0":
            raise Untouched  # left as blank as it was opened, whatever somebody else wrote since
        return entry


class _ProgressSheet(_TextSheet):
    records = PROGRESS
    form = ProgressForm
    fields = tuple(ProgressRow.labels)
    page = "entry_initiatives"
    title = "取組の入力"
    own = "あなたの課の取組"
    counted = "の取組"
    saved = "取組{}件を保存しました。"


class _ReviewSheet(_TextSheet):
    records = REVIEWS
    form = ReviewForm
    fields = tuple(ReviewRow.labels)
    page = "entry_reviews"
    title = "総括の入力"
    own = "この計画のプロジェクト"
    counted = "プロジェクト"
    saved = "総括{}件を保存しました。"

    def count(self, number: int, words: PlanWords) -> str:
        return words.counted(self.counted, number)


PROGRESS_SHEET = _ProgressSheet()
REVIEW_SHEET = _ReviewSheet()


def progress_rows(
    strategy: Strategy, initiatives: QuerySet[Initiative], fiscal_year: int
) -> list[ProgressRow]:
    """The rows of a plan's initiatives of the year in printed order, each at its home."""
    listings = InitiativeListing.objects.filter(living_in(fiscal_year))
    listings = listings.select_related("project", "initiative")
    ordered = (
        with_home_number(initiatives.filter(living_in(fiscal_year)))
        .filter(home_number__isnull=False)
        .select_related("home_project", "department")
        .prefetch_related(Prefetch("listings", listings))
        .order_by("home_project__position", "home_project__code", "home_number")
    )
    owners = list(ordered)
    known = _recorded(PROGRESS, owners, fiscal_year)
    words = strategy.words
    return [ProgressRow(one, code_at_home(one), known[one.pk], words) for one in owners]


def review_rows(strategy: Strategy, fiscal_year: int) -> list[ReviewRow]:
    """The rows of the strategy's projects of the year in printed order."""
    owners = list(projects_in(strategy, fiscal_year))
    known = _recorded(REVIEWS, owners, fiscal_year)
    words, rules = strategy.words, plan_rules(strategy).in_year(fiscal_year)
    scale = rules.project_scale
    is_computed = scale.is_by_people and scale.is_by_rate
    computed = computed_of_projects(strategy, fiscal_year) if is_computed else {}
    return [ReviewRow(one, known[one.pk], words, rules, computed.get(one.pk)) for one in owners]


def _recorded(
    records: YearlyRecords[Any, Any], owners: Sequence[Model], fiscal_year: int
) -> dict[int, tuple[Any, Any]]:
    """What is recorded of the year and of the one before, by owner's id; one query."""
    this, before = fiscal_year, fiscal_year - 1
    rows = records.model.objects.filter(
        **{f"{records.owner}__in": [one.pk for one in owners]}, fiscal_year__in=(this, before)
    )
    known = {(getattr(row, records.owner), row.fiscal_year): row for row in rows}
    return {one.pk: (known.get((one.pk, this)), known.get((one.pk, before))) for one in owners}
