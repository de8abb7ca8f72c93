"""No value in an address or a query string stops a page: it is told what is wrong with it.

The values and how a page's parameters are found out are in tests/hostile.py. Each page gets each
of its parameters with some of the values here; `python -m benchmarks.fuzz` asks with all of them.
"""

from itertools import cycle
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.hostile import LOOKUPS, OF_LISTS, VALUES, addresses_with, pages, parameters_of
from tests.made_once import made_once
from tests.writing_urls import make_world

# Values of some filters are times without a zone, which Django warns of.
pytestmark = pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive:RuntimeWarning")
SHOWN = {200, 301, 302, 400, 403, 404, 405, 422}
# Each says 400 or 404 to whatever is no number of its own.
NO_NUMBER = ("-1", "0", "²", "１", "9" * 20, "9" * 5000, "1e9", "", "nan")


@pytest.fixture
@made_once
def world(db):
    return make_world()


@pytest.fixture
def root(world):
    """The browser of somebody who may see every page."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root", password="only-for-tests"))
    return client


def lists():
    return [
        (reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), own)
        for model, own in admin.site._registry.items()
    ]


def encoded(value: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"), safe="")


def test_list_of_the_admin_takes_its_own_filters_alone(root):
    taken = {}
    for url, own in lists():
        for lookup in LOOKUPS:
            answer = root.get(url, {lookup: "(a+)+$"})
            if (
                answer.status_code != 400
                or "<h1>受け付けられませんでした" not in answer.content.decode()
            ):
                taken[f"{own} {lookup}"] = answer.status_code

    assert taken == {}
    assert len(lists()) > 12


def test_refused_lookup_says_what_to_do(root):
    page = root.get("/admin/projects/project/?name__regex=(a%2B)%2B$").content.decode()

    assert "この一覧は「name__regex」では絞り込めません。" in page
    assert "検索欄と右の絞り込みから選んでください。" in page


def test_whatever_a_list_offers_still_filters(root):
    refused, asked = [], 0
    for url, _own in lists():
        changes = root.get(url).context["cl"]
        links = [
            choice["query_string"]
            for spec in changes.filter_specs
            for choice in list(spec.choices(changes))[1:3]
        ]
        links += ["?o=1.-2&p=1&all=&q=P1-1", "?q=&_facets=True", "?_popup=1&_to_field=id"]
        asked += len(links)
        refused += [f"{url}{link}" for link in links if root.get(f"{url}{link}").status_code != 200]

    assert refused == []
    assert asked > 100


def test_list_says_which_of_its_own_conditions_it_cannot_take(root):
    queries = [
        *(f"p={encoded(value)}" for value in NO_NUMBER),
        *(f"o={value}" for value in ("x", "1..2", "100", "-", "1.1" * 5000)),
        "q=" + "あ" * 201, "q=a&q=b", "e=2", "_popup=2", "_to_field=%00", "all=1", "_facets=no",
        "project__id__exact=²", "project__id__exact=1&project__id__exact=2",
        "department__isnull=" + "x" * 201,
    ]  # fmt: skip
    answers = {query: root.get(f"/admin/kpis/kpi/?{query}") for query in queries}

    assert {query[:40] for query, page in answers.items() if page.status_code != 400} == set()
    assert all("。</p>" in page.content.decode() for page in answers.values())


def test_number_of_a_page_is_one_or_is_refused(root):
    urls = (
        "/plans/mihon/initiatives/?per_page={}",
        "/plans/mihon/initiatives/?page={}",
        "/plans/mihon/history/?page={}",
    )
    answers = {
        (url, value): root.get(url.format(encoded(value))).status_code
        for url in urls
        for value in NO_NUMBER
    }

    assert set(answers.values()) == {400}, answers


def test_day_or_choice_that_is_none_is_told_so(root):
    of_days = "使えるのは1868年から2999年までです。"
    for url, sentence in (
        ("/plans/mihon/history/?until=9999-12-31", of_days),
        ("/plans/mihon/history/?since=0001-01-01", of_days),
        ("/plans/mihon/history.csv?since=" + "1" * 40 + "-01-01", "を読み取れません。"),
        ("/plans/mihon/kpis/P1-1/?as_of=0001-01-01", of_days),
        ("/plans/mihon/kpis/P1-1/?as_of=9999-12-31", of_days),
        ("/plans/mihon/initiatives/?project=P99&_export=csv", "条件に合う取組はありません"),
        ("/plans/mihon/initiatives/?department=²", "条件に合う取組はありません"),
    ):
        page = root.get(url)
        assert (page.status_code, sentence in page.content.decode()) == (422, True), url


def test_every_page_answers_whatever_its_parameters_say(root):
    values = cycle(VALUES)
    failed, asked = {}, 0
    # The admin's other pages take no more than Django's own parameters, and the fields of forms.
    for url in (one for one in pages() if not one.startswith("/admin/") or one.count("/") == 4):
        for name in sorted(parameters_of(root, url) - {*LOOKUPS, *OF_LISTS}):
            query = f"{encoded(name)}={encoded(next(values))}"
            asked += 1
            status = root.get(f"{url}?{query}").status_code
            if status not in SHOWN:
                failed[f"{url}?{query[:80]}"] = status
        # One of the pages logs out.
        root.force_login(User.objects.get(username="root"))

    assert failed == {}
    assert asked > 100


def test_every_address_answers_whatever_its_ids_say(root):
    values = cycle(("9" * 20, "²", "-1", "9" * 5000, "_5F", "a\nb", "P1-99999", "\ufffe", "１"))
    failed = {}
    for placed in zip(*(addresses_with(encoded(next(values))) for _value in range(9)), strict=True):
        # Each address with three of the nine.
        for url in (next(places) for places in [iter(placed)] for _time in range(3)):
            status = root.get(url).status_code
            if status not in SHOWN:
                failed[url[:80]] = status

    assert failed == {}


def test_id_that_is_none_is_not_found(root):
    found = {}
    for value in ("9" * 20, "²", "9" * 5000, "x", "-", "0x1", "１¹"):
        typed = encoded(value)
        for url in (
            *(f"/admin/kpis/kpi/{typed}/{ending}" for ending in ("change/", "history/", "delete/")),
            f"/admin/kpis/kpi/{typed}/history/1/",
            f"/admin/kpis/kpi/1/history/{typed}/",
            f"/plans/mihon/reports/2025/editions/{typed}/",
        ):
            status = root.get(url).status_code
            if status != 404:
                found[url[:60]] = status

    assert found == {}


def test_field_by_which_a_popup_names_rows_is_one_or_is_refused(root):
    for ending in ("add/", "1/change/", "1/delete/"):
        for field in ("", "²", "x" * 100):
            answer = root.get(f"/admin/auth/group/{ending}", {"_to_field": field})
            assert answer.status_code == 400, (ending, field)


def test_nul_is_refused_wherever_an_address_may_have_it(root):
    answers = [
        root.get(url)
        for url in ("/plans/mihon/kpis/%00/", "/plans/mihon/history/?kpi=%00", "/?%00=1")
    ]
    cookie = r'sessionid="\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"'
    answers.append(root.get("/", headers={"cookie": cookie}))

    assert [answer.status_code for answer in answers] == [400] * 4
    assert "使えない文字（NUL）があります。" in answers[0].content.decode()


def test_same_parameter_thousands_of_times_is_refused(root):
    many = urlencode([("project__id__exact", "1")] * 2000)

    assert root.get(f"/admin/kpis/kpi/?{many}").status_code == 400
    assert (
        root.get(f"/plans/mihon/initiatives/?{urlencode([('page', '1')] * 2000)}").status_code
        == 400
    )


def test_search_of_an_autocompletion_has_a_length(root):
    asked = {"app_label": "kpis", "model_name": "kpi", "field_name": "department"}

    assert root.get("/admin/autocomplete/", asked | {"term": "D01"}).status_code == 200
    assert root.get("/admin/autocomplete/", asked | {"term": "a" * 201}).status_code == 400
