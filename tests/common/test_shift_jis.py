"""What saving as Shift_JIS makes of a text is known for what it was."""

import pytest

from common.spreadsheets.shift_jis import is_loss_of

STANDING = "5〜6月に𠮷野地区で開催。森鷗外のcafé①、㈱髙島屋 — 会場"


@pytest.mark.parametrize(
    "left",
    [
        # As LibreOffice writes it, read back as Windows-31J; as Windows does; as Python does.
        "5～6月に?野地区で開催。森?外のcaf?①、㈱髙島屋 ― 会場",
        "5～6月に??野地区で開催。森?外のcafe①、㈱髙島屋 ― 会場",
        STANDING.encode("cp932", "replace").decode("cp932"),
    ],
)
def test_loss_is_known(left):
    assert is_loss_of(left, STANDING)


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (STANDING, STANDING),
        ("5～6月に?野地区で開催。森?外のcaf?①、㈱髙島屋 ― 会場を変更", STANDING),
        ("5～6月に?野地区で中止。森?外のcaf?①、㈱髙島屋 ― 会場", STANDING),
        ("?", "あ"),
        ("", "𠮷"),
        ("???", "𠮷"),
        ("増えた", ""),
    ],
)
def test_what_says_something_else_is_no_loss(text, standing):
    assert not is_loss_of(text, standing)


@pytest.mark.parametrize(
    ("standing", "left"),
    [("¥100", "\\100"), ("−3", "－3"), ("A‖B", "A∥B"), ("©", "c"), ("é", "e"), ("è", "?")],
)
def test_lookalikes_are_known(standing, left):
    assert is_loss_of(left, standing)
