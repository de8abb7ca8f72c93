"""Where a strategy stands in one fiscal year: every KPI, every project, and overall.

Loads one strategy in a constant number of queries and returns frozen values;
pages and reports only arrange them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from operator import itemgetter

from django.db.models import Q, QuerySet

from kpis import achievement
from kpis.achievement import Absence
from kpis.assessment import KpiAssessment
from kpis.lookup import projects_in
from kpis.models import FormerPlace, Kpi
from kpis.plan_rules import plan_rules
from kpis.project_years import ProjectYears, load_project_years
from kpis.series import KpiSeries, closed_years, load_series, opening_year
from kpis.terms import PlanRules
from projects.bands import Band
from projects.goals import goal_holders
from projects.models import Project, ProjectReview, Strategy


@dataclass(frozen=True, slots=True)
class ProjectJudgement:
    """The ratings that people gave a project's year: the office's and the outside experts'.

    Places of bands, from 1 for the best; None where there is none.
    """

    place: int | None = None
    external: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Means, rating and counts of a group of KPIs in one fiscal year.

    Means are exact percentages of the KPIs that have a rate, each counted
    within the plan's limits; None if none has. `rating_rate` is the mean that a computed rating is
    read from. `by_band` counts every KPI that is rated once: under its band, or under None
    without a rating; it is empty where no KPI is rated. `rating` is what holds, `computed` what
    the mean says (the same but where people rate), `external` the outside experts'.
    """

    kpi_count: int
    achievement_mean: Fraction | None
    achievement_count: int
    progress_mean: Fraction | None
    progress_count: int
    rating_rate: Fraction | None
    rating: Band | None
    by_band: tuple[tuple[Band | None, int], ...]
    computed: Band | None = None
    external: Band | None = None


@dataclass(frozen=True)
class Movement:
    """One KPI in the year before, None where it did not live then, and in this year."""

    before: KpiAssessment | None
    after: KpiAssessment

    @cached_property
    def why_not_compared(self) -> str:
        """Why the two years can't be compared though both may be rated; empty where they can."""
        if self.before is None:
            return "この年度に始まったため"
        was, now = self.before, self.after
        if was.scale != now.scale:
            return "評価のきまりが変わったため"
        if was.definition.baseline != now.definition.baseline:
            return "基準値を改めたため"
        return ""

    @cached_property
    def direction(self) -> str:
        """Where its rating went: up, down or same; empty where the years can't be compared."""
        if self.why_not_compared or self.before is None:
            return ""
        if self.before.rating is None or self.after.rating is None:
            return ""
        bands = self.after.bands
        was, now = bands.index(self.before.rating), bands.index(self.after.rating)
        return "same" if was == now else "up" if now < was else "down"


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """A project with its KPIs, and its standing in the year in question and those before.

    `series` are the KPIs that live in it in that year; `ever` all that ever stood in the project.
    `judgements` are people's ratings by year, where they give any. A year's standing is worked
    out when it is first asked for.
    """

    project: Project
    ever: tuple[KpiSeries, ...]
    rules: PlanRules
    fiscal_year: int
    judgements: Mapping[int, ProjectJudgement] = field(default_factory=dict)
    _standings: dict[int, Standing] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def series(self) -> tuple[KpiSeries, ...]:
        """The KPIs that live here in the year in question."""
        return self.series_in(self.fiscal_year)

    @property
    def kpis(self) -> tuple[KpiAssessment, ...]:
        """The same, each in that year."""
        return tuple(one.assess(self.fiscal_year) for one in self.series)

    def series_in(self, fiscal_year: int) -> tuple[KpiSeries, ...]:
        """The KPIs that lived here in a year, in printed order."""
        return standing_in(self.ever, fiscal_year, self.project.code)

    @property
    def standing(self) -> Standing:
        """Where the project stands in the year in question."""
        return self._standing_in(self.fiscal_year)

    @property
    def previous(self) -> Standing | None:
        """Where it stood one year earlier, None in the plan's first year."""
        if self.fiscal_year == self.rules.first_year:
            return None
        return self._standing_in(self.fiscal_year - 1)

    @property
    def years(self) -> tuple[Standing, ...]:
        """Where it stood in each year, from the plan's first to the one in question."""
        years = range(self.rules.first_year, self.fiscal_year + 1)
        return tuple(self._standing_in(year) for year in years)

    def _standing_in(self, fiscal_year: int) -> Standing:
        if fiscal_year not in self._standings:
            kpis = (one.assess(fiscal_year) for one in self.series_in(fiscal_year))
            self._standings[fiscal_year] = standing_of(
                kpis,
                self.rules.in_year(fiscal_year),
                self.judgements.get(fiscal_year, ProjectJudgement()),
            )
        return self._standings[fiscal_year]


