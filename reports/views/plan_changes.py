"""One change of a plan: what an act did, who did it, and why."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.audit import Kind, note_reading
from kpis.plan_pages import plan_in_file_names, with_strategy
from projects.models import Strategy
from reports.annual.old_and_new import old_and_new_of
from reports.annual.year_changes import from_text
from reports.models import PlanChange
from reports.old_and_new_files import OLD_AND_NEW_FORMATS, old_and_new_file


@require_safe
@with_strategy
def plan_change(request: HttpRequest, strategy: Strategy, number: int) -> HttpResponse:
    """What was changed in each year that was open then."""
    change = _change_or_404(strategy, number)
    return render(
        request,
        "reports/plan_change.html",
        {
            "change": change,
            "years": from_text(change.differences),
            "formats": OLD_AND_NEW_FORMATS.values(),
        },
    )


@require_safe
@with_strategy
def plan_change_file(
    request: HttpRequest, strategy: Strategy, number: int, extension: str
) -> HttpResponse:
    """新旧対照表 of the change."""
    change = _change_or_404(strategy, number)
    if extension not in OLD_AND_NEW_FORMATS:
        raise Http404(f"新旧対照表に「{extension}」の形式はありません。")
    document = old_and_new_of(strategy, change)
    note_reading(
        Kind.EXPORT, f"{strategy.name}の新旧対照表（{change}） {extension}", user=request.user
    )
    return old_and_new_file(document, extension, plan_in_file_names(request, strategy))


def _change_or_404(strategy: Strategy, number: int) -> PlanChange:
    found = PlanChange.objects.filter(strategy=strategy, number=number).first()
    if found is None:
        raise Http404("その変更はありません。計画の変更の一覧から選んでください。")
    return found
