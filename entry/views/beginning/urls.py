"""Where a plan begins: `/plans/new/`, which is no plan's address."""

from django.urls import path

from entry.views.beginning import empty, start, table, workbook

urlpatterns = [
    path("", start.ways, name="new_plan"),
    path("workbook/", workbook.new_plan_workbook, name="new_plan_workbook"),
    path("table/", table.new_plan_table, name="new_plan_table"),
    path("empty/", empty.new_plan_empty, name="new_plan_empty"),
    path("template.xlsx", start.template_file, name="plan_template"),
    path("example.xlsx", start.example_file, name="plan_example"),
]
