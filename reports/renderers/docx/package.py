"""A document as bytes: the same document always gives the same."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

from docx.document import Document
from lxml import etree

from reports.renderers.docx.elements import WORD, Element

_FIRST_ZIP_YEAR = 1980


def packed(document: Document, text: Iterable[Element], made_at: datetime) -> bytes:
    """The document's file with a text behind what is in its body, dated to the report's making.

    python-docx would date it by the clock, and keep the text in memory until the next collection
    of garbage, as its parts refer to each other: some 60 MB for 600 KPIs.
    """
    saved, dated = io.BytesIO(), io.BytesIO()
    document.save(saved)
    made = max(made_at.timetuple()[:6], (_FIRST_ZIP_YEAR, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(dated, "w") as archive:
        for name in parts.namelist():
            data = parts.read(name)
            if name == document.part.partname.membername:
                data = _continued(data, text)
            how = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, made), data, how)
    return dated.getvalue()


def _continued(part: bytes, text: Iterable[Element]) -> bytes:
    root = etree.fromstring(part)
    root.find(f"{WORD}body").extend(text)
    written: bytes = etree.tostring(root, encoding="UTF-8", standalone=True)
    return written
