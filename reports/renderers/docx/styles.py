"""The styles that a template must have, by their names in the file."""

NORMAL = "Normal"
HEADINGS = ("heading 1", "heading 2", "heading 3")
CONTENTS = ("toc 1", "toc 2")
CAPTION, FIGURE, NOTE = "caption", "図", "表の注"
LEAD, ASIDE = "要旨", "補足"
DIRECTION = "List Number"
ITEM, ITEM_MORE = "項目", "項目の続き"
CELL_ASIDE, CARD_FIGURE = "表の補足", "主な数字"
STRONG, ITEM_LABEL = "Strong", "項目名"  # of characters
NAMES = (
    NORMAL, *HEADINGS, *CONTENTS, CAPTION, FIGURE, NOTE, LEAD, ASIDE, DIRECTION, ITEM, ITEM_MORE,
    CELL_ASIDE, CARD_FIGURE, STRONG, ITEM_LABEL,
)  # fmt: skip

# Word's own styles, as a Japanese Word lists them.
_SHOWN_AS = {
    NORMAL: "標準",
    **{name: f"見出し {level}" for level, name in enumerate(HEADINGS, start=1)},
    **{name: f"目次 {level}" for level, name in enumerate(CONTENTS, start=1)},
    CAPTION: "図表番号",
    DIRECTION: "段落番号",
    STRONG: "強調太字",
}


def shown(name: str) -> str:
    """A style's name for people: `見出し 1（heading 1）`."""
    return f"{_SHOWN_AS[name]}（{name}）" if name in _SHOWN_AS else name
