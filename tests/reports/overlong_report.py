"""A report of data that is hard to set on pages: long, wide, many, empty, full of markup."""

from dataclasses import replace
from decimal import Decimal

from projects.bands import Band
from reports.annual.document import (
    AnnualReport,
    ReportChange,
    ReportInitiative,
    ReportKpi,
    ReportProject,
    ReportRevision,
    ReportStanding,
)
from tests.reports.sample_report import HARD_TEXT, kpi, sample_report, standing, year

LONG_NAME = "市民と地域と事業者と行政が力を合わせて暮らしやすいまちをつくる成果の値" * 4
ADDRESS = "https://www.example.lg.jp/" + "plan_and_reports_of_the_city/" * 8
MARKS = "！" * 60
# What can't be printed is left out or becomes 〓.
PRINTED_HARD_TEXT = HARD_TEXT.replace("😀\x07", "〓")
FORMULA = '=HYPERLINK("http://example.jp","押す")'
WIDEST = Decimal("-12345678901.2345")
MOST_COST = 10**12
LONG_DEPARTMENT = "企画総務部総合政策局地方創生推進室" * 5
LONG_UNIT = "件／人口十万人当たり・年度平均・延べ人数"

_NOTHING_IN_2024 = year(2024, "missing", absence=(1, "未入力"), updated_on=None)


def many_lines(label: str, count: int = 200) -> tuple[str, ...]:
    """Some 3,000 characters in short numbered lines, so that none runs over a page's end."""
    return tuple(f"{label}の{number:03}行目の説明です。" for number in range(1, count + 1))


def one_long_line(mark: str, count: int = 500) -> str:
    """3,000 characters without a line break, of which every sixth is the mark."""
    return f"{mark}の説明文。" * count


def long_text(label: str) -> str:
    """`many_lines` as they are typed: with blank lines and the line ends of two systems."""
    lines = many_lines(label)
    half = len(lines) // 2
    return "\r\n".join(lines[:half]) + "\n\n" + "\n".join(lines[half:])


def overlong_report() -> AnnualReport:
    """Projects: one with everything too long, one of 30 KPIs, one of wide figures, one empty."""
    change = ReportChange("P1", LONG_NAME, 2024, "総括", long_text("変更前"), long_text("変更後"))
    revision = ReportRevision(
        "P1-1", LONG_NAME, LONG_UNIT, 4, 2025, WIDEST, -WIDEST, one_long_line("鯖")
    )
    return sample_report(
        strategy_name="第1期見本市総合戦略" * 18,
        municipality="見本" * 25,
        office=LONG_DEPARTMENT,
        projects=(_long_project(), _project_of_many(), _wide_project(), _empty_project()),
        changes=(
            change,
            ReportChange("P2", FORMULA, None, "方向性", HARD_TEXT, one_long_line("鰯")),
        ),
        revisions=(revision,),
    )


def _long_kpi() -> ReportKpi:
    now = year(
        2025, "final", actual="9", expected="10", final_target="10", rates=("90", "90"),
        rating=("B", "概ね順調"), remarks=(one_long_line("鮎", 100),),
        analysis=long_text("要因分析"), next_steps=one_long_line("鯨"),
    )  # fmt: skip
    return kpi(
        "P1-1", LONG_NAME, "件", _NOTHING_IN_2024, now, definition=one_long_line("鮪"),
        data_source=ADDRESS, note=HARD_TEXT, department=LONG_DEPARTMENT,
    )  # fmt: skip


def _long_project() -> ReportProject:
    return replace(
        _empty_project(),
        code="P1",
        name=LONG_NAME,
        purpose=f"{FORMULA}\n{HARD_TEXT}\n{ADDRESS}\n{MARKS}",
        directions=(one_long_line("鯛", 100), ADDRESS),
        kpis=(_long_kpi(),),
        initiatives=(
            ReportInitiative(
                1, LONG_NAME, False, "P1", LONG_NAME, 1, LONG_DEPARTMENT, ("P2", "P3", "P4"),
                "実施中", long_text("取組実績"), one_long_line("鱈"), MOST_COST,
            ),
            ReportInitiative(
                2, FORMULA, False, "P1", LONG_NAME, 2, ADDRESS, (), "完了", HARD_TEXT, ADDRESS, 0
            ),
        ),
        initiative_statuses=(("実施中", 1), ("完了", 1), ("未入力", 0)),
        review=long_text("総括"),
        external_opinion=f"{long_text('意見')}\n{one_long_line('鰹')}",
    )  # fmt: skip


