"""What a change of the history changed, as the items of a list.

A page has hundreds of them, so they are written here and not by a template.
"""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from reports.history.words import FieldChange

register = template.Library()
_LONGEST_SHOWN = 60
_BLANK = mark_safe('<span class="note">空欄</span>')


@register.simple_tag
def changed_fields(fields: Iterable[FieldChange]) -> SafeString:
    """`実績値：9 → 12` an item, both shortened; 空欄 where nothing stood or stands."""
    return format_html_join(
        "",
        "<li>{}：{} → {}</li>",
        ((field.label, _shown("del", field.old), _shown("ins", field.new)) for field in fields),
    )


def _shown(tag: str, text: str) -> SafeString:
    if not text:
        return _BLANK
    shown = text if len(text) <= _LONGEST_SHOWN else Truncator(text).chars(_LONGEST_SHOWN)
    return format_html("<{}>{}</{}>", tag, shown, tag)
