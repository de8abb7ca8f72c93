"""The page that takes a plan's workbook: what it shows, and whose confirmation writes it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kpis.models import Kpi
from projects.models import PlanState, Strategy
from reports.models import PlanChange
from tests.admin_forms import inline_code
from tests.entry.plan_workbook.kpi_sheets import FILE, kpis, workbook
from tests.factories import make_kpi, make_project, make_strategy, make_user
from tests.page_text import main_of, words

pytestmark = pytest.mark.asked_once

PAGE = "/plans/mihon/workbook/"
NOTE = ["KPI番号", "備考"]


def preview(client, content, page=PAGE):
    return client.post(page, {"file": SimpleUploadedFile(FILE, content)})


def confirm(client, answer, page=PAGE, **more):
    typed = {"confirmed": answer.context["signed"], "reason": "様式を改めたため"}
    return client.post(page, typed | more, follow=True)


def said(answer):
    return words(main_of(answer))


def test_preview_shows_the_old_and_the_new_and_writes_nothing(planner, kpi):
    content = kpis(["P1-1", "支援した件数", ""], headings=["KPI番号", "指標名", "備考"])

    answer = preview(planner, content)

    assert answer.status_code == 200
    text = said(answer)
    assert re.search("P1-1.*指標名.*支援件数.*支援した件数", text), text
    assert inline_code(answer) == []
    kpi.refresh_from_db()
    assert (kpi.name, PlanChange.objects.count()) == ("支援件数", 0)


def test_confirmed_workbook_is_written_and_leads_to_what_changed(planner, kikaku, kpi):
    answer = confirm(planner, preview(planner, kpis(["P1-1", "x"], headings=NOTE)))

    assert answer.redirect_chain == [("/plans/mihon/changes/", 302)]
    assert [str(one) for one in answer.context["messages"]] == [
        f"「{FILE}」のとおりに「見本市総合戦略」を変えました。"
    ]
    kpi.refresh_from_db()
    assert (kpi.note, kpi.history.first().history_user) == ("x", kikaku)
    change = PlanChange.objects.get()
    assert (change.kind, change.reason, change.made_by) == (
        "ワークブックの取り込み",
        f"様式を改めたため（ファイルの取り込み：{FILE}）",
        kikaku,
    )


def test_markup_in_a_workbook_is_text(planner, kpi):
    content = kpis(["P1-1", "<script>alert(1)</script>"], headings=NOTE)

    for answer in (
        preview(planner, content),
        preview(planner, kpis(["P1-1", "<b>件</b>"], headings=["KPI番号", "集計方法"])),
    ):
        page = answer.content.decode()
        assert "<script>alert(1)" not in page
        assert "<b>件</b>" not in page
        assert "&lt;script&gt;alert(1)" in page or "&lt;b&gt;件&lt;/b&gt;" in page


def test_problems_are_listed_with_place_cell_and_remedy_and_cannot_be_confirmed(planner, kpi):
    content = kpis(
        ["P1-1", "平均", "9"], ["P1-2", "", ""], headings=["KPI番号", "集計方法", "小数桁数"]
    )

    answer = preview(planner, content)

    assert answer.status_code == 422
    assert "signed" not in answer.context
    text = said(answer)
    for sentence in (
        "シート「指標」の2行目 B列（集計方法）",
        "「平均」は使えません。単年度・累計のどれかを書いてください。",
        "シート「指標」の2行目 C列（小数桁数）",
        "シート「指標」の3行目（指標名）",
    ):
        assert sentence in text, sentence


def test_confirmation_writes_once(planner, kpi):
    answer = preview(planner, kpis(["P1-1", "x"], headings=NOTE))
    confirm(planner, answer)

    again = confirm(planner, answer)

    assert again.status_code == 409
    assert "確かめたあとに、計画の内容が変わりました。" in said(again)
    assert PlanChange.objects.count() == 1


def test_confirmation_after_a_colleagues_change_is_looked_over_again(planner, kpi):
    answer = preview(planner, kpis(["P1-1", "x"], headings=NOTE))
    kpi.note = "同僚"
    kpi.save()

    again = confirm(planner, answer)
    assert again.status_code == 409
    assert "同僚" in said(again)
    assert Kpi.objects.get().note == "同僚"
    confirm(planner, again)

    assert Kpi.objects.get().note == "x"


def test_confirmation_is_the_previewers_own_and_of_the_page_that_showed_it(planner, kpi):
    following = make_kpi(make_project(make_strategy(code="next", name="次", is_current=False)))
    answer = preview(planner, kpis(["P1-1", "x"], headings=NOTE))
    other = Client()
    other.force_login(make_user("kikaku2", role="企画担当"))

    for refused in (
        confirm(other, answer),
        confirm(planner, answer, "/plans/next/workbook/"),
        planner.post(PAGE, {"confirmed": "/etc/hostname"}),
    ):
        assert "確認の画面が古くなっています。" in said(refused)
    for row in (kpi, following):
        row.refresh_from_db()
        assert row.note == ""


def test_workbook_of_another_plan_is_refused_at_a_plans_page_and_taken_at_that_of_all(planner, kpi):
    following = make_kpi(make_project(make_strategy(code="next", name="次", is_current=False)))
    content = workbook(計画=[["項目", "内容"], ["計画コード", "next"]], 指標=[NOTE, ["P1-1", "x"]])
    everywhere = "/plans/new/workbook/"

    refused = preview(planner, content)
    assert refused.status_code == 422
    assert "計画コード「next」の計画のものです。" in said(refused)
    confirm(planner, preview(planner, content, everywhere), everywhere)

    for row, note in ((kpi, ""), (following, "x")):
        row.refresh_from_db()
        assert row.note == note


def test_plan_that_has_ended_takes_no_workbook(planner, kpi):
    answer = preview(planner, kpis(["P1-1", "x"], headings=NOTE))
    Strategy.objects.update(state=PlanState.ENDED)

    for refused in (planner.get(PAGE), confirm(planner, answer)):
        assert refused.status_code == 403
        assert "「見本市総合戦略」は終了した計画です。" in said(refused)
    assert Kpi.objects.get().note == ""


def test_large_or_missing_file_is_refused_in_words(planner, kpi):
    large = preview(planner, b"x" * (5 * 1024 * 1024 + 1))
    missing = planner.post(PAGE, {})

    assert (large.status_code, missing.status_code) == (422, 422)
    assert "5MBまでのファイルにしてください。" in said(large)
    assert "ファイルを選んでください。" in said(missing)


@pytest.mark.parametrize("page", [PAGE, "/plans/new/workbook/"])
def test_others_than_planners_neither_look_over_nor_confirm(planner, kpi, page):
    content = kpis(["P1-1", "x"], headings=NOTE)
    answer = preview(planner, content, page)
    for role in ("tantou", "kanri"):
        somebody = Client()
        somebody.force_login(make_user(role))
        for refused in (
            somebody.get(page),
            preview(somebody, content, page),
            confirm(somebody, answer, page),
            somebody.get("/plans/mihon/workbook.xlsx"),
        ):
            assert refused.status_code == 403
    assert Kpi.objects.get().note == ""


def test_exported_workbook_comes_back_unchanged(planner, kpi):
    exported = planner.get("/plans/mihon/workbook.xlsx")

    assert re.fullmatch(
        r'attachment; filename="plan-mihon-\d{8}\.xlsx"', exported["Content-Disposition"]
    )
    answer = preview(planner, exported.content)
    assert "signed" not in answer.context
    assert answer.context["looked"].changes == []
