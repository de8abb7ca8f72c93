"""What of a table can mean several things: asked once each, however often it stands there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from entry.plan_workbook.told import Kind
from entry.plan_workbook.told import Reading as Told

_LONGEST_EXAMPLE = 40


class Reading(NamedTuple):
    """A way to take it: its value among the answers, and what it says to people."""

    value: str
    label: str


@dataclass(slots=True)
class Question:
    """What is asked: `about` is a sentence, `example` a cell's text that stands at `place`.

    `count` is how many cells or rows it concerns. The first of `readings` is the likeliest.
    """

    key: str
    about: str
    readings: tuple[Reading, ...]
    example: str
    place: str
    count: int = 1
    answer: str = ""


@dataclass(slots=True)
class Asker:
    """Takes questions while a table is converted, with the answers that there are."""

    answers: dict[str, str]
    asked: dict[str, Question] = field(default_factory=dict)

    def ask(
        self, key: str, about: str, readings: Sequence[Reading], *, example: str, place: str
    ) -> str:
        """The value of the reading that was chosen; empty where nobody answered yet.

        A single reading is not asked, only noted.
        """
        known = self.asked.get(key)
        if known is not None:
            known.count += 1
            return known.answer
        values = [reading.value for reading in readings]
        answer = self.answers.get(key, "")
        if answer not in values:
            answer = values[0] if len(values) == 1 else ""
        shown = " ".join(example.split())[:_LONGEST_EXAMPLE]
        self.asked[key] = Question(key, about, tuple(readings), shown, place, answer=answer)
        return answer

    @property
    def open(self) -> list[Question]:
        """The questions without an answer."""
        return [one for one in self.asked.values() if not one.answer]

    @property
    def notes(self) -> list[str]:
        """How everything was taken that was not plain, as sentences."""
        notes: list[str] = []
        for one in self.asked.values():
            label = next((label for value, label in one.readings if value == one.answer), "")
            if label:
                example = f"例：{one.place}「{one.example}」"
                told = f"{one.about}→ {label}（{example}、{one.count}か所）。"
                notes.append(Told(told, Kind.ANSWERS))
        return notes
