"""The annual progress report as one document, from which every format is rendered.

An `AnnualReport` is made of plain values (text, integers, Decimal, dates,
None, tuples): it can be kept as JSON and needs no database to be read. It
holds figures, not their looks; renderers write them with
`kpis.achievement.display` and `display_value` and compute nothing.

Rates are percentages with 12 decimals, None where not computable.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from common.fiscal_year import wareki
from kpis.definition import OwnScale
from kpis.targets import row_in_force
from kpis.terms import RatingTerms, RuleChange, terms_of
from projects.bands import lower_bounds
from projects.scales import Method, Scale
from projects.words import OWN_WORDS, PlanWords

# A rating's symbol and its label, of which one may be empty; both are where there is no rating.
Mark = tuple[str, str]
NO_MARK: Mark = ("", "")

_OTHER_YEAR = "年度が違うので、両方に載る年度の数値と、目標や名称などだけを比べています。"


def scope_of_comparison(before_year: int, after_year: int) -> str:
    """What is compared of the reports of two fiscal years; empty where all of them is."""
    return "" if before_year == after_year else _OTHER_YEAR


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """Both means with the count of KPIs behind each, the rating, and counts by rating.

    `by_band` holds (symbol, label, count) for every band and, last, for KPIs
    without a rating (symbol 「－」); it is empty where no KPI is rated. The rating is 「－」 with a
    word where there is none, and empty where none is given to what stands so. `computed_rating`
    is what the mean says where people decide, `external_rating` the outside experts'; both are
    empty where there is none.
    """

    kpi_count: int
    achievement_mean: Decimal | None
    achievement_count: int
    progress_mean: Decimal | None
    progress_count: int
    rating_symbol: str
    rating_label: str
    by_band: tuple[tuple[str, str, int], ...]
    computed_rating: Mark = NO_MARK
    external_rating: Mark = NO_MARK

    @property
    def rating(self) -> Mark:
        """Symbol and label."""
        return self.rating_symbol, self.rating_label


@dataclass(frozen=True, slots=True)
class ReportYear:
    """One fiscal year of one KPI.

    `actual` is the year's own figure, `value_words` one in words in its place, and `value_year`
    the year in which it was measured where that is an earlier one; `total` is the sum since the
    first year (cumulative KPIs only); `expected` the value due by the end of the year.
    `state` is final, provisional, pending, unmeasured or missing. The
    `absence_*` fields say why a rating or a rate is missing (code 1–7, 0 for none).
    `remarks` are ready sentences for the notes column.

    Where people decide, `proposed_rating` is the department's proposal with its reason,
    `decision_reason` why the planner gave the rating, and `computed_rating` what rates or
    positions say, as far as anything does; elsewhere they are empty.
    """

    fiscal_year: int
    state: str
    state_label: str
    actual: Decimal | None
    total: Decimal | None
    expected: Decimal | None
    final_target: Decimal | None
    achievement: Decimal | None
    progress: Decimal | None
    rating_symbol: str
    rating_label: str
    absence_code: int
    absence_label: str
    remarks: tuple[str, ...]
    analysis: str
    next_steps: str
    updated_on: date | None
    value_year: int | None = None
    value_words: str = ""
    computed_rating: Mark = NO_MARK
    proposed_rating: Mark = NO_MARK
    proposal_reason: str = ""
    decision_reason: str = ""

    @property
    def rating(self) -> Mark:
        """Symbol and label; both empty without a rating."""
        return self.rating_symbol, self.rating_label


@dataclass(frozen=True, slots=True)
class ReportKpi:
    """A KPI with its years, from its first to the report's or its last.

    `key` is its number in the database, by which it is known again where it was moved; 0 in a
    document from before. `first_year` and `last_year` are None where they are the plan's, as far
    as the report's year knows; `predecessor` (`P1-1 起業件数`) is the KPI that it replaced.

    `source` names the KPI of another plan whose figures it has, with the years of which they are
    (`見本市総合計画のP1-2「観光客数」（令和6年度から令和8年度まで）`); empty where all are its own.
    `related_departments` are the names of its 関係課.

    Of the final target in force, `target_text` is what is printed for it where the figure alone
    doesn't say it (`80超`, `増加`), `target_condition` 以上, 以下, 超, 未満 or 維持, of
    `target_words` how they are met, and `target_year` the year by which it is to be reached (None:
    the plan's last, in documents from before targets had years of their own). `own_scales` are
    those by which this KPI is rated otherwise than the others, up to the report's year.
    """

    code: str
    name: str
    unit: str
    decimal_places: int
    is_cumulative: bool
    aggregation_label: str
    direction_label: str
    formula_label: str
    baseline: Decimal | None
    baseline_year: int | None
    final_target: Decimal | None
    department: str
    definition: str
    data_source: str
    note: str
    years: tuple[ReportYear, ...]
    source: str = ""
    key: int = 0
    first_year: int | None = None
    last_year: int | None = None
    predecessor: str = ""
    related_departments: tuple[str, ...] = ()
    target_text: str = ""
    target_condition: str = ""
    target_words: str = ""
    target_tolerance: Decimal | None = None
    target_year: int | None = None
    own_scales: tuple[OwnScale, ...] = ()

    def scale_in(self, fiscal_year: int, report: "AnnualReport") -> Scale:
        """By what the KPI is rated in a year of the report: its own scale, else the plan's."""
        own = self.own_scale_in(fiscal_year)
        return report.in_year(fiscal_year).scale if own is None else own

    def own_scale_in(self, fiscal_year: int) -> Scale | None:
        """The scale of its own by which it is rated in a year; None where it is the plan's."""
        own = row_in_force(self.own_scales, fiscal_year)
        return None if own is None else own.scale

    def bounds_in(self, fiscal_year: int, report: "AnnualReport") -> tuple[Decimal, ...]:
        """The bounds that a year's displayed rates must not be rounded up to."""
        bounds = report.in_year(fiscal_year).bounds
        own = self.own_scale_in(fiscal_year)
        return bounds if own is None else (*bounds, *lower_bounds(own.bands))

    @property
    def departments(self) -> str:
        """`商工課（関係課：農林課、観光課）`; empty where nobody owns it."""
        if not self.related_departments:
            return self.department
        return f"{self.department}（関係課：{'、'.join(self.related_departments)}）"

    @property
    def latest(self) -> ReportYear:
        """The year the report is about."""
        return self.years[-1]


@dataclass(frozen=True, slots=True)
class ReportInitiative:
    """A listing in a project: the printed name and, for a 再掲, where its home is.

    What was done in the report's year stands at the home alone: of a 再掲 the
    texts are empty and `cost` is None. `status_label` is `未入力` where nothing
    was recorded and empty for a 再掲. `cost` (決算額) is in thousands of yen,
    None where it is not known. `relisted_in` are project codes.
    """

    number: int
    name: str
    is_relisted: bool
    home_code: str
    home_name: str
    home_number: int | None
    department: str
    relisted_in: tuple[str, ...]
    status_label: str = ""
    summary: str = ""
    next_steps: str = ""
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class ReportProject:
    """One section of the report.

    `initiative_statuses` are (label, count) of every status in its order and,
    last, 未入力; 再掲 are left out. `review` is 総括, `external_opinion`
    外部有識者の意見, both of the report's year; `rating_reason` says why people rate it so.
    """

    code: str
    name: str
    kind_label: str
    pillar: str
    purpose: str
    directions: tuple[str, ...]
    standing: ReportStanding
    kpis: tuple[ReportKpi, ...]
    initiatives: tuple[ReportInitiative, ...]
    initiative_statuses: tuple[tuple[str, int], ...] = ()
    review: str = ""
    external_opinion: str = ""
    rating_reason: str = ""


@dataclass(frozen=True, slots=True)
class ReportGoals:
    """The 数値目標 of one pillar or, where `pillar` is empty, of the whole plan.

    They are in no count and mean of the projects and their KPIs.
    """

    code: str
    name: str
    pillar: str
    kpis: tuple[ReportKpi, ...]


@dataclass(frozen=True, slots=True)
class ReportMovement:
    """A KPI whose rating moved since the year before; `direction` is up or down.

    Rates are those of `AnnualReport.rating_basis`, by which the others' ratings are read.
    Ratings are a symbol and a label.
    """

    code: str
    name: str
    direction: str
    before_rate: Decimal | None
    before_rating: tuple[str, str]
    after_rate: Decimal | None
    after_rating: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ReportMovements:
    """How many KPIs' ratings rose, fell or stayed since the year before, and which moved.

    `incomparable` counts KPIs that can't be compared; `reasons` (`この年度に始まったため`, count)
    are those of them which might have a rating in both years.
    """

    up: int
    down: int
    same: int
    incomparable: int
    moved: tuple[ReportMovement, ...]
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRevision:
    """A final target that was revised; values in the KPI's unit.

    `before_text` and `after_text` say both with condition, year and baseline where a figure
    alone would not (`80件以上、目標年度 令和9年度`); else they are empty.
    """

    code: str
    name: str
    unit: str
    decimal_places: int
    effective_from: int
    before: Decimal | None
    after: Decimal | None
    reason: str
    before_text: str = ""
    after_text: str = ""


@dataclass(frozen=True, slots=True)
class ReportEndedKpi:
    """A KPI that ended before the report's year, with the project in which it stood last."""

    code: str
    name: str
    kpi: ReportKpi


@dataclass(frozen=True, slots=True)
class ReportLife:
    """Something that is in the plan otherwise than in the year before.

    `what` is kpi, goal, initiative or relisting, `kind` is began, ended, replaced or moved.
    `before` is the KPI that was replaced (`P1-1 起業件数`), or the code from which one moved.
    """

    what: str
    kind: str
    code: str
    name: str
    before: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportChange:
    """One thing that differs from an earlier report.

    `code` and `name` say where (a KPI, a project, an initiative; both empty:
    the whole plan), `fiscal_year` is None where no year is meant. `before`
    and `after` are as printed, empty where there was or is nothing.
    """

    code: str
    name: str
    fiscal_year: int | None
    item: str
    before: str
    after: str

    @property
    def place(self) -> tuple[str, str]:
        """Where it is: two KPIs of one number, in a year that replaces one, are two places."""
        return self.code, self.name


@dataclass(frozen=True, slots=True)
class ReportFinalKpi:
    """How a KPI came out in the last year of its life, over which its rates stand.

    `value` is in its unit, `value_words` one in words in its place; `target_text` is printed for
    the final target where the figure doesn't say it. `ratings` are a short mark for each of the
    plan's years: 「－」 without a rating, empty where it did not live. `outcome` is reached, missed
    or unknown (the 達成率 can't be computed). `own_bounds` are those of the last year's scale where
    it is its own.
    """

    code: str
    name: str
    unit: str
    decimal_places: int
    fiscal_year: int
    value: Decimal | None
    final_target: Decimal | None
    achievement: Decimal | None
    rating_symbol: str
    rating_label: str
    absence_label: str
    ratings: tuple[str, ...]
    outcome: str
    target_text: str = ""
    value_words: str = ""
    own_bounds: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportOutcome:
    """What became of the plan over its whole period.

    `standings` is where it stood in each of its years, from the first on; `kpis` are all that it
    ever had, in printed order, those that ended before its last year at the end; `goals` its
    数値目標, which `of` leaves out.
    """

    standings: tuple[ReportStanding, ...]
    kpis: tuple[ReportFinalKpi, ...]
    goals: tuple[ReportFinalKpi, ...] = ()

    def of(self, outcome: str) -> tuple[ReportFinalKpi, ...]:
        """The KPIs that came out so: reached, missed or unknown."""
        return tuple(one for one in self.kpis if one.outcome == outcome)

    @property
    def reached(self) -> tuple[ReportFinalKpi, ...]:
        """Those that reached their final target."""
        return self.of("reached")

    @property
    def missed(self) -> tuple[ReportFinalKpi, ...]:
        """Those that did not."""
        return self.of("missed")

    @property
    def unknown(self) -> tuple[ReportFinalKpi, ...]:
        """Those of which nobody can say."""
        return self.of("unknown")


@dataclass(frozen=True)
class AnnualReport(RatingTerms):
    """The report of one strategy for one fiscal year. Counts of initiatives leave out 再掲.

    `edition` is the number of the issued edition, None for a draft (案);
    `made_at` the moment of issue or of drafting. `office` is the department
    that answers for the report, empty where none is set. `previous` and
    `movements` are None in the plan's first year. `compared_with` names the
    report that `changes` are counted from, empty where there is none, and
    `compared_year` is its fiscal year. `reason` says why a later edition is issued. `seal` names
    the newest seal before the issue (`第12号 1a2b-3c4d-5e6f-7081`); it is empty in a draft.
    `words` are those that the plan had; a document that was kept without any has the app's own.
    The terms of rating are those of its year. `rules` are all that its
    years were rated by, from the first year on, where they changed; empty where they did not.
    `outcome` is the 総括 of the whole period, which the report of the plan's last year has.
    `lives` is what differs in the plan itself since the year before, `ended_kpis` are the KPIs
    that lived in years before the report's alone; both empty in documents from before.
    `goals` are the 数値目標 of pillars and of the plan, `goals_by_band` how many of them have which
    rating (as a standing's), `goals_sentence` says so, and `ended_goals` ended before; all of it
    is empty in a plan without any, and in documents from before.
    """

    schema: int
    rules_version: int
    municipality: str
    municipality_code: str
    office: str
    strategy_name: str
    first_year: int
    last_year: int
    fiscal_year: int
    edition: int | None
    is_sample: bool
    made_at: datetime
    standing: ReportStanding
    previous: ReportStanding | None
    headline: str
    movements: ReportMovements | None
    initiative_count: int
    relisted_count: int
    initiative_statuses: tuple[tuple[str, int], ...]
    projects: tuple[ReportProject, ...]
    revisions: tuple[ReportRevision, ...]
    compared_with: str = ""
    compared_year: int | None = None
    changes: tuple[ReportChange, ...] = ()
    reason: str = ""
    seal: str = ""
    words: PlanWords = OWN_WORDS
    rules: tuple[RuleChange, ...] = ()
    outcome: ReportOutcome | None = None
    lives: tuple[ReportLife, ...] = ()
    ended_kpis: tuple[ReportEndedKpi, ...] = ()
    goals: tuple[ReportGoals, ...] = ()
    goals_by_band: tuple[tuple[str, str, int], ...] = ()
    goals_sentence: str = ""
    ended_goals: tuple[ReportEndedKpi, ...] = ()

    def in_year(self, fiscal_year: int) -> "AnnualReport":
        """With the rules that a year of the report was rated by."""
        change = row_in_force(self.rules, fiscal_year)
        if change is None:
            return self
        if fiscal_year not in self._in_years:
            self._in_years[fiscal_year] = replace(self, **terms_of(change))
        return self._in_years[fiscal_year]

    @cached_property
    def _in_years(self) -> dict[int, "AnnualReport"]:
        return {}

    @cached_property
    def rates_kpis(self) -> bool:
        """Whether any KPI is rated in its year."""
        return self.scale.rates or any(
            own.rates
            for kpi in self.all_kpis
            if (own := kpi.own_scale_in(self.fiscal_year)) is not None
        )

    @cached_property
    def scales(self) -> tuple[Scale, ...]:
        """All by which KPIs were rated in the years that it reports on, each once."""
        ended = (one.kpi for one in (*self.ended_kpis, *self.ended_goals))
        every = (*self.all_kpis, *ended)
        own = (one.scale for kpi in every for one in kpi.own_scales if one.scale is not None)
        return tuple(dict.fromkeys((*(self.in_year(year).scale for year in self.years), *own)))

    @property
    def has_rated_kpis(self) -> bool:
        """Whether any KPI was rated in any of its years."""
        return any(scale.rates for scale in self.scales)

    @property
    def has_judged_kpis(self) -> bool:
        """Whether people rated any KPI in any of its years."""
        return any(scale.is_by_people for scale in self.scales)

    @property
    def rates_projects(self) -> bool:
        """Whether projects are rated in its year, by their mean or by people."""
        return self.project_scale.rates

    @property
    def rates_the_whole(self) -> bool:
        """Whether the plan as a whole is rated: by its mean, and by nobody."""
        return self.project_scale.method == Method.RATE

    @property
    def is_draft(self) -> bool:
        """Whether the report is not issued (案)."""
        return self.edition is None

    @property
    def scope_of_changes(self) -> str:
        """What `changes` leave out if they are counted from another year's report; else empty."""
        if self.compared_year is None:
            return ""
        return scope_of_comparison(self.compared_year, self.fiscal_year)

    @property
    def title(self) -> str:
        """`令和7年度　年次報告書`, by the plan's own word."""
        return f"{wareki(self.fiscal_year)}　{self.words.report}"

    @property
    def edition_label(self) -> str:
        """`第2版`, or `案` for a draft."""
        return "案" if self.edition is None else f"第{self.edition}版"

    @property
    def years(self) -> range:
        """The fiscal years that it reports on, from the plan's first to its own."""
        return range(self.first_year, self.fiscal_year + 1)

    @property
    def kpis(self) -> tuple[ReportKpi, ...]:
        """All KPIs in printed order, without 数値目標."""
        return tuple(kpi for project in self.projects for kpi in project.kpis)

    @property
    def goal_kpis(self) -> tuple[ReportKpi, ...]:
        """All 数値目標 in printed order."""
        return tuple(kpi for group in self.goals for kpi in group.kpis)

    @property
    def all_kpis(self) -> tuple[ReportKpi, ...]:
        """Both."""
        return (*self.kpis, *self.goal_kpis)

    @property
    def has_goals(self) -> bool:
        """Whether any of its years has 数値目標."""
        return bool(self.goals or self.ended_goals)

    @property
    def has_goals_alone(self) -> bool:
        """Whether there are 数値目標 and no projects, so that nothing has a mean."""
        return bool(self.goals) and not self.projects and not self.standing.kpi_count
