"""What a verification says: problems and notes, each with a limit of how many are spelt out."""

from collections import Counter
from collections.abc import Callable

# Of one kind in one table; whoever changes a whole table would fill the memory with it.
_MOST_LISTED = 20


class Findings:
    """Sentences in Japanese: `problems` are wrong, `notes` are only worth knowing."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.problem_count = 0
        self._kinds: Counter[tuple[str, bool]] = Counter()

    def problem(self, kind: str, sentence: Callable[[], str] | str) -> None:
        """Note what is wrong; `kind` says what of, and a sentence is only made if it is listed."""
        self.problem_count += 1
        self._take(self.problems, (kind, True), sentence)

    def note(self, kind: str, sentence: Callable[[], str] | str) -> None:
        """Note what is worth knowing."""
        self._take(self.notes, (kind, False), sentence)

    def close(self) -> None:
        """Say of each kind how many more there were."""
        for (kind, is_wrong), count in self._kinds.items():
            if count > _MOST_LISTED:
                lines = self.problems if is_wrong else self.notes
                lines.append(f"{kind}：ほかに{count - _MOST_LISTED}件あります。")

    def _take(
        self, lines: list[str], kind: tuple[str, bool], sentence: Callable[[], str] | str
    ) -> None:
        self._kinds[kind] += 1
        if self._kinds[kind] <= _MOST_LISTED:
            lines.append(sentence if isinstance(sentence, str) else sentence())
