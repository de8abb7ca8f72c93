"""What a plan calls its parts: the words of its pages, papers, mails and files.

Sentences and labels are written with the app's own words, which are the first plan's
(創生の柱, プロジェクト, 取組, 指標, 年次報告書); `PlanWords.put` says them in another plan's. What
is a term of the field stays as it is (docs/domain.md, A plan's words).
"""

import re
from dataclasses import dataclass, fields
from functools import lru_cache

from django.core.exceptions import ValidationError

LONGEST_WORD = 20
# Words of up to that many characters are counted like 指標: 「16施策」, not 「成果指標16件」.
_COUNTED_DIRECTLY = 2


@dataclass(frozen=True)
class PlanWords:
    """A plan's names for a pillar, a project, an initiative and a KPI, and its report's title."""

    pillar: str = "創生の柱"
    project: str = "プロジェクト"
    initiative: str = "取組"
    kpi: str = "指標"
    report: str = "年次報告書"

    def put(self, text: str) -> str:
        """A text of the app's own, written with its own words, in the plan's.

        Names and texts that people wrote never go through it: they may hold the same words.
        """
        replacements = _replacements(self)
        if not replacements:
            return text
        return _OWN_WORD.sub(lambda found: replacements.get(found[0], found[0]), text)

    def counted(self, own_word: str, count: int) -> str:
        """So many of what the app calls `own_word`: `16指標`, `8施策`, `成果指標16件`."""
        word = self.put(own_word)
        if word == own_word or len(word) <= _COUNTED_DIRECTLY:
            return f"{count}{word}"
        return f"{word}{count}件"

    def count_kpis(self, count: int) -> str:
        """`16指標`, `成果指標16件`."""
        return self.counted("指標", count)

    def of_kpis(self, count: int) -> str:
        """`12指標`, `12件`: a count behind one that has said of what."""
        return f"{count}{self.kpi_counter}"

    @property
    def kpi_counter(self) -> str:
        """What KPIs are counted in where it is clear what is counted: `指標`, `件`."""
        return self.kpi if len(self.kpi) <= _COUNTED_DIRECTLY else "件"


OWN_WORDS = PlanWords()
# What the words of the app are where they stand in a text, the longer before what it holds.
_OWN_FORMS = {
    "創生の柱": "pillar",
    "柱": "pillar",
    "プロジェクト": "project",
    "取組": "initiative",
    "重要業績評価指標": "kpi",
    "指標": "kpi",
    "年次報告書": "report",
}
_OWN_WORD = re.compile("|".join(_OWN_FORMS))


@lru_cache(maxsize=64)
def _replacements(words: PlanWords) -> dict[str, str]:
    """The forms of the app's words that a plan says otherwise, and how."""
    changed = {one.name for one in fields(words) if getattr(words, one.name) != one.default}
    return {form: getattr(words, name) for form, name in _OWN_FORMS.items() if name in changed}


def validate_word(text: str) -> None:
    """Raise ValidationError for a word with what nobody sees in it, or blanks at its edges."""
    if not text.isprintable() or text != text.strip():
        raise ValidationError(
            "呼び名には、改行やタブなどの見えない文字と、全角や前後の空白は使えません。"
        )
