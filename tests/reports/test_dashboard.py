"""What the dashboard says beside its figures."""

import pytest

from tests.factories import make_kpi, make_project, make_strategy, record


@pytest.fixture
def shown(client, kikaku):
    """shown({2024: 50, 2025: 80}, …) → the dashboard of FY2025 with KPIs of these years."""

    def make(*years):
        project = make_project(make_strategy())
        for number, values in enumerate(years, 1):
            record(make_kpi(project, number, target=100), values, kikaku)
        client.force_login(kikaku)
        return client.get("/?fy=2025").content.decode()

    return make


def test_change_stands_beside_the_year_before(shown):
    assert "1指標中1指標の平均 ／ 前年度 50.0%（30.0ポイント増）" in shown({2024: 50, 2025: 80})


def test_means_of_different_numbers_of_kpis_are_not_subtracted(shown):
    html = shown({2024: 50, 2025: 80}, {2024: 70})

    assert "2指標中1指標の平均 ／ 前年度 60.0%（2指標の平均）" in html
    assert "ポイント" not in html
