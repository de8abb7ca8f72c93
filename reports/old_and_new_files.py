"""新旧対照表 as files: in which formats it is made, and how a browser names and saves them."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpResponse

from reports.annual.old_and_new import OldAndNew
from reports.renderers.xlsx.old_and_new import render_old_and_new_xlsx

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class OldAndNewFormat:
    """One format: the ending of its file, what it is called on pages, and its renderer."""

    extension: str
    label: str
    content_type: str
    render: Callable[[OldAndNew], bytes]


def _render_docx(document: OldAndNew) -> bytes:
    from reports.renderers.docx.old_and_new import (  # noqa: PLC0415 (heavy, as in reports.formats)
        render_old_and_new_docx,
    )

    return render_old_and_new_docx(document)


OLD_AND_NEW_FORMATS: dict[str, OldAndNewFormat] = {
    one.extension: one
    for one in (
        OldAndNewFormat("docx", "Word", f"{_OFFICE}.wordprocessingml.document", _render_docx),
        OldAndNewFormat("xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet", render_old_and_new_xlsx),
    )
}


def old_and_new_file(document: OldAndNew, extension: str, plan: str) -> HttpResponse:
    """The document in the format of that ending, to save.

    `plan` is `-<code>` where the name has to say whose it is.
    """
    made = OLD_AND_NEW_FORMATS[extension]
    full = f"{document.title}_{document.edition_label}{plan}.{extension}"
    return HttpResponse(
        made.render(document),
        content_type=made.content_type,
        headers={
            "Content-Disposition": (
                f'attachment; filename="old-and-new{plan}.{extension}"; '
                f"filename*=UTF-8''{quote(full)}"
            ),
            "Cache-Control": "private, no-store",
        },
    )
