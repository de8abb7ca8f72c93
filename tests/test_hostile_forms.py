"""No field of a form, hidden ones among them, stops a page; and what is refused writes nothing."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kpis.models import Kpi
from projects.models import Initiative, Project
from tests.admin_forms import fields_of, shown
from tests.made_once import made_once
from tests.test_every_writing_url import changed_since, everything_written
from tests.writing_urls import make_world


@pytest.fixture
@made_once
def world(db):
    return make_world()


@pytest.fixture
def root(world):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root", password="only-for-tests"))
    return client


def page_of(model, **which):
    row = model.objects.get(**which)
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/"


@pytest.mark.parametrize("count", ["9" * 20, "9" * 5000, "²", "-1", "", "301", "1.0", "\x00"])
def test_rows_that_a_table_says_it_has_are_counted_or_refused(root, count):
    url = page_of(Project, strategy__code="mihon", code="P1")
    before, data = everything_written(), shown(root, url)
    for name in ("listings-TOTAL_FORMS", "listings-INITIAL_FORMS"):
        assert root.post(url, data | {name: count}).status_code == 400

    assert changed_since(before) == []


def test_row_of_a_table_that_is_none_of_its_own_is_refused(root):
    url = page_of(Project, strategy__code="mihon", code="P1")
    before, data = everything_written(), shown(root, url)
    for tampered in (
        {"listings-0-id": "9" * 20},
        {"listings-0-id": "²"},
        {"listings-0-id": "9" * 5000},
        {"listings-INITIAL_FORMS": "5", "listings-TOTAL_FORMS": "5"},
        {"listings-0-initiative": "9" * 20},
    ):
        status = root.post(url, data | tampered | {"name": ""}).status_code
        assert status in (200, 400), tampered

    assert changed_since(before) == []


def test_field_that_cannot_be_read_is_refused(root):
    url = page_of(Kpi, project__strategy__code="mihon", number=1)
    before, data = everything_written(), shown(root, url)
    for tampered in (
        {"department": "9" * 20},
        {"department": "x"},
        {"project": "²"},
        {"number": "9" * 400},
        {"baseline": "9" * 400, "baseline_year": "2023"},
        {"baseline": "1", "baseline_year": "9" * 40},
        {"_seen": "9" * 40},
    ):
        status = root.post(url, data | tampered | {"name": ""}).status_code
        assert status in (200, 400), tampered

    assert changed_since(before) == []


@pytest.mark.parametrize(
    "tampered",
    [
        {"value": "9" * 400},
        {"value": "1e999999999"},
        {"yearly_2026": "９" * 41},
        {"baseline": "1", "baseline_year": "9" * 40},
        {"effective_from": "9" * 20},
        {"kind": "\x00"},
        {"target_year": "²"},
        {"confirmed": "x"},
    ],
)
def test_screen_of_targets_says_what_is_wrong(root, tampered):
    url = "/plans/mihon/changes/targets/P1-1/"
    before, data = everything_written(), fields_of(root.get(url).context["form"])

    answer = root.post(url, data | {"reason": "改定"} | tampered)

    assert answer.status_code == 422
    assert changed_since(before) == []


@pytest.mark.parametrize("chosen", ["9" * 20, "²", "x", "9" * 5000, ["1", "9" * 20]])
def test_action_on_rows_that_are_none_is_refused(root, chosen):
    before = everything_written()
    answer = root.post(
        "/admin/kpis/kpi/", {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    )

    assert answer.status_code == 400
    assert changed_since(before) == []


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("/admin/projects/initiativelisting/add/", "initiative"),
        ("/admin/projects/initiative/add/", "home_project"),
    ],
)
@pytest.mark.parametrize("chosen", ["9" * 20, "²", "x\x11", " "])
def test_choice_that_is_none_is_shown_again_with_a_sentence(root, url, field, chosen):
    assert root.get(url, {field: chosen}).status_code == 200
    assert root.post(url, {field: chosen, "number": "1"}).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        {"P1-1-value": "9" * 400},
        {"P1-1-value": "９" * 41},
        {"P1-1-value": "1e999999999"},
        {"P1-1-value": "", "P1-1-state": "pending", "P1-1-expected_on": "1" * 40 + "-01-01"},
        {"P1-1-value": "", "P1-1-state": "pending", "P1-1-expected_on": "9999-12-31"},
        {"P1-1-state": "\x00"},
        {"P1-1-version": "9" * 20},
        {"P1-1-version": "²"},
    ],
)
def test_row_of_the_entry_page_says_what_is_wrong(world, typed):
    before = everything_written()
    row = {"P1-1-value": "99", "P1-1-state": "final", "P1-1-version": "1"}

    assert world.planner.post("/plans/mihon/entry/2025/", row | typed).status_code == 422
    # An address with a NUL is refused before anything is read.
    effect = 400 if "\x00" in typed.values() else 200
    assert (
        world.planner.get("/plans/mihon/entry/2025/P1-1/effect/", row | typed).status_code == effect
    )
    assert world.planner.post("/plans/mihon/entry/2025/paste/", row | typed).status_code == 200
    assert changed_since(before) == []


def test_owner_that_is_no_department_is_refused(world):
    key = f"initiative-{Initiative.objects.order_by('pk').first().pk}"
    was = str(Initiative.objects.order_by("pk").first().department_id)
    before = everything_written()
    for chosen in ("9" * 20, "²", "9" * 5000, "x"):
        assert (
            world.planner.post(
                "/plans/mihon/departments/", {key: chosen, f"{key}-was": was}
            ).status_code
            == 422
        )

    assert changed_since(before) == []


@pytest.mark.parametrize("name", ["\x00", "a\x00b", "x" * 100_000, "\ufffe"])
def test_login_by_a_name_that_nobody_has_is_refused_like_any_other(db, name):
    client = Client(raise_request_exception=False)
    answer = client.post("/login/", {"username": name, "password": "x\x00"})

    assert answer.status_code in (200, 400)
