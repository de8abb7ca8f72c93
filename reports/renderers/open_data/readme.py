"""readme.txt: what is in the archive, for whoever works with it."""

from collections.abc import Iterable, Iterator

from common.fiscal_year import wareki_with_western
from kpis.achievement import Rounding
from kpis.publication import TERMS
from projects.bands import percent
from projects.words import PlanWords
from reports.annual.document import AnnualReport
from reports.renderers.clean_text import clean_line
from reports.renderers.open_data.columns import (
    CODES,
    Column,
    actual_columns,
    indicator_columns,
    project_columns,
)
from reports.renderers.open_data.projects import PROJECT_RATINGS, has_judged_projects
from reports.renderers.wording import period_text
from reports.rule_sentences import rule_sentences

_SAMPLE = "注意：実績値はすべて架空（見本）です。"
_FILES = (
    ("kpi_actuals.csv", "{kpi}の実績。1行が{one}の1会計年度"),
    ("kpi_actuals.xlsx", "kpi_actuals.csv と同じ内容の Excel ブック。シートは1枚"),
    ("kpi_indicators.csv", "{kpi}の定義。1行が{one}"),
    ("codes.csv", "コード表。1行が1コード"),
    ("readme.txt", "この説明書"),
)
_PROJECTS_FILE = (PROJECT_RATINGS, "{project}の評価。1行が{project}の1会計年度")
_FORM = (
    "CSVとこの説明書の文字コードはUTF-8（BOM付き）、改行コードはCRLFです。",
    "CSVは1行目が列名、2行目からがデータです。コンマを含む項目は引用符で囲みます。",
    "数値に単位、桁区切り、パーセント記号は付けません。負の数は半角のハイフンで始まります。",
    "空欄は値がないことを表します。0は、測った結果が0であることを表します。",
    "日付は西暦の年-月-日です。会計年度は4月に始まる年の西暦です。",
    "計算式と取り違えられる文字で始まる文には、先頭に半角のアポストロフィを付けています。",
    "列の構成は毎年度同じです。",
)
_RATES = (
    "達成率は最終目標値に対する率、進捗率は年度目安値に対する率です。単位はパーセントです。",
    "集計方法が累計の{kpi}では指標累計値を、単年度の{kpi}では指標実績値を、目標と比べます。",
    "{kpi}ごとの算式は kpi_indicators.csv に、算式の意味は codes.csv に示します。",
)
_BY_RATE = "評価は、端数を処理する前の率で分けています。"
_BY_POSITION = "評価は、codes.csv に示す条件を順に見て、最初に当てはまるもので決めています。"
_BY_PEOPLE = "評価は、人が決めています。率や条件から計算した評価は、算定評価の列に示します。"


def readme_text(report: AnnualReport) -> bytes:
    """The text as UTF-8 with a byte order mark, lines ending in CRLF."""
    return "".join(f"{line}\r\n" for line in _lines(report)).encode("utf-8-sig")


def _lines(report: AnnualReport) -> Iterator[str]:
    yield from _about(report)
    yield from ("", "1 ファイル")
    words = report.words
    files = (*_FILES, *([_PROJECTS_FILE] if has_judged_projects(report) else []))
    yield from (f"{name}：{_worded(meaning, words)}" for name, meaning in files)
    yield from ("", "2 形式")
    yield from _FORM
    yield from ("", "3 率")
    yield from (_worded(line, words) for line in _RATES)
    yield from _methods(report)
    yield _rounding(report)
    changed = rule_sentences(report.rules, report.first_year, report.fiscal_year, words)
    yield from map(clean_line, changed)
    if changed:
        yield "率の端数は、それぞれの年度の評価の境によって処理しています。"
    yield from ("", "4 列（列名、物理名、内容）")
    yield from _columns("kpi_actuals.csv、kpi_actuals.xlsx", actual_columns(report), words)
    yield from _columns("kpi_indicators.csv", indicator_columns(report), words)
    yield from _columns("codes.csv", CODES, words)
    if has_judged_projects(report):
        yield from _columns(PROJECT_RATINGS, project_columns(report), words)
    yield from ("", "5 利用条件と問い合わせ先")
    for name, label in TERMS.items():
        yield f"{label}：{clean_line(getattr(report, name)) or '未定'}"


def _worded(line: str, words: PlanWords) -> str:
    """A line that names columns too, which are called the same in every plan."""
    named = {"{kpi}": words.kpi, "{one}": words.count_kpis(1), "{project}": words.project}
    for name, word in named.items():
        line = line.replace(name, word)
    return line


def _methods(report: AnnualReport) -> Iterator[str]:
    """By what KPIs are rated, where they are."""
    if report.scale.is_by_people:
        yield _BY_PEOPLE
    elif report.scale.is_by_position:
        yield _BY_POSITION
    elif report.scale.rates:
        yield _BY_RATE
    codes = [kpi.code for kpi in report.all_kpis if kpi.own_scale_in(report.fiscal_year)]
    if codes:
        yield f"{'、'.join(codes)}の評価は、codes.csv に示す別のきまりによります。"


def _rounding(report: AnnualReport) -> str:
    place = report.rate_decimals + 1
    if report.rate_rounding == Rounding.CUT:
        return f"率は小数第{place}位以下を切り捨てています。"
    bounds = "、".join(percent(bound) for bound in report.bounds)
    named, short = (f"評価の境（{bounds}）", "境") if bounds else ("100%", "100%")
    return (
        f"率は小数第{place}位を四捨五入しています。ただし、{named}に届かない率が"
        f"四捨五入で{short}に届くときは、切り捨てています。"
    )


def _about(report: AnnualReport) -> Iterator[str]:
    yield f"{clean_line(report.title)} オープンデータ説明書"
    yield ""
    code = clean_line(report.municipality_code)
    yield f"団体：{clean_line(report.municipality)}（団体コード {code}）"
    if office := clean_line(report.office):
        yield f"担当課：{office}"
    yield f"計画：{clean_line(report.strategy_name)}"
    yield f"計画期間：{period_text(report)}"
    yield f"報告の年度：{wareki_with_western(report.fiscal_year)}"
    yield f"版：{report.edition_label}"
    yield f"{'作成日' if report.is_draft else '発行日'}：{report.made_at.date().isoformat()}"
    if report.seal:
        yield f"発行の前の記録の封印：{report.seal}"
    if report.is_sample:
        yield _SAMPLE


def _columns(files: str, columns: Iterable[Column], words: PlanWords) -> Iterator[str]:
    yield f"[{files}]"
    yield from (f"{one.name}、{one.physical_name}、{words.put(one.meaning)}" for one in columns)
