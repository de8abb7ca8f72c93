"""The plan's rules: what the database refuses, and what the models' clean() refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from common.municipality_code import check_digit, validate_municipality_code
from projects.bands import Band, bands_from_data, default_bands, validate_bands
from projects.models import Initiative, InitiativeListing, Pillar, Project, Strategy
from projects.scales import Scale, check_scale
from tests.factories import (
    make_department,
    make_initiative,
    make_kpi,
    make_project,
    make_strategy,
    record,
)


def refuses(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()
    return True


def test_database_refuses_what_stands_twice(project):
    strategy = project.strategy
    initiative = make_initiative(project, 1)
    other = Initiative.objects.create(strategy=strategy, name="別の取組", home_project=project)

    def listing(**fields):
        return lambda: InitiativeListing.objects.create(project=project, **fields)

    assert refuses(listing(number=1, initiative=other))
    assert refuses(listing(number=2, initiative=initiative))
    assert refuses(lambda: make_initiative(project, 3, name=initiative.name))
    assert refuses(lambda: make_project(strategy, "P1"))
    assert refuses(lambda: Pillar.objects.create(strategy=strategy, number=1, name="二つ目"))
    assert refuses(lambda: make_strategy(code="second"))
    assert refuses(lambda: make_strategy(is_current=False))


def test_database_refuses_values_that_mean_nothing(strategy):
    assert refuses(lambda: make_strategy(code="x", is_current=False, first_year=2029))
    assert refuses(lambda: make_strategy(code="y", is_current=False, rating_basis="luck"))
    assert refuses(lambda: make_strategy(code="z", is_current=False, kpi_word=""))
    assert refuses(lambda: make_strategy(code="w", is_current=False, project_word="取組"))


def test_listing_outside_its_home_is_a_relisting(project):
    elsewhere = make_project(project.strategy, "P2")
    initiative = make_initiative(project, 1)
    again = InitiativeListing.objects.create(project=elsewhere, number=1, initiative=initiative)

    assert (again.is_relisted, initiative.listings.get(project=project).is_relisted) == (
        True,
        False,
    )


def test_relisting_prints_its_own_name_where_it_has_one(project):
    elsewhere = make_project(project.strategy, "P2")
    initiative = make_initiative(project, 1, name="世界遺産・歴史遺産理解促進事業")
    again = InitiativeListing(
        project=elsewhere, number=1, initiative=initiative, printed_name="世界遺産理解促進事業"
    )

    assert again.name == "世界遺産理解促進事業"
    assert initiative.listings.get().name == "世界遺産・歴史遺産理解促進事業"


def test_relisting_without_a_listing_at_home_is_refused(project):
    elsewhere = make_project(project.strategy, "P2")
    orphan = Initiative.objects.create(
        strategy=project.strategy, name="主な掲載先のない取組", home_project=project
    )
    with pytest.raises(ValidationError, match="先に主な掲載先へ掲載してから再掲してください"):
        InitiativeListing(project=elsewhere, number=1, initiative=orphan).full_clean()


def test_home_listing_of_an_initiative_listed_elsewhere_stays(project):
    elsewhere = make_project(project.strategy, "P2")
    initiative = make_initiative(project, 1)
    InitiativeListing.objects.create(project=elsewhere, number=1, initiative=initiative)
    home = initiative.listings.get(project=project)

    with pytest.raises(ValidationError, match="先に再掲を外してください"):
        home.delete()
    initiative.listings.get(project=elsewhere).delete()
    home.delete()
    assert not initiative.listings.exists()


def test_home_can_only_be_a_project_that_lists_the_initiative(project):
    elsewhere = make_project(project.strategy, "P2")
    initiative = make_initiative(project, 1)
    initiative.home_project = elsewhere

    with pytest.raises(ValidationError, match="先にそのプロジェクトへ掲載を加えてください"):
        initiative.full_clean()


def test_plans_do_not_mix(project):
    other = make_strategy(code="other", is_current=False)
    foreign = make_project(other, "P1")

    with pytest.raises(ValidationError, match="別の計画の取組です"):
        InitiativeListing(
            project=foreign, number=1, initiative=make_initiative(project, 1)
        ).full_clean()
    with pytest.raises(ValidationError, match="別の計画の柱です"):
        Project(
            strategy=other, pillar=project.pillar, code="P2", kind="コアプロジェクト", name="x"
        ).full_clean()
    with pytest.raises(ValidationError, match="別の計画のプロジェクトです"):
        Initiative(strategy=other, name="x", home_project=project).full_clean()


@pytest.mark.parametrize(
    ("code", "problem"),
    [("1", "英大文字で始まる"), ("p1", "英大文字で始まる"), ("P-", "ハイフンは"), ("MAR1", "日付")],
)
def test_project_code_is_never_one_that_a_spreadsheet_takes_for_a_date(project, code, problem):
    project.code = code
    with pytest.raises(ValidationError, match=problem):
        project.full_clean()


def test_department_in_use_and_kpi_with_actuals_cannot_be_deleted(project, kikaku):
    department = make_department()
    kpi = make_kpi(project, department=department)
    record(kpi, {2024: 1}, kikaku)

    with pytest.raises(ProtectedError):
        department.delete()
    with pytest.raises(ProtectedError):
        kpi.delete()
    with pytest.raises(ProtectedError):
        project.strategy.delete()


@pytest.mark.parametrize("code", ["402028", "131016", "011002"])
def test_municipality_code_is_checked_by_its_last_digit(code):
    assert check_digit(code[:5]) == code[5]
    validate_municipality_code(code)


@pytest.mark.parametrize(
    ("code", "why"), [("402029", "検査数字"), ("40202", "6桁"), ("４０２０２８", "6桁")]
)
def test_wrong_municipality_code_is_refused(code, why):
    with pytest.raises(ValidationError, match=why):
        validate_municipality_code(code)


def bands(*rows):
    return [{"symbol": symbol, "label": label, "lower": lower} for symbol, label, lower in rows]


def test_bands_survive_the_database(strategy):
    stored = bands_from_data(Strategy.objects.get().bands)

    assert [(band.text, band.range_text) for band in stored] == [
        ("A 順調", "100%以上"),
        ("B 概ね順調", "80%以上"),
        ("C やや遅れ", "60%以上"),
        ("D 遅れ", ""),
    ]
    validate_bands(default_bands())


@pytest.mark.parametrize(
    ("symbol", "label", "text"),
    [
        ("A", "順調", "A 順調"),
        ("", "順調", "順調"),
        ("◎", "", "◎"),
        ("達成", "達成", "達成"),
        ("概ね", "概ね達成", "概ね達成"),
    ],
)
def test_band_says_nothing_twice(symbol, label, text):
    assert Band(symbol, label, None).text == text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bands(("A", "順調", "100")), "2つから"),
        (bands(("A", "順調", "80"), ("B", "遅れ", "100"), ("C", "x", None)), "小さく"),
        (bands(("A", "順調", "80"), ("A", "遅れ", None)), "重なって"),
        (bands(("A", "順調", "80"), ("B", "順調", None)), "重なって"),
        (bands(("A", "", "80"), ("", "A", None)), "重なって"),
        (bands(*((str(place), "", None) for place in range(13))), "12個まで"),
        (bands(("A", "順調", "79.955"), ("B", "遅れ", None)), "小数第2位"),
        (bands(("A", "順調", "NaN"), ("B", "遅れ", None)), "小数第2位"),
        (bands(("", "", "80"), ("B", "遅れ", None)), "記号か名称"),
        ([{"symbol": 1, "label": 2, "lower": None}] * 2, "文字で"),
        (bands(("A", "順調", "多め"), ("B", "遅れ", None)), "記号・名称・下限"),
        ([1, 2], "記号・名称・下限"),
        ("A", "2つから"),
    ],
)
def test_bands_that_cannot_rate_are_refused(data, why):
    with pytest.raises(ValidationError, match=why):
        validate_bands(data)


@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("rate", bands(("A", "順調", "80"), ("B", "遅れ", "60"))),
        ("rate", bands(("A", "順調", None), ("B", "遅れ", None))),
        ("people", bands(("A", "順調", "80"), ("B", "普通", None), ("C", "遅れ", None))),
        ("position", bands(("A", "順調", "80"), ("B", "遅れ", None))),
    ],
)
def test_bounds_that_do_not_fit_the_method_are_refused(method, data):
    with pytest.raises(ValidationError) as refusal:
        check_scale(Scale(method, "progress", bands_from_data(data)))

    assert list(refusal.value.message_dict) == ["bands"]


def test_plan_without_figures_can_be_deleted_with_everything_in_it(project):
    make_initiative(project, 1)
    make_kpi(project)
    project.strategy.delete()

    assert not Initiative.objects.exists()
