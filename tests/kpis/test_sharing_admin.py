"""Choosing a source of a shared indicator in the admin."""

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event

import pytest
from django.db import connection, transaction
from django.urls import reverse

from kpis.models import Kpi
from projects.models import PlanState, Strategy
from tests.admin_forms import errors_of, shown
from tests.factories import make_kpi, make_project, make_source, make_strategy, record


def page_of(kpi):
    return reverse("admin:kpis_kpi_change", args=[kpi.pk])


def choices(planner, kpi, term=""):
    """What the page of a KPI offers for its source."""
    field = planner.get(page_of(kpi)).context["adminform"].form.fields["source"]
    # The page's script adds its own to the address.
    asked = f"&app_label=kpis&model_name=kpi&field_name=source&term={term}"
    answer = planner.get(field.widget.widget.get_url() + asked)
    return [one["text"] for one in json.loads(answer.content)["results"]]


def test_sources_are_those_of_other_plans_that_can_be_one_named_with_their_plan(planner, kpi):
    source = make_source(make_kpi(kpi.project, 2))
    third = make_strategy(code="third", name="第三計画", is_current=False)
    make_kpi(make_project(third), 1, name="受け取る指標", source=source)
    coming = make_strategy(code="next", name="次の計画", is_current=False)
    make_kpi(make_project(coming), 1)
    Strategy.objects.filter(pk=coming.pk).update(state=PlanState.PREPARING)

    assert choices(planner, kpi) == ["P1-2 相談件数（見本市総合計画）"]
    assert choices(planner, kpi, "P1-2") == ["P1-2 相談件数（見本市総合計画）"]
    assert choices(planner, kpi, "P9-9") == []


def test_source_may_be_of_a_plan_that_has_ended(planner, kpi):
    source = make_source()
    Strategy.objects.filter(pk=source.project.strategy_id).update(state=PlanState.ENDED)
    offered = choices(planner, kpi)
    planner.post(page_of(kpi), shown(planner, page_of(kpi)) | {"source": source.pk})

    assert offered == ["P1-2 相談件数（見本市総合計画）"]
    kpi.refresh_from_db()
    assert kpi.source == source


def test_source_is_chosen_and_stands_in_the_history(planner, kpi):
    source = make_source()
    planner.post(page_of(kpi), shown(planner, page_of(kpi)) | {"source": source.pk})

    kpi.refresh_from_db()
    assert kpi.source == source
    page = planner.get("/plans/mihon/history/?kpi=P1-1").content.decode()
    assert "元の指標" in page
    assert "見本市総合計画のP1-2" in page


def test_what_another_source_brings_has_to_fit_the_rest_of_the_kpi(planner, kpi):
    source = make_source(kpi)
    falling = make_kpi(source.project, 3, direction="decrease")
    typed = {"source": falling.pk, "aggregation": "cumulative"}

    page = planner.post(page_of(kpi), shown(planner, page_of(kpi)) | typed)

    assert "累計の指標は「以上を目指す」と「実績÷目標」だけです。" in errors_of(page)
    kpi.refresh_from_db()
    assert kpi.source == source


@pytest.mark.parametrize(
    ("unlike", "sentence"),
    [
        ({"unit": "人"}, "単位は、元の指標（見本市総合計画のP1-2）と同じ「人」にしてください。"),
        (
            {"direction": "decrease"},
            "目指す方向は、元の指標（見本市総合計画のP1-2）と同じ「以下を目指す」にしてください。",
        ),
    ],
)
def test_unlike_source_is_refused_with_a_sentence(planner, kpi, unlike, sentence):
    source = make_source(**unlike)
    answer = planner.post(page_of(kpi), shown(planner, page_of(kpi)) | {"source": source.pk})

    assert sentence in errors_of(answer)
    kpi.refresh_from_db()
    assert kpi.source is None


def test_what_a_taker_has_from_its_source_is_only_shown(planner, kpi, source):
    fields = planner.get(page_of(kpi)).context["adminform"].form.fields
    assert {"unit", "decimal_places", "direction"}.isdisjoint(fields)
    assert {"unit", "decimal_places", "direction"} <= set(
        planner.get(page_of(source)).context["adminform"].form.fields
    )
    planner.post(page_of(kpi), shown(planner, page_of(kpi)) | {"unit": "人", "name": "改めた名"})

    kpi.refresh_from_db()
    assert (kpi.unit, kpi.name) == ("件", "改めた名")


def test_another_source_brings_its_unit_along(planner, kpi, source):
    other = make_kpi(source.project, 3, unit="人")
    planner.post(page_of(kpi), shown(planner, page_of(kpi)) | {"source": other.pk})

    kpi.refresh_from_db()
    assert (kpi.source, kpi.unit) == (other, "人")


def test_source_that_changes_takes_its_takers_along(planner, kikaku, kpi, source):
    planner.post(page_of(source), shown(planner, page_of(source)) | {"decimal_places": "1"})

    kpi.refresh_from_db()
    assert kpi.decimal_places == 1
    newest = kpi.history.latest()
    assert (newest.history_user, newest.history_change_reason) == (kikaku, "元の指標に合わせる")


def test_source_stays_what_its_takers_can_bear(planner, kpi, source):
    Kpi.objects.filter(project__isnull=False).update(decimal_places=1)
    kpi.final_targets.update(value=Decimal("50.5"))
    at = page_of(source)
    answer = planner.post(at, shown(planner, at) | {"decimal_places": "0"})

    assert "数値を渡している見本市総合戦略のP1-1に合いません：" in errors_of(answer)
    source.refresh_from_db()
    assert source.decimal_places == 1


@pytest.mark.django_db(transaction=True)
def test_source_that_is_chosen_waits_for_a_figure_that_is_being_written(planner, kikaku, kpi):
    source = make_source()
    chosen = shown(planner, page_of(kpi)) | {"source": source.pk}
    written, go_on = Event(), Event()

    def write():
        try:
            with transaction.atomic():
                record(kpi, {2025: 5}, kikaku)
                written.set()
                go_on.wait(0.5)
        finally:
            written.set()
            connection.close()

    with ThreadPoolExecutor(1) as colleague:
        writing = colleague.submit(write)
        assert written.wait(10)
        answer = planner.post(page_of(kpi), chosen)
        go_on.set()
        writing.result()

    assert "令和7年度の実績が、この指標に入力されています。" in errors_of(answer)
    kpi.refresh_from_db()
    assert kpi.source is None
