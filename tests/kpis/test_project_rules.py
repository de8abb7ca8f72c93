"""What a project may not become once a year is closed that lists it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from kpis.models import FinalTarget, Kpi
from kpis.plan_changes.lives import add_kpi
from kpis.recording import ReviewEntry, close_fiscal_year, record_project_review
from projects.models import InitiativeListing, Project
from reports.annual.law import differences_from_kept
from tests.admin_forms import errors_of, shown
from tests.factories import correct_from, make_initiative, make_project, record

CODE = "令和6年度は締め済みのため、プロジェクトコードは変えられません。"
ORDER = "令和6年度は締め済みのため、並び順は変えられません。"
REMEDY = "締めた年度を改めるときに直してください。"


@pytest.fixture
def closed(strategy, project, kpi, kikaku):
    """The plan with a second, empty project, its first year closed."""
    record(kpi, {2024: 40}, kikaku)
    make_project(strategy, "P2")
    close_fiscal_year(strategy, 2024, user=kikaku)
    return strategy


def renamed(project, **fields):
    """What the model says to other fields of a project, as (field, sentence) pairs."""
    for name, value in fields.items():
        setattr(project, name, value)
    try:
        project.full_clean()
    except ValidationError as error:
        return {name: texts[0] for name, texts in error.message_dict.items()}
    return {}


def listed_as_kept(strategy):
    return [one.differences for one in differences_from_kept(strategy)] == [()]


def test_code_and_order_of_what_a_closed_year_lists_stay(closed, project):
    assert renamed(project, code="P9", position=7) == {
        "code": CODE + REMEDY,
        "position": ORDER + REMEDY,
    }


def test_wording_of_what_a_closed_year_lists_may_change(closed, project):
    assert renamed(project, name="新しい名称", purpose="書き直した目的") == {}


def test_project_that_no_closed_year_lists_may_change(closed):
    assert renamed(Project.objects.get(code="P2"), code="P9", position=7) == {}


def test_code_may_change_before_a_year_is_closed_and_while_it_is_corrected(
    strategy, project, kpi, kikaku
):
    assert renamed(project, code="P9") == {}
    project.save()
    close_fiscal_year(strategy, 2024, user=kikaku)
    assert renamed(project, code="P8") == {"code": CODE + REMEDY}
    correct_from(strategy, 2024, user=kikaku)
    assert renamed(project, code="P8") == {}


def test_form_refuses_another_code_naming_the_year(closed, project, client, kikaku):
    client.force_login(kikaku)
    at = reverse("admin:projects_project_change", args=[project.pk])
    refused = client.post(at, shown(client, at) | {"code": "P9"})
    allowed = client.post(at, shown(client, at) | {"name": "新しい名称"})

    assert CODE + REMEDY in errors_of(refused)
    assert errors_of(allowed) == ""
    project.refresh_from_db()
    assert (project.code, project.name) == ("P1", "新しい名称")


def test_project_added_later_and_one_filled_later_leave_the_closed_year_as_kept(closed, kikaku):
    make_project(closed, "P3")
    assert listed_as_kept(closed)
    for code in ("P2", "P3"):
        filled = Kpi(project=closed.projects.get(code=code), number=1, name="新指標", unit="件")
        add_kpi(filled, user=kikaku, reason="議会の意見", target=FinalTarget(value=50))
    assert listed_as_kept(closed)


def test_project_with_a_review_alone_is_listed_and_stays(strategy, project, kpi, kikaku):
    reviewed = make_project(strategy, "P2")
    record_project_review(reviewed, 2024, ReviewEntry("よく進んだ"), user=kikaku, version=0)
    close_fiscal_year(strategy, 2024, user=kikaku)

    assert renamed(reviewed, code="P9") == {"code": CODE + REMEDY}
    assert listed_as_kept(strategy)


def test_project_that_lists_initiatives_in_a_closed_year_is_not_deleted(
    strategy, project, kpi, kikaku
):
    listing = make_project(strategy, "P2")
    InitiativeListing.objects.create(project=listing, number=1, initiative=make_initiative(project))
    close_fiscal_year(strategy, 2024, user=kikaku)

    with pytest.raises(ValidationError) as refused:
        listing.delete()
    assert refused.value.messages == [
        "令和6年度は締め済みのため、その年度に取組や総括を載せたプロジェクトは削除できません。"
    ]
