"""The sample tables of a template, made ready for their rows to be copied."""

from copy import deepcopy

from docx.document import Document

from reports.renderers.docx.elements import WORD, Element, text_element, w
from reports.renderers.docx.names import names_in
from reports.renderers.docx.tables import Sample

# What Word takes where nothing says it: a cell's two sides in twips, type in half points.
_CELL_SIDES, _TYPE_SIZE = 216, 20


def sample_tables(document: Document) -> dict[str, Element]:
    """The tables of two rows of two cells, by the name in their first cell."""
    found: dict[str, Element] = {}
    for table in document.element.body.iter(f"{WORD}tbl"):
        rows = [row.findall(f"{WORD}tc") for row in table.findall(f"{WORD}tr")]
        if [len(cells) for cells in rows] == [2, 2]:
            found |= dict.fromkeys(names_in(rows[0][0]), table)
    return found


def read_sample(table: Element, document: Document) -> Sample:
    """A sample table: the texts in it are of no matter, their looks are."""
    head, body = (deepcopy(row) for row in table.findall(f"{WORD}tr"))
    for row in (head, body):
        row.attrib.clear()
        for cell in row.iter(f"{WORD}tc"):
            _leave_one_run(cell)
    properties = deepcopy(table.find(f"{WORD}tblPr"))
    for told in properties.xpath("w:tblCaption | w:tblDescription"):
        properties.remove(told)
    figure = body.findall(f"{WORD}tc")[1].find(f"{WORD}p")
    return Sample(
        properties=properties,
        head=head,
        body=body,
        size=_type_size(figure, document),
        sides=_cell_sides(properties, document),
    )


def _leave_one_run(cell: Element) -> None:
    """Take all out of a cell but its first paragraph, with one run in the looks of the first."""
    paragraph, *others = cell.findall(f"{WORD}p")
    for other in others:
        cell.remove(other)
    # The numbers by which Word knows a paragraph must not stand twice.
    paragraph.attrib.clear()
    looks = paragraph.find(f"{WORD}r/{WORD}rPr")
    looks = w("rPr") if looks is None else looks
    if looks.find(f"{WORD}rFonts") is None:
        looks.insert(int(looks.find(f"{WORD}rStyle") is not None), w("rFonts"))
    # As in `elements.run`.
    looks.find(f"{WORD}rFonts").set(f"{WORD}hint", "eastAsia")
    paragraph[:] = [paragraph.get_or_add_pPr(), w("r", looks, text_element("t", ""))]


def _type_size(paragraph: Element, document: Document) -> float:
    """The type size of a paragraph in points."""
    found = paragraph.find(f"{WORD}r/{WORD}rPr/{WORD}sz")
    if found is None:
        found = _of_its_style(paragraph.find(f".//{WORD}pStyle"), "w:rPr/w:sz", document)
    if found is None:
        found = document.styles.element.find(f"{WORD}docDefaults//{WORD}sz")
    return (_TYPE_SIZE if found is None else int(found.get(f"{WORD}val"))) / 2


def _cell_sides(properties: Element, document: Document) -> int:
    """What the two sides of a table's cells take, in twips."""
    found = properties.find(f"{WORD}tblCellMar")
    if found is None:
        style = properties.find(f"{WORD}tblStyle")
        found = _of_its_style(style, "w:tblPr/w:tblCellMar", document)
    if found is None:
        return _CELL_SIDES
    sides = (found.find(WORD + side) for side in ("left", "start", "right", "end"))
    return sum(int(side.get(f"{WORD}w")) for side in sides if side is not None)


def _of_its_style(named: Element | None, path: str, document: Document) -> Element | None:
    """What the style that an element names says at a path, or else one that it is based on."""
    styles = {one.get(f"{WORD}styleId"): one for one in document.styles.element}
    while named is not None and named.get(f"{WORD}val") in styles:
        style = styles[named.get(f"{WORD}val")]
        for found in style.xpath(path):
            return found
        named = style.find(f"{WORD}basedOn")
    return None
