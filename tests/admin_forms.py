"""Fills in the admin's forms as a browser would: what the page shows, plus what a person types."""

import re

from django.contrib.messages import get_messages
from django.forms import ModelMultipleChoiceField
from django.test import Client

_INLINE = re.compile(r"""<script>|<script (?![^>]*src=)|\sstyle=["']|\son[a-z]+=["']""")


def shown(client: Client, url: str) -> dict[str, object]:
    """The fields that the page at `url` would post unchanged."""
    context = client.get(url).context
    data = fields_of(context["adminform"].form)
    if context.get("seen"):
        data["_seen"] = context["seen"]
    for inline in context["inline_admin_formsets"]:
        data |= fields_of(inline.formset.management_form)
        for form in inline.formset.forms:
            data |= fields_of(form)
    return data


def fields_of(form) -> dict[str, object]:
    """A form's fields with the values that its widgets show."""
    data = {}
    for bound in form:
        value = bound.value()
        if value is None and isinstance(bound.field, ModelMultipleChoiceField):
            continue  # a list of which nothing is chosen posts nothing
        if value is None or value is False:
            value = ""
        data[bound.html_name] = value
    return {name: value for name, value in data.items() if not name.endswith("-DELETE")}


def add_row(data: dict[str, object], prefix: str, **fields: object) -> None:
    """Append a row to an inline table."""
    at = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = at + 1
    data |= {f"{prefix}-{at}-{name}": value for name, value in fields.items()}


def errors_of(response) -> str:
    """Everything that the page says is wrong, in one string; empty after a redirect."""
    if response.status_code == 302:
        return ""
    return " ".join(str(error) for error in response.context["errors"])


def messages_of(response) -> list[str]:
    """What the page says in its messages."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def inline_code(response) -> list[str]:
    """Whatever the content security policy would refuse in a page."""
    return _INLINE.findall(response.content.decode())


def delete_row(data: dict[str, object], prefix: str, name: str, value: object) -> None:
    """Tick the deletion of the inline row whose field has the value."""
    rows = range(int(data[f"{prefix}-TOTAL_FORMS"]))
    at = next(row for row in rows if data[f"{prefix}-{row}-{name}"] == value)
    data[f"{prefix}-{at}-DELETE"] = "on"
