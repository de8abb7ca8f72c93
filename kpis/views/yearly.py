"""What the entry pages of a year's texts have in common."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kpis.series import closed_years
from kpis.yearly.entry import Sheet, YearlyRefused, YearlyRow, save_rows
from projects.fiscal_year import wareki
from projects.models import Strategy


def yearly_entry(
    request: HttpRequest,
    strategy: Strategy,
    fiscal_year: int,
    sheet: Sheet,
    rows: list[YearlyRow],
    template: str,
    *,
    only: str = "",
) -> HttpResponse:
    """Show the rows, or save what was typed into them.

    `rows` are those the user may record, or the `only` one of them that is asked for.
    """
    refused = None
    if request.method == "POST":
        try:
            recorded = save_rows(
                strategy, fiscal_year, sheet, rows, request.POST, user=request.user
            )
        except YearlyRefused as why:
            refused = why
        else:
            if recorded.count:
                messages.success(
                    request,
                    f"{wareki(fiscal_year)}の{sheet.noun}{recorded.count}件を保存しました。",
                )
            else:
                messages.info(request, "変わったところがないため、何も書き込んでいません。")
            return redirect(request.path)
    closed = closed_years(strategy)
    return render(
        request,
        template,
        {
            "rows": rows,
            "only": only,
            "waiting": sum(row.saved is None for row in rows),
            "fiscal_year": fiscal_year,
            "years": strategy.years,
            "closed_years": closed,
            "is_closed": fiscal_year in closed,
            "refused": refused,
            "error_count": sum(len(row.errors) for row in rows),
        },
        status=refused.status if refused else 200,
    )
