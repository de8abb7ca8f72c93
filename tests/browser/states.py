"""Every URL of the app as pages that somebody sees, in the plan of tests/browser/plan_in_use.py.

`test_accessible.py` walks the URL configuration and wants each pattern here: one that is a
page in PAGES, with a path for each state that a path can show (filled, empty, closed year,
refused); one that is none in NO_PAGES, with the reason. What has to be done first to be seen
stands in tests/browser/acts.py, the admin in tests/browser/admin_pages.py.
"""

from tests.writing_urls import PLAN, WITHOUT_PLAN

PAGES: dict[str, tuple[str, ...]] = {
    f"{PLAN}": (
        "/plans/mihon/",
        "/plans/mihon/?fy=2024",
        "/plans/mihon/?fy=2027",
        "/plans/mihon/?view=meeting",
    ),
    f"{PLAN}projects/": ("/plans/mihon/projects/",),
    f"{PLAN}projects/<project:code>/": (
        "/plans/mihon/projects/P1/",
        "/plans/mihon/projects/P2/?fy=2024",
        "/plans/mihon/projects/P9/",
    ),
    f"{PLAN}initiatives/": (
        "/plans/mihon/initiatives/",
        "/plans/mihon/initiatives/?project=P2&sort=-name",
        "/plans/mihon/initiatives/?q=ない",
    ),
    f"{PLAN}initiatives/<kpi:code>/": (
        "/plans/mihon/initiatives/P1-1/",
        "/plans/mihon/initiatives/P2-2/",
    ),
    f"{PLAN}kpis/": ("/plans/mihon/kpis/", "/plans/mihon/kpis/?fy=2027"),
    f"{PLAN}kpis/<kpi:code>/": (
        "/plans/mihon/kpis/P1-1/",
        "/plans/mihon/kpis/P1-4/?fy=2025",
        "/plans/mihon/kpis/P1-5/",
        "/plans/mihon/kpis/P1-1/?as_of=2020-01-01",
        "/plans/mihon/kpis/P1-1/?as_of=abc",
    ),
    f"{PLAN}changes/": ("/plans/mihon/changes/",),
    f"{PLAN}changes/period/": ("/plans/mihon/changes/period/",),
    f"{PLAN}changes/rules/": ("/plans/mihon/changes/rules/",),
    f"{PLAN}changes/rules/<kpi:code>/": ("/plans/mihon/changes/rules/P1-1/",),
    f"{PLAN}changes/targets/": ("/plans/mihon/changes/targets/",),
    f"{PLAN}changes/targets/<kpi:code>/": ("/plans/mihon/changes/targets/P1-1/",),
    f"{PLAN}changes/kpis/new/": ("/plans/mihon/changes/kpis/new/?project=P1",),
    f"{PLAN}changes/goals/new/": ("/plans/mihon/changes/goals/new/",),
    f"{PLAN}changes/kpis/<kpi:code>/end/": ("/plans/mihon/changes/kpis/P1-1/end/",),
    f"{PLAN}changes/kpis/<kpi:code>/resume/": ("/plans/mihon/changes/kpis/P1-1/resume/",),
    f"{PLAN}changes/kpis/<kpi:code>/replace/": ("/plans/mihon/changes/kpis/P1-1/replace/",),
    f"{PLAN}changes/kpis/<kpi:code>/move/": ("/plans/mihon/changes/kpis/P1-1/move/",),
    f"{PLAN}changes/initiatives/new/": ("/plans/mihon/changes/initiatives/new/?project=P1",),
    f"{PLAN}changes/initiatives/<kpi:code>/end/": ("/plans/mihon/changes/initiatives/P1-1/end/",),
    f"{PLAN}changes/initiatives/<kpi:code>/resume/": (
        "/plans/mihon/changes/initiatives/P1-1/resume/",
    ),
    f"{PLAN}changes/initiatives/<kpi:code>/list/": ("/plans/mihon/changes/initiatives/P1-1/list/",),
    f"{PLAN}changes/<int:number>/": ("/plans/mihon/changes/1/",),
    f"{PLAN}history/": (
        "/plans/mihon/history/",
        "/plans/mihon/history/?since=abc",
        "/plans/mihon/history/?kpi=P1-5&fy=2028",
    ),
    f"{PLAN}entry/<fy:fiscal_year>/": (
        "/plans/mihon/entry/2025/",
        "/plans/mihon/entry/2024/",
        "/plans/mihon/entry/2026/",
    ),
    f"{PLAN}entry/<fy:fiscal_year>/<kpi:code>/": (
        "/plans/mihon/entry/2025/P1-4/",
        "/plans/mihon/entry/2024/P1-1/",
    ),
    f"{PLAN}entry/<fy:fiscal_year>/import/": (
        "/plans/mihon/entry/2025/import/",
        "/plans/mihon/entry/2024/import/",
    ),
    f"{PLAN}entry/<fy:fiscal_year>/initiatives/": (
        "/plans/mihon/entry/2025/initiatives/",
        "/plans/mihon/entry/2024/initiatives/",
    ),
    f"{PLAN}entry/<fy:fiscal_year>/initiatives/<kpi:code>/": (
        "/plans/mihon/entry/2025/initiatives/P1-1/",
    ),
    f"{PLAN}entry/<fy:fiscal_year>/reviews/": (
        "/plans/mihon/entry/2025/reviews/",
        "/plans/mihon/entry/2024/reviews/",
    ),
    f"{PLAN}entry/<fy:fiscal_year>/overview/": (
        "/plans/mihon/entry/2025/overview/",
        "/plans/mihon/entry/2024/overview/",
        "/plans/mihon/entry/2026/overview/",
    ),
    f"{PLAN}entry/<fy:fiscal_year>/reminders/<slug:department_code>/": (
        "/plans/mihon/entry/2025/reminders/D01/",
        "/plans/mihon/entry/2025/reminders/D02/",
        "/plans/mihon/entry/2024/reminders/D01/",
    ),
    f"{PLAN}entry/<fy:fiscal_year>/close/": (
        "/plans/mihon/entry/2025/close/",
        "/plans/mihon/entry/2024/close/",
    ),
    f"{PLAN}entry/<fy:fiscal_year>/correct/": (
        "/plans/mihon/entry/2024/correct/",
        "/plans/mihon/entry/2025/correct/",
    ),
    f"{PLAN}entry/correction/": ("/plans/mihon/entry/correction/",),
    f"{PLAN}reports/<fy:fiscal_year>/contents/": (
        "/plans/mihon/reports/2024/contents/",
        "/plans/mihon/reports/2025/contents/",
    ),
    f"{PLAN}next/": ("/plans/mihon/next/",),
    f"{PLAN}departments/": ("/plans/mihon/departments/", "/plans/mihon/departments/?unset=1"),
    f"{PLAN}reports/": ("/plans/mihon/reports/",),
    f"{PLAN}reports/conditions/": ("/plans/mihon/reports/conditions/",),
    f"{PLAN}reports/<fy:fiscal_year>/": (
        "/plans/mihon/reports/2025/",
        "/plans/mihon/reports/2024/",
        "/plans/mihon/reports/2027/",
    ),
    f"{PLAN}reports/<fy:fiscal_year>/issue/": (
        "/plans/mihon/reports/2024/issue/",
        "/plans/mihon/reports/2025/issue/",
    ),
    f"{PLAN}reports/<fy:fiscal_year>/editions/<int:number>/": (
        "/plans/mihon/reports/2024/editions/2/",
        "/plans/mihon/reports/2024/editions/1/",
    ),
    f"{PLAN}reports/compare/": (
        "/plans/mihon/reports/compare/",
        "/plans/mihon/reports/compare/?before=2024-1&after=2024-2",
        "/plans/mihon/reports/compare/?before=abc&after=2024-2",
    ),
    "plans/": ("/plans/",),
    f"{PLAN}figures/": ("/plans/mihon/figures/",),
    "plans/new/": ("/plans/new/",),
    "plans/new/workbook/": ("/plans/new/workbook/",),
    "plans/new/table/": ("/plans/new/table/",),
    "plans/new/empty/": ("/plans/new/empty/",),
    f"{PLAN}workbook/": ("/plans/mihon/workbook/",),
    "reorganisations/": ("/reorganisations/",),
    "reorganisations/new/": ("/reorganisations/new/",),
    "reorganisations/<int:pk>/": ("/reorganisations/1/", "/reorganisations/2/"),
    "reorganisations/<int:pk>/change/": ("/reorganisations/2/change/",),
    "work/": ("/work/",),
    "audit/": ("/audit/", "/audit/?since=abc", "/audit/?kind=edition&until=2020-01-01"),
    "password/": ("/password/",),
    "login/": ("/login/",),
    "login/kept/": ("/login/kept/",),
}

