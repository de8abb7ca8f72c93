"""Whether contents of closed years are still what was kept, and today's rows agree with them."""

from collections.abc import Sequence

from common.fiscal_year import wareki
from projects.models import Strategy
from reports.annual.kept import sha256_of
from reports.annual.law import YearAgainstKept, differences_from_kept
from reports.models import KeptContent
from reports.seals.verification import Findings

_KIND = "締めた年度の内容"


def verify_contents(
    plans: Sequence[Strategy], year: int | None, found: Findings
) -> tuple[int, int]:
    """Check the contents of some plans, of one year or all.

    Returns how many contents there are, superseded ones too, and how many years stand closed.
    """
    kept = KeptContent.objects.filter(strategy__in=plans).select_related("strategy")
    if year is not None:
        kept = kept.filter(fiscal_year=year)
    count = 0
    before: tuple[int, int, int] = (0, 0, 0)
    for one in kept.order_by("strategy", "fiscal_year", "number").iterator():
        count += 1
        where = f"{one.strategy} {one}"
        if sha256_of(one.document) != one.document_sha256:
            found.problem(_KIND, f"{where}：SHA-256が、残したときのものと違います。")
        expected = before[2] + 1 if before[:2] == (one.strategy_id, one.fiscal_year) else 1
        if one.number != expected:
            found.problem(_KIND, f"{where}：その前の第{expected}回の締めの内容がありません。")
        before = (one.strategy_id, one.fiscal_year, one.number)
    years = [
        one
        for plan in plans
        for one in differences_from_kept(plan, None if year is None else [year])
    ]
    for against in years:
        _tell(against, found)
    return count, len(years)


def _tell(against: YearAgainstKept, found: Findings) -> None:
    where = f"{against.strategy} {wareki(against.fiscal_year)}"
    if against.content is None:
        found.problem(
            _KIND,
            f"{where}：締めてあるのに、内容が残されていません。manage.py migrate が残します。",
        )
    elif not against.is_readable:
        found.problem(_KIND, f"{where}：残した内容を読み取れないため、照らし合わせていません。")
    elif against.is_of_older_rules and against.differences:
        found.note(
            _KIND,
            f"{where}：残したあとに率の規則が変わっています。今の規則では"
            f"{len(against.differences)}か所が違いますが、報告した内容は残したとおりです。",
        )
    else:
        for one in against.differences:
            found.problem(_KIND, f"{where}：{one}")
