"""What a fiscal year brought, and its closing: drawn."""

from datetime import date
from random import Random

from entry.actuals_file import importing
from entry.actuals_file.reading import read_table
from kpis import recording
from kpis.models import ActualState, Kpi, YearlyActual
from kpis.recording import (
    ActualEntry,
    Change,
    ProgressEntry,
    ReviewEntry,
    correction_under_way,
    deadlines,
)
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


def entry(kpi: Kpi, year: int, draw: Random) -> ActualEntry:
    """What somebody might state about a year: a figure, sometimes one of a year before."""
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


def version_of(kpi: Kpi, year: int) -> int:
    found = YearlyActual.objects.filter(kpi=kpi, fiscal_year=year).first()
    return found.version if found else 0


@draws(recording.record_actual, 6)
def _record(world: World, draw: Random) -> Drawn:
    kpi = world.kpi(draw)
    year = world.year(kpi.project.strategy, draw)
    stated = entry(kpi, year, draw)
    version, user = version_of(kpi, year), world.actor(draw)
    return lambda: recording.record_actual(
        kpi, year, stated, user=user, version=version, reason=REASON
    )


@draws(recording.record_actuals, 4)
def _record_several(world: World, draw: Random) -> Drawn:
    plan = world.plan(draw)
    kpis = list(Kpi.objects.filter(project__strategy=plan).order_by("pk"))
    year = world.year(plan, draw)
    changes = [
        Change(kpi.pk, entry(kpi, year, draw), version_of(kpi, year))
        for kpi in kpis
        if draw.random() < 0.7
    ]
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


@draws(importing.import_table)
def _import(world: World, draw: Random) -> Drawn:
    kpi = world.kpi(draw)
    plan = kpi.project.strategy
    year, user = world.year(plan, draw), world.actor(draw)
    value = figure(draw, kpi.decimal_places)
    row = [kpi.code, year, value, version_of(kpi, year)]
    table = read_table(csv_bytes(["KPI番号", "年度", "実績値", "版"], row))

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
