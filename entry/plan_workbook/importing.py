"""A workbook looked over, and taken in: tried out in a transaction, all of it or nothing.

Whoever takes a workbook in does it through here: the screen and the commands alike.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import Kind, note
from entry.changing.acting import carry_out, preview_of
from entry.plan_workbook import forms
from entry.plan_workbook.differing import (
    ChangeKind,
    RowChange,
    changes_of,
    fingerprint,
    is_taken,
    merged,
)
from entry.plan_workbook.figures import save_figures, without_kpi
from entry.plan_workbook.filling_in import fill_in
from entry.plan_workbook.last_changes import LastChanges, last_changes
from entry.plan_workbook.marks import spell_marks
from entry.plan_workbook.published import Trial, trial_of
from entry.plan_workbook.reading import plan_code, read_written
from entry.plan_workbook.records import plan_records
from entry.plan_workbook.references import check_references
from entry.plan_workbook.saving import save_changes
from entry.plan_workbook.standing import Records, Standing
from entry.plan_workbook.target_rows import settle_targets
from entry.plan_workbook.telling import problems_of, unchecked_of
from entry.plan_workbook.told import Reading
from entry.plan_workbook.versions import exported_records
from entry.plan_workbook.workbook import Problem, Workbook
from kpis.permissions import User, may_change_plan, may_prepare
from kpis.plan_check import check_everything
from kpis.plan_states import denied
from kpis.recording import lock_plan
from projects.models import Strategy
from projects.rules import ended
from reports.annual.law import differences_from_kept
from reports.annual.year_changes import YearChanges

KIND = "ワークブックの取り込み"
# Rows that are saved one by one, yearly targets and not figures among them: some ten seconds, in
# which nobody else can write on SQLite.
MOST_SAVED = 5_000
# Rows of which a part alone would say something else.
_WHOLE_ROWS = (forms.PERIODS, forms.RULES, forms.MOVES, forms.ACTUALS)


class WorkbookRefused(Exception):
    """Nothing was written; `problems` say why, all at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


class ReasonMissing(Exception):
    """Nothing was written: a plan that is no longer in preparation changes for a reason."""


class ChangedMeanwhile(Exception):
    """Nothing was written: the workbook would change other things than were looked over."""


