"""A report's sections: projects with their KPIs and initiatives, and 数値目標 apart from them."""

from dataclasses import dataclass

from reports.annual.document.kpis import ReportKpi, ReportStanding


@dataclass(frozen=True, slots=True)
class ReportInitiative:
    """A listing in a project: the printed name and, for a 再掲, where its home is.

    What was done in the report's year stands at the home alone: of a 再掲 the
    texts are empty and `cost` is None. `status_label` is `未入力` where nothing
    was recorded and empty for a 再掲. `cost` (決算額) is in thousands of yen,
    None where it is not known. `relisted_in` are project codes. What plans print for
    them is beside them where it is something else: `home_printed_sign`, and `relisted_signs`.
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
    home_printed_sign: str = ""
    relisted_signs: tuple[str, ...] = ()

    @property
    def home_sign(self) -> str:
        """The home as the plan prints it, else its code."""
        return self.home_printed_sign or self.home_code

    @property
    def places_again(self) -> tuple[str, ...]:
        """The projects that list it again, as the plan prints them."""
        return self.relisted_signs or self.relisted_in


@dataclass(frozen=True, slots=True)
class ReportProject:
    """One section of the report.

    `initiative_statuses` are (label, count) of every status in its order and,
    last, 未入力; 再掲 are left out. `review` is 総括, `external_opinion`
    外部有識者の意見, both of the report's year; `rating_reason` says why people rate it so.
    `printed_sign` (表記) is what the plan prints for the code, empty where that is the same.
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
    printed_sign: str = ""

    @property
    def sign(self) -> str:
        """What stands beside its name: as the plan prints it, else its code."""
        return self.printed_sign or self.code


@dataclass(frozen=True, slots=True)
class ReportGoals:
    """The 数値目標 of one pillar or, where `pillar` is empty, of the whole plan.

    They are in no count and mean of the projects and their KPIs.
    """

    code: str
    name: str
    pillar: str
    kpis: tuple[ReportKpi, ...]

    @property
    def sign(self) -> str:
        """Its code: a plan prints none for its goals."""
        return self.code
