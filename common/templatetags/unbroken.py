"""Lines of a template that are one line on the page."""

import re
from typing import cast

from django import template
from django.template.base import NodeList, Parser, TextNode, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()

# Of the template's own blanks alone: a full-width one is text.
_BREAK = re.compile(r" *\n *")
_MEANT = "&#32;"  # a blank that is meant, where a line ends or begins
_TAG_OVER_LINES = re.compile(r"<[^>]*\n")


class UnbrokenNode(template.Node):
    """What stands between `{% unbroken %}` and `{% endunbroken %}`."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """The content, whose own line breaks are gone since it was parsed."""
        return self.nodelist.render(context)


@register.tag
def unbroken(parser: Parser, _token: Token) -> UnbrokenNode:
    """Leave out the template's line breaks and indentation, which a browser shows as blanks.

    A Japanese sentence has none (「未入力は 3件 です」 is wrong), and a cell with one is not
    `:empty`. What comes from a variable or from another template stays as it is; a blank that is
    meant at a line's end or beginning is written `&#32;`. Raises
    TemplateSyntaxError where a break would be missed: between the attributes of an HTML tag.
    """
    nodes = parser.parse(("endunbroken",))
    parser.delete_first_token()
    for node in cast("list[TextNode]", nodes.get_nodes_by_type(TextNode)):
        if _TAG_OVER_LINES.search(node.s):
            raise template.TemplateSyntaxError(
                f"Between unbroken and endunbroken an HTML tag stands on one line: {node.s!r}"
            )
        node.s = _BREAK.sub("", node.s).replace(_MEANT, " ")
    return UnbrokenNode(nodes)
