"""A page as people read it: its words without the markup."""

import html
import re

from django.http import HttpResponse

_TAG = re.compile(r"<[^>]+>")
_DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)


def said(response: HttpResponse) -> str:
    """The words of a page's main part."""
    return words(main_of(response))


def bare(response: HttpResponse) -> str:
    """The same without any blanks, which Japanese has none of and markup many."""
    return re.sub(r"\s", "", said(response))


def text_of(response: HttpResponse) -> str:
    """All that the server sent, markup included."""
    return response.content.decode()


def words(markup: str) -> str:
    """The text of some markup, charts and icons left out, blanks collapsed."""
    text = html.unescape(_TAG.sub(" ", _DRAWING.sub(" ", markup)))
    return re.sub(r"\s+", " ", text).strip()


def main_of(response: HttpResponse) -> str:
    """The markup of a page's main part."""
    return re.split(r"<main[^>]*>|</main>", response.content.decode())[1]


def table_row(response: HttpResponse, name: str) -> dict[str, str]:
    """The cells of the first table row whose header begins with a name, by their columns."""
    rows = re.findall(r"<tr role=\"row\".*?</tr>", main_of(response), re.DOTALL)
    for row in rows:
        header = re.search(r"<th scope=\"row\".*?</th>", row, re.DOTALL)
        if header and words(header[0]).startswith(name):
            cells = re.findall(r"<td[^>]*data-label=\"([^\"]+)\"[^>]*>(.*?)</td>", row, re.DOTALL)
            return {label: words(cell) for label, cell in cells}
    raise AssertionError(f"no row begins with {name}")
