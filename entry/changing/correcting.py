"""締めた年度を改める, as it is offered beside the changes of a plan."""

from django.urls import URLPattern, reverse

from entry.changing.cards import Card
from kpis.permissions import may_close

# Its pages are those of the closing: `entry.views.correction`.
urlpatterns: list[URLPattern] = []
CARDS = [
    Card(
        "締めた年度を改める",
        "速報値が確定したとき、締めたあとに誤りが見つかったとき。",
        "改める年度を選ぶ",
        lambda strategy: reverse("correction", args=[strategy.code]),
        may_close,
    )
]
