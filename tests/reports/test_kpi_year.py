"""A KPI's year in words: against what was due, the target, the year before and the years ahead."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kpis.achievement import Absence, Measurement
from kpis.series import KpiSeries
from kpis.targets import Target
from reports.kpi_year import KpiYear, change_in_words, latest_stated_year
from tests.kpis.definitions import ANNUAL, CUMULATIVE, FALLING, RULES

SHARE = replace(ANNUAL, unit="%", decimal_places=1)
FROM_BASELINE = replace(SHARE, formula="from_baseline", baseline=Decimal(50))
PENDING = Measurement(None, Absence.PENDING)
UNMEASURED = Measurement(None, Absence.UNMEASURED)


def series(kpi, *values, target=50, yearly=()):
    """A KPI with the values of 2024, 2025, …; None is 未入力."""
    measurements = {
        2024 + at: value if isinstance(value, Measurement) else Measurement(Decimal(value))
        for at, value in enumerate(values)
        if value is not None
    }
    targets = () if target is None else (Target(2024, Decimal(target)),)
    return KpiSeries(kpi, RULES, targets, dict(yearly), {}, measurements)


def kpi_year(kpi, *values, year=None, **options):
    return KpiYear(series(kpi, *values, **options), year or 2023 + len(values))


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (
            kpi_year(CUMULATIVE, 12, 9),
            "令和7年度までの累計は21件で、目安の20件を1件上回っています。最終目標の50件まであと29件です。",
        ),
        (
            kpi_year(CUMULATIVE, 5, 9),
            "令和7年度までの累計は14件で、目安の20件を6件下回っています。最終目標の50件まであと36件です。",
        ),
        (
            kpi_year(CUMULATIVE, 10),
            "令和6年度までの累計は10件で、目安の10件と同じです。最終目標の50件まであと40件です。",
        ),
        (
            kpi_year(CUMULATIVE, 30, 21),
            "令和7年度までの累計は51件で、目安の20件を31件上回っています。最終目標の50件に達しています。",
        ),
        (
            kpi_year(SHARE, "55.1", "57.3", target=65),
            "令和7年度の実績は57.3%で、最終目標の65.0%まであと7.7ポイントです。",
        ),
        (
            kpi_year(SHARE, 65, target=65),
            "令和6年度の実績は65.0%で、最終目標の65.0%に達しています。",
        ),
        (
            kpi_year(FALLING, 60),
            "令和6年度の実績は60件で、最終目標の50件以下まであと10件です。",
        ),
        (kpi_year(FALLING, 40), "令和6年度の実績は40件で、最終目標の50件以下に達しています。"),
        (
            kpi_year(CUMULATIVE, None, 9),
            "令和7年度までの累計は9件です。令和6年度の実績がそろっていないため、累計は参考です。",
        ),
        (kpi_year(CUMULATIVE, None), "この年度の実績がまだ入力されていません。"),
        (kpi_year(CUMULATIVE, PENDING), "この年度の実績は集計中です。"),
        (kpi_year(CUMULATIVE, UNMEASURED), "この年度は測定していません。"),
    ],
)
def test_headline_says_where_the_year_stands(seen, sentence):
    assert seen.headline == sentence


def test_headline_without_a_target_says_why_there_is_no_rate():
    headline = kpi_year(CUMULATIVE, 12, target=None).headline

    assert headline.startswith("令和6年度までの累計は12件です。")
    assert "目標" in headline


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (kpi_year(CUMULATIVE, 12, 9), "12件、3件減"),
        (kpi_year(SHARE, "55.1", "57.3"), "55.1%、2.2ポイント増"),
        (kpi_year(replace(SHARE, unit="％"), "55.1", "57.3"), "55.1％、2.2ポイント増"),
        (kpi_year(SHARE, 50, 50), "50.0%、増減なし"),
        (kpi_year(SHARE, 50, None, year=2025), "50.0%"),
        (kpi_year(SHARE, PENDING, 50), "集計中"),
        (kpi_year(SHARE, UNMEASURED, 50), "未測定"),
        (kpi_year(SHARE, None, 50), "未入力"),
        (kpi_year(SHARE, 50), "計画の最初の年度のため、ありません"),
    ],
)
def test_year_before_is_compared_in_words(seen, text):
    assert seen.before == text


@pytest.mark.parametrize(
    ("seen", "to_expected", "to_target"),
    [
        (kpi_year(CUMULATIVE, 12, 9), "1件上回る", "あと29件"),
        (kpi_year(CUMULATIVE, 10), "同じ", "あと40件"),
        (kpi_year(CUMULATIVE, 51), "41件上回る", "達成"),
        (kpi_year(FALLING, 60), "10件上回る", "あと10件"),
        (kpi_year(FALLING, 40), "10件下回る", "達成"),
        (kpi_year(SHARE, "57.3", target=65), "7.7ポイント下回る", "あと7.7ポイント"),
        (kpi_year(CUMULATIVE, None), "", ""),
        (kpi_year(CUMULATIVE, None, 9), "", ""),
        (kpi_year(CUMULATIVE, 9, target=None), "", ""),
    ],
)
def test_distance_to_the_goals_is_told_only_where_there_is_a_rate(seen, to_expected, to_target):
    assert (seen.to_expected, seen.to_target) == (to_expected, to_target)


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (kpi_year(CUMULATIVE, 12, 9), "最終目標を5年で均等に割り、2年目までを足した値です。"),
        (kpi_year(CUMULATIVE, 12, yearly={2024: Decimal(8)}), "この年度について定めた目安です。"),
        (kpi_year(CUMULATIVE, 1, 1, 1, 1, 1), "最終年度の目安は、最終目標と同じです。"),
        (
            kpi_year(SHARE, 50),
            "単年度の指標で、年度ごとの目安を定めていないため、最終目標と同じです。",
        ),
        (
            kpi_year(FROM_BASELINE, 52, target=60),
            "基準値から最終目標まで、5年で均等に進むとした値です。",
        ),
        (
            kpi_year(CUMULATIVE, 1, target=None),
            "最終目標が設定されていないため、年度目安はありません。",
        ),
    ],
)
def test_source_of_the_expected_value_is_told(seen, sentence):
    assert seen.expected_basis == sentence


def test_year_with_a_goal_of_its_own_says_so_without_a_final_target():
    seen = kpi_year(CUMULATIVE, 12, target=None, yearly=[(2024, Decimal(20))])

    assert seen.expected_basis == "この年度について定めた目安です。"


def test_rates_come_with_their_formula():
    seen = kpi_year(CUMULATIVE, 12, 9)

    assert seen.progress_formula == "21 ÷ 20 × 100 = 105.0%"
    assert seen.achievement_formula == "21 ÷ 50 × 100 = 42.0%"


@pytest.mark.parametrize(
    ("seen", "needed"),
    [
        (kpi_year(CUMULATIVE, 12, 9), "あと29件。残り3年で年9.67件"),
        (kpi_year(CUMULATIVE, 12, 9, 9, 9), "あと11件。残り1年で11件"),
        (kpi_year(CUMULATIVE, 12, 40), "達成済み"),
        (kpi_year(CUMULATIVE, 12, 9, 9, 9, 9), ""),
        (kpi_year(SHARE, 12), ""),
        (kpi_year(CUMULATIVE, None, 9), ""),
        (kpi_year(CUMULATIVE, 9, target=None), ""),
    ],
)
def test_needed_pace_is_told_for_sums(seen, needed):
    assert seen.needed == needed


@pytest.mark.parametrize(
    ("seen", "band", "end"),
    [
        (kpi_year(CUMULATIVE, 12, 9), "48件から57件", "最終目標の50件に届く見込み"),
        (kpi_year(CUMULATIVE, 5, 9), "29件から41件", "最終目標の50件に届かない見込み"),
        (
            kpi_year(CUMULATIVE, 12),
            "1か年の実績だけによるため、幅は示せません",
            "最終目標の50件に届く見込み",
        ),
        (
            kpi_year(CUMULATIVE, 9, 9),
            "これまでの実績からは幅が出ません",
            "最終目標の50件に届かない見込み",
        ),
        (kpi_year(FALLING, 60, 40), "40件から60件", "最終目標の50件以下に届く見込み"),
        (
            kpi_year(CUMULATIVE, 12, 9, target=None),
            "48件から57件",
            "最終目標がないため、届くかどうかは示せません",
        ),
        (kpi_year(CUMULATIVE, None), "", ""),
    ],
)
def test_outlook_is_a_band_and_whether_it_reaches_the_target(seen, band, end):
    assert (seen.outlook_band, seen.outlook_end) == (band, end)


@pytest.mark.parametrize(
    ("values", "year"),
    [((), 2024), ((12,), 2024), ((12, 9), 2025), ((12, PENDING), 2025), ((None, UNMEASURED), 2025)],
)
def test_page_opens_on_the_latest_year_that_is_stated(values, year):
    assert latest_stated_year(series(CUMULATIVE, *values)) == year


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [(None, 1, ""), (1, None, ""), (1, 1, "増減なし"), (2, 1, "1件増"), (1, 2, "1件減")],
)
def test_change_is_told_where_both_are_known(now, before, text):
    assert change_in_words(now, before, CUMULATIVE) == text


def revised_year(kpi, year, *rows, values=(12, 9, 9), yearly=()):
    own = replace(series(kpi, *values, yearly=yearly), final_targets=rows)
    return KpiYear(own, year)


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (
            revised_year(CUMULATIVE, 2026, Target(2024, Decimal(50)), Target(2026, Decimal(80))),
            "令和7年度の目安20件から令和10年度の最終目標80件まで、3年で均等に進むとした値です。",
        ),
        (
            revised_year(CUMULATIVE, 2025, Target(2024, Decimal(60), target_year=2026)),
            "最終目標を3年で均等に割り、2年目までを足した値です。",
        ),
        (
            revised_year(CUMULATIVE, 2027, Target(2024, Decimal(60), target_year=2026)),
            "目標年度（令和8年度）からの目安は、最終目標と同じです。",
        ),
        (
            revised_year(replace(CUMULATIVE, first_year=2026), 2027, Target(2026, Decimal(30))),
            "最終目標を3年で均等に割り、2年目までを足した値です。",
        ),
        (
            revised_year(
                FROM_BASELINE,
                2026,
                Target(2024, Decimal(60)),
                Target(2026, Decimal(66), baseline=Decimal(48)),
            ),
            "基準値から最終目標まで、3年で均等に進むとした値です。",
        ),
        (
            revised_year(
                CUMULATIVE,
                2027,
                Target(2024, Decimal(100)),
                Target(2027, Decimal(70)),
                yearly={2026: Decimal(75)},
            ),
            "改めた最終目標が前の年度までの目安に届いているため、最終目標と同じです。",
        ),
        (
            revised_year(ANNUAL, 2026, Target(2024, None, "増加", "better")),
            "最終目標が数値ではないため、年度目安はありません。",
        ),
    ],
)
def test_basis_of_a_revised_target_is_told(seen, sentence):
    assert seen.expected_basis == sentence


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (
            revised_year(ANNUAL, 2024, Target(2024, Decimal(12), is_strict=True)),
            "令和6年度の実績は12件で、最終目標の12件超には同じ値では未達成です。",
        ),
        (
            revised_year(FALLING, 2024, Target(2024, Decimal(10), is_strict=True)),
            "令和6年度の実績は12件で、最終目標の10件未満まであと2件です。",
        ),
        (
            revised_year(ANNUAL, 2025, Target(2024, Decimal(12), tolerance=Decimal(2))),
            "令和7年度の実績は9件で、最終目標の12件を維持（±2件）まであと1件です。",
        ),
        (
            revised_year(ANNUAL, 2024, Target(2024, None, "増加", "better")),
            "令和6年度の実績は12件です。目標「増加」は数値ではないため、率を計算できません。",
        ),
    ],
)
def test_headline_names_the_condition(seen, sentence):
    assert seen.headline == sentence


def test_outlook_names_the_year_and_what_it_is_held_against():
    ends = KpiYear(series(replace(CUMULATIVE, last_year=2026), 12, 9), 2025)
    aims = revised_year(CUMULATIVE, 2025, Target(2024, Decimal(40), target_year=2026))

    assert (ends.outlook_year, ends.outlook_end) == (2026, "令和8年度の目安の30件に届く見込み")
    assert (aims.outlook_year, aims.outlook_end) == (2026, "最終目標の40件に届かない見込み")
    assert aims.needed == "あと19件。残り1年で19件"
