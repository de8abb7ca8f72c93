"""Everything that anybody can do to a plan: each act, and the doors that lead to it.

What is closed stays, whatever is done (docs/domain.md, What is closed stays): the property test
(tests/law/) draws from this list, and fails where a page or a command that writes is not in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from entry import assignment, demo
from entry.actuals_file import importing
from entry.next_plan import beginning
from entry.plan_file import loading
from entry.plan_workbook import importing as workbooks
from kpis import draft, plan_acts, publication, recording, reorganisation
from kpis.admin.kpi import KpiAdmin
from kpis.admin.project import ProjectWithKpisAdmin
from kpis.plan_changes import (
    initiatives,
    kpi_rules,
    lives,
    period,
    places,
    rating_rules,
    targets,
)
from kpis.recording import deadlines
from projects.admin.department import DepartmentAdmin
from projects.admin.initiative import InitiativeAdmin, InitiativeListingAdmin
from projects.admin.strategy import EntryDeadlineAdmin, PillarAdmin, StrategyAdmin
from reports.annual import corrected, editions


@dataclass(frozen=True, slots=True)
class Act:
    """An act: what does it, and by which pages (names of URLs) and commands people come there.

    `does` is a function, or a class of the admin, whose forms and deletions are an act each.
    """

    does: Callable[..., Any]
    urls: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`kpis.recording.actuals.record_actual`, by which the property test draws it."""
        # The engine's method is an act of each kind of row.
        kind = getattr(self.does, "__self__", None)
        of_kind = "" if kind is None else f"{type(kind).__qualname__}."
        return f"{self.does.__module__}.{of_kind}{self.does.__qualname__}"


def _in_admin(model: str, admin: type[Any], *kinds: str) -> Act:
    """What the admin's list and forms of a model do."""
    kinds = kinds or ("changelist", "add", "change", "delete")
    return Act(admin, tuple(f"admin:{model}_{kind}" for kind in kinds))


_ENTRY = ("entry", "entry_one")
_INITIATIVES = ("entry_initiatives", "entry_initiative")

ACTS = (
    # What a fiscal year brought.
    Act(recording.record_actual, (), ("seed_demo",)),
    Act(recording.record_actuals, _ENTRY),
    Act(recording.delete_actual, _ENTRY),
    Act(recording.decide_as_proposed, ("decide_ratings",)),
    Act(importing.import_table, ("import_actuals",)),
    Act(recording.record_initiative_progress, (), ("seed_demo",)),
    Act(recording.record_initiatives_progress, _INITIATIVES),
    Act(recording.withdraw_initiative_progress, _INITIATIVES),
    Act(recording.record_project_review, (), ("seed_demo",)),
    Act(recording.record_project_reviews, ("entry_reviews",)),
    Act(deadlines.set_deadline, ("overview",)),
    # Closing, correcting and issuing.
    Act(recording.close_fiscal_year, ("admin:projects_fiscalyearclosing_add",)),
    Act(recording.close_years_through, ("close_year",)),
    Act(recording.begin_correction, ("begin_correction",)),
    Act(corrected.end_as_seen, ("correction",)),
    Act(recording.give_up_correction, ("correction",)),
    Act(editions.issue_edition, ("issue_edition",)),
    # Whole plans.
    Act(plan_acts.put_into_force, ("start_plan",)),
    Act(plan_acts.end_plan, ("end_plan",)),
    Act(plan_acts.resume_plan, ("resume_plan",)),
    Act(plan_acts.make_main, ("make_main",)),
    Act(publication.set_terms, ("publication_terms",)),
    Act(beginning.begin_next_plan, ("next_plan",)),
    Act(loading.load_plan, (), ("load_plan",)),
    Act(
        workbooks.take_in,
        ("new_plan_workbook", "new_plan_empty", "plan_workbook"),
        ("import_plan",),
    ),
    Act(draft.drop_draft, ("drop_draft",)),
    Act(demo.seed_demo, (), ("seed_demo",)),
    # What a plan is, changed from an open year on.
    Act(targets.revise_target, ("revise_target",)),
    Act(lives.add_kpi, ("add_kpi", "add_goal")),
    Act(lives.end_kpi, ("end_kpi",)),
    Act(lives.resume_kpi, ("resume_kpi",)),
    Act(lives.replace_kpi, ("replace_kpi",)),
    Act(places.move_kpi, ("move_kpi",)),
    Act(initiatives.add_initiative, ("add_initiative",)),
    Act(initiatives.list_initiative, ("list_initiative",)),
    Act(initiatives.end_initiative, ("end_initiative",)),
    Act(initiatives.resume_initiative, ("resume_initiative",)),
    Act(initiatives.end_listing),
    Act(initiatives.resume_listing),
    Act(period.change_period, ("change_period",)),
    Act(rating_rules.revise_rating_rules, ("revise_rules",)),
    Act(kpi_rules.revise_kpi_rules, ("revise_kpi_rules",)),
    # What a plan consists of, where no other act is asked for.
    Act(assignment.save_assignment, ("assignment",)),
    Act(
        reorganisation.prepare_reorganisation,
        ("new_reorganisation", "change_reorganisation"),
    ),
    Act(reorganisation.drop_reorganisation, ("drop_reorganisation",)),
    Act(reorganisation.carry_out_due, (), ("daily",)),
    _in_admin("kpis_kpi", KpiAdmin),
    _in_admin("projects_strategy", StrategyAdmin),
    _in_admin("projects_pillar", PillarAdmin),
    _in_admin("projects_project", ProjectWithKpisAdmin),
    _in_admin("projects_initiative", InitiativeAdmin),
    _in_admin("projects_initiativelisting", InitiativeListingAdmin),
    _in_admin("projects_department", DepartmentAdmin),
    _in_admin("projects_entrydeadline", EntryDeadlineAdmin),
)

# What writes, and nothing of a plan: why not.
BESIDE_PLANS = {
    "password": "it is somebody's own password",
    "choose_plan": "it is which plan somebody sees",
    "reminder": "it sends a mail",
    "admin:auth_user_add": "it is an account",
    "admin:auth_user_change": "it is an account, or which departments somebody is a member of",
    "admin:auth_user_password_change": "it is an account",
}
# Functions that are told for whom (`user`) and are no act of their own: why not.
PARTS_OF_ACTS = {
    "entry.confirmation.opened": "it reads what a page has brought along",
    "entry.confirmation.sealed": "it is what a page brings along",
    "entry.next_plan.beginning.look_over": "it takes back what it tries out",
    "entry.plan_file.loading.save_plan": "`load_plan` and `begin_next_plan` save a plan by it",
    "entry.plan_workbook.figures.save_figures": "`take_in` records by it",
    "entry.plan_workbook.importing.look_over": "it takes back what it tries out",
    "entry.plan_workbook.saving.save_changes": "`take_in` saves by it",
    "entry.sheet.saving.save": "it records by the acts of its rows",
    "kpis.plan_acts.take_free_mark": "a plan that is loaded or put into force takes it",
    "kpis.recording.correction.end_correction": "`end_as_seen` ends it, once looked at",
}
COMMANDS_BESIDE_PLANS = {
    "check_plan": "it reads",
    "check_published": "it takes back what it tries out",
    "export_plan": "it reads, and keeps what it wrote, to tell who changed a cell since",
    "verify": "it reads",
    "serve": "it answers requests, whose acts are those of their pages",
    "backup": "it copies a whole database",
    "restore": "it takes in a whole database, which verify holds against its seals",
    "move_database": "it copies a whole database",
}
