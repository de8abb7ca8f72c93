"""Recording yearly actuals: what somebody states about a KPI's year, and what is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from kpis import rules, value_years
from kpis.definition import KpiDefinition
from kpis.models import (
    LONGEST_VALUE_IN_WORDS,
    MEASURED_STATES,
    ActualState,
    FinalTarget,
    Kpi,
    YearlyActual,
)
from kpis.permissions import User, recordable_kpis
from kpis.recording.engine import KEPT, Change, Recorded, Unstated, YearlyRecords
from kpis.recording.judgements import refuse_decider, refused_judgements
from kpis.recording.outside_life import refused_outside_life
from kpis.recording.refusals import Kind, Refusal
from kpis.recording.shared_figures import refused_by_source, refused_by_takers
from kpis.sharing import with_takers
from kpis.targets import MetBy
from projects.models import Strategy

_NO_VALUE = "実績値を入力してください。まだ分からないときは「集計中」を選んでください。"
_NO_STATE_OF_A_VALUE = (
    "「{}」のときは、実績値を保存できません。"
    "実績値が出たときは、状態を「確定」か「速報」にしてください。"
)
_NO_WORDS = (
    "実績値は数字で入力してください（例：1,234）。"
    "ことばで書けるのは、達成を人が決める目標の年度だけです。"
)
_BOTH = "実績値は、数字かことばのどちらか1つにしてください。"
_TOO_MANY_WORDS = f"ことばの実績値は{LONGEST_VALUE_IN_WORDS}字までです。短くまとめてください。"
_NO_DAY = "集計が終わる予定の日を入力してください（例：2027-08-20）。"


@dataclass(frozen=True, slots=True)
class ActualEntry:
    """What somebody states about one KPI in one fiscal year.

    Exactly one of: a value (final or provisional), pending with the day it is
    expected, or unmeasured with the reason; always with both explanations. An
    explanation may also come first, with the state missing. `confirmation`
    says that an unusual value is no slip. `value_year` is the year in which the
    value was measured where that is an earlier one (値の年度); `value_words` is a
    value in words in place of the figure.

    Where people rate, the department proposes a rating with its reason, and the planner decides:
    places of bands, from 1 for the best, None for none. What is KEPT stays as it stands.
    """

    state: ActualState
    value: Decimal | None = None
    unmeasured_reason: str = ""
    expected_on: date | None = None
    analysis: str = ""
    next_steps: str = ""
    confirmation: str = ""
    value_year: int | None = None
    value_words: str = ""
    proposed_place: int | Unstated | None = KEPT
    proposal_reason: str | Unstated = KEPT
    decided_place: int | Unstated | None = KEPT
    decision_reason: str | Unstated = KEPT

    @property
    def decides(self) -> bool:
        """Whether it says anything of the planner's decision."""
        return self.decided_place is not KEPT or self.decision_reason is not KEPT

    @property
    def is_judged(self) -> bool:
        """Whether it proposes or decides a rating, or gives a reason for one."""
        said = (
            self.proposed_place, self.proposal_reason, self.decided_place, self.decision_reason
        )  # fmt: skip
        return any(one not in (KEPT, None, "") for one in said)


def as_stated(row: Any) -> ActualEntry:
    """What a row, or a record of one, states."""
    stated = {one.name: getattr(row, one.name) for one in fields(ActualEntry)}
    return ActualEntry(**stated | {"state": ActualState(row.state)})


class _Actuals(YearlyRecords[Kpi, ActualEntry]):
    model = YearlyActual
    owner = "kpi_id"
    noun = "指標"
    stated = (
        "value", "value_words", "value_year", "state", "unmeasured_reason", "expected_on",
        "analysis", "next_steps", "confirmation", "proposed_place", "proposal_reason",
        "decided_place", "decision_reason",
    )  # fmt: skip

    def owners(self, strategy: Strategy) -> QuerySet[Kpi]:
        kpis = Kpi.objects.filter(project__strategy=strategy)
        return with_takers(kpis.select_related("project", "source__project__strategy"))

    def recordable(self, user: User, strategy: Strategy) -> QuerySet[Kpi]:
        return recordable_kpis(user, strategy)

    def code(self, owner: Kpi) -> str:
        return owner.code

    def problems(self, owner: Kpi, fiscal_year: int, entry: ActualEntry) -> list[tuple[str, str]]:
        return problems_of(owner, fiscal_year, entry)

    def refusals(
        self,
        owners: Mapping[int, Kpi],
        fiscal_year: int,
        changes: Sequence[tuple[Any, Change]],
        user: User | None,
    ) -> Iterable[Refusal]:
        return (
            *refused_judgements(owners, fiscal_year, changes, user),
            *refused_outside_life(owners, fiscal_year, changes),
            *_refused_words(owners, fiscal_year, changes),
            *refused_by_source(owners, fiscal_year, changes),
            *refused_by_takers(owners, fiscal_year, changes),
        )

    def record(
        self,
        strategy: Strategy,
        fiscal_year: int,
        changes: Sequence[Change],
        *,
        user: User | None,
        reason: str = "",
    ) -> Recorded:
        """As the engine does; what decides ratings is the planner's alone."""
        decides = any(one.entry is not None and one.entry.decides for one in changes)
        if decides:
            refuse_decider(user, strategy)
        return super().record(strategy, fiscal_year, changes, user=user, reason=reason)


