"""The entry page's form as somebody fills it in."""

from decimal import Decimal
from html.parser import HTMLParser

_VERSION = "-version"


class EntryForm:
    """New figures, each on the version that was saved last; `rows` is "one" or "all"."""

    def __init__(self, page: bytes) -> None:
        reader = _FieldReader()
        reader.feed(page.decode())
        self.codes = [
            name.removesuffix(_VERSION) for name in reader.fields if name.endswith(_VERSION)
        ]
        rows = tuple(f"{code}-" for code in self.codes)
        self.fields = {name: text for name, text in reader.fields.items() if name.startswith(rows)}

    def change(self, rows: str) -> dict[str, str]:
        """Type another figure into some rows, in turns one more and one less; the whole form."""
        for code in self._codes(rows):
            step = 1 if int(self.fields[f"{code}{_VERSION}"]) % 2 else -1
            self.fields[f"{code}-value"] = str(Decimal(self.fields[f"{code}-value"]) + step)
        return dict(self.fields)

    def saved(self, rows: str) -> None:
        """Those rows are a version further."""
        for code in self._codes(rows):
            self.fields[f"{code}{_VERSION}"] = str(int(self.fields[f"{code}{_VERSION}"]) + 1)

    def _codes(self, rows: str) -> list[str]:
        return self.codes if rows == "all" else self.codes[:1]


class _FieldReader(HTMLParser):
    """What a page's fields hold, by name, as a browser would send them unchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"select", "textarea"}:
            self.name = given["name"] or ""
            self.fields[self.name] = ""
        elif tag == "input":
            self.fields[given["name"] or ""] = given.get("value") or ""
        elif tag == "option" and "selected" in given:
            self.fields[self.name] = given["value"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self.name = ""

    def handle_data(self, data: str) -> None:
        if self.name and self.lasttag == "textarea":
            self.fields[self.name] += data
