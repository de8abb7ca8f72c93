"""A small report made by hand that has every state a figure can be in."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from projects.bands import Band
from reports.annual.document import (
    AnnualReport,
    ReportChange,
    ReportInitiative,
    ReportKpi,
    ReportMovement,
    ReportMovements,
    ReportProject,
    ReportRevision,
    ReportStanding,
    ReportYear,
)

JAPAN = timezone(timedelta(hours=9))
LONG_NAME = "市民が健康に暮らせるまちの実現に向けた取組の成果を表す指標値" * 4
HARD_TEXT = "<b>#let $x$ @ref *太字* _斜体_ `code` \\ ~ 𠮷野家の髙橋さん 😀\x07 [1] // 注"

# Of the two initiatives that are not 再掲.
STATUSES = (("未着手", 0), ("実施中", 1), ("完了", 0), ("見直し", 0), ("中止", 0), ("未入力", 1))

_STATE_LABELS = {
    "final": "確定",
    "provisional": "速報",
    "pending": "集計中",
    "unmeasured": "未測定",
    "missing": "未入力",
}


def year(
    fiscal_year: int,
    state: str,
    *,
    actual: str | None = None,
    total: str | None = None,
    expected: str | None = None,
    final_target: str | None = None,
    rates: tuple[str, str] | None = None,
    rating: tuple[str, str] = ("", ""),
    absence: tuple[int, str] = (0, ""),
    remarks: tuple[str, ...] = (),
    analysis: str = "",
    next_steps: str = "",
    updated_on: date | None = date(2026, 6, 30),
) -> ReportYear:
    """One year; `rates` are achievement and progress in percent."""
    achievement, progress = rates or (None, None)
    return ReportYear(
        fiscal_year=fiscal_year,
        state=state,
        state_label=_STATE_LABELS[state],
        actual=_decimal(actual),
        total=_decimal(total),
        expected=_decimal(expected),
        final_target=_decimal(final_target),
        achievement=_decimal(achievement),
        progress=_decimal(progress),
        rating_symbol=rating[0],
        rating_label=rating[1],
        absence_code=absence[0],
        absence_label=absence[1],
        remarks=remarks,
        analysis=analysis,
        next_steps=next_steps,
        updated_on=updated_on,
    )


def kpi(code: str, name: str, unit: str, *years: ReportYear, **changes: object) -> ReportKpi:
    """An annual KPI without decimals, unless told otherwise."""
    plain = ReportKpi(
        code=code,
        name=name,
        unit=unit,
        decimal_places=0,
        is_cumulative=False,
        aggregation_label="単年度",
        direction_label="以上を目指す",
        formula_label="実績÷目標",
        baseline=None,
        baseline_year=None,
        final_target=years[-1].final_target,
        department="産業振興課",
        definition="",
        data_source="",
        note="",
        years=years,
    )
    return replace(plain, **changes)


def standing(kpis: int, mean: str | None, count: int, rating: tuple[str, str]) -> ReportStanding:
    """A standing whose two means are alike."""
    return ReportStanding(
        kpi_count=kpis,
        achievement_mean=_decimal(mean),
        achievement_count=count,
        progress_mean=_decimal(mean),
        progress_count=count,
        rating_symbol=rating[0],
        rating_label=rating[1],
        by_band=(
            ("A", "順調", 1),
            ("B", "概ね順調", 1),
            ("C", "やや遅れ", 0),
            ("D", "遅れ", 1),
            ("－", "評価なし", kpis - 3),
        ),
    )


def sample_report(**changes: object) -> AnnualReport:
    """令和7年度 of a plan for 令和6年度 to 令和10年度, a draft with fictitious figures."""
    report = AnnualReport(
        schema=1,
        rules_version=1,
        municipality="見本市",
        municipality_code="999999",
        office="企画課",
        strategy_name="第1期見本市総合戦略",
        first_year=2024,
        last_year=2028,
        fiscal_year=2025,
        edition=None,
        is_sample=True,
        made_at=datetime(2026, 7, 15, 8, 30, tzinfo=JAPAN),
        rating_basis="progress",
        average_cap=Decimal(100),
        bands=(
            Band("A", "順調", Decimal(100)),
            Band("B", "概ね順調", Decimal(80)),
            Band("C", "やや遅れ", Decimal(60)),
            Band("D", "遅れ", None),
        ),
        standing=standing(8, "66.653333333333", 3, ("C", "やや遅れ")),
        previous=standing(8, "120", 3, ("A", "順調")),
        headline="8指標のうち、1指標が順調、1指標が概ね順調、1指標が遅れです。",
        movements=ReportMovements(
            up=0,
            down=2,
            same=1,
            incomparable=5,
            moved=(
                ReportMovement(
                    "P1-3", "来場者数", "down", Decimal("123.45"), ("A", "順調"),
                    Decimal("99.96"), ("B", "概ね順調"),
                ),
                ReportMovement(
                    "P1-4", "転入超過数", "down", Decimal(250), ("A", "順調"),
                    Decimal(-2450), ("D", "遅れ"),
                ),
            ),
        ),
        initiative_count=2,
        relisted_count=1,
        initiative_statuses=STATUSES,
        projects=(_first_project(), _second_project()),
        revisions=(
            ReportRevision(
                "P1-3", "来場者数", "人", 0, 2025, Decimal(12000), Decimal(10000),
                "会場の改修により、定員を減らしたため。",
            ),
        ),
        compared_with="令和6年度 第1版",
        compared_year=2024,
        changes=(
            ReportChange("", "", None, "担当課", "総務課", "企画課"),
            ReportChange("P1-3", "来場者数", 2024, "実績値", "12,344人", "12,345人"),
            ReportChange("P1-4", "転入超過数", 2024, "達成率", "△20.0%", "50.0%"),
            ReportChange("A1(2)", "研究開発支援事業", None, "取組", "", "掲載"),
        ),
    )  # fmt: skip
    return replace(report, **changes)


def with_first_project(**changes: Any) -> AnnualReport:
    """The small report with its first project changed."""
    report = sample_report()
    first, second = report.projects
    return replace(report, projects=(replace(first, **changes), second))


def _first_project() -> ReportProject:
    """KPIs with values: on pace, a hair below, for reference only, and going backwards."""
    return ReportProject(
        code="P1",
        name="地域産業応援プロジェクト",
        kind_label="コアプロジェクト",
        pillar="しごとの創生",
        purpose=f"働く場をつくります。\n{HARD_TEXT}",
        directions=("企業を応援する", "起業を助ける"),
        standing=standing(4, "66.653333333333", 3, ("C", "やや遅れ")),
        kpis=(
            _cumulative("P1-1", "支援件数（のべ）", first_actual="12"),
            _cumulative("P1-2", "創業件数", first_actual=None),
            _a_hair_below(),
            _going_backwards(),
        ),
        initiatives=(
            ReportInitiative(
                1, "研究開発支援事業", False, "P1", "地域産業応援プロジェクト", 1, "産業振興課",
                ("A1",), "実施中", "3社の研究を助けました。\n<b>成果</b>は #次年度 に公表します。",
                "対象を広げます。", 12345,
            ),
        ),
        initiative_statuses=(("未着手", 0), ("実施中", 1), ("完了", 0), ("見直し", 0), ("中止", 0),
                             ("未入力", 0)),
        review="おおむね目安どおりに進みました。",
        external_opinion="成果を見えるようにしてほしい。\n若い世代の声も聞くとよい。",
    )  # fmt: skip


def _cumulative(code: str, name: str, *, first_actual: str | None) -> ReportKpi:
    """50件 over the plan; without the first year's actual its sum is for reference."""
    is_known = first_actual is not None
    return kpi(
        code,
        name,
        "件",
        year(2024, "final", actual=first_actual, total=first_actual, expected="10",
             final_target="50", rates=("24", "120"), rating=("A", "順調"),
             updated_on=date(2025, 6, 30))
        if is_known
        else year(2024, "missing", expected="10", final_target="50", absence=(1, "未入力"),
                  updated_on=None),
        year(2025, "final", actual="9", total="21" if is_known else "9", expected="20",
             final_target="50",
             rates=("42", "105") if is_known else None,
             rating=("A", "順調") if is_known else ("", ""),
             absence=(0, "") if is_known else (5, "参考"),
             remarks=() if is_known
             else ("令和6年度の実績がそろっていないため、累計は参考です。",),
             analysis="相談会を早めました。\n\n物価の高騰は続いています。" if is_known else "",
             next_steps="周知を強めます。" if is_known else ""),
        is_cumulative=True,
        aggregation_label="累計（のべ）",
    )  # fmt: skip


