"""What a Word file says about itself, and its bytes."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

from docx.document import Document

_PROPERTIES_OF_OFFICE = (
    "http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties"
)


def describe(document: Document, texts: dict[str, Any], made_at: datetime) -> None:
    """Set what the file says about itself, and that it asks nothing when it is opened."""
    relations = document.part.package.rels
    # LibreOffice writes a kind of its own, by which python-docx wouldn't find the properties.
    for name in [name for name, one in relations.items() if one.reltype == _PROPERTIES_OF_OFFICE]:
        del relations[name]
    about = document.core_properties
    about.title = f"{texts['strategy']}　{texts['title']}"
    about.author = about.last_modified_by = texts["municipality"]
    about.keywords = f"総合戦略、進捗状況、{texts['fiscal_year']}、{texts['edition']}"
    about.comments = ""
    about.language = "ja-JP"
    about.created = about.modified = made_at.astimezone(UTC)
    # Word would ask whether to update the fields.
    document.settings.element.remove_all("w:updateFields")


def packed(document: Document, made_at: datetime) -> bytes:
    """The document's file, dated to its making: python-docx dates it by the clock."""
    saved, dated = io.BytesIO(), io.BytesIO()
    document.save(saved)
    # python-docx's parts refer to each other, so that the text (some 60 MB for 600 KPIs) would
    # stay until the next collection of garbage.
    document.element.body.clear()
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(dated, "w") as archive:
        for name in parts.namelist():
            how = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, made_at.timetuple()[:6]), parts.read(name), how)
    return dated.getvalue()