def _project_of_many() -> ReportProject:
    """30 KPIs with names of 140 characters and more, no two with the same figures."""
    kpis = tuple(
        kpi(
            f"P2-{number}", f"{LONG_NAME}{number}", "人", _NOTHING_IN_2024, year(
                2025, "final", actual=str(1000 + number), expected="2000", final_target="3000",
                rates=(str(33 + number), str(50 + number)), rating=("D", "遅れ"),
            ),
        )
        for number in range(1, 31)
    )  # fmt: skip
    return replace(_empty_project(), code="P2", name="指標の多いプロジェクト", kpis=kpis)


def _wide_project() -> ReportProject:
    """Figures of 15 digits in every column, and a unit of 20 characters."""
    shown = str(WIDEST)
    years = [
        year(
            2024 + at, "provisional", actual=shown, total=shown, expected=shown,
            final_target=shown, rates=("123456789.1", "-123456789.1"), rating=("D", "遅れ"),
        )
        for at in range(2)
    ]  # fmt: skip
    wide = kpi(
        "P3-1", "売上高", LONG_UNIT, *years, decimal_places=4, baseline=WIDEST, is_cumulative=True
    )
    return replace(_empty_project(), code="P3", name="桁の多いプロジェクト", kpis=(wide,))


def _empty_project() -> ReportProject:
    return ReportProject(
        code="P4",
        name="まだ何もないプロジェクト",
        kind_label="加速",
        pillar="加速",
        purpose="",
        directions=(),
        standing=standing(3, None, 0, ("－", "評価なし")),
        kpis=(),
        initiatives=(),
    )


def overlong_marks() -> tuple[Band, ...]:
    """Twelve marks, every second without a symbol, with labels of 40 characters and more."""
    lowers = [*(Decimal(120 - 10 * at) for at in range(1, 12)), None]
    return tuple(
        Band(f"第{at}" if at % 2 else "", f"{LONG_NAME[:36]}の{at:02}番目", lower)
        for at, lower in enumerate(lowers, start=1)
    )


def report_of_overlong_marks() -> AnnualReport:
    """KPIs and projects rated by people by such marks, none of them as computed."""
    marks = [(band.symbol, band.label) for band in overlong_marks()]
    plain = sample_report()
    by_band = tuple((*mark, at) for at, mark in enumerate([*marks, ("－", "評価なし")]))

    def rated(standing: ReportStanding) -> ReportStanding:
        symbol, label = marks[1]
        return replace(
            standing, by_band=by_band, rating_symbol=symbol, rating_label=label,
            computed_rating=marks[2], external_rating=marks[0],
        )  # fmt: skip

    def judged(kpi: ReportKpi, at: int) -> ReportKpi:
        symbol, label = marks[at]
        now = replace(
            kpi.latest, rating_symbol=symbol, rating_label=label, computed_rating=marks[at + 1],
            proposed_rating=marks[at + 2], proposal_reason=one_long_line("鮭", 30),
            decision_reason=one_long_line("鱒", 30),
        )  # fmt: skip
        return replace(kpi, years=(*kpi.years[:-1], now))

    projects = tuple(
        replace(
            one,
            standing=rated(one.standing),
            kpis=tuple(judged(kpi, at) for at, kpi in enumerate(one.kpis)),
            rating_reason=one_long_line("鯉", 30),
        )
        for one in plain.projects
    )
    return replace(
        plain,
        bands=overlong_marks(),
        rating_method="people",
        project_method="people",
        external_bands=overlong_marks()[:2],
        standing=rated(plain.standing),
        previous=plain.previous and rated(plain.previous),
        projects=projects,
    )
