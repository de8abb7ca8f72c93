"""One row of an entry page: what its fields hold, what is saved, what is wrong with it."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from projects.words import PlanWords

VERSION = "version"
OUTDATED = "画面が古くなっています。ページを開き直してください。"


@dataclass(slots=True)
class FieldError:
    """One sentence beside one field of one row; `label` is the field's name on the page."""

    field: str
    label: str
    message: str

    @property
    def anchor(self) -> str:
        """Which part of the row a link to the error leads to; nobody sees the version."""
        return "errors" if self.field == VERSION else self.field


class SheetRow(ABC):
    """A KPI, an initiative or a project on its entry page.

    `code` prefixes the names and ids of its fields. `saved` is what is recorded of the year
    (None: 未入力), the newer save where a row was refused as stale, and `before` what is
    recorded of the year before. `typed` is what the fields hold, `words` are the plan's. `labels`
    name the fields, which may be more in one row than in another.
    """

    labels: Mapping[str, str]

    def __init__(
        self, owner_id: int, code: str, name: str, saved: Any, before: Any, words: PlanWords
    ) -> None:
        self.owner_id = owner_id
        self.code = code
        self.name = name
        self.saved = saved
        self.before = before
        self.words = words
        self.typed = self.standing
        self.errors: list[FieldError] = []
        self.is_posted = False
        self.is_stale = False
        # Whether the fields were filled in by the page, so that its script knows it as unsaved.
        self.is_prepared = False

    @abstractmethod
    def texts_of(self, record: Any) -> dict[str, str]:
        """What the fields hold of a record, by name; for None those of an empty row."""

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has stated anything about the year yet."""
        return self.saved is None

    @property
    def saved_version(self) -> int:
        """The version that stands, 0 where nothing does."""
        return 0 if self.saved is None else int(self.saved.version)

    @property
    def invalid(self) -> frozenset[str]:
        """The fields to mark as wrong."""
        return frozenset(error.field for error in self.errors)

    @property
    def standing(self) -> dict[str, str]:
        """What the fields would hold with what is saved."""
        return self.texts_of(self.saved) | {VERSION: str(self.saved_version)}

    @property
    def standing_json(self) -> str:
        """The same for the page's script."""
        return json.dumps(self.standing, ensure_ascii=False)

    @property
    def differing(self) -> list[str]:
        """The fields in which what was typed is not what is saved."""
        saved = self.standing
        return [name for name in self.labels if _unified(saved[name]) != _unified(self.typed[name])]

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """(label, what is saved, what was typed) of those fields, as people read them."""
        saved = self.standing
        return [
            (self.label(name), self.spoken(name, saved[name]), self.spoken(name, self.typed[name]))
            for name in self.differing
        ]

    def spoken(self, name: str, text: str) -> str:
        """A field's text as people read it."""
        return text

    def label(self, name: str) -> str:
        """A field's name on the page, in the plan's words."""
        return self.words.put(self.labels.get(name, "版"))

    def add_error(self, name: str, message: str) -> None:
        """Say beside a field what is wrong with it."""
        self.errors.append(FieldError(name, self.label(name), message))

    def show_saved(self, saved: Any) -> None:
        """Take what is saved now, and show it in the fields."""
        self.saved = saved
        self.typed = self.standing

    def show_newer(self, newer: Any) -> None:
        """Keep what was typed beside a newer save, on top of which it may be saved again."""
        self.is_stale = True
        self.saved = newer
        self.typed[VERSION] = str(self.saved_version)


def _unified(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