_LEADS_ON = "takes a POST alone, and leads to another page"
_PART = "a part of the entry page, which acts.py shows"

NO_PAGES: dict[str, str] = {
    "": "leads to a plan's dashboard",
    **dict.fromkeys(WITHOUT_PLAN, "leads to a plan's page"),
    "healthz": "a word for monitoring",
    "readyz": "words for monitoring",
    "metrics": "figures for Prometheus",
    "login/oidc/": "leads to the OpenID provider (tests/browser/test_sign_on.py)",
    "login/oidc/callback/": "leads on, or to the login page with a sentence",
    "login/proxy/": "leads on, or to the login page with a sentence",
    "logout/": "takes a POST alone, and leads to the login page",
    "reorganisations/<int:pk>/drop/": _LEADS_ON,
    f"{PLAN}choose/": _LEADS_ON,
    "plans/new/template.xlsx": "a file",
    "plans/new/example.xlsx": "a file",
    f"{PLAN}workbook.xlsx": "a file",
    f"{PLAN}draft/": "of a plan in preparation, which acts.py shows; leads on from others",
    f"{PLAN}draft/drop/": _LEADS_ON,
    f"{PLAN}state/start/": _LEADS_ON,
    f"{PLAN}state/end/": _LEADS_ON,
    f"{PLAN}state/resume/": _LEADS_ON,
    f"{PLAN}state/main/": _LEADS_ON,
    f"{PLAN}changes/<int:number>/old-and-new.<slug:extension>": "a file",
    f"{PLAN}history.csv": "a file",
    "audit.csv": "a file",
    f"{PLAN}entry/": "leads to the year that is due",
    f"{PLAN}entry/<fy:fiscal_year>/reopen/": "leads to 締めた年度を改める",
    f"{PLAN}entry/<fy:fiscal_year>/decide/": _LEADS_ON,
    f"{PLAN}entry/<fy:fiscal_year>/paste/": _PART,
    f"{PLAN}entry/<fy:fiscal_year>/<kpi:code>/effect/": _PART,
    f"{PLAN}entry/<fy:fiscal_year>/actuals.csv": "a file",
    f"{PLAN}entry/<fy:fiscal_year>/actuals.xlsx": "a file",
    f"{PLAN}reports/<fy:fiscal_year>/<report:name>": "a file",
    f"{PLAN}reports/<fy:fiscal_year>/editions/<int:number>/<report:name>": "a file",
    f"{PLAN}reports/compare.csv": "a file",
}

# Refusals that a GET of the paths above is answered with: 404 is a page of ours too, and so is
# 422, for a date that can't be read.
STATUSES = (404, 422)

# What others than the planner see otherwise, or not at all.
OTHERS: dict[str, tuple[str, ...]] = {
    "tantou": (
        "/work/",
        "/plans/mihon/",
        "/plans/mihon/entry/2025/",
        "/plans/mihon/entry/2025/initiatives/",
        "/plans/mihon/entry/2025/overview/",
    ),
    "kanri": (
        "/plans/mihon/",
        "/plans/mihon/entry/2025/",
        "/plans/mihon/entry/2025/overview/",
        "/plans/mihon/entry/2025/close/",
        "/plans/mihon/reports/",
    ),
}
