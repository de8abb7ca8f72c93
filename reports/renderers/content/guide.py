"""How to read the report, as finished texts: years, formulas, ratings, marks."""

from typing import Any

from common.fiscal_year import wareki_short, wareki_with_western
from kpis.achievement import MINUS_IN_PRINT, NOTHING
from projects.words import PlanWords
from reports.annual.document import AnnualReport
from reports.renderers.clean_text import clean_line
from reports.renderers.content.ratings import rating_sections, reasons_of, rounding_note
from reports.renderers.content.tables import Table, section
from reports.renderers.wording import (
    CARRIED_MARK,
    NOT_YET,
    PROVISIONAL_MARK,
    REFERENCE_MARK,
    period_text,
)

_FORMULAS = (
    ("達成率", "実績 ÷ 最終目標 × 100", "計画の最終年度までに達する値に対する割合"),
    ("進捗率", "実績 ÷ その年度の目安 × 100", "その年度の末までに達する値に対する割合"),
)
_TOTALS_NOTE = "「累計」の指標の実績は、計画の初年度からその年度までの合計です。"
_EXPECTED_NOTE = (
    "年度の目安は、定めのある場合はその値です。定めのない場合は、累計の指標では"
    "最終目標を計画の年数で等分して積み上げた値、単年度の指標では最終目標です"
    "（算式が「基準値からの伸び」の指標では、基準値から最終目標まで毎年度等しく進む値）。"
)
_OTHER_FORMULAS_NOTE = (
    "小さいほど良い指標の「実績÷目標」は、目標 ÷ 実績 × 100 とします。"
    "「目標との乖離」は、200から 実績 ÷ 目標 × 100 を引きます"
    "（大きいほど良い指標では引きません）。"
    "「基準値からの伸び」は、（実績－基準値）÷（目標－基準値）× 100 とします。"
    "指標ごとの算式は、資料の「指標の定義と資料出所」に示します。"
)
_MARKS = (
    (NOTHING, "該当する数値がないもの、率を算出できないもの"),
    (NOT_YET, "この報告書の年度より後の年度のもの"),
    (MINUS_IN_PRINT, "負の数"),
    (PROVISIONAL_MARK, "速報値（後日、確定値に改めることがあります）"),
    (REFERENCE_MARK, "参考値（前の年度の実績がそろわない累計。率を算出しません）"),
)
_CARRIED = (CARRIED_MARK, "前の年度に測った値（どの年度の値かを注に示します）")
_RELISTED_NOTE = (
    "「（再掲）」は、ほかのプロジェクトを主な掲載先とする取組です。状況、取組実績、"
    "決算額は主な掲載先に示します。取組の数は、再掲を除いて数えます。"
)

_SEAL = (
    "発行の前の封印は、{}です。封印は、それまでに記録した実績、目標、締めと、発行した版の"
    "すべてから計算した値で、あとから記録を書き換えると一致しなくなります。"
)


def guide_content(report: AnnualReport) -> dict[str, Any]:
    """What a reader must know to read the tables: the sections of the guide in their order."""
    return {
        "sections": [
            section("対象と年度", _subject(report)),
            section("率の算式", "", _formulas(report.words)),
            *rating_sections(report),
            section("符号と端数", "", _marks(report)),
            *([section("記録の封印", _SEAL.format(report.seal))] if report.seal else []),
        ],
    }


def _formulas(words: PlanWords) -> Table:
    notes = _numbered(*map(words.put, (_TOTALS_NOTE, _EXPECTED_NOTE, _OTHER_FORMULAS_NOTE)))
    return Table("達成率と進捗率", ("率", "算式", "意味"), _FORMULAS, notes=notes)


def _marks(report: AnnualReport) -> Table:
    carried = any(year.value_year is not None for kpi in report.all_kpis for year in kpi.years)
    rows = (
        *_MARKS,
        *([_CARRIED] if carried else []),
        *((reason.label, meaning) for reason, meaning in reasons_of(report)),
    )
    notes = _numbered(rounding_note(report), report.words.put(_RELISTED_NOTE))
    return Table("符号と用語", ("符号・用語", "意味"), rows, notes=notes)


def _numbered(*notes: str) -> list[tuple[str, str]]:
    return [(f"注{at}", note) for at, note in enumerate(notes, start=1)]


def _subject(report: AnnualReport) -> str:
    year = wareki_with_western(report.fiscal_year)
    return (
        f"{clean_line(report.strategy_name)}（計画期間：{period_text(report)}）の"
        f"{_kpis_in_full(report.words)}と{report.words.initiative}について、{year}の実績と、年度の目安や"
        "最終目標に対する進み具合を示します。年度は4月から翌年3月までです。"
        f"表の「{wareki_short(report.fiscal_year)}」は、{year}のことです。"
    )


def _kpis_in_full(words: PlanWords) -> str:
    """The field's term where the plan has no word of its own for its KPIs."""
    own = PlanWords.kpi
    return f"重要業績評価指標（KPI、以下「{own}」といいます）" if words.kpi == own else words.kpi
