"""機構改革, as it is offered beside the changes of a plan."""

from django.urls import URLPattern, reverse

from entry.changing.cards import Card

# Its pages are those of all plans: `entry.views.reorganisations`.
urlpatterns: list[URLPattern] = []
CARDS = [
    Card(
        "機構改革",
        "課がなくなる、分かれる、名前が変わるとき。指標と取組が、施行日に続く課に移ります。",
        "機構改革を準備する",
        lambda _strategy: reverse("reorganisations"),
    )
]
