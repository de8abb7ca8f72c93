"""The way in: entry pages and their files, the year's overview and closing, who owns what."""

from django.urls import include, path

from entry.views import (
    actuals,
    actuals_file,
    assignment,
    closing,
    correction,
    next_plan,
    overview,
    plans,
    publication,
    texts,
)
from entry.views.beginning import draft, table, workbook

urlpatterns = [
    path("entry/", actuals.entry_start, name="entry_start"),
    path("entry/<fy:fiscal_year>/", actuals.entry, name="entry"),
    path("entry/<fy:fiscal_year>/paste/", actuals.entry_paste, name="entry_paste"),
    path("entry/<fy:fiscal_year>/decide/", actuals.decide_ratings, name="decide_ratings"),
    path("entry/<fy:fiscal_year>/import/", actuals_file.import_actuals, name="import_actuals"),
    path(
        "entry/<fy:fiscal_year>/actuals.csv",
        actuals_file.actuals_file,
        {"extension": "csv"},
        name="actuals_csv",
    ),
    path(
        "entry/<fy:fiscal_year>/actuals.xlsx",
        actuals_file.actuals_file,
        {"extension": "xlsx"},
        name="actuals_xlsx",
    ),
    path("entry/<fy:fiscal_year>/overview/", overview.overview, name="overview"),
    path(
        "entry/<fy:fiscal_year>/reminders/<slug:department_code>/",
        overview.reminder,
        name="reminder",
    ),
    path("entry/<fy:fiscal_year>/close/", closing.close_year, name="close_year"),
    path("entry/<fy:fiscal_year>/correct/", correction.begin, name="begin_correction"),
    path("entry/<fy:fiscal_year>/reopen/", correction.reopen_year, name="reopen_year"),
    path("entry/correction/", correction.correction, name="correction"),
    path("choose/", plans.choose_plan, name="choose_plan"),
    path("state/start/", plans.start, name="start_plan"),
    path("state/end/", plans.end, name="end_plan"),
    path("state/resume/", plans.resume, name="resume_plan"),
    path("state/main/", plans.main, name="make_main"),
    path("changes/", include("entry.changing.urls")),
    path("draft/", draft.draft, name="draft"),
    path("draft/drop/", draft.drop, name="drop_draft"),
    path("workbook/", workbook.plan_workbook, name="plan_workbook"),
    path("figures/", table.plan_figures, name="plan_figures"),
    path("workbook.xlsx", workbook.plan_xlsx, name="plan_xlsx"),
    path("next/", next_plan.next_plan, name="next_plan"),
    path("reports/conditions/", publication.publication_terms, name="publication_terms"),
    path("departments/", assignment.assignment, name="assignment"),
    path("entry/<fy:fiscal_year>/<kpi:code>/", actuals.entry, name="entry_one"),
    path("entry/<fy:fiscal_year>/<kpi:code>/effect/", actuals.entry_effect, name="entry_effect"),
    path("entry/<fy:fiscal_year>/initiatives/", texts.initiatives_entry, name="entry_initiatives"),
    path(
        "entry/<fy:fiscal_year>/initiatives/<kpi:code>/",
        texts.initiatives_entry,
        name="entry_initiative",
    ),
    path("entry/<fy:fiscal_year>/reviews/", texts.reviews_entry, name="entry_reviews"),
]
