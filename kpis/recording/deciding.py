"""Deciding ratings as the departments propose them, several in one step."""

from collections.abc import Mapping
from dataclasses import replace

from kpis.models import YearlyActual
from kpis.permissions import User
from kpis.recording.actuals import ACTUALS, as_stated
from kpis.recording.engine import Change, Recorded
from kpis.recording.judgements import computed_in, refuse_decider, scales_in
from kpis.recording.refusals import Kind, RecordingRefused, Refusal, stale_message
from projects.models import Strategy


def decide_as_proposed(
    strategy: Strategy,
    fiscal_year: int,
    proposed: Mapping[int, int],
    *,
    user: User,
    reason: str = "",
) -> Recorded:
    """Decide a year's ratings as proposed, of KPIs that have no decision yet.

    `proposed` are the places that somebody saw, by the KPI's id. Where what is computed differs,
    the proposal's reason becomes the decision's. All of them, or none: raises PermissionDenied
    unless the user decides, and RecordingRefused, also where another proposal stands by now.
    """
    refuse_decider(user, strategy)
    rows = YearlyActual.objects.filter(kpi__in=proposed, fiscal_year=fiscal_year)
    open_rows = {
        row.kpi_id: row
        for row in rows.select_related("kpi__project")
        if row.proposed_place is not None and row.decided_place is None
    }
    changed = [row for pk, row in open_rows.items() if row.proposed_place != proposed[pk]]
    if changed:
        raise RecordingRefused(
            Refusal(
                row.kpi.code,
                Kind.STALE,
                "proposed_place",
                f"{row.kpi.code}は、{stale_message(row)}案を見直してから、もう一度押してください。",
                row,
                row.kpi_id,
            )
            for row in changed
        )
    scales = scales_in(strategy, fiscal_year, [*open_rows])
    computed = computed_in(
        strategy,
        fiscal_year,
        {
            pk: row
            for pk, row in open_rows.items()
            if scales[pk].is_by_rate or scales[pk].is_by_position
        },
    )
    changes = []
    for pk, row in open_rows.items():
        against = computed.get(pk)
        differs = against not in (None, scales[pk].at(row.proposed_place))
        entry = replace(
            as_stated(row),
            decided_place=row.proposed_place,
            decision_reason=row.proposal_reason if differs else "",
        )
        changes.append(Change(pk, entry, row.version))
    return ACTUALS.record(strategy, fiscal_year, changes, user=user, reason=reason)
