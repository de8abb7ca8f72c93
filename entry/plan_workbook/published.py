"""What a city published held against what we compute, row by row: the sheet 公表, never stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from common.fiscal_year import wareki
from common.reading.figures import NotAFigure, read_number
from common.reading.names import comparable
from entry.actuals_file import columns as actuals
from entry.plan_workbook import forms
from entry.plan_workbook.standing import Standing
from entry.plan_workbook.written import Written, WrittenRow
from kpis.achievement import display_number
from kpis.assessment import KpiAssessment
from kpis.series import load_series

NOTHING = "－"


class Match(Enum):
    """How a published figure stands to the computed one."""

    EQUAL = "一致"
    EQUAL_AS_PRINTED = "印刷された桁で一致"
    DIFFERENT = "不一致"


@dataclass(frozen=True, slots=True)
class Compared:
    """One published rate or judgement beside ours, as texts; 「－」 for none.

    `what` names it (`進捗率`, `評価`), `place` is its cell.
    """

    kpi: str
    name: str
    fiscal_year: int
    what: str
    published: str
    computed: str
    match: Match
    place: str

    @property
    def is_rating(self) -> bool:
        """Whether it is a judgement and no rate."""
        return self.what == "評価"

    def __str__(self) -> str:
        return (
            f"{self.kpi}「{self.name}」{wareki(self.fiscal_year)}の{self.what}："
            f"公表は{self.published}、計算は{self.computed}（{self.match.value}）"
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything that a workbook says was published, compared."""

    rows: tuple[Compared, ...] = ()

    @property
    def different(self) -> list[Compared]:
        """What isn't equal at all digits."""
        return [one for one in self.rows if one.match is not Match.EQUAL]

    @property
    def agrees(self) -> bool:
        """Whether nothing published differs from what is computed."""
        return all(one.match is not Match.DIFFERENT for one in self.rows)

    @property
    def summary(self) -> str:
        """`率 27／27　評価 27／27`; what is equal at the printed digits alone is counted apart."""
        return "　".join(
            (self._counted("率", is_rating=False), self._counted("評価", is_rating=True))
        )

    def _counted(self, what: str, *, is_rating: bool) -> str:
        rows = [one for one in self.rows if one.is_rating is is_rating]
        equal = sum(one.match is Match.EQUAL for one in rows)
        printed = sum(one.match is Match.EQUAL_AS_PRINTED for one in rows)
        apart = f"（ほかに、印刷された桁で一致 {printed}）" if printed else ""
        return f"{what} {equal}／{len(rows)}{apart}"


def trial_of(written: Written, standing: Standing) -> Trial:
    """Hold the sheet 公表 against the plan as the database has it: a constant number of queries."""
    rows = [row for row in written.of(forms.PUBLISHED) if not row.has_problem]
    if not rows or standing.strategy is None:
        return Trial()
    names = {kpi.pk: name for name, kpi in standing.kpis.items()}
    series = {names[one.definition.id]: one for one in load_series(standing.strategy)}
    compared: list[Compared] = []
    for row in rows:
        year = int(row.cells[actuals.YEAR])
        own = series.get(row.cells["KPI番号"])
        if own is None:
            continue  # of a KPI that the same workbook deletes
        assessed = own.assess(year) if own.lives_in(year) else None
        found = (*_rates(row, assessed), *_ratings(row, assessed))
        for what, published, computed, match in found:
            place = written.place(row, "評価" if what == "評価" else "率")
            name = own.definition.name
            kpi = row.cells["KPI番号"]
            compared.append(Compared(kpi, name, year, what, published, computed, match, place))
    return Trial(tuple(compared))


_Found = tuple[str, str, str, Match]


def _rates(row: WrittenRow, assessed: KpiAssessment | None) -> Iterator[_Found]:
    text = row.cells.get("率", "")
    if not text:
        return
    basis = row.cells.get("率の種類") or _basis_word(assessed)
    rate = None
    if assessed is not None:
        rate = assessed.achievement if basis == "達成率" else assessed.progress
    computed = _computed_number(rate, assessed)
    shown = NOTHING if computed is None else f"{computed}%"
    try:
        published = read_number(text, "%")
    except NotAFigure:
        yield basis, text, shown, Match.EQUAL if rate is None else Match.DIFFERENT
        return
    yield basis, text, shown, _match(published, rate, computed, assessed)


def _match(
    published: Decimal | None,
    rate: Fraction | None,
    computed: Decimal | None,
    assessed: KpiAssessment | None,
) -> Match:
    if published is None or rate is None or computed is None or assessed is None:
        return Match.DIFFERENT
    if published == computed:
        return Match.EQUAL
    exponent = published.as_tuple().exponent
    printed = max(0, -exponent) if isinstance(exponent, int) else 0
    rules = assessed.rules
    if printed < rules.rate_decimals:
        shown = display_number(
            rate, printed, (), minus="-", separator="", rounding=rules.rate_rounding
        )
        if Decimal(shown) == published:
            return Match.EQUAL_AS_PRINTED
    return Match.DIFFERENT


def _computed_number(rate: Fraction | None, assessed: KpiAssessment | None) -> Decimal | None:
    if rate is None or assessed is None:
        return None
    return Decimal(assessed.rules.rate_number(rate, minus="-", separator=""))


def _basis_word(assessed: KpiAssessment | None) -> str:
    bases: Iterable[tuple[str, str]] = forms.BASES.items()
    return next(
        (word for word, kept in bases if assessed and kept == assessed.rating_basis), "進捗率"
    )


def _ratings(row: WrittenRow, assessed: KpiAssessment | None) -> Iterator[_Found]:
    text = row.cells.get("評価", "")
    if not text:
        return
    rating = assessed.rating if assessed is not None else None
    shown = rating.text if rating else NOTHING
    try:
        read_number(text)
        expects_none = False
    except NotAFigure:
        expects_none = True
    except ValueError:
        expects_none = False
    said = comparable(text)
    if rating is not None:
        names = {comparable(one) for one in (rating.symbol, rating.label, rating.text) if one}
        is_equal = said in names
    else:
        is_equal = expects_none
    yield "評価", text, shown, Match.EQUAL if is_equal else Match.DIFFERENT
