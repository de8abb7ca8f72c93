"""The plan's own words in templates; `words` is the page's `PlanWords`."""

from django import template

from projects.words import PlanWords

register = template.Library()


@register.filter
def worded(text: str, words: PlanWords) -> str:
    """A template's own text, written with the app's words, in the plan's."""
    return words.put(text)


@register.filter
def kpis(count: int, words: PlanWords) -> str:
    """`16指標`, `成果指標16件`."""
    return words.count_kpis(count)


@register.filter
def of_kpis(count: int, words: PlanWords) -> str:
    """`12指標`, `12件`: behind a count that has said of what."""
    return words.of_kpis(count)


@register.filter
def initiatives(count: int, words: PlanWords) -> str:
    """`51取組`, `重点事業51件`."""
    return words.counted("取組", count)
