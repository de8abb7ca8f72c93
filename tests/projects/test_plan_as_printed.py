"""The loaded plan against a list that was typed off the printed one."""

import csv
from pathlib import Path

import pytest

from entry.plan_file.loading import load_plan
from kpis.models import Kpi
from kpis.plan_check import counts_text
from projects.models import InitiativeListing, Pillar, Project

GOLDEN = Path(__file__).parent.parent / "golden" / "plan_as_printed.csv"
COLUMNS = ("kind", "project", "number", "name", "relisted", "target", "unit", "nobe")

pytestmark = pytest.mark.django_db


def row(**cells):
    return {column: str(cells.get(column, "")) for column in COLUMNS}


def printed(strategy):
    """The plan in printed order, as the rows of the golden file."""
    rows = []
    for pillar in Pillar.objects.filter(strategy=strategy):
        rows.append(row(kind="pillar", number=pillar.number, name=pillar.name))
        for project in Project.objects.filter(pillar=pillar):
            rows.append(row(kind="project", project=project.code, name=project.name))
            rows += [
                row(
                    kind="listing",
                    project=project.code,
                    number=listing.number,
                    name=listing.name,
                    relisted=int(listing.is_relisted),
                )
                for listing in InitiativeListing.objects.filter(project=project)
            ]
            rows += [
                row(
                    kind="kpi",
                    project=project.code,
                    number=kpi.number,
                    name=kpi.name,
                    target=f"{kpi.final_targets.get().value.normalize():f}",
                    unit=kpi.unit,
                    nobe=int(kpi.aggregation == "cumulative"),
                )
                for kpi in Kpi.objects.filter(project=project)
            ]
    return rows


def test_loaded_plan_is_the_printed_one_in_its_order():
    with GOLDEN.open(encoding="utf-8", newline="") as golden:
        expected = list(csv.DictReader(golden))

    assert printed(load_plan("omuta_2024_2028").strategy) == expected


def test_loaded_plan_has_as_many_of_each_as_the_printed_one():
    strategy = load_plan("omuta_2024_2028").strategy

    assert counts_text(strategy) == ("柱4、プロジェクト8、取組51、掲載60（うち再掲9）、指標16")
