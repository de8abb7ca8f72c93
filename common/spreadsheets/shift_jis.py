"""What saving as Shift_JIS (Windows-31J) makes of a text.

A file that somebody opened and saved so has other characters where Shift_JIS lacks them. What
came back says nothing new: it is what stood there, less what was lost on the way.
"""

import unicodedata

_ENCODING = "cp932"
# What Windows puts in place of characters that no decomposition leads to.
_LOOKALIKES = {
    "¥": "\\", "‾": "~", "¦": "|", "©": "c", "®": "R", "«": "≪", "»": "≫", "·": "・", "¸": "，",
    "—": "―", "–": "-", "‐": "-", "‑": "-", "Æ": "A", "æ": "a", "Ø": "O", "ø": "o", "ß": "s",
    "Ð": "D", "ð": "d", "Þ": "T", "þ": "t", "µ": "μ", "〜": "～", "−": "－", "‖": "∥",
}  # fmt: skip


def is_loss_of(text: str, standing: str) -> bool:
    """Whether `text` is what saving `standing` as Shift_JIS may leave; False where they agree."""
    if text == standing or _survives(standing):
        return False
    # Every place in `text` that the characters so far may reach: some leave one ? and some two.
    reached = {0}
    for char in standing:
        left = (char,) if _survives(char) else _left_of(char)
        reached = {at + len(one) for at in reached for one in left if text.startswith(one, at)}
        if not reached:
            return False
    return len(text) in reached


def _survives(text: str) -> bool:
    try:
        return text.encode(_ENCODING).decode(_ENCODING) == text
    except UnicodeEncodeError:
        return False


def _left_of(char: str) -> tuple[str, ...]:
    """What may stand in a character's place: LibreOffice writes ?, Windows what looks like it."""
    like = _LOOKALIKES.get(char) or unicodedata.normalize("NFKD", char)[:1]
    through = char.encode(_ENCODING, "replace").decode(_ENCODING)
    # Windows counts a character beyond the first plane twice; some writers keep nothing of it.
    return tuple({"?", through, like, "??" if ord(char) > 0xFFFF else "?"})