@dataclass(frozen=True)
class StrategyProgress:
    """A strategy, or one project of it, in one fiscal year, beside the year before.

    `series` and `kpis` are those that live in that year, in printed order; `ever` are all that
    the plan ever had. 数値目標 of pillars and of the plan are none of these: those that live in
    the year stand in `goals`, as if what holds them were projects, of the whole plan first;
    `goals_ever` are all that the plan ever had. The rules are those in force for the year.
    `previous` is the standing one year earlier and `movements` each KPI beside itself in that
    year; both None in the plan's first year.
    """

    rules: PlanRules
    fiscal_year: int
    closed_years: frozenset[int]
    ever: tuple[KpiSeries, ...]
    series: tuple[KpiSeries, ...]
    kpis: tuple[KpiAssessment, ...]
    projects: tuple[ProjectProgress, ...]
    standing: Standing
    previous: Standing | None
    movements: tuple[Movement, ...] | None
    goals: tuple[ProjectProgress, ...] = ()
    goals_ever: tuple[KpiSeries, ...] = ()

    @cached_property
    def goal_series(self) -> tuple[KpiSeries, ...]:
        """The 数値目標 that live in the year, in printed order."""
        return tuple(one for holder in self.goals for one in holder.series)

    @cached_property
    def goal_kpis(self) -> tuple[KpiAssessment, ...]:
        """The same, each in the year in question."""
        return tuple(one.assess(self.fiscal_year) for one in self.goal_series)

    @cached_property
    def goal_standing(self) -> Standing:
        """How many of them have which rating, apart from the KPIs; its means are shown nowhere."""
        return standing_of(self.goal_kpis, self.rules)

    @property
    def has_goals_alone(self) -> bool:
        """Whether the year has 数値目標 and nothing else: no KPI and no project."""
        return bool(self.goals) and not self.kpis and not self.projects

    @property
    def last_year(self) -> int:
        """The plan's last year as the year in question knows it."""
        return self.rules.last_year_in(self.fiscal_year)

    @property
    def is_final(self) -> bool:
        """Whether the year is the plan's last, as far as it knows, so that nothing is to come."""
        return self.fiscal_year >= self.last_year

    @property
    def moved(self) -> tuple[Movement, ...]:
        """The KPIs whose rating rose or fell since the year before, in printed order."""
        return tuple(one for one in self.movements or () if one.direction in ("up", "down"))

    @property
    def not_compared(self) -> tuple[tuple[str, int], ...]:
        """Why KPIs can't be compared with the year before, each reason with their number."""
        reasons = Counter(one.why_not_compared for one in self.movements or ())
        return tuple(sorted((why, count) for why, count in reasons.items() if why))

    @property
    def incomparable(self) -> int:
        """How many KPIs aren't compared with the year before, those without a rating among them."""
        return sum(not one.direction for one in self.movements or ())

    @property
    def behind(self) -> tuple[KpiAssessment, ...]:
        """KPIs whose rating means 遅れ, worst first: by the band's place, then by rate."""
        return tuple(sorted((kpi for kpi in self.kpis if kpi.is_late), key=_worst_first))

    @property
    def without_rating(self) -> tuple[KpiAssessment, ...]:
        """KPIs without a rating (or a rate, where nothing is rated), first what nobody entered."""
        order = list(Absence)
        waiting = [
            (order.index(why), kpi)
            for kpi in self.kpis
            if kpi.rating is None and (why := kpi.why_nothing)
        ]
        return tuple(kpi for _order, kpi in sorted(waiting, key=itemgetter(0)))


