"""Addresses that name no plan lead on to a plan's page, with all that was asked or posted."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client

from kpis.models import YearlyActual
from kpis.recording import close_years_through
from projects.models import PlanChoice, PlanState, Strategy
from reports.annual.editions import issue_edition
from reports.models import EditionFile
from tests.factories import make_kpi, make_plan, make_project, make_strategy
from tests.url_patterns import example, patterns
from tests.writing_urls import PLAN, WITHOUT_PLAN, YEAR

EDITION = f"/reports/{YEAR}/editions/1/"
NO_PLAN = "計画がまだ登録されていません"


def make_other(code: str, first_year: int, **fields: object) -> Strategy:
    """A second plan beside 見本市総合戦略, of five years."""
    given = {"name": f"計画{code}", "last_year": first_year + 4, "is_current": False} | fields
    return make_strategy(code=code, first_year=first_year, **given)


def issue(plan: Strategy, user) -> None:
    close_years_through(plan, YEAR, user=user)
    issue_edition(plan, YEAR, user=user)


def old_addresses() -> list[str]:
    """Every address of a plan as it was before there were several; `/` has a rule of its own."""
    found = [
        example(pattern).removeprefix("/plans/mihon")
        for pattern in patterns()
        if pattern.startswith(PLAN)
    ]
    return [
        path
        for path in found
        if path != f"{EDITION}annual-report.csv"
        and any(re.match(one, path.removeprefix("/")) for one in WITHOUT_PLAN)
    ]


def test_every_address_of_a_plan_leads_on_without_it(planner, kikaku):
    issue(make_plan(kikaku), kikaku)
    paths = old_addresses()
    led = {path: planner.get(f"{path}?fy={YEAR}&q=%E5%B8%82+1") for path in paths}

    assert len(paths) > 25
    assert {path: (one.status_code, one.url) for path, one in led.items()} == {
        path: (302, f"/plans/mihon{path}?fy={YEAR}&q=%E5%B8%82+1") for path in paths
    }


@pytest.mark.parametrize(
    ("path", "plan"),
    [
        ("/entry/2025/", "main"),
        ("/entry/2020/", "before"),
        ("/reports/2020/annual-report.pdf", "before"),
        ("/reports/compare/?before=2020-1&after=2020-draft", "before"),
        ("/reports/compare.csv?before=2023-1&after=2024-1", "main"),
        ("/kpis/?fy=2023", "before"),
        ("/projects/P1/?fy=2030", "last"),  # as does `longer`, which began earlier
        ("/entry/2026/", "main"),  # as do `longer` and `last`
        ("/entry/2025/?fy=2020", "main"),
        ("/kpis/?fy=abc", "main"),
        ("/kpis/?fy=1990", "main"),
        ("/", "main"),
        ("/?fy=2020&view=meeting", "before"),
    ],
)
def test_year_outside_the_main_plan_leads_to_the_plan_that_has_it(planner, path, plan):
    make_strategy(code="main")
    make_other("before", 2019, state=PlanState.ENDED)
    make_other("longer", 2025, last_year=2035)
    make_other("last", 2026)
    make_other("prepared", 2027, state=PlanState.PREPARING)  # not everybody sees it

    assert planner.get(path).url == f"/plans/{plan}{path}"


def test_post_keeps_its_body_and_is_saved(planner, kikaku, kpi):
    row = {"P1-1-value": "12", "P1-1-state": "final", "P1-1-version": "0"}
    led = planner.post("/entry/2025/?from=old", row)
    saved = planner.post("/entry/2025/", row, follow=True)

    assert (led.status_code, led.url) == (307, "/plans/mihon/entry/2025/?from=old")
    assert saved.redirect_chain[0] == ("/plans/mihon/entry/2025/", 307)
    assert YearlyActual.objects.get().value == 12


def test_head_is_led_on_like_get(planner, kpi):
    led = planner.head("/kpis/P1-1/")

    assert (led.status_code, led.url, led.content) == (302, "/plans/mihon/kpis/P1-1/", b"")


def test_address_without_its_last_slash_leads_on_too(planner, kpi):
    assert planner.get("/kpis/P1-1", follow=True).redirect_chain[-1] == (
        "/plans/mihon/kpis/P1-1/",
        302,
    )


@pytest.mark.parametrize(
    "path", ["/kpis/nothing/", "/entry/25/", "/reports/2025/nothing", "/history/x/", EDITION]
)
def test_unknown_page_is_not_found(planner, kpi, path):
    assert planner.get(path).status_code == 404


def test_login_comes_first_and_then_the_page(client, kikaku, kpi):
    to = client.get("/kpis/P1-1/?fy=2025").url
    name = {"username": "kikaku", "password": "only-for-tests-2024"}
    came = client.post(to, name | {"next": "/kpis/P1-1/?fy=2025"}, follow=True)

    assert to == "/login/?next=/kpis/P1-1/%3Ffy%3D2025"
    assert came.redirect_chain[-1] == ("/plans/mihon/kpis/P1-1/?fy=2025", 302)
    assert came.status_code == 200


@pytest.mark.parametrize("path", ["/", "/kpis/", "/nothing/", "/plans/mihon/kpis/", EDITION])
def test_without_any_plan_only_planners_see_those_in_preparation(planner, tantou, path):
    editor = Client()
    editor.force_login(tantou)
    empty = [client.get(path) for client in (planner, editor)]
    make_other("mihon", 2029, state=PlanState.PREPARING)
    prepared = planner.get(path)

    found = {"/nothing/": 404}.get(path, 200)
    assert [(one.status_code, NO_PLAN in one.content.decode()) for one in empty] == [
        (found, found == 200)
    ] * 2
    assert NO_PLAN in editor.get(path).content.decode() or found == 404
    if path in ("/", "/kpis/"):
        assert prepared.url == f"/plans/mihon{path}"


def test_without_a_main_plan_the_one_begun_last_that_everybody_sees_is_meant(planner, tantou):
    make_other("first", 2014, state=PlanState.ENDED)
    make_other("second", 2019, state=PlanState.ENDED)
    make_other("prepared", 2024, state=PlanState.PREPARING)
    editor = Client()
    editor.force_login(tantou)

    assert [one.get("/kpis/").url for one in (planner, editor)] == ["/plans/second/kpis/"] * 2


def test_edition_without_a_plan_is_for_ever_the_one_issued_first(planner, kikaku):
    first = make_plan(kikaku)
    issue(first, kikaku)
    before = {
        one.name: planner.get(f"{EDITION}{one.name}").content for one in EditionFile.objects.all()
    }
    Strategy.objects.filter(pk=first.pk).update(is_current=False, state=PlanState.ENDED)
    other = make_other("other", 2022, is_current=True)
    make_kpi(make_project(other))
    issue(other, kikaku)

    assert planner.get(EDITION).url == f"/plans/mihon{EDITION}"
    for name, content in before.items():
        assert planner.get(f"{EDITION}{name}").content == content
        assert planner.get(f"/plans/mihon{EDITION}{name}").content == content
        assert planner.get(f"/plans/other{EDITION}{name}").content != content
    assert before.keys() == {one.name for one in other.editions.get().files.all()}
    for plan in (first, other):
        page = planner.get(f"/plans/{plan.code}{EDITION}").content.decode()
        assert plan.editions.get().document_sha256 in page
    # Everything else of that year is the main plan's.
    assert planner.get(f"/reports/{YEAR}/").url == f"/plans/other/reports/{YEAR}/"


def test_comparison_of_editions_without_a_plan_is_of_the_plan_that_issued_them(planner, kikaku):
    first = make_plan(kikaku)
    issue(first, kikaku)
    Strategy.objects.filter(pk=first.pk).update(is_current=False)
    other = make_other("other", 2022, is_current=True)
    make_kpi(make_project(other))
    issue(other, kikaku)
    issue_edition(other, YEAR, user=kikaku, reason="訂正")

    def plan_of(before, after, page="/"):
        path = f"/reports/compare{page}?before={before}&after={after}"
        led = planner.get(path)
        assert planner.get(led.url).status_code == 200
        assert led.url.endswith(path)
        return led.url.removesuffix(path)

    assert plan_of("2025-1", "2025-draft") == "/plans/mihon"
    assert plan_of("2024-draft", "2025-1", ".csv") == "/plans/mihon"
    assert plan_of("2025-2", "2025-draft") == "/plans/other"
    assert plan_of("2025-1", "2025-2") == plan_of("2025-2", "2025-1") == "/plans/other"
    assert plan_of("2024-draft", "2025-draft") == "/plans/other"  # the main plan's
    # Of what nobody issued the year says the plan, as on every other page.
    assert planner.get("/reports/compare/?before=2025-9").url.startswith("/plans/other/")
    assert planner.get("/kpis/?after=2025-1").url.startswith("/plans/other/")


def test_edition_file_without_a_plan_is_answered_to_whoever_has_it_kept(planner, kikaku):
    issue(make_plan(kikaku), kikaku)
    path = f"{EDITION}annual-report.csv"
    etag = planner.get(path).headers["ETag"]

    assert planner.get(path, headers={"if-none-match": etag}).status_code == 304
    assert planner.head(path).headers["ETag"] == etag
    assert planner.post(path).status_code == 405
    assert planner.get(f"/reports/{YEAR}/editions/2/annual-report.csv").status_code == 404


def test_home_leads_to_the_plan_chosen_last_and_no_other_address_does(planner, kikaku):
    make_strategy(code="main")
    chosen = make_other("chosen", 2021)
    PlanChoice.objects.create(user=kikaku, strategy=chosen)

    assert planner.get("/?view=meeting").url == "/plans/chosen/?view=meeting"
    assert planner.get("/?fy=2021").url == "/plans/chosen/?fy=2021"
    assert planner.get("/?fy=2028").url == "/plans/main/?fy=2028"
    assert planner.get("/kpis/").url == "/plans/main/kpis/"
    assert planner.get("/entry/2025/").url == "/plans/main/entry/2025/"


def test_choice_that_is_not_seen_any_more_falls_back_to_the_main_plan(editor, tantou):
    make_strategy(code="main")
    chosen = make_other("chosen", 2021)
    PlanChoice.objects.create(user=tantou, strategy=chosen)
    before = editor.get("/").url
    Strategy.objects.filter(pk=chosen.pk).update(state=PlanState.PREPARING)

    assert (before, editor.get("/").url) == ("/plans/chosen/", "/plans/main/")


def test_files_of_two_plans_have_different_names(planner, kikaku):
    """Where there is one plan its code stands in no name; nor ever in that of an edition's file
    whose address does without it."""
    first = make_plan(kikaku)
    issue(first, kikaku)

    def names(plan):
        paths = [
            "history.csv", f"entry/{YEAR}/actuals.csv", "initiatives/?_export=csv",
            f"reports/compare.csv?before={YEAR}-draft&after={YEAR}-draft",
            f"reports/{YEAR}/annual-report.csv", f"reports/{YEAR}/editions/1/annual-report.csv",
        ]  # fmt: skip
        found = [planner.get(f"/plans/{plan}/{path}").headers for path in paths]
        return [unquote(re.sub("-[0-9]{8}", "", one["Content-Disposition"])) for one in found]

    alone = names("mihon")
    other = make_other("next", 2022)
    make_kpi(make_project(other))
    issue(other, kikaku)

    assert alone == [
        'attachment; filename="history.csv"',
        'attachment; filename="actuals-2025.csv"',
        'attachment; filename="initiatives.csv"',
        'attachment; filename="changes-2025-draft-2025-draft.csv"',
        (
            'attachment; filename="annual-report-2025.csv"; '
            "filename*=UTF-8''令和7年度年次報告書_案.csv"
        ),
        (
            'attachment; filename="annual-report-2025-1.csv"; '
            "filename*=UTF-8''令和7年度年次報告書_第1版.csv"
        ),
    ]
    assert names("next") == [
        'attachment; filename="history-next.csv"',
        'attachment; filename="actuals-next-2025.csv"',
        'attachment; filename="initiatives-next.csv"',
        'attachment; filename="changes-next-2025-draft-2025-draft.csv"',
        (
            'attachment; filename="annual-report-next-2025.csv"; '
            "filename*=UTF-8''令和7年度年次報告書_案-next.csv"
        ),
        (
            'attachment; filename="annual-report-next-2025-1.csv"; '
            "filename*=UTF-8''令和7年度年次報告書_第1版-next.csv"
        ),
    ]
    assert set(names("mihon")) - set(alone) == {
        one.replace("next", "mihon") for one in names("next")[:-1]
    }
    assert names("mihon")[-1] == alone[-1]
