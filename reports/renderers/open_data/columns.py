"""Every column of the data files: its name, its alphanumeric name, and what it holds."""

from collections.abc import Callable
from typing import NamedTuple

from reports.annual.document import AnnualReport, ReportKpi
from reports.renderers.csv import (
    HEADER,
    JUDGED,
    KIND,
    csv_header,
    kpis_of_all_kinds,
    shown_value,
)


class Column(NamedTuple):
    """A column as the file's head and the readme have it."""

    name: str
    physical_name: str
    meaning: str


_ACTUALS = (
    ("municipality_code", "全国地方公共団体コード（6桁）"),
    ("municipality_name", "団体の正式な名称"),
    ("kpi_code", "指標の番号"),
    ("kpi_name", "指標の名称"),
    ("project_code", "指標が属するプロジェクトの番号"),
    ("project_name", "指標が属するプロジェクトの名称"),
    ("department", "指標を所管する課"),
    ("fiscal_year", "実績の会計年度。4月に始まる年の西暦"),
    ("fiscal_year_wareki", "会計年度の和暦"),
    ("unit", "値の単位。単位のないものは空欄"),
    ("aggregation", "集計方法（codes.csv）"),
    ("baseline_value", "計画の前の値"),
    ("final_target", "その年度に効力のある最終目標値"),
    ("expected_value", "その年度の末までに達する値。定めのない年度は計算した値"),
    ("actual_value", "その年度の実績"),
    ("cumulative_value", "計画の初年度からその年度までの実績の合計。集計方法が累計の指標だけ"),
    ("achievement_rate", "最終目標値に対する率"),
    ("progress_rate", "年度目安値に対する率"),
    ("rating", "評価の記号。記号のない評価はその名称（codes.csv）"),
    ("value_status", "実績が確定か速報か（codes.csv）"),
    ("missing_reason", "率や評価がない理由（codes.csv）。そろっている行は空欄"),
    ("note", "数値についての注記"),
    ("updated_on", "実績を最後に入力した日"),
    (
        "value_fiscal_year",
        "実績を測った会計年度の西暦。前の年度の値を引き継いだ行だけ。空欄は、その行の年度に測った値",
    ),
    ("actual_in_words", "数値でない実績。そのような行の指標実績値は空欄"),
)
ACTUALS = tuple(Column(name, *words) for name, words in zip(HEADER, _ACTUALS, strict=True))
_JUDGED = (
    ("computed_rating", "率や条件から計算した評価（codes.csv）。人が評価を決める報告書だけの列"),
    ("proposed_rating", "所管課が出した評価の案（codes.csv）"),
    ("proposal_reason", "評価の案の理由"),
    ("decision_reason", "決めた評価の理由"),
)
# What is said of a column where nothing is rated.
_OF_RATES_ALONE = {
    "欠測区分": Column(
        "欠測区分", "missing_reason", "率がない理由（codes.csv）。両方の率がある行は空欄"
    )
}
_KIND = Column(
    KIND,
    "kind",
    "プロジェクトの指標か、柱や計画全体の数値目標か（codes.csv）。数値目標がある報告書だけの列",
)
_KNOWN = {one.name: one for one in (*ACTUALS, _KIND)} | {
    name: Column(name, *words) for name, words in zip(JUDGED, _JUDGED, strict=True)
}
INDICATORS = (
    *ACTUALS[:7],
    Column("単位", "unit", "値の単位。単位のないものは空欄"),
    Column("小数桁数", "decimal_places", "値の小数の桁数"),
    Column("集計方法", "aggregation", "集計方法（codes.csv）"),
    Column("目指す方向", "direction", "値の望ましい方向（codes.csv）"),
    Column("算式", "formula", "率の算式（codes.csv）"),
    Column("指標基準値", "baseline_value", "計画の前の値"),
    Column("基準値の会計年度（年）", "baseline_fiscal_year", "基準値の会計年度の西暦"),
    Column("最終目標値", "final_target", "報告の年度に効力のある最終目標値"),
    Column(
        "最終目標の会計年度（年）",
        "final_target_fiscal_year",
        "最終目標に達する会計年度の西暦。計画の最終年度か、目標ごとの年度",
    ),
    Column("算出方法", "definition", "指標の算出方法"),
    Column("資料出所", "data_source", "数値の資料出所"),
    Column("備考", "remarks", "指標についての備考"),
    Column("開始年度", "first_fiscal_year", "指標が始まる会計年度の西暦"),
    Column("終了年度", "last_fiscal_year", "指標が終わる会計年度の西暦。計画の最後まで続けば空欄"),
    Column("前の指標", "predecessor", "差し替える前の指標の番号と名称"),
)
_SOURCE = Column(
    "元の指標",
    "source_indicator",
    "数値を受け取っている別の計画の指標と年度。そのような指標がある報告書だけの列",
)
_RELATED = Column(
    "関係課",
    "related_departments",
    "所管課とともに指標を担当する課（「、」で区切る）。関係課のある指標がある報告書だけの列",
)
# What stands behind them only where an indicator has it, so that all other plans' files stay as
# they are.
_AT_THE_END: tuple[tuple[Column, Callable[[ReportKpi], str]], ...] = (
    (_SOURCE, lambda kpi: kpi.source),
    (_RELATED, lambda kpi: "、".join(kpi.related_departments)),
    (
        Column(
            "目標の条件",
            "final_target_condition",
            "超・未満・維持。ことばの目標では達し方。空欄は、目指す方向のとおり以上・以下",
        ),
        lambda kpi: kpi.target_condition if kpi.target_condition not in ("以上", "以下") else "",
    ),
    (
        Column(
            "維持の幅", "final_target_tolerance", "目標値からこの幅までの値は、保たれたとみなす"
        ),
        lambda kpi: "" if not kpi.target_tolerance else f"{shown_value(kpi.target_tolerance, kpi)}",
    ),
    (
        Column("ことばの目標", "final_target_words", "数値で定めていない最終目標"),
        lambda kpi: kpi.target_words,
    ),
)


