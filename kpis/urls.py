"""Pages of the numbers: KPIs and the entry of their yearly actuals."""

from django.urls import path

from kpis.views import (
    assignment,
    closing,
    entry,
    history,
    importing,
    initiatives,
    overview,
    reading,
    reviews,
)

urlpatterns = [
    path("kpis/", reading.kpi_list, name="kpis"),
    path("kpis/<kpi:code>/", reading.kpi_detail, name="kpi"),
    path("history/", history.history, name="history"),
    path("history.csv", history.history_file, name="history_file"),
    path("entry/", entry.entry_start, name="entry_start"),
    path("entry/<fy:fiscal_year>/", entry.entry, name="entry"),
    path("entry/<fy:fiscal_year>/paste/", entry.entry_paste, name="entry_paste"),
    path("entry/<fy:fiscal_year>/import/", importing.import_actuals, name="import_actuals"),
    path(
        "entry/<fy:fiscal_year>/actuals.csv",
        importing.actuals_file,
        {"extension": "csv"},
        name="actuals_csv",
    ),
    path(
        "entry/<fy:fiscal_year>/actuals.xlsx",
        importing.actuals_file,
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
    path("entry/<fy:fiscal_year>/reopen/", closing.reopen_year, name="reopen_year"),
    path("departments/", assignment.assignment, name="assignment"),
    path("entry/<fy:fiscal_year>/<kpi:code>/", entry.entry, name="entry_one"),
    path("entry/<fy:fiscal_year>/<kpi:code>/effect/", entry.entry_effect, name="entry_effect"),
    path("initiatives/<kpi:code>/", initiatives.initiative_detail, name="initiative"),
    path(
        "entry/<fy:fiscal_year>/initiatives/",
        initiatives.initiatives_entry,
        name="entry_initiatives",
    ),
    path(
        "entry/<fy:fiscal_year>/initiatives/<kpi:code>/",
        initiatives.initiatives_entry,
        name="entry_initiative",
    ),
    path("entry/<fy:fiscal_year>/reviews/", reviews.reviews_entry, name="entry_reviews"),
]
