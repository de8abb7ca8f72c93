"""Rules of rating as cities print them, as data, on tables computed by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kpis.achievement import Absence, Measurement
from kpis.assessment import Judgement, assess, course_of
from kpis.definition import OwnScale
from kpis.targets import Target
from projects.bands import Band, bands_from_data, bands_to_data
from projects.scales import (
    Scale,
    Step,
    check_scale,
    steps_from_data,
    steps_to_data,
    validate_steps,
)
from tests.kpis.definitions import ANNUAL, CUMULATIVE, FALLING, RULES

PERCENT = replace(ANNUAL, unit="%", decimal_places=1)


def marks(*symbols: str) -> tuple[Band, ...]:
    return tuple(Band(symbol, "", None) for symbol in symbols)


def bounded(*pairs) -> tuple[Band, ...]:
    return tuple(
        Band(symbol, "", None if lower is None else Decimal(lower)) for symbol, lower in pairs
    )


def by_position(symbols, *steps) -> Scale:
    return Scale("position", "progress", marks(*symbols), steps)


def by_rate(*pairs, basis="progress") -> Scale:
    return Scale("rate", basis, bounded(*pairs))


def rated(scale, definition, actuals, year, *, target=None, yearly=None, judgement=None):
    """The year of a KPI whose actuals are figures by year, or measurements, under a scale."""
    check_scale(scale)
    measurements = {
        at: one if isinstance(one, Measurement) else Measurement(Decimal(str(one)))
        for at, one in actuals.items()
    }
    targets = () if target is None else (target,)
    if isinstance(target, (int, str)):
        targets = (Target(2024, Decimal(target)),)
    due = {at: Decimal(str(one)) for at, one in (yearly or {}).items()}
    definition = replace(definition, own_scales=(OwnScale(2024, scale),))
    course = course_of(definition, RULES, targets, due)
    return assess(
        definition, RULES, year, measurements=measurements, course=course, judgement=judgement
    )


def mark(*args, **options):
    kpi = rated(*args, **options)
    if kpi.rating is None:
        return kpi.rating_absence
    assert kpi.rating_absence is None
    return kpi.rating.short


# 長与町: S above the target; A above the baseline; B within 10% below it; C below.
NAGAYO = by_position(
    "SABC",
    Step(1, "final", "better"),
    Step(2, "baseline", "better"),
    Step(3, "baseline", "reaches", Decimal(10)),
    Step(4),
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (121, "S"), (120, "A"), (101, "A"), ("100.5", "A"), (100, "B"), (95, "B"),
        (90, "B"), ("89.9", "C"), (0, "C"),
    ],
)  # fmt: skip
def test_nagayo_rates_by_target_and_baseline(value, expected):
    definition = replace(ANNUAL, baseline=Decimal(100), decimal_places=1)

    assert mark(NAGAYO, definition, {2025: value}, 2025, target=120) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(79, "S"), (80, "A"), (99, "A"), (100, "B"), (110, "B"), ("110.1", "C")],
)
def test_the_same_where_less_is_better(value, expected):
    definition = replace(FALLING, baseline=Decimal(100), decimal_places=1)

    assert mark(NAGAYO, definition, {2025: value}, 2025, target=80) == expected


def test_percent_of_a_negative_baseline_is_of_its_size():
    definition = replace(ANNUAL, baseline=Decimal(-100), formula="from_baseline", decimal_places=1)

    # 10% of |−100| is 10: down to −110 is within it.
    assert mark(NAGAYO, definition, {2025: -110}, 2025, target=50) == "B"
    assert mark(NAGAYO, definition, {2025: "-110.1"}, 2025, target=50) == "C"
    assert mark(NAGAYO, definition, {2025: -99}, 2025, target=50) == "A"


# 福岡市: ±3 points of the last survey count as unchanged.
FUKUOKA = by_position(
    "↗→↘",
    Step(1, "previous", "better", Decimal(3), "points"),
    Step(2, "previous", "similar", Decimal(3), "points"),
    Step(3),
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("63.1", "↗"), ("63.0", "→"), ("60.0", "→"), ("57.0", "→"), ("56.9", "↘"), ("90", "↗")],
)
def test_fukuoka_counts_three_points_as_unchanged(value, expected):
    actuals = {2024: "60.0", 2025: value}

    assert mark(FUKUOKA, PERCENT, actuals, 2025, target=70) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("63.1", "↘"), ("63.0", "→"), ("57.0", "→"), ("56.9", "↗")],
)
def test_fukuoka_where_less_is_better(value, expected):
    falling = replace(PERCENT, direction="decrease")

    assert mark(FUKUOKA, falling, {2024: 60, 2025: value}, 2025, target=50) == expected


def test_first_survey_is_compared_with_the_baseline():
    with_baseline = replace(PERCENT, baseline=Decimal(60))

    assert mark(FUKUOKA, with_baseline, {2024: "63.1"}, 2024, target=70) == "↗"
    assert mark(FUKUOKA, PERCENT, {2024: "63.1"}, 2024, target=70) is Absence.UNCOMPUTABLE


def test_points_are_of_shares_alone():
    assert mark(FUKUOKA, ANNUAL, {2024: 60, 2025: 80}, 2025, target=70) is Absence.UNCOMPUTABLE


def test_survey_of_every_third_year_is_compared_with_the_survey_before():
    actuals = {
        2024: Measurement(Decimal(60), year=2023),
        2025: Measurement(Decimal(60), year=2023),
        2026: Decimal(64),
        2027: Measurement(Decimal(64), year=2026),
    }
    definition = replace(PERCENT, baseline=Decimal(56), baseline_year=2020)

    found = [mark(FUKUOKA, definition, actuals, year, target=70) for year in range(2024, 2028)]

    # 2024 and 2025 stand for 2023: against the baseline 56; 2026 and 2027 stand for 2026.
    assert found == ["↗", "↗", "↗", "↗"]


def test_years_without_a_value_are_passed_over():
    actuals = {2024: 60, 2025: Measurement(None, Absence.UNMEASURED), 2026: 61}

    assert mark(FUKUOKA, PERCENT, actuals, 2025, target=70) is Absence.UNMEASURED
    assert mark(FUKUOKA, PERCENT, actuals, 2026, target=70) == "→"
    assert mark(FUKUOKA, PERCENT, actuals, 2027, target=70) is Absence.MISSING


# いの町: ◎ above, ○ equal, △ short of the target.
INO = by_position("◎○△", Step(1, "final", "better"), Step(2, "final", "similar"), Step(3))


@pytest.mark.parametrize(("value", "expected"), [(51, "◎"), (50, "○"), (49, "△"), (0, "△")])
def test_ino_rates_by_target_alone(value, expected):
    assert mark(INO, ANNUAL, {2025: value}, 2025, target=50) == expected


def test_ino_rates_a_running_total():
    actuals = {2024: 20, 2025: 30}

    assert mark(INO, CUMULATIVE, actuals, 2024, target=50) == "△"
    assert mark(INO, CUMULATIVE, actuals, 2025, target=50) == "○"
    assert mark(INO, CUMULATIVE, actuals | {2026: 1}, 2026, target=50) == "◎"


def test_ino_has_nothing_to_say_without_a_target():
    assert mark(INO, ANNUAL, {2025: 51}, 2025) is Absence.UNCOMPUTABLE


# 茨城県: A actual ≥ expected; B+ 80; B 50; C.
IBARAKI = by_rate(("A", 100), ("B+", 80), ("B", 50), ("C", None))


@pytest.mark.parametrize(
    ("value", "expected"),
    # Due in the second of five years: 20 of 50.
    [(21, "A"), (20, "A"), (19, "B+"), (16, "B+"), (15, "B"), (10, "B"), (9, "C"), (0, "C")],
)
def test_ibaraki_rates_against_what_is_due(value, expected):
    assert mark(IBARAKI, CUMULATIVE, {2024: 0, 2025: value}, 2025, target=50) == expected


# 北九州市: A 120, B 100, C 70, D, by pace.
KITAKYUSHU = by_rate(("A", 120), ("B", 100), ("C", 70), ("D", None))


@pytest.mark.parametrize(
    ("value", "expected"),
    # Due in the second of five years: 40 of 100.
    [(48, "A"), (47, "B"), (40, "B"), (39, "C"), (28, "C"), (27, "D")],
)
def test_kitakyushu_rates_by_pace(value, expected):
    assert mark(KITAKYUSHU, CUMULATIVE, {2024: 0, 2025: value}, 2025, target=100) == expected


# 田川市: A growing on schedule, B growing but late, C flat or worse.
TAGAWA = by_position("ABC", Step(1, "expected", "reaches"), Step(2, "previous", "better"), Step(3))


@pytest.mark.parametrize(
    ("value", "expected"),
    # Due in the second of five years, from 100 to 150: 120. The year before had 108.
    [(121, "A"), (120, "A"), (119, "B"), (109, "B"), (108, "C"), (100, "C")],
)
def test_tagawa_rates_by_growth(value, expected):
    definition = replace(ANNUAL, formula="from_baseline", baseline=Decimal(100))

    assert mark(TAGAWA, definition, {2024: 108, 2025: value}, 2025, target=150) == expected


def test_tagawa_compares_what_each_year_brought_of_a_running_total():
    # Due: 10, 20, 30, 40, 50.
    actuals = {2024: 8, 2025: 9, 2026: 9, 2027: 24}

    found = [mark(TAGAWA, CUMULATIVE, actuals, year, target=50) for year in range(2024, 2028)]

    # 8 < 10, and no year before to grow from; 17 < 20 but 9 > 8; 26 < 30 and 9 = 9; 50 ≥ 40.
    assert found == ["C", "B", "C", "A"]


# Scales of our own


def test_first_year_short_of_what_is_due_has_been_compared():
    # 8 is short of the 10 that are due: that was compared, so その他 holds.
    assert mark(TAGAWA, CUMULATIVE, {2024: 8}, 2024, target=50) == "C"


def test_cumulative_kpi_is_never_compared_with_a_baseline():
    scale = by_position("AB", Step(1, "baseline", "better"), Step(2))
    definition = replace(CUMULATIVE, baseline=Decimal(1))

    assert mark(scale, definition, {2024: 8}, 2024, target=50) is Absence.UNCOMPUTABLE


@pytest.mark.parametrize(
    ("value", "expected"),
    [(53, "A"), (47, "B"), (46, "C"), (52, "B")],
)
def test_tolerance_in_the_unit(value, expected):
    unit = ("unit",)
    scale = by_position(
        "ABC",
        Step(1, "final", "better", Decimal(2), *unit),
        Step(2, "final", "reaches", Decimal(3), *unit),
        Step(3),
    )

    assert mark(scale, ANNUAL, {2025: value}, 2025, target=50) == expected


def test_rows_whose_other_side_is_unknown_are_skipped():
    scale = by_position("ABC", Step(1, "baseline", "better"), Step(2, "final", "reaches"), Step(3))

    assert mark(scale, ANNUAL, {2025: 50}, 2025, target=50) == "B"
    assert mark(scale, ANNUAL, {2025: 49}, 2025, target=50) == "C"
    assert mark(scale, ANNUAL, {2025: 49}, 2025) is Absence.UNCOMPUTABLE


def test_several_rows_may_give_one_mark():
    scale = by_position("○×", Step(1, "final", "reaches"), Step(1, "previous", "better"), Step(2))

    actuals = {2024: 40, 2025: 45, 2026: 44}
    found = [mark(scale, ANNUAL, actuals, year, target=50) for year in (2024, 2025, 2026)]
    assert found == ["×", "○", "×"]


def test_nothing_due_this_year_is_no_rating():
    # The yearly target of 2024 is the baseline: the work begins in 2025.
    definition = replace(ANNUAL, formula="from_baseline", baseline=Decimal(100))
    due = {2024: 100, 2025: 110}

    kpi = rated(TAGAWA, definition, {2024: 100}, 2024, target=150, yearly=due)
    assert (kpi.rating, kpi.rating_absence) == (None, Absence.NOT_APPLICABLE)
    # Unless the target itself is reached already.
    assert mark(TAGAWA, definition, {2024: 150}, 2024, target=150, yearly=due) == "A"
    assert mark(TAGAWA, definition, {2025: 110}, 2025, target=150, yearly=due) == "A"
    # A running total of which nothing is due yet.
    nothing = {2024: 0}
    assert mark(TAGAWA, CUMULATIVE, {2024: 3}, 2024, target=50, yearly=nothing) is (
        Absence.NOT_APPLICABLE
    )
    # A scale that doesn't ask what is due rates all the same.
    assert mark(INO, CUMULATIVE, {2024: 3}, 2024, target=50, yearly=nothing) == "△"


def test_level_to_be_kept_is_due_every_year():
    # Due is the baseline, and the target is the same: that is something to do.
    definition = replace(ANNUAL, baseline=Decimal(100))

    assert mark(TAGAWA, definition, {2024: 99}, 2024, target=100) == "C"
    assert mark(TAGAWA, definition, {2024: 100}, 2024, target=100) == "A"


def test_more_than_the_target_is_asked_for():
    scale = by_position("ABC", Step(1, "final", "reaches"), Step(2, "final", "similar"), Step(3))
    more = Target(2024, Decimal(50), is_strict=True)

    assert mark(scale, ANNUAL, {2025: 51}, 2025, target=more) == "A"
    assert mark(scale, ANNUAL, {2025: 50}, 2025, target=more) == "B"
    assert mark(scale, ANNUAL, {2025: 49}, 2025, target=more) == "C"


def test_level_is_kept_within_its_tolerance():
    scale = by_position("○×", Step(1, "final", "reaches"), Step(2))
    kept = Target(2024, Decimal(100), tolerance=Decimal(5))

    assert mark(scale, ANNUAL, {2025: 95}, 2025, target=kept) == "○"
    assert mark(scale, ANNUAL, {2025: 94}, 2025, target=kept) == "×"


@pytest.mark.parametrize(
    ("met_by", "value", "expected"),
    [
        ("better", 61, "○"), ("better", 60, "×"), ("better", 59, "×"),
        ("kept", 61, "○"), ("kept", 60, "○"), ("kept", 59, "×"),
        ("people", 61, Absence.UNCOMPUTABLE),
    ],
)  # fmt: skip
def test_target_in_words_is_reached_by_position(met_by, value, expected):
    scale = by_position("○×", Step(1, "final", "reaches"), Step(2))
    words = Target(2024, None, words="増加", met_by=met_by)
    definition = replace(ANNUAL, baseline=Decimal(60))

    assert mark(scale, definition, {2025: value}, 2025, target=words) == expected


def test_nobody_is_better_than_words():
    words = Target(2024, None, words="増加", met_by="better")
    definition = replace(ANNUAL, baseline=Decimal(60))

    assert mark(INO, definition, {2025: 61}, 2025, target=words) is Absence.UNCOMPUTABLE


def test_value_that_is_for_reference_alone_has_no_rating():
    kpi = rated(INO, CUMULATIVE, {2025: 60}, 2025, target=50)

    assert (kpi.rating, kpi.rating_absence) == (None, Absence.REFERENCE)


# People


PEOPLE = Scale("people", "progress", marks(*"SABC"))


def test_people_decide_whatever_the_rates_say():
    kpi = rated(
        PEOPLE, ANNUAL, {2025: 10}, 2025, target=50, judgement=Judgement(proposed=2, decided=1)
    )

    assert (kpi.rating.short, kpi.proposed.short, kpi.computed) == ("S", "A", None)
    assert kpi.progress == 20
    assert kpi.rating_absence is None


def test_until_people_decide_nothing_is_rated():
    said = Judgement(proposed=2)

    assert mark(PEOPLE, ANNUAL, {2025: 10}, 2025, target=50, judgement=said) is Absence.UNDECIDED
    assert mark(PEOPLE, ANNUAL, {2025: 10}, 2025, target=50) is Absence.UNDECIDED
    # What is missing first is named first, but people may decide without it.
    assert mark(PEOPLE, ANNUAL, {}, 2025, target=50) is Absence.MISSING
    assert mark(PEOPLE, ANNUAL, {}, 2025, target=50, judgement=Judgement(decided=4)) == "C"


def test_place_that_the_scale_has_not_is_no_decision():
    said = Judgement(decided=5)

    assert mark(PEOPLE, ANNUAL, {2025: 10}, 2025, target=50, judgement=said) is Absence.UNDECIDED


def test_words_are_rated_by_people():
    words = Measurement(None, words="整備が完了")
    target = Target(2024, None, words="完了", met_by="people")
    kpi = rated(PEOPLE, ANNUAL, {2025: words}, 2025, target=target, judgement=Judgement(decided=1))

    assert (kpi.rating.short, kpi.rating_absence) == ("S", None)
    assert kpi.absence is Absence.UNCOMPUTABLE


@pytest.mark.parametrize(
    "scale",
    [
        Scale("people", "achievement", bounded(("A", 100), ("B", 50), ("C", None))),
        Scale(
            "people",
            "achievement",
            marks(*"ABC"),
            (
                Step(1, "final", "reaches"),
                Step(2, "final", "reaches", Decimal(50)),
                Step(3),
            ),
        ),
    ],
    ids=["by rate", "by position"],
)
def test_what_people_say_stands_beside_what_is_computed(scale):
    kpi = rated(scale, ANNUAL, {2025: 30}, 2025, target=50, judgement=Judgement(decided=1))

    assert (kpi.rating.short, kpi.computed.short) == ("A", "B")


def test_judgement_says_nothing_where_rates_decide():
    kpi = rated(
        IBARAKI, ANNUAL, {2025: 50}, 2025, target=50, judgement=Judgement(proposed=4, decided=4)
    )

    assert (kpi.rating.short, kpi.proposed) == ("A", None)


# None


def test_without_ratings_there_are_rates_and_no_reason_to_miss_one():
    kpi = rated(Scale("none", "progress", marks("A", "B")), ANNUAL, {2025: 40}, 2025, target=50)

    assert (kpi.rating, kpi.rating_absence, kpi.progress) == (None, None, 80)
    assert not kpi.scale.marks
    missing = rated(Scale("none", "progress", marks("A", "B")), ANNUAL, {}, 2025, target=50)
    assert (missing.rating_absence, missing.why_nothing) == (None, Absence.MISSING)


# What is late, and scales as data


@pytest.mark.parametrize(
    ("ticks", "late"),
    [
        ([None] * 2, "B"),
        ([None] * 3, "C"),
        ([None] * 4, "CD"),
        ([None] * 5, "DE"),
        ([False, False, True], "C"),
        ([False, None, True, None], "C"),
        ([False, False, False], ""),
        ([True, True], "AB"),
    ],
)
def test_late_marks_are_ticked_or_the_lower_half(ticks, late):
    bands = tuple(
        Band(symbol, "", None, tick) for symbol, tick in zip("ABCDE", ticks, strict=False)
    )
    scale = Scale("people", "progress", bands)

    assert "".join(band.short for band in bands if scale.is_late(band)) == late
    assert bands_from_data(bands_to_data(bands)) == bands


@pytest.mark.parametrize("scale", [NAGAYO, FUKUOKA, INO, TAGAWA])
def test_rows_of_positions_survive_the_database(scale):
    data = steps_to_data(scale.steps)

    validate_steps(data)
    assert steps_from_data(data) == scale.steps


def test_rows_are_said_in_words():
    assert [step.text for step in NAGAYO.steps] == [
        "最終目標より良い",
        "基準値より良い",
        "基準値に達する（幅10%）",
        "その他",
    ]
    assert [step.text for step in FUKUOKA.steps] == [
        "前の値より良い（幅3ポイント）",
        "前の値と同程度（幅3ポイント）",
        "その他",
    ]