def _a_hair_below() -> ReportKpi:
    return kpi(
        "P1-3", "来場者数", "人",
        year(2024, "final", actual="12345", expected="10000", final_target="10000",
             rates=("123.45", "123.45"), rating=("A", "順調"), updated_on=date(2025, 6, 30)),
        year(2025, "final", actual="9996", expected="10000", final_target="10000",
             rates=("99.96", "99.96"), rating=("B", "概ね順調")),
        data_source="来場者調査",
    )  # fmt: skip


def _going_backwards() -> ReportKpi:
    return kpi(
        "P1-4", "転入超過数", "人",
        year(2024, "final", actual="55", expected="52", final_target="60",
             rates=("50", "250"), rating=("A", "順調"), updated_on=date(2025, 6, 30)),
        year(2025, "provisional", actual="-48", expected="54", final_target="60",
             rates=("-980", "-2450"), rating=("D", "遅れ")),
        formula_label="基準値からの伸び", baseline=Decimal(50), baseline_year=2022,
    )  # fmt: skip


def _second_project() -> ReportProject:
    """KPIs without a rate, and texts that are hard to print."""
    due = {"expected": "65.0", "final_target": "65.0"}
    before = year(
        2024, "final", actual="60.5", rates=("93.076923076923", "93.076923076923"),
        rating=("B", "概ね順調"), updated_on=date(2025, 6, 30), **due,
    )  # fmt: skip
    percent = {"decimal_places": 1}
    return ReportProject(
        code="A1",
        name="=1+1 <推進>",
        kind_label="加速",
        pillar="加速",
        purpose="",
        directions=(),
        standing=standing(4, None, 0, ("－", "評価なし")),
        kpis=(
            kpi("A1-1", LONG_NAME, "%", before, year(
                2025, "pending", absence=(2, "集計中"),
                remarks=("集計中（令和8年9月30日の予定）",), **due), **percent),
            kpi("A1-2", HARD_TEXT, "%", before, year(
                2025, "unmeasured", absence=(3, "未測定"),
                remarks=("未測定の理由：隔年の調査　 です。\r\n次は令和8年度です。",), **due),
                **percent),
            kpi("A1-3", "=1+1", "%", before, year(
                2025, "missing", absence=(1, "未入力"), updated_on=None, **due), **percent),
            kpi("A1-4", "目標のない指標", "件", before, year(
                2025, "provisional", actual="1234.5", absence=(4, "算出不可"),
                remarks=("目標値が設定されていません。", "速報です。")),
                department="", note="要確認：目標値", **percent),
        ),
        initiatives=(
            ReportInitiative(
                1, "行政 DX 推進事業", False, "A1", "=1+1 <推進>", 1, "", (), "未入力"
            ),
            ReportInitiative(
                2, "研究開発支援事業", True, "P1", "地域産業応援プロジェクト", 1, "産業振興課", ()
            ),
        ),
        initiative_statuses=(("未着手", 0), ("実施中", 0), ("完了", 0), ("見直し", 0), ("中止", 0),
                             ("未入力", 1)),
    )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
