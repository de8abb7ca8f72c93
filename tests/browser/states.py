"""Every URL of the app as pages that somebody sees, in the plan of tests/browser/plan_in_use.py.

`test_accessible.py` walks the URL configuration and wants each pattern here: one that is a
page in PAGES, with a path for each state that a path can show (filled, empty, closed year,
refused); one that is none in NO_PAGES, with the reason. What has to be done first to be seen
stands in tests/browser/acts.py, the admin in tests/browser/admin_pages.py.
"""

PAGES: dict[str, tuple[str, ...]] = {
    "": ("/", "/?fy=2024", "/?fy=2027", "/?view=meeting"),
    "projects/": ("/projects/",),
    "projects/<project:code>/": ("/projects/P1/", "/projects/P2/?fy=2024", "/projects/P9/"),
    "initiatives/": (
        "/initiatives/",
        "/initiatives/?project=P2&sort=-name",
        "/initiatives/?q=ない",
    ),
    "initiatives/<kpi:code>/": ("/initiatives/P1-1/", "/initiatives/P2-2/"),
    "kpis/": ("/kpis/", "/kpis/?fy=2027"),
    "kpis/<kpi:code>/": (
        "/kpis/P1-1/",
        "/kpis/P1-4/?fy=2025",
        "/kpis/P1-5/",
        "/kpis/P1-1/?as_of=2020-01-01",
        "/kpis/P1-1/?as_of=abc",
    ),
    "history/": ("/history/", "/history/?since=abc", "/history/?kpi=P1-5&fy=2028"),
    "entry/<fy:fiscal_year>/": ("/entry/2025/", "/entry/2024/", "/entry/2026/"),
    "entry/<fy:fiscal_year>/<kpi:code>/": ("/entry/2025/P1-4/", "/entry/2024/P1-1/"),
    "entry/<fy:fiscal_year>/import/": ("/entry/2025/import/", "/entry/2024/import/"),
    "entry/<fy:fiscal_year>/initiatives/": (
        "/entry/2025/initiatives/",
        "/entry/2024/initiatives/",
    ),
    "entry/<fy:fiscal_year>/initiatives/<kpi:code>/": ("/entry/2025/initiatives/P1-1/",),
    "entry/<fy:fiscal_year>/reviews/": ("/entry/2025/reviews/", "/entry/2024/reviews/"),
    "entry/<fy:fiscal_year>/overview/": (
        "/entry/2025/overview/",
        "/entry/2024/overview/",
        "/entry/2026/overview/",
    ),
    "entry/<fy:fiscal_year>/reminders/<slug:department_code>/": (
        "/entry/2025/reminders/D01/",
        "/entry/2025/reminders/D02/",
        "/entry/2024/reminders/D01/",
    ),
    "entry/<fy:fiscal_year>/close/": ("/entry/2025/close/", "/entry/2024/close/"),
    "entry/<fy:fiscal_year>/reopen/": ("/entry/2024/reopen/", "/entry/2025/reopen/"),
    "departments/": ("/departments/", "/departments/?unset=1"),
    "reports/": ("/reports/",),
    "reports/<fy:fiscal_year>/": ("/reports/2025/", "/reports/2024/", "/reports/2027/"),
    "reports/<fy:fiscal_year>/issue/": ("/reports/2024/issue/", "/reports/2025/issue/"),
    "reports/<fy:fiscal_year>/editions/<int:number>/": (
        "/reports/2024/editions/2/",
        "/reports/2024/editions/1/",
    ),
    "reports/compare/": (
        "/reports/compare/",
        "/reports/compare/?before=2024-1&after=2024-2",
        "/reports/compare/?before=abc&after=2024-2",
    ),
    "audit/": ("/audit/", "/audit/?since=abc", "/audit/?kind=edition&until=2020-01-01"),
    "password/": ("/password/",),
    "login/": ("/login/",),
    "login/kept/": ("/login/kept/",),
}

NO_PAGES: dict[str, str] = {
    "healthz": "a word for monitoring",
    "readyz": "words for monitoring",
    "metrics": "figures for Prometheus",
    "login/oidc/": "leads to the OpenID provider (tests/browser/test_sign_on.py)",
    "login/oidc/callback/": "leads on, or to the login page with a sentence",
    "login/proxy/": "leads on, or to the login page with a sentence",
    "logout/": "takes a POST alone, and leads to the login page",
    "history.csv": "a file",
    "audit.csv": "a file",
    "entry/": "leads to the year that is due",
    "entry/<fy:fiscal_year>/paste/": "a part of the entry page, which acts.py shows",
    "entry/<fy:fiscal_year>/<kpi:code>/effect/": "a part of the entry page, which acts.py shows",
    "entry/<fy:fiscal_year>/actuals.csv": "a file",
    "entry/<fy:fiscal_year>/actuals.xlsx": "a file",
    "reports/<fy:fiscal_year>/<report:name>": "a file",
    "reports/<fy:fiscal_year>/editions/<int:number>/<report:name>": "a file",
    "reports/compare.csv": "a file",
}

# Refusals that a GET of the paths above is answered with: 404 is a page of ours too, and so is
# 422, for a date that can't be read.
STATUSES = (404, 422)

# What others than the planner see otherwise, or not at all.
OTHERS: dict[str, tuple[str, ...]] = {
    "tantou": ("/", "/entry/2025/", "/entry/2025/initiatives/", "/entry/2025/overview/"),
    "kanri": ("/", "/entry/2025/", "/entry/2025/overview/", "/entry/2025/close/", "/reports/"),
}