def _refused_words(
    owners: Mapping[int, Kpi], fiscal_year: int, changes: Sequence[tuple[Any, Change]]
) -> Iterator[Refusal]:
    """Values in words where the year's target is none that people judge (one query, or none)."""
    in_words = {
        one.owner_id: one.entry for _row, one in changes if one.entry and one.entry.value_words
    }
    if not in_words:
        return
    rows = FinalTarget.objects.filter(kpi__in=in_words, effective_from__lte=fiscal_year)
    met_by = dict(rows.order_by("effective_from").values_list("kpi_id", "met_by"))
    for pk, entry in in_words.items():
        if entry.value is not None:
            sentence = _BOTH
        elif met_by.get(pk) != MetBy.PEOPLE:
            sentence = _NO_WORDS
        elif len(entry.value_words) > LONGEST_VALUE_IN_WORDS:
            sentence = _TOO_MANY_WORDS
        else:
            continue
        yield Refusal(owners[pk].code, Kind.INVALID, "value", sentence, owner_id=pk)


ACTUALS = _Actuals()


def record_actual(
    kpi: Kpi,
    fiscal_year: int,
    entry: ActualEntry,
    *,
    user: User,
    version: int,
    reason: str = "",
) -> YearlyActual:
    """Write one KPI's actual of one fiscal year and return it.

    `version` is the one the entry was made on, 0 where there was none.
    Raises PermissionDenied, or RecordingRefused with the reasons.
    """
    change = Change(kpi.pk, entry, version)
    row: YearlyActual = ACTUALS.record_one(
        kpi.project.strategy, fiscal_year, change, user=user, reason=reason
    )
    return row


def delete_actual(
    kpi: Kpi, fiscal_year: int, *, user: User, version: int, reason: str = ""
) -> None:
    """Make a year 未入力 again; its figure stays in the history. Raises like record_actual."""
    change = Change(kpi.pk, None, version)
    ACTUALS.record_one(kpi.project.strategy, fiscal_year, change, user=user, reason=reason)


# A year's actuals of several KPIs: all of them, or none. Raises like record_actual.
record_actuals = ACTUALS.record


def problems_of(
    kpi: Kpi | KpiDefinition, fiscal_year: int, entry: ActualEntry
) -> list[tuple[str, str]]:
    """What is wrong with an entry, as (field of ActualEntry, sentence); empty when it is right."""
    is_measured = entry.state in MEASURED_STATES
    problems = [("value", problem) for problem in _problems_of_value(kpi, entry) if problem]
    if entry.state == ActualState.UNMEASURED and not entry.unmeasured_reason.strip():
        problems.append(("unmeasured_reason", "測定しなかった理由を書いてください。"))
    if entry.state == ActualState.PENDING and entry.expected_on is None:
        problems.append(("expected_on", _NO_DAY))
    if entry.state != ActualState.UNMEASURED and entry.unmeasured_reason:
        problems.append(("unmeasured_reason", "理由は「未測定」を選んだときだけ書けます。"))
    if entry.state != ActualState.PENDING and entry.expected_on is not None:
        problems.append(("expected_on", "予定の日は「集計中」を選んだときだけ入力できます。"))
    if entry.value_year is not None:
        problem = value_years.problem_of(
            entry.value_year,
            fiscal_year,
            aggregation=kpi.aggregation,
            has_value=is_measured,
        )
        problems += [("value_year", problem)] if problem else []
    return problems


def _problems_of_value(kpi: Kpi | KpiDefinition, entry: ActualEntry) -> Iterator[str]:
    has_value = entry.value is not None or bool(entry.value_words)
    if entry.state in MEASURED_STATES:
        if not has_value:
            yield _NO_VALUE
        elif entry.value is not None:
            yield rules.actual_errors(kpi, entry.value)
    elif has_value:
        yield _NO_STATE_OF_A_VALUE.format(entry.state.label)
    says_nothing = not (entry.analysis or entry.next_steps or entry.is_judged)
    if entry.state == ActualState.MISSING and says_nothing:
        yield _NO_VALUE
