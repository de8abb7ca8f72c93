"""Characters that nobody sees: they come along when a figure or a name is copied."""

import unicodedata

# Besides Unicode's format characters (zero width, soft hyphen, BOM, direction marks): joiners,
# fillers of Hangul, and what selects a variant of the character before.
_OTHERS = frozenset(
    (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810),
     *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)  # fmt: skip


def without_invisible(text: str) -> str:
    """The text without them. For figures, codes and names: in prose some of them are meant."""
    if text.isascii():
        return text
    return "".join(
        char for char in text if unicodedata.category(char) != "Cf" and ord(char) not in _OTHERS
    )