@dataclass(frozen=True, slots=True)
class AllYears:
    """What a strategy's progress is worked out from, whatever the year in question.

    `ever` are all KPIs that the plan (or one project of it) ever had, 数値目標 among them.
    Without `projects` those of a year are asked for when it is its turn.
    """

    rules: PlanRules
    ever: tuple[KpiSeries, ...]
    closed: frozenset[int]
    projects: ProjectYears | None = None


def load_all_years(strategy: Strategy, *, with_texts: bool = False) -> AllYears:
    """Load that once, for the progress of the whole plan in several years."""
    loaded = _load(strategy, None, with_texts=with_texts)
    return replace(loaded, projects=load_project_years(strategy, loaded.ever, loaded.closed))


def _load(strategy: Strategy, project: Project | None, *, with_texts: bool) -> AllYears:
    rules = plan_rules(strategy)
    own = None if project is None else _ever_in(project)
    ever = tuple(load_series(strategy, own, with_texts=with_texts, rules=rules))
    return AllYears(rules, ever, closed_years(strategy))


def load_progress(
    strategy: Strategy,
    fiscal_year: int | None = None,
    *,
    project: Project | None = None,
    with_texts: bool = False,
    loaded: AllYears | None = None,
) -> StrategyProgress:
    """The strategy's progress in a year of its plan, or in the one a page opens on.

    With a `project` only that one is loaded, as if the plan had no other.
    `with_texts` also loads the explanations, which only the report prints.
    `loaded` is what of it is there already.
    """
    if loaded is None:
        loaded = _load(strategy, project, with_texts=with_texts)
    rules, everything, closed = loaded.rules, loaded.ever, loaded.closed
    if fiscal_year is None:
        known = everything if project is None else None
        fiscal_year = opening_year(strategy, known, closed, rules)
    ever: tuple[KpiSeries, ...] = everything
    goals: tuple[KpiSeries, ...] = ()
    if project is None:
        ever = tuple(one for one in everything if not one.definition.is_goal)
        goals = tuple(one for one in everything if one.definition.is_goal)
    code = None if project is None else project.code
    series = standing_in(ever, fiscal_year, code)
    kpis = tuple(one.assess(fiscal_year) for one in series)
    in_force = rules.in_year(fiscal_year)
    previous = movements = None
    if fiscal_year > rules.first_year:
        movements = tuple(
            Movement(one.assess(fiscal_year - 1) if one.lives_in(fiscal_year - 1) else None, kpi)
            for one, kpi in zip(series, kpis, strict=True)
        )
        before = standing_in(ever, fiscal_year - 1, code)
        previous = standing_of(
            (one.assess(fiscal_year - 1) for one in before), rules.in_year(fiscal_year - 1)
        )
    return StrategyProgress(
        rules=in_force,
        fiscal_year=fiscal_year,
        closed_years=closed,
        ever=ever,
        series=series,
        kpis=kpis,
        projects=_projects(
            [project] if project is not None else _shown(strategy, loaded, fiscal_year),
            ever,
            rules,
            fiscal_year,
        ),
        standing=standing_of(kpis, in_force),
        previous=previous,
        movements=movements,
        goals=_goals(strategy, goals, rules, fiscal_year),
        goals_ever=goals,
    )


def standing_in(
    series: Sequence[KpiSeries], fiscal_year: int, project_code: str | None = None
) -> tuple[KpiSeries, ...]:
    """Those of some KPIs that live in a year, as it prints them, and in a project if asked."""
    found = [
        one
        for one in series
        if one.lives_in(fiscal_year)
        and (project_code is None or one.project_code_in(fiscal_year) == project_code)
    ]
    if any(one.definition.former_places for one in found):
        found.sort(key=lambda one: one.placed_in(fiscal_year).order)
    return tuple(found)


def _ever_in(project: Project) -> QuerySet[Kpi]:
    """The KPIs that stand in a project, and those that stood there until they were moved."""
    moved = FormerPlace.objects.filter(project=project)
    return Kpi.objects.filter(Q(project=project) | Q(pk__in=moved.values("kpi")))


def _shown(strategy: Strategy, loaded: AllYears, fiscal_year: int) -> list[Project]:
    """The projects of a year, in printed order; one query unless they are loaded."""
    if loaded.projects is not None:
        return loaded.projects.shown_in(fiscal_year)
    shown = projects_in(strategy, fiscal_year).select_related("pillar")
    return list(shown.order_by("position", "code"))


