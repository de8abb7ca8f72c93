"""Departments as cells name them: by name or code, the first the 所管課, others behind it."""

import re
from collections.abc import Iterable

from common.reading.names import comparable, half_width
from projects.models import Department

_STRONG = re.compile(r"[、，,／/\n;；]+")
_WEAK = re.compile(r"[・･\s]+")


class Departments:
    """Those that there are, and those that the workbook adds."""

    def __init__(self, standing: Iterable[Department]) -> None:
        self._named: dict[str, list[str]] = {}
        self._codes: dict[str, str] = {}
        for one in standing:
            self._add(one.code, one.name)
        # A name that several have is written by its code.
        self._ambiguous = {name for name, codes in self._named.items() if len(codes) > 1}

    def _add(self, code: str, name: str) -> None:
        self._named.setdefault(comparable(name), []).append(code)
        self._codes[comparable(code)] = name

    def tell_apart(self, names: Iterable[str]) -> None:
        """Names that the workbook gives to several departments: written by their codes."""
        self._ambiguous |= {comparable(name) for name in names}

    def take(self, cells: dict[str, str]) -> str:
        """A row of the sheet 所管課: what the workbook calls the department, new or there."""
        code, name = half_width(cells.get("コード", "")), cells.get("名称", "")
        said = comparable(name)
        standing = self._codes.get(comparable(code)) if code else None
        if standing is not None:
            return code if comparable(standing) in self._ambiguous else standing
        if said in self._named and not (code and said in self._ambiguous):
            if said in self._ambiguous:
                raise ValueError(self._which(name))
            return self._codes[comparable(self._named[said][0])]
        if name:
            self._add(code or name, name)
        return code if code and said in self._ambiguous else name

    def read(self, text: str, *, only_one: bool) -> str:
        """The departments of a cell, parted by 、. Raises ValueError for one that isn't there."""
        whole = self._one(text)
        names = (
            [whole] if whole else [name for part in _STRONG.split(text) for name in self._of(part)]
        )
        if only_one and len(names) > 1:
            raise ValueError("所管課は1つだけ書いてください。")
        return "、".join(dict.fromkeys(names))

    def _of(self, part: str) -> list[str]:
        part = part.strip()
        if not part:
            return []
        whole = self._one(part)
        if whole:
            return [whole]
        pieces = [self._one(piece) for piece in _WEAK.split(part)]
        if len(pieces) > 1 and all(pieces):
            return pieces
        raise ValueError(
            f"「{part[:20]}」という課はありません。シート「所管課」に加えるか、"
            "ある課の名前かコードで書いてください。"
        )

    def _one(self, text: str) -> str:
        """What the workbook calls a department; empty where there is none."""
        said = comparable(text)
        if said in self._ambiguous:
            raise ValueError(self._which(text))
        if said in self._named:
            code = self._named[said][0]
            return self._codes[comparable(code)]
        name = self._codes.get(said, "")
        if name and comparable(name) in self._ambiguous:
            return half_width(text)
        return name

    def _which(self, name: str) -> str:
        codes = "、".join(self._named.get(comparable(name), ()))
        known = f"（{codes}）" if codes else ""
        return f"「{name}」という課が複数あります。課コードで書いてください{known}。"
