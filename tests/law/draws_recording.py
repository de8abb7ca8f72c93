"""What a fiscal year brought, and its closing: drawn."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from entry.actuals_file import importing
from entry.actuals_file.reading import read_table
from kpis import recording
from kpis.models import ActualState, Kpi, YearlyActual
from kpis.recording import (
    ActualEntry,
    Change,
    ProgressEntry,
    ReviewEntry,
    as_stated,
    correction_under_way,
    deadlines,
    judgements,
)
from kpis.sharing import source_of
from projects.models import (
    Correction,
    CorrectionKind,
    Initiative,
    InitiativeProgress,
    InitiativeStatus,
    Project,
    ProjectReview,
)
from reports.annual import corrected, editions
from tests.entry.actuals_files import csv_bytes
from tests.law.drawing import Drawn, draws, figure
from tests.law.world import World

REASON = "抽選"


def stated(kpi: Kpi, year: int, draw: Random) -> tuple[ActualEntry, int]:
    """What somebody might state about a year, and the version on which they do.

    Mostly what stands there, as a page shows it, with one field typed anew; where another plan
    has the figure, mostly explanations alone.
    """
    row = YearlyActual.objects.filter(kpi=kpi, fiscal_year=year).first()
    source = source_of(kpi)
    if source is not None and source.covers(year) and draw.random() < 0.7:
        texts = ActualEntry(ActualState.MISSING, analysis=draw.choice(["", "説明した"]))
        return texts, row.version if row else 0
    if row is None:
        return _judged(_fresh(kpi, year, draw), kpi, year, draw), 0
    entry = _typed_over(row, kpi, draw) if draw.random() < 0.7 else _fresh(kpi, year, draw)
    return _judged(entry, kpi, year, draw), row.version


def _judged(entry: ActualEntry, kpi: Kpi, year: int, draw: Random) -> ActualEntry:
    """An entry, mostly with a proposal and sometimes a decision where people rate the KPI."""
    plan = kpi.project.strategy
    if plan.rating_method != "people" and not kpi.own_rules.exists():
        return entry
    scale = judgements.scales_in(plan, year, [kpi.pk])[kpi.pk]
    if not scale.is_by_people or draw.random() < 0.4:
        return entry
    marks = len(scale.marks)
    proposed, decided = draw.randint(1, marks), draw.choice([None, draw.randint(1, marks)])
    return replace(
        entry,
        proposed_place=proposed,
        proposal_reason="案の理由",
        decided_place=decided,
        decision_reason="決めた理由" if decided else "",
    )


def _typed_over(row: YearlyActual, kpi: Kpi, draw: Random) -> ActualEntry:
    stands = as_stated(row)
    year = row.fiscal_year
    typed: dict[str, list[Any]] = {
        "value": [figure(draw, kpi.decimal_places)],
        "value_year": [None, year - 1, year - 2],
        "state": [ActualState.FINAL, ActualState.PROVISIONAL],
        "analysis": ["", "書き直した"],
    }
    name = draw.choice(list(typed))
    others = [one for one in typed[name] if one != getattr(stands, name)]
    return replace(stands, **{name: draw.choice(others)}) if others else stands


def _fresh(kpi: Kpi, year: int, draw: Random) -> ActualEntry:
    """A figure, sometimes one of a year before, or why there is none."""
    kind = draw.random()
    if kind < 0.7:
        state = ActualState.FINAL if kind < 0.55 else ActualState.PROVISIONAL
        return ActualEntry(
            state,
            figure(draw, kpi.decimal_places),
            analysis="分析" if kind < 0.2 else "",
            value_year=year - draw.randint(1, 2) if kind < 0.1 else None,
        )
    if kind < 0.75:
        return ActualEntry(ActualState.FINAL, value_words=draw.choice(["増えた", "変わらない"]))
    if kind < 0.8:
        return ActualEntry(ActualState.PENDING, expected_on=date(2027, 8, 20))
    if kind < 0.9:
        return ActualEntry(ActualState.UNMEASURED, unmeasured_reason="調査を休んだ")
    return ActualEntry(ActualState.MISSING, analysis="先に書く")


@draws(recording.record_actual, 8)
def _record(world: World, draw: Random) -> Drawn:
    kpi = world.kpi(draw)
    year = world.year(kpi.project.strategy, draw)
    (entry, version), user = stated(kpi, year, draw), world.actor(draw)
    return lambda: recording.record_actual(
        kpi, year, entry, user=user, version=version, reason=REASON
    )


@draws(recording.record_actuals, 6)
def _record_several(world: World, draw: Random) -> Drawn:
    plan = world.plan(draw)
    kpis = list(Kpi.objects.filter(project__strategy=plan).order_by("pk"))
    year = world.year(plan, draw)
    changes = [Change(kpi.pk, *stated(kpi, year, draw)) for kpi in kpis if draw.random() < 0.7]
    user = world.actor(draw)
    return lambda: recording.record_actuals(plan, year, changes, user=user, reason=REASON)


@draws(recording.delete_actual, 2)
def _take_back(world: World, draw: Random) -> Drawn:
    rows = list(YearlyActual.objects.select_related("kpi__project__strategy").order_by("pk"))
    if not rows:
        return None
    row, user = draw.choice(rows), world.actor(draw)
    return lambda: recording.delete_actual(
        row.kpi, row.fiscal_year, user=user, version=row.version, reason=REASON
    )


@draws(recording.decide_as_proposed)
def _decide(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    year = world.year(plan, draw)
    rows = YearlyActual.objects.filter(kpi__project__strategy=plan, fiscal_year=year)
    found = rows.filter(decided_place=None).exclude(proposed_place=None)
    proposed = dict(found.order_by("pk").values_list("kpi_id", "proposed_place"))
    if not proposed:
        return None
    return lambda: recording.decide_as_proposed(plan, year, proposed, user=user, reason=REASON)


@draws(importing.import_table)
def _import(world: World, draw: Random) -> Drawn:
    kpi = world.kpi(draw)
    plan = kpi.project.strategy
    year, user = world.year(plan, draw), world.actor(draw)
    entry, version = stated(kpi, year, draw)
    told = [entry.value, entry.value_year, entry.analysis]
    row = [kpi.code, year, version, *("" if one is None else one for one in told)]
    table = read_table(csv_bytes(["KPI番号", "年度", "版", "実績値", "値の年度", "要因分析"], row))

    def act() -> object:
        return refuse_problems(
            importing.import_table(
                table, plan, year, user=user, file_name="抽選.csv", dry_run=False
            )
        )

    return act


def refuse_problems(imported: importing.ImportedActuals) -> importing.ImportedActuals:
    """A file that has problems writes nothing, and is refused like any act."""
    if imported.problems:
        raise recording.RecordingRefused([])
    return imported


def _progress(draw: Random) -> ProgressEntry:
    return ProgressEntry(
        draw.choice(list(InitiativeStatus)), "進めた", cost=draw.choice([None, 120])
    )


def _initiative(draw: Random) -> Initiative:
    return draw.choice(list(Initiative.objects.select_related("strategy").order_by("pk")))


def _progress_version(initiative: Initiative, year: int) -> int:
    found = InitiativeProgress.objects.filter(initiative=initiative, fiscal_year=year).first()
    return found.version if found else 0


@draws(recording.record_initiative_progress)
def _do_initiative(world: World, draw: Random) -> Drawn:
    initiative, user, stated = _initiative(draw), world.actor(draw), _progress(draw)
    year = world.year(initiative.strategy, draw)
    version = _progress_version(initiative, year)
    return lambda: recording.record_initiative_progress(
        initiative, year, stated, user=user, version=version
    )


@draws(recording.record_initiatives_progress)
def _do_initiatives(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    year = world.year(plan, draw)
    changes = [
        Change(one.pk, _progress(draw), _progress_version(one, year))
        for one in plan.initiatives.order_by("pk")
    ]
    return lambda: recording.record_initiatives_progress(plan, year, changes, user=user)


@draws(recording.withdraw_initiative_progress, 0.5)
def _undo_initiative(world: World, draw: Random) -> Drawn:
    rows = list(InitiativeProgress.objects.select_related("initiative__strategy").order_by("pk"))
    if not rows:
        return None
    row, user = draw.choice(rows), world.actor(draw)
    return lambda: recording.withdraw_initiative_progress(
        row.initiative, row.fiscal_year, user=user, version=row.version
    )


def _review_version(project: Project, year: int) -> int:
    found = ProjectReview.objects.filter(project=project, fiscal_year=year).first()
    return found.version if found else 0


@draws(recording.record_project_review)
def _review(world: World, draw: Random) -> Drawn:
    project = draw.choice(list(Project.objects.select_related("strategy").order_by("pk")))
    year, user = world.year(project.strategy, draw), world.actor(draw)
    stated = ReviewEntry(
        draw.choice(["", "進んだ。", "遅れた。"]), draw.choice(["", "広げてほしい。"])
    )
    if project.strategy.project_method == "people":
        place = draw.choice([None, 1, 2])
        stated = replace(
            stated,
            rating_place=place,
            rating_reason="話し合った" if place else "",
            external_place=draw.choice([None, 1, 2]),
        )
    version = _review_version(project, year)
    return lambda: recording.record_project_review(
        project, year, stated, user=user, version=version
    )


@draws(recording.record_project_reviews, 0.5)
def _reviews(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    year, text = world.year(plan, draw), draw.choice(["総括した。", "書き直した。"])
    changes = [
        Change(one.pk, ReviewEntry(text), _review_version(one, year))
        for one in plan.projects.order_by("pk")
    ]
    return lambda: recording.record_project_reviews(plan, year, changes, user=user)


@draws(deadlines.set_deadline, 0.5)
def _deadline(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    year = world.year(plan, draw)
    day = draw.choice([None, date(year + 1, 6, 30), date(year + 1, 7, 31)])
    return lambda: deadlines.set_deadline(plan, year, day, user=user)


@draws(recording.close_fiscal_year, 3)
def _close(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    year = world.year(plan, draw)
    return lambda: recording.close_fiscal_year(plan, year, user=user, reason=REASON)


@draws(recording.close_years_through, 4)
def _close_several(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    year = world.year(plan, draw)
    return lambda: recording.close_years_through(plan, year, user=user)


@draws(recording.begin_correction, 4)
def _begin_correction(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    closed = list(plan.closings.values_list("fiscal_year", flat=True))
    year = draw.choice(closed) if closed and draw.random() < 0.9 else world.year(plan, draw)
    kind = draw.choice(list(CorrectionKind))
    counting = [one.strategy.code for one in recording.correction.counting_plans(plan, year)]
    others = counting if draw.random() < 0.5 else []
    return lambda: recording.begin_correction(
        plan, year, kind=kind, reason=REASON, user=user, other_plans=others
    )


def _correction(draw: Random) -> Correction | None:
    found = list(Correction.objects.filter(ended_at__isnull=True).order_by("pk"))
    return draw.choice(found) if found else None


@draws(corrected.end_as_seen, 5)
def _end_correction(world: World, draw: Random) -> Drawn:
    correction, user = _correction(draw), world.actor(draw)
    if correction is None:
        return None
    seen = corrected.fingerprint_of(corrected.corrected_years(correction))
    return lambda: corrected.end_as_seen(correction, user=user, seen=seen)


@draws(recording.give_up_correction, 5)
def _give_up(world: World, draw: Random) -> Drawn:
    correction, user = _correction(draw), world.actor(draw)
    if correction is None:
        return None
    return lambda: recording.give_up_correction(correction.strategy, user=user)


@draws(editions.issue_edition, 0.02)
def _issue(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    closed = list(plan.closings.values_list("fiscal_year", flat=True))
    if not closed or correction_under_way(plan):
        return None
    year = draw.choice(closed)
    return lambda: editions.issue_edition(plan, year, user=user, reason=REASON)
