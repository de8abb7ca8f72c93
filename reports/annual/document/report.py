"""The report itself: what its parts are put together to."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from common.fiscal_year import wareki
from kpis.targets import row_in_force
from kpis.terms import RatingTerms, RuleChange, terms_of
from projects.scales import Method, Scale
from projects.words import OWN_WORDS, PlanWords
from reports.annual.document.changes import (
    ReportChange,
    ReportEndedKpi,
    ReportLife,
    ReportMovements,
    ReportRevision,
    scope_of_comparison,
)
from reports.annual.document.kpis import ReportKpi, ReportStanding
from reports.annual.document.outcome import ReportOutcome
from reports.annual.document.projects import ReportGoals, ReportProject


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
    `data_licence` (利用条件) and `contact` (問い合わせ先) are what the plan says of its data on
    the day of issue, or of drafting; empty where it says nothing.
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
    data_licence: str = ""
    contact: str = ""

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
