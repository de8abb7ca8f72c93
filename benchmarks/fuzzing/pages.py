"""Every page with every parameter and every id, and every form that a page shows."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urljoin

from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.messages import ERROR, get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from benchmarks.fuzzing.inputs import table_file, text
from benchmarks.fuzzing.tally import Tally
from tests.hostile import VALUES, addresses_with, pages, parameters_of
from tests.writing_urls import YEAR

# That of the tests, on which the examples of addresses are made.
PLAN_CODE = "mihon"
_OURS = ("projects", "kpis", "reports")
_ENDS_SESSION = ("logout",)
_IMPORT = f"/plans/{PLAN_CODE}/entry/{YEAR}/import/"
_SERVER_ERROR = 500
_REDIRECTED = 302
# By whom a script of ours posts, and no form.
_SCRIPTED = {
    f"/plans/{PLAN_CODE}/entry/{YEAR}/paste/": {
        "P1-1-value": "5", "P1-1-state": "final", "P1-1-version": "1", "P1-1-columns": "value",
        "P1-1-now": "", "P1-1-restated": "final", "over": "あまり", "wide": "",
    },
}  # fmt: skip


class Site:
    """The browser of somebody who may do everything, and the database as it stands."""

    def __init__(self, tally: Tally, user: User) -> None:
        self.tally = tally
        self.user = user
        self.client = Client()
        self.client.force_login(user)
        self.standing = _content()

    def ask(self, kind: str, url: str) -> None:
        """Open an address."""
        with self.tally.watched(kind, url):
            answer = self.client.get(url)
            for _piece in answer if answer.streaming else ():
                pass
            self.tally.count(kind, f"{answer.status_code // 100}xx")
            if answer.status_code >= _SERVER_ERROR:
                self.tally.fail(kind, url, f"answered {answer.status_code}")
        if any(word in url for word in _ENDS_SESSION):
            self.client.force_login(self.user)

    def post(self, kind: str, url: str, data: dict[str, Any]) -> Any:
        """Post a form, judge the answer, and take back whatever it wrote."""
        answer = None
        with self.tally.watched(kind, (url, data)), _taken_back():
            cookies = deepcopy(self.client.cookies)
            answer = self.client.post(url, data)
            said = [one.level for one in get_messages(answer.wsgi_request)]
            is_taken = answer.status_code == _REDIRECTED and ERROR not in said
            self.tally.count(kind, "taken" if is_taken else "refused or shown again")
            if answer.status_code >= _SERVER_ERROR:
                self.tally.fail(kind, (url, data), f"answered {answer.status_code}")
            if not is_taken and _content() != self.standing:
                self.tally.fail(kind, (url, data), "refused, and yet something is written")
            self.client.cookies = cookies
        return answer


def ask_pages(site: Site, chance: random.Random, values: int) -> None:
    """Each parameter of each page, and each id in an address, with the values that nobody means."""
    for url in pages():
        for name in sorted(parameters_of(site.client, url)):
            chosen = chance.sample(VALUES, values) if values else VALUES
            for value in (*chosen, text(chance)):
                site.ask("parameters of pages", f"{url}?{_encoded(name)}={_encoded(value)}")
        site.client.force_login(site.user)
    ids = list(filter(None, VALUES))
    for value in chance.sample(ids, values) if values else ids:
        for url in addresses_with(_encoded(value)):
            site.ask("ids in addresses", url)


def post_forms(site: Site, chance: random.Random, count: int) -> None:
    """Forms as pages show them, with a few fields changed by chance."""
    forms = [form for url in pages() for form in _forms_of(site.client, url)]
    forms += list(_SCRIPTED.items())
    site.client.force_login(site.user)
    for _time in range(count):
        url, fields = chance.choice(forms)
        site.post("forms", url, _changed(chance, fields))


def post_files(site: Site, chance: random.Random, codes: list[str], count: int) -> None:
    """Files at the import; what it previews without a fault is confirmed, some of it forged."""
    for _time in range(count):
        name = _sendable(text(chance)[:80]).replace("/", "").strip(".") or "a.csv"
        file = SimpleUploadedFile(name, table_file(chance, codes, YEAR))
        answer = site.post("files", _IMPORT, {"file": file})
        context = getattr(answer, "context", None) or {}
        if context.get("signed"):
            confirmed = {"confirmed": context["signed"]}
            site.post("confirmations", _IMPORT, confirmed)
            site.post("confirmations", _IMPORT, _changed(chance, confirmed))


def _encoded(value: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"), safe="")


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _content() -> dict[str, list[Any]]:
    """All rows of the plan, the figures, their history and the accounts."""
    models = [
        model
        for label in _OURS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    rows = {
        model._meta.db_table: list(model.objects.order_by("pk").values_list()) for model in models
    }
    people = [field.attname for field in User._meta.concrete_fields if field.name != "last_login"]
    return rows | {"auth_user": list(User.objects.order_by("pk").values_list(*people))}


def _changed(chance: random.Random, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with some of them typed anew, left out, doubled or made up."""
    changed = dict(fields)
    for _change in range(chance.randint(0, 4)):
        kind = chance.random()
        names = sorted(changed) or ["x"]
        # The fields that nobody sees, as often as all the others.
        hidden = [
            one for one in names if one.endswith(("_FORMS", "-id", "version", "_seen", "-was"))
        ]
        name = chance.choice(hidden if hidden and chance.random() < 0.4 else names)
        if kind < 0.7:
            changed[name] = text(chance) if chance.random() < 0.5 else chance.choice(VALUES)
        elif kind < 0.85:
            changed.pop(name, None)
        elif kind < 0.95:
            changed[name] = [text(chance), text(chance), "1"]
        else:
            changed[text(chance)[:100] or "x"] = text(chance)
    return {
        name.encode("utf-8", "replace").decode(): _sendable(value)
        for name, value in changed.items()
    }


def _sendable(value: Any) -> Any:
    """As a browser sends it: halves of characters become question marks."""
    if isinstance(value, list):
        return [_sendable(one) for one in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _forms_of(client: Client, url: str) -> list[tuple[str, dict[str, Any]]]:
    """The forms on a page that post, each with the address it posts to and its fields."""
    answer = client.get(url)
    if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
        return []
    reader = _FormReader()
    reader.feed(answer.content.decode())
    return [
        (urljoin(url, action) or url, fields)
        for action, fields in reader.forms
        if not any(word in action for word in _ENDS_SESSION)
    ]


class _FormReader(HTMLParser):
    """The forms of a page that post, as they would be sent unchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, Any]]] = []
        self._fields: dict[str, Any] | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "form":
            self._fields = None
            if (own.get("method") or "").lower() == "post":
                self._fields = {}
                self.forms.append((own.get("action") or "", self._fields))
            return
        if self._fields is None:
            return
        name, value = own.get("name") or "", own.get("value") or ""
        if tag == "select":
            self._select = name
            self._fields.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in own:
            self._fields[self._select] = value
        elif tag == "textarea":
            self._area = name
            self._fields[name] = ""
        elif tag in {"input", "button"} and name and self._is_sent(own):
            self._fields[name] = value

    def handle_data(self, data: str) -> None:
        if self._area and self._fields is not None:
            self._fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._fields = None

    @staticmethod
    def _is_sent(own: dict[str, str | None]) -> bool:
        kind = own.get("type") or "text"
        is_chosen = "checked" in own or own.get("name") == "_selected_action"
        return kind not in {"checkbox", "radio", "file"} or is_chosen