@dataclass(slots=True)
class Looked:
    """What a workbook would do, or did: with `problems`, nothing.

    `strategy` is the plan of its code as it stood, None where it is new. `notes` say what was left
    out or read otherwise than written, `years` what changes in the plan's open years, `records`
    what stands of the plan now, `changed_by` who changed the rows of the conflicts
    last. `unchecked` says what the problems keep from being checked; `fingerprint` is the same for
    the same changes.
    """

    strategy: Strategy | None
    plan_name: str
    problems: list[Problem] = field(default_factory=list)
    unchecked: str = ""
    notes: list[str] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)
    years: list[YearChanges] = field(default_factory=list)
    trial: Trial = field(default_factory=Trial)
    records: Records = field(default_factory=dict)
    changed_by: LastChanges = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether the plan is not there yet."""
        return self.strategy is None

    @property
    def asks_for_reason(self) -> bool:
        """Whether a plan changes that others already work with."""
        return self.strategy is not None and not self.strategy.is_in_preparation

    @property
    def conflicts(self) -> list[RowChange]:
        """The rows with cells that somebody changed in the product meanwhile."""
        return [one for one in self.changes if one.conflicts]

    @property
    def conflict_ids(self) -> list[str]:
        """By what the conflicts are ticked, in the order of the changes."""
        return [one.id_of(cell) for one in self.changes for cell in one.conflicts]

    def writes(self, ticked: Collection[str]) -> bool:
        """Whether anything changes where of the conflicts those are ticked."""
        return any(is_taken(one, ticked) for one in self.changes)

    @property
    def fingerprint(self) -> str:
        """That of the changes."""
        return fingerprint(self.changes)

    @property
    def counts(self) -> list[tuple[str, dict[str, int]]]:
        """For each sheet that changes, how many rows are new, change and go."""
        counted: dict[str, Counter[str]] = {}
        for one in self.changes:
            counted.setdefault(one.sheet, Counter())[one.kind.value] += 1
        return [(sheet, dict(kinds)) for sheet, kinds in counted.items()]

    @property
    def rows_of(self) -> list[tuple[str, list[RowChange]]]:
        """The rows that change, by sheet."""
        names = dict.fromkeys(one.sheet for one in self.changes)
        return [(name, [one for one in self.changes if one.sheet == name]) for name in names]


def look_over(workbook: Workbook, *, user: User | None) -> Looked:
    """What a workbook would do, tried out and taken back. Raises PermissionDenied.

    `user` is None for a command, which may do everything.
    """
    attempt = _Attempt(workbook, user, "", ())
    try:
        attempt.try_out()
    except WorkbookRefused as refused:
        attempt.looked.problems = refused.problems
    attempt.looked.changed_by = last_changes(attempt.standing, attempt.looked.conflicts)
    return attempt.looked


def take_in(
    workbook: Workbook,
    *,
    user: User | None,
    file_name: str,
    ticked: Collection[str] = (),
    expected: str = "",
    is_in_force: bool = False,
    reason: str | None = None,
) -> tuple[Strategy, Looked]:
    """Write what a workbook changes, of its conflicts the ticked ones; return the plan.

    `file_name` is empty where the workbook is no file. A new plan is in preparation, or running
    where `is_in_force`. `expected` is the fingerprint of the changes that were looked over, empty
    for whatever they are. `reason` is why, None where nobody is asked; that of a plan in
    preparation is not kept. Raises PermissionDenied, WorkbookRefused, ChangedMeanwhile and
    ReasonMissing; then nothing is written.
    """
    with transaction.atomic():
        # Before anything is read: what a colleague is writing now is part of what stands.
        standing = _plan_of(workbook)
        if standing is not None:
            lock_plan(standing)
        attempt = _Attempt(workbook, user, file_name, ticked, is_in_force=is_in_force)
        attempt.reason = reason
        return attempt.carry_out(expected), attempt.looked


def _plan_of(workbook: Workbook) -> Strategy | None:
    """The plan whose code a workbook states; None where there is none (yet)."""
    code = plan_code(workbook)
    return Strategy.objects.filter(code=code).first() if code else None


def _saved_count(changes: Iterable[RowChange]) -> int:
    """How many rows are saved one by one; a yearly target is one."""
    return sum(
        len(one.cells) if one.sheet == forms.YEARLY else 1
        for one in changes
        if one.sheet != forms.ACTUALS
    )


def _too_many(count: int) -> Problem:
    return Problem(
        f"一度に変えられるのは{MOST_SAVED:,}行までです（年度目安は1つを1行と数え、実績は数えません。"
        f"今は{count:,}行）。シートを分けて、2回以上で取り込んでください。"
    )


class _Attempt:
    """One workbook on its way in."""

    def __init__(
        self,
        workbook: Workbook,
        user: User | None,
        file_name: str,
        ticked: Collection[str],
        *,
        is_in_force: bool = False,
    ) -> None:
        self.strategy = _plan_of(workbook)
        self.user = user
        self.file_name = file_name
        self.ticked = ticked
        self.is_in_force = is_in_force
        self.reason: str | None = None
        self._check_permission()
        self.standing = Standing.of(self.strategy)
        self.records = plan_records(self.standing)
        self.written = read_written(workbook, self.standing, self.records)
        settle_targets(self.written, self.records)
        check_references(self.written, self.records)
        fill_in(self.written, self.records)
        spell_marks(self.written, self.standing)
        base = exported_records(self.strategy, self.written.version)
        departments = self.standing.written_departments
        changes = changes_of(self.written, self.records, base, departments)
        self.looked = Looked(self.strategy, self._name(), changes=changes, records=self.records)
        self.looked.notes = [*workbook.notes, *self.written.readings]
        overwrites = any(one.kind is not ChangeKind.NEW for one in changes)
        if self.strategy and not self.written.version and overwrites and not workbook.is_made:
            said = (
                "このファイルには版がないので、ほかの人の変更を見分けられません。"
                "今の内容を上書きします。変わるところを1つずつ確かめてください。"
            )
            self.looked.notes.append(Reading(said))
        if self.strategy and self.written.version and base is None:
            self.looked.notes.append(
                "版がこの計画の書き出しと合わないため、書き出したあとにほかの人が変えたところは"
                "見分けられません。変わるところを1つずつ確かめてください。"
            )

    def try_out(self) -> None:
        """Do it and take it back. Raises WorkbookRefused with every problem."""
        if self.strategy is not None and self.looked.changes:
            with transaction.atomic():
                self.looked.years = preview_of(self.strategy, self._act)
                transaction.set_rollback(True)
            return
        with transaction.atomic():
            self._act()
            transaction.set_rollback(True)

    def carry_out(self, expected: str) -> Strategy:
        """Do it for good."""
        if expected and self.looked.fingerprint != expected:
            raise ChangedMeanwhile
        if self.strategy is None:
            with transaction.atomic():
                self._act()
                plan = self.standing.strategy
                if self.file_name:
                    note(Kind.IMPORT, f"計画「{plan}」（{self.file_name}）", user=self.user)
                else:
                    note(Kind.PLAN, f"計画「{plan}」を始めた", user=self.user)
        elif not (self.written.problems or self.looked.writes(self.ticked)):
            return self.strategy
        else:
            plan = self.strategy
            if self.reason == "" and self.looked.asks_for_reason:
                raise ReasonMissing
            with transaction.atomic():
                carry_out(plan, KIND, self._reason, self.user, self._act, subject="")
                what = f"{plan.name}の計画のワークブック「{self.file_name}」"
                rows = sum(is_taken(one, self.ticked) for one in self.looked.changes)
                note(Kind.IMPORT, what, after=f"{rows}行", user=self.user)
        if plan is None:
            raise WorkbookRefused(self.looked.problems)
        return plan

    @property
    def _reason(self) -> str:
        told = f"ファイルの取り込み：{self.file_name}" if self.file_name else "計画を始めた"
        return f"{self.reason}（{told}）" if self.reason and self.looked.asks_for_reason else told

    def _act(self) -> None:
        """Save everything, in the caller's transaction; raise WorkbookRefused otherwise."""
        if self.strategy is not None and self.strategy.has_ended:
            raise WorkbookRefused([Problem(ended(self.strategy))])
        if (count := _saved_count(self.looked.changes)) > MOST_SAVED:
            raise WorkbookRefused([_too_many(count)])
        problems = list(self.written.problems)
        told = {
            (sheet, key): row.wrong
            for sheet, rows in self.written.rows.items()
            for key, row in rows.items()
            if row.has_problem
        }
        # What is wrong is told; whatever else the workbook says is tried out beside it.
        sound = [
            one
            for one in self.looked.changes
            if one.sheet not in _WHOLE_ROWS or not told.get((one.sheet, one.key), set()) - {"理由"}
        ]
        standing = Standing.of(self.strategy)
        going = [one for one in sound if one.kind is ChangeKind.DELETED]
        figures = partial(
            save_figures, written=self.written, ticked=self.ticked, user=self.user,
            reason=self._reason,
        )  # fmt: skip
        faults = figures(standing, changes=going)
        after = merged(self.records, sound, self.ticked)
        faults += save_changes(
            standing,
            self.records,
            after,
            sound,
            user=self.user,
            reason=self._reason,
            is_in_force=self.is_in_force,
            told=told,
        )
        faults += without_kpi(sound, after, self.ticked)
        faults += figures(standing, changes=[one for one in sound if one not in going])
        told_faults = problems_of(faults, self.written, is_new=self.strategy is None)
        problems += told_faults
        if problems:
            is_partly = len(told_faults) < len(faults) or len(sound) < len(self.looked.changes)
            self.looked.unchecked = unchecked_of(self.written, is_partly=is_partly)
        plan = standing.strategy
        if not problems and plan is not None:
            problems += [Problem(sentence) for sentence in self._whole(plan)]
            self.looked.trial = trial_of(self.written, Standing.of(plan))
        if problems:
            raise WorkbookRefused(sorted(problems, key=lambda one: one.order))
        self.standing = standing

    def _whole(self, plan: Strategy) -> Iterable[str]:
        """What is wrong with the plan as a whole, and what closed years would no longer be."""
        yield from check_everything(plan)
        if self.strategy is None or not plan.closings.exists():
            return
        for year in differences_from_kept(plan):
            if not year.holds:
                listed = "、".join(map(str, year.differences[:3]))
                yield (
                    f"締め済みの{year.fiscal_year}年度の内容が変わってしまいます（{listed}）。"
                    "締めた年度は変えられません。適用年度を、締めていない年度にしてください。"
                )

    def _name(self) -> str:
        row = self.written.row(forms.PLAN, "計画名")
        stated = row.cells.get(forms.CONTENT, "") if row else ""
        return stated or (self.strategy.name if self.strategy else "")

    def _check_permission(self) -> None:
        if self.user is None:
            may = True
        elif self.strategy is None:
            may = may_prepare(self.user)
        else:
            may = may_change_plan(self.user, self.strategy) or (
                self.strategy.has_ended and may_prepare(self.user)
            )
        if not may and self.strategy is not None:
            raise denied(self.strategy, "計画を変えるのは企画担当です。")
        if not may:
            raise PermissionDenied("計画を始めるのは企画担当です。")
