"""A paragraph style as plain measures, written out in the order that Word demands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports.renderers.docx.markup import Element, twips, w
from reports.renderers.docx.styles import NORMAL


@dataclass(frozen=True, slots=True)
class Border:
    """A line on one side of a paragraph or table; points, also of the space to the text."""

    edge: str
    points: float
    colour: str
    space: int = 0

    def element(self) -> Element:
        """As Word has it, in eighths of a point."""
        thick = round(self.points * 8)
        return w(self.edge, val="single", sz=thick, space=self.space, color=self.colour)


@dataclass(frozen=True, slots=True)
class TabStop:
    """A tab stop, millimetres from the left; `leader` is the line that leads there."""

    at: float
    side: str
    leader: str = "none"


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A style: what is None or empty is as in the style that it is based on.

    Type sizes, `before`, `after` and `line` are points; `left`, `right` and `first` (where
    the first line begins, in place of `left`) millimetres. A line's height is `exact`,
    whatever the font asks for, or `atLeast` that, where a picture may be put in. `level` is
    that of a heading, `then` the style of the paragraph typed next.
    """

    style: str
    name: str
    based_on: str = NORMAL
    then: str = ""
    size: float | None = None
    is_bold: bool = False
    colour: str = ""
    before: float = 0
    after: float = 0
    line: float | None = None
    line_rule: str = "exact"
    side: str = ""
    left: float | None = None
    right: float = 0
    first: float | None = None
    tabs: tuple[TabStop, ...] = ()
    borders: tuple[Border, ...] = ()
    stays_with_next: bool = False
    stays_whole: bool = False
    begins_page: bool = False
    numbered_by: int = 0
    is_tight: bool = False
    level: int | None = None

    def over(self, base: "ParagraphStyle") -> "ParagraphStyle":
        """The style with the type size, the line and the indent of its base where it has none."""
        has_line, has_indent = self.line is not None, self.left is not None
        spaces = self if has_line else base
        return replace(
            self,
            size=self.size or base.size,
            before=spaces.before,
            after=spaces.after,
            line=spaces.line,
            left=self.left if has_indent else base.left,
        )

    def element(self) -> Element:
        """The style as Word has it."""
        parts = [w("name", val=self.name)]
        if self.based_on:
            parts.append(w("basedOn", val=self.based_on))
        if self.then:
            parts.append(w("next", val=self.then))
        parts += [w("qFormat"), w("pPr", *self._paragraph()), w("rPr", *self._run())]
        default = {} if self.based_on else {"default": 1}
        return w(
            "style", *parts,
            type="paragraph", styleId=self.style, **default, **of_our_own(self.name),
        )  # fmt: skip

    def _paragraph(self) -> Iterator[Element]:
        """The paragraph's properties, in the schema's order."""
        for is_so, tag in (
            (self.stays_with_next, "keepNext"),
            (self.stays_whole, "keepLines"),
            (self.begins_page, "pageBreakBefore"),
        ):
            if is_so:
                yield w(tag)
        if self.numbered_by:
            yield w("numPr", w("numId", val=self.numbered_by))
        if self.borders:
            yield w("pBdr", *(border.element() for border in self.borders))
        if self.tabs:
            yield w("tabs", *(_tab(stop) for stop in self.tabs))
        if self.is_tight:
            # No space between Japanese and Western characters, which columns have no room for.
            yield w("autoSpaceDE", val=0)
            yield w("autoSpaceDN", val=0)
        yield from self._measures()
        if self.side:
            yield w("jc", val=self.side)
        if self.level is not None:
            yield w("outlineLvl", val=self.level - 1)

    def _measures(self) -> Iterator[Element]:
        if self.line is not None:
            yield w(
                "spacing",
                before=_twentieths(self.before),
                after=_twentieths(self.after),
                line=_twentieths(self.line),
                lineRule=self.line_rule,
            )
        if self.left is not None:
            yield indent(self.left, self.right, self.first)

    def _run(self) -> Iterator[Element]:
        if self.is_bold:
            yield w("b")
        if self.colour:
            yield w("color", val=self.colour)
        if self.size is not None:
            yield w("sz", val=round(self.size * 2))
            yield w("szCs", val=round(self.size * 2))


def of_our_own(name: str) -> dict[str, int]:
    """What marks a style that Word doesn't know: ours have Japanese names, Word's own English."""
    return {} if name.isascii() else {"customStyle": 1}


def indent(left: float, right: float = 0, first: float | None = None) -> Element:
    """Where lines begin and end, in millimetres; `first` where the first line begins."""
    hanging = 0 if first is None else left - first
    return w("ind", left=twips(left), right=twips(right), hanging=twips(hanging))


def _tab(stop: TabStop) -> Element:
    return w("tab", val=stop.side, leader=stop.leader, pos=twips(stop.at))


def _twentieths(points: float) -> int:
    return round(points * 20)
