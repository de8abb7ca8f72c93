"""Carried-over KPIs: which one may be carried on, said by form, admin, loader and check alike."""

import pytest
import yaml
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.urls import reverse

from entry.plan_file.fixture import PlanRefused
from entry.plan_file.loading import load_plan
from kpis.models import Kpi
from kpis.plan_check import check_everything
from projects.models import PlanState, Strategy
from tests.admin_forms import errors_of, shown
from tests.factories import make_kpi, make_project, make_strategy

NOT_EARLIER = "は、この計画より前に始まる計画ではありません。前の計画の指標を選んでください。"

STANDING = (
    "引き継ぎ元の「見本市総合戦略」のP1-1は、この計画より前に始まる計画のものではありません。"
    "引き継ぎ元か計画期間を直してください。"
)


@pytest.fixture
def old(project):
    return make_kpi(project, 1, name="支援件数")


@pytest.fixture
def following(old):
    """The next plan, in preparation."""
    return make_strategy(
        code="next", name="次の計画", first_year=2029, last_year=2033, is_current=False,
        state=PlanState.PREPARING,
    )  # fmt: skip


@pytest.fixture
def new(following):
    return make_kpi(make_project(following), 1, name="支援件数")


def refused(kpi):
    with pytest.raises(ValidationError) as caught:
        kpi.full_clean()
    return caught.value.message_dict["carried_from"]


def change(planner, kpi, **fields):
    url = reverse("admin:kpis_kpi_change", args=[kpi.pk])
    return planner.post(url, shown(planner, url) | fields)


def test_kpi_of_the_same_plan_is_not_carried_on(project, old):
    kpi = Kpi(project=project, number=2, name="創業件数", unit="件", carried_from=old)

    assert refused(kpi) == ["同じ計画の指標です。前の計画の指標を選んでください。"]


def test_kpi_of_a_later_plan_is_not_carried_on(old, new):
    """So nothing goes in a circle: each step back leads to an earlier year."""
    old.carried_from = new

    assert f"「次の計画」{NOT_EARLIER}" in refused(old)


def test_check_names_what_stands_wrong(old, new):
    Kpi.objects.filter(pk=new.pk).update(carried_from=old)
    assert check_everything(new.project.strategy) == []

    Strategy.objects.filter(code="next").update(first_year=2024)
    assert check_everything(Strategy.objects.get(code="next")) == [
        f"重要業績評価指標「P1-1 支援件数」：{STANDING}"
    ]


def test_carried_on_kpi_is_not_deleted(old, new):
    new.carried_from = old
    new.save()

    with pytest.raises(ProtectedError):
        old.delete()


def test_admin_changes_it_while_the_plan_is_in_preparation(planner, old, new):
    page = planner.get(reverse("admin:kpis_kpi_change", args=[new.pk]))
    choices = [
        str(label) for _pk, label in page.context["adminform"].form.fields["carried_from"].choices
    ]
    assert choices == ["---------", "P1-1 支援件数（見本市総合戦略）"]

    assert change(planner, new, carried_from=old.pk).status_code == 302
    new.refresh_from_db()
    assert new.carried_from == old
    assert new.history.latest().carried_from_id == old.pk


def test_admin_shows_it_once_the_plan_is_running(planner, old, new):
    new.carried_from = old
    new.save()
    Strategy.objects.filter(code="next").update(state=PlanState.RUNNING)
    page = planner.get(reverse("admin:kpis_kpi_change", args=[new.pk]))

    assert "carried_from" not in page.context["adminform"].form.fields
    assert (
        '<a href="/plans/mihon/kpis/P1-1/">P1-1 支援件数</a>（見本市総合戦略）'
        in page.content.decode()
    )
    new.refresh_from_db()
    new.carried_from = None
    assert refused(new) == ["計画が準備中のあいだだけ変えられます。"]


def test_admin_refuses_another_plans_later_one(planner, old, new):
    Strategy.objects.filter(code="mihon").update(state=PlanState.PREPARING, is_current=False)

    response = change(planner, old, carried_from=new.pk)
    assert "正しく選択してください" in errors_of(response)


@pytest.mark.parametrize(("first_year", "problems"), [(2029, 0), (2024, 1)])
def test_plan_file_carries_one_on(old, tmp_path, first_year, problems):
    plan = {"code": "loaded", "name": "読み込んだ計画", "municipality": "見本市",
            "municipality_code": "402028", "first_year": first_year, "last_year": 2033}  # fmt: skip
    key = ["loaded", "P1"]
    rows = [
        ("projects.strategy", plan),
        ("projects.pillar", {"strategy": ["loaded"], "number": 1, "name": "しごと"}),
        ("projects.project", {"strategy": ["loaded"], "pillar": ["loaded", 1], "code": "P1",
                              "kind": "core", "name": "産業"}),
        ("kpis.kpi", {"project": key, "number": 1, "name": "件数", "unit": "件",
                      "carried_from": ["mihon", "P1", 1]}),
    ]  # fmt: skip
    path = tmp_path / "loaded.yaml"
    path.write_text(
        yaml.safe_dump([{"model": model, "fields": fields} for model, fields in rows]), "utf-8"
    )

    if problems:
        with pytest.raises(PlanRefused, match=NOT_EARLIER):
            load_plan(str(path))
        assert not Strategy.objects.filter(code="loaded").exists()
    else:
        load_plan(str(path))
        assert Kpi.objects.get(project__strategy__code="loaded").carried_from == old
