"""What a city published, held against what we compute: `check_published`."""

import io

import pytest
from django.core.management import CommandError, call_command

from projects.models import Strategy
from tests.entry.plan_workbook.test_large_plan import FIGURES
from tests.large_plan_workbook import KINDS, RECORDED, large_sheets
from tests.plan_workbooks import SMALL, content_of, taken, with_sheets

pytestmark = [pytest.mark.django_db, pytest.mark.asked_once]
HEADINGS = ("KPI番号", "年度", "率の種類", "率", "評価")


@pytest.fixture
def check(tmp_path):
    """The lines of the command, and its exit code."""

    def run(sheets):
        path = tmp_path / "計画.xlsx"
        path.write_bytes(content_of(sheets))
        said = io.StringIO()
        code = 0
        try:
            call_command("check_published", str(path), stdout=said)
        except SystemExit as left:
            code = left.code
        return said.getvalue().splitlines(), code

    return run


def published(*rows, **sheets):
    """A plan of two KPIs, 40 of 60 and none yet of 50 reached, with what was published."""
    return with_sheets(
        指標=[("KPI番号", "指標名", "単位"), ("P1-1", "起業件数", "件"), ("P1-2", "相談", "件")],
        目標=[("KPI番号", "目標値"), ("P1-1", "60"), ("P1-2", "50")],
        実績=[("KPI番号", "年度", "実績値"), ("P1-1", "2024", "40")],
        公表=[HEADINGS, *rows],
        **sheets,
    )


def test_plan_with_yearly_targets_and_decreasing_indicators_agrees_in_all(check):
    sheets = large_sheets(12, 15)
    # By the rate that ratings use: 達成率, since 2026 進捗率.
    rows = [
        (f"S{at + 1}-1", str(year), "", rates[year >= 2026], rates[2])
        for at in range(6, 12)
        for year, rates in zip(RECORDED, FIGURES[at % len(KINDS)], strict=True)
    ] + [
        (f"S{at - 11}-2", str(year), "達成率", rates[0], rates[2])
        for at in range(12, 15)
        for year, rates in zip(RECORDED, FIGURES[at % len(KINDS)], strict=True)
    ]

    assert check({**sheets, "公表": [HEADINGS, *rows]}) == (["率 27／27　評価 27／27"], 0)
    assert Strategy.objects.count() == 0


def test_plan_without_ratings_agrees_in_its_rates(check):
    file = {
        **SMALL,
        "評価のきまり": [("対象", "方法"), ("指標", "なし")],
        "指標": [
            ("KPI番号", "指標名", "単位"),
            ("G1-1", "従業者数", "人"),
            *((f"P1-{at}", f"指標{at}", "件") for at in range(1, 10)),
        ],
        "目標": [
            ("KPI番号", "目標値"), ("G1-1", "800"), *((f"P1-{at}", "80") for at in range(1, 10)),
        ],
        "実績": [
            ("KPI番号", "年度", "実績値"),
            ("G1-1", "2028", "777"),
            *((f"P1-{at}", "2028", str(10 * at)) for at in range(1, 10)),
        ],
        "公表": [
            HEADINGS[:4],
            ("G1-1", "2028", "達成率", "97.1%"),
            *(
                (f"P1-{at}", "令和10", "達成率", rate)
                for at, rate in enumerate(
                    ("12.5", "25.0", "37.5", "50", "62.5", "75.0", "８７．５％", "100", "112.5"),
                    start=1,
                )
            ),
        ],
    }  # fmt: skip

    assert check(file) == (["率 10／10　評価 0／0"], 0)


@pytest.mark.parametrize(
    ("rate", "summary", "code"),
    [
        ("66.7", "率 1／1", 0),
        ("66.70", "率 1／1", 0),
        ("66.7％", "率 1／1", 0),
        ("67", "率 0／1（ほかに、印刷された桁で一致 1）", 0),
        ("66", "率 0／1", 1),
        ("66.67", "率 0／1", 1),
        ("－", "率 0／1", 1),
    ],
)
def test_rate_is_equal_at_the_plans_digits_and_at_fewer_counted_apart(check, rate, summary, code):
    lines, left_with = check(published(("P1-1", "2024", "", rate, "")))

    assert (lines[-1], left_with) == (f"{summary}　評価 0／0", code)
    if summary != "率 1／1":
        how = "印刷された桁で一致" if code == 0 else "不一致"
        shown = rate.replace("％", "%")
        assert lines[0] == (
            "シート「公表」の2行目 D列（率） P1-1「起業件数」令和6年度の進捗率："
            f"公表は{shown}、計算は66.7%（{how}）"
        )


@pytest.mark.parametrize(
    ("mark", "agrees"),
    [("C", True), ("やや遅れ", True), ("Ｃ　やや遅れ", True), ("B", False), ("―", False)],
)
def test_judgement_is_told_by_symbol_label_or_both(check, mark, agrees):
    lines, code = check(published(("P1-1", "2024", "", "", mark)))

    assert (lines[-1], code) == (f"率 0／0　評価 {int(agrees)}／1", 0 if agrees else 1)


def test_dash_expects_nothing_and_a_blank_is_not_compared(check):
    rows = [
        ("P1-2", "2024", "", "－", "―"),
        ("P1-1", "2025", "", "***", "-"),
        ("P1-1", "2024", "", "", ""),
    ]

    assert check(published(*rows)) == (["率 2／2　評価 2／2"], 0)
    lines, code = check(published(("P1-2", "2024", "", "0.0", "D")))
    assert (lines[-1], code) == ("率 0／1　評価 0／1", 1)


def test_rate_that_cannot_be_read_is_a_problem_and_not_a_difference(tmp_path):
    path = tmp_path / "計画.xlsx"
    path.write_bytes(content_of(published(("P1-1", "2024", "", "約67", ""))))

    with pytest.raises(CommandError) as refused:
        call_command("check_published", str(path))

    assert "・シート「公表」の2行目 D列（率）「約67」：" in str(refused.value)


def test_what_was_published_is_held_against_the_plan_that_stands_and_never_kept(check):
    file = published(("P1-1", "2024", "", "66.7", "C"))
    taken(file)

    assert check({"計画": SMALL["計画"][:2], "公表": file["公表"]}) == (["率 1／1　評価 1／1"], 0)
