"""The way from 計画の変更 to the plan's workbook, in which much changes at once."""

from django.urls import URLPattern, reverse

from entry.changing.cards import Card

CARDS = (
    Card(
        "ワークブックで変える",
        "計画と実績の全体を書き出し、表計算ソフトで直して取り込みます。多くのところを一度に変えるときに。",
        "ワークブックを取り込む",
        lambda plan: reverse("plan_workbook", args=[plan.code]),
    ),
    Card(
        "過去の実績を表から入れる",
        "指標名と年度の列が並ぶ表を、書き換えずにそのまま取り込みます。何年度分の実績も一度に入ります。",
        "表を選ぶ",
        lambda plan: reverse("plan_figures", args=[plan.code]),
    ),
)
urlpatterns: list[URLPattern] = []
