"""Characters that break documents get in through no door, and out through none."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms import CharField, PasswordInput
from django.test import RequestFactory
from lxml import etree

from common.reading.characters import without_forbidden
from common.reading.texts import clean_text
from common.spreadsheets.writing import written_text
from reports.renderers.clean_text import clean_line, clean_lines

PLANES = [plane * 0x10000 + last for plane in range(17) for last in (0xFFFE, 0xFFFF)]
FORBIDDEN = [
    *range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFDD0,
    0xFDEF, *PLANES,
]  # fmt: skip
KEPT = "\n\t 髙\U00020bb7\u200d\U000e0100\u2028\ufffd\U0010fffd"


@pytest.mark.parametrize("code", FORBIDDEN, ids=hex)
def test_character_is_dropped_wherever_texts_come_in_or_go_out(code):
    text = f"市{chr(code)}民"
    # What ends a line, or is a blank, in an old text parts two words there.
    parted = code in (0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x85)

    assert clean_text(text) == ("市\n民" if code == 0x0D else "市民")
    assert written_text(text) == ("市\n民" if code == 0x0D else "市民")
    assert clean_line(text) == ("市 民" if parted else "市民")
    assert clean_lines(text).split() == (["市", "民"] if parted else ["市民"])


def test_characters_that_a_text_may_have_stay():
    assert without_forbidden(KEPT) == KEPT


def test_all_that_is_left_can_stand_in_a_document():
    everything = "".join(map(chr, range(0x110000)))
    root = etree.Element("t")
    root.text = without_forbidden(everything)  # lxml refuses what XML forbids

    assert len(root.text) == 0x110000 - 2048 - 63 - 66


def _text_fields(user):
    """Every text field of every form of the admin that writes, with its place."""
    request = RequestFactory().get("/admin/")
    request.user = user
    for model, own in admin.site._registry.items():
        if not (own.has_add_permission(request) or own.has_change_permission(request)):
            continue
        forms = [own.get_form(request), own.get_form(request, model(pk=1), change=True)]
        forms += [
            inline.get_formset(request, model(pk=1)).form
            for inline in own.get_inline_instances(request, model(pk=1))
            if inline.has_add_permission(request, None)
        ]
        for form in forms:
            for name, field in form.base_fields.items():
                if isinstance(field, CharField) and not isinstance(field.widget, PasswordInput):
                    yield f"{model.__name__}.{name}", field


@pytest.mark.django_db
def test_every_text_field_of_the_admin_drops_or_refuses_them():
    user = User.objects.create_superuser("root", password="only-for-tests")
    kept, asked = [], 0
    for place, field in _text_fields(user):
        asked += 1
        try:
            read = str(field.clean("1\ufffe\x07\U0002ffff"))
        except ValidationError:
            continue
        if not read.isprintable():
            kept.append(place)

    assert kept == []
    assert asked > 30