def columns_at_the_end(report: AnnualReport) -> list[tuple[Column, Callable[[ReportKpi], str]]]:
    """The last columns of a report's kpi_indicators.csv, each with what stands in it."""
    kpis = [kpi for _home, kpi, _is_goal in kpis_of_all_kinds(report)]
    return [(column, text_of) for column, text_of in _AT_THE_END if any(map(text_of, kpis))]


def indicator_columns(report: AnnualReport) -> tuple[Column, ...]:
    """The columns of a report's kpi_indicators.csv."""
    last = (column for column, _text_of in columns_at_the_end(report))
    return (*INDICATORS, *last, *((_KIND,) if report.has_goals else ()))


def actual_columns(report: AnnualReport) -> tuple[Column, ...]:
    """The columns of a report's kpi_actuals.csv."""
    columns = tuple(_KNOWN[name] for name in csv_header(report))
    if report.has_rated_kpis:
        return columns
    return tuple(_OF_RATES_ALONE.get(one.name, one) for one in columns)


PROJECTS = (
    *ACTUALS[:2],
    *ACTUALS[4:6],
    *ACTUALS[7:9],
    Column("達成率の平均（%）", "achievement_rate_mean", "プロジェクトの指標の達成率の平均"),
    Column("進捗率の平均（%）", "progress_rate_mean", "プロジェクトの指標の進捗率の平均"),
    Column("評価区分", "rating", "プロジェクトの評価の記号か名称（codes.csv）"),
    Column("算定評価", "computed_rating", "率の平均から計算した評価（codes.csv）"),
    Column("評価の理由", "rating_reason", "人が決めた評価の理由"),
    Column("外部有識者の評価", "external_rating", "外部有識者の評価（codes.csv）"),
)
_SIGN = Column("表記", "printed_sign", "計画書に印刷した記号。番号と同じなら空欄")
CODES = (
    Column("項目", "item", "コードを使う列の名称"),
    Column("コード", "code", "列に入るコード"),
    Column("名称", "label", "コードの名称"),
    Column("説明", "description", "コードの意味"),
)


def project_columns(report: AnnualReport) -> tuple[Column, ...]:
    """The columns of a report's project_ratings.csv."""
    return (*PROJECTS, _SIGN) if prints_signs(report) else PROJECTS


def prints_signs(report: AnnualReport) -> bool:
    """Whether the plan prints another sign than the code of any project."""
    return any(one.printed_sign for one in report.projects)
