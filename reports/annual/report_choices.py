"""The reports that can stand side by side: editions, each year's draft, superseded contents."""

import re

from django.utils import timezone

from common.fiscal_year import wareki, wareki_date
from projects.models import Strategy
from reports.annual.document import AnnualReport
from reports.annual.kept import contents_of_closed, report_in, report_of_year
from reports.annual.serialisation import from_json
from reports.models import Edition, KeptContent

_KEY = re.compile(r"([0-9]{4})-(draft|(closing-)?[1-9][0-9]{0,4})")


def report_choices(strategy: Strategy) -> list[tuple[str, str]]:
    """The key (`2025-2`, `2025-draft`) and the label of every report (two queries).

    The newest year first, and a year's draft before its editions. What was kept of a closed year
    is its draft; what a later closing took the place of (`2025-closing-1`) comes last.
    """
    by_year = {year: {draft_key(year): f"{wareki(year)} 案（今の内容）"} for year in strategy.years}
    editions = Edition.objects.filter(strategy=strategy).defer("document")
    for edition in editions.order_by("-fiscal_year", "-number"):
        issued_on = wareki_date(timezone.localdate(edition.issued_at))
        same_year = by_year.setdefault(edition.fiscal_year, {})
        same_year[edition.key] = f"{edition}（{issued_on}発行）"
    drafts = contents_of_closed([strategy]).order_by().values("pk")
    superseded = KeptContent.objects.filter(strategy=strategy).exclude(pk__in=drafts)
    for kept in superseded.defer("document").order_by("-fiscal_year", "-number"):
        by_year.setdefault(kept.fiscal_year, {})[kept.key] = f"{kept}（前の内容）"
    return [choice for year in sorted(by_year, reverse=True) for choice in by_year[year].items()]


def draft_key(fiscal_year: int) -> str:
    """`2025-draft`."""
    return f"{fiscal_year}-draft"


def default_pair(keys: list[str]) -> tuple[str, str]:
    """The keys to begin with: the newest edition and its year's draft; empty without an edition.

    Where the year is no longer the plan's, and has no draft, the edition before and that one.
    """
    editions = [key for key in keys if not ("-draft" in key or "-closing-" in key)]
    if not editions:
        return "", ""
    newest = editions[0]
    draft = draft_key(int(newest[:4]))
    if draft in keys:
        return newest, draft
    return editions[min(1, len(editions) - 1)], newest


def find_report(strategy: Strategy, key: str) -> AnnualReport | None:
    """The report with a key, None where there is none."""
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    year, number = int(match[1]), match[2]
    if number.startswith("closing-"):
        kept = strategy.kept_contents.filter(fiscal_year=year, number=number[8:]).first()
        return None if kept is None else report_in(kept)
    if number != "draft":
        edition = find_edition(strategy.code, year, int(number))
        return None if edition is None else from_json(edition.document)
    return report_of_year(strategy, year) if year in strategy.years else None


def is_issued_first(edition: Edition) -> bool:
    """Whether no other plan issued an edition of that year and number before.

    Then its address and its files' names do without the plan's code, for ever.
    """
    same = Edition.objects.filter(fiscal_year=edition.fiscal_year, number=edition.number)
    return not same.filter(pk__lt=edition.pk).exists()


def find_edition(plan_code: str, fiscal_year: int, number: int) -> Edition | None:
    """A plan's edition of a year with that number; None without one."""
    editions = Edition.objects.filter(strategy__code=plan_code, fiscal_year=fiscal_year)
    return editions.filter(number=number).select_related("strategy").first()