def _goals(
    strategy: Strategy, goals: Sequence[KpiSeries], rules: PlanRules, fiscal_year: int
) -> tuple[ProjectProgress, ...]:
    """What holds the 数値目標 that live in a year; no query for a plan without any."""
    if not goals:
        return ()
    found = _projects(list(goal_holders(strategy)), goals, rules, fiscal_year)
    return tuple(one for one in found if one.series)


def _projects(
    projects: Sequence[Project], series: Iterable[KpiSeries], rules: PlanRules, fiscal_year: int
) -> tuple[ProjectProgress, ...]:
    """Projects with their KPIs; one query more where people rate projects."""
    own: dict[str, list[KpiSeries]] = defaultdict(list)
    for one in series:
        places = {one.definition.project_code}
        for code in places.union(past.project_code for past in one.definition.former_places):
            own[code].append(one)
    judged = _judgements(projects, rules)
    return tuple(
        ProjectProgress(each, tuple(own[each.code]), rules, fiscal_year, judged[each.pk])
        for each in projects
    )


def _judgements(
    projects: Sequence[Project], rules: PlanRules
) -> defaultdict[int, dict[int, ProjectJudgement]]:
    """People's ratings of projects, by project and year; no query where people rate none."""
    found: defaultdict[int, dict[int, ProjectJudgement]] = defaultdict(dict)
    if any(one.external_bands or one.project_scale.is_by_people for one in (rules, *rules.changes)):
        rows = ProjectReview.objects.filter(project__in=projects).order_by()
        for pk, year, place, external in rows.values_list(
            "project_id", "fiscal_year", "rating_place", "external_place"
        ):
            found[pk][year] = ProjectJudgement(place, external)
    return found


def _worst_first(kpi: KpiAssessment) -> tuple[Fraction, Fraction]:
    place = kpi.scale.place(kpi.rating) or 0
    return Fraction(-place, len(kpi.bands)), kpi.rating_rate or Fraction(0)


def standing_of(
    kpis: Iterable[KpiAssessment], rules: PlanRules, judged: ProjectJudgement | None = None
) -> Standing:
    """Means, rating and counts of some KPIs: a project's, with what people say of it, or others.

    The rules are those of the year. Of what is no project (`judged` None) nobody decides.
    """
    assessed = list(kpis)
    achievements = [kpi.achievement for kpi in assessed if kpi.achievement is not None]
    progresses = [kpi.progress for kpi in assessed if kpi.progress is not None]
    limits = rules.average_cap, rules.average_floor
    achievement_mean = achievement.mean(achievements, *limits)
    progress_mean = achievement.mean(progresses, *limits)
    rated = progress_mean if rules.rating_basis == "progress" else achievement_mean
    scale = rules.project_scale
    computed = achievement.rating(rated, scale.bands) if scale.is_by_rate else None
    decided = None if judged is None else scale.at(judged.place)
    return Standing(
        kpi_count=len(assessed),
        achievement_mean=achievement_mean,
        achievement_count=len(achievements),
        progress_mean=progress_mean,
        progress_count=len(progresses),
        rating_rate=rated,
        rating=decided if scale.is_by_people else computed,
        by_band=_counts(assessed, rules),
        computed=computed,
        external=None if judged is None else rules.external_scale.at(judged.external),
    )


def _counts(
    assessed: Sequence[KpiAssessment], rules: PlanRules
) -> tuple[tuple[Band | None, int], ...]:
    """The KPIs under each mark: the plan's, those of KPIs' own scales, and none."""
    rated = [kpi for kpi in assessed if kpi.scale.rates]
    marks = {_mark(band): band for band in rules.scale.marks}
    for kpi in rated:
        if kpi.scale is not rules.scale:
            for band in kpi.bands:
                marks.setdefault(_mark(band), band)
    if not marks:
        return ()
    counts = Counter(_mark(kpi.rating) for kpi in rated)
    return (*((band, counts[mark]) for mark, band in marks.items()), (None, counts[None]))


def _mark(band: Band | None) -> tuple[str, str] | None:
    """By what a mark is the same in several scales."""
    return None if band is None else (band.symbol, band.label)
