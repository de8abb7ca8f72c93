"""Filters of the plan's lists."""

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet

from projects.models import Department, Initiative, Project, Strategy

Initiatives = QuerySet[Initiative]


class InitiativeFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped
    """Initiatives by word, project (home or re-listed), department and 再掲."""

    q = django_filters.CharFilter(label="ことば", method="by_word")
    project = django_filters.ModelChoiceFilter(
        label="プロジェクト",
        queryset=Project.objects.none(),
        to_field_name="code",
        method="by_project",
        empty_label="すべて",
    )
    department = django_filters.ModelChoiceFilter(
        label="所管課",
        queryset=Department.objects.all(),
        to_field_name="code",
        empty_label="すべて",
    )
    relisted = django_filters.BooleanFilter(
        label="再掲のあるものだけ",
        method="by_relisting",
        widget=forms.CheckboxInput,
    )

    ended = django_filters.BooleanFilter(
        label="終えたものも", method="with_ended", widget=forms.CheckboxInput
    )

    class Meta:
        model = Initiative
        fields = ("q", "project", "department", "relisted", "ended")

    def __init__(self, *args: object, strategy: Strategy, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["project"].label = strategy.words.project
        self.filters["project"].queryset = Project.objects.filter(
            strategy=strategy, holds_goals=False
        )

    def with_ended(self, initiatives: Initiatives, _name: str, _wanted: bool) -> Initiatives:  # noqa: FBT001
        """The view leaves those out that have ended, unless this asks for them."""
        return initiatives

    def by_word(self, initiatives: Initiatives, _name: str, word: str) -> Initiatives:
        """Initiatives whose name, or a printed name, contains the word."""
        return initiatives.filter(
            Q(name__icontains=word) | Q(listings__printed_name__icontains=word)
        ).distinct()

    def by_project(self, initiatives: Initiatives, _name: str, project: Project) -> Initiatives:
        """Initiatives listed in the project, at home or again."""
        return initiatives.filter(listings__project=project)

    def by_relisting(self, initiatives: Initiatives, _name: str, wanted: bool) -> Initiatives:  # noqa: FBT001
        """Initiatives that another project lists again."""
        if not wanted:
            return initiatives
        return initiatives.annotate(places=Count("listings")).filter(places__gt=1)
