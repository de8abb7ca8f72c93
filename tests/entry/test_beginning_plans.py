"""計画を始める: the ways, a workbook looked over and taken in, the draft and what becomes of it."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry
from entry.plan_file.loading import load_plan
from entry.plan_workbook.exporting import EXAMPLE_PLAN
from entry.plan_workbook.records import plan_records
from entry.plan_workbook.standing import Standing
from kpis.draft import drop_draft
from kpis.models import Kpi, YearlyActual
from kpis.recording import RecordingRefused, close_years_through
from projects.models import Department, PlanState, Project, Strategy
from reports.models import PlanChange
from tests.admin_forms import messages_of
from tests.factories import make_plan, make_strategy
from tests.page_text import bare, said, table_row
from tests.plan_workbooks import PLAN, SMALL, content_of, records_of, sheets_of, taken, with_sheets

NEW, MINE = "/plans/new/workbook/", "/plans/mihon/workbook/"
RESULTS = {
    "実績": [("KPI番号", "年度", "実績値"), ("P1-1", "2024", "10"), ("P1-1", "2025", "30")],
    "公表": [
        ("KPI番号", "年度", "率の種類", "率", "評価"),
        ("P1-1", "2024", "達成率", "20.0", ""),
        ("P1-1", "2025", "達成率", "61.5", ""),
    ],
}
ITEMS = [("項目", "内容"), ("計画コード", "mihon")]


def upload(client, url, content, name="計画.xlsx"):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content_of(content))
    return client.post(url, {"file": file})


def confirm(client, page, *ticked, url=NEW, reason="様式を改めたため"):
    typed = {"confirmed": page.context["signed"], "take": ticked, "reason": reason}
    return client.post(url, typed)


def exported(client, code="mihon"):
    return client.get(f"/plans/{code}/workbook.xlsx").content


def plan_with(kpi="改めた名前", **others):
    """A workbook of the plan `mihon` that says something of P1-1."""
    return {"計画": ITEMS, "指標": [("KPI番号", "指標名"), ("P1-1", kpi)], **others}


# The ways


@pytest.mark.asked_once
def test_ways_to_begin_are_told_with_the_plans_that_may_be_followed(planner, strategy):
    make_strategy(code="next", name="次の計画", is_current=False, state=PlanState.PREPARING)
    page = planner.get("/plans/new/")

    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page.content.decode())
    assert headings == [
        "ワークブックから",
        "自分の市の表から",
        "次の計画として",
        "何もないところから",
        "ひな形と記入例",
    ]
    assert "見本市総合戦略の次の計画" in said(page)
    assert "次の計画の次の計画" not in said(page)


def test_first_plan_is_begun_from_the_page_that_says_there_is_none(planner):
    assert '<a class="button button--main" href="/plans/new/">計画を始める</a>' in (
        planner.get("/").content.decode()
    )
    answer = confirm(planner, upload(planner, NEW, SMALL))

    assert answer.url == "/plans/mihon-2026/draft/"
    assert Strategy.objects.get().state == PlanState.PREPARING


@pytest.mark.asked_once
@pytest.mark.parametrize("path", ["", "workbook/", "empty/", "template.xlsx", "example.xlsx"])
def test_plans_are_begun_by_planners_alone(client, editor, strategy, path):
    answer = editor.get(f"/plans/new/{path}")

    assert answer.status_code == 403
    assert "計画を始めるのは企画担当です。" in said(answer)


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("workbook/", "計画を変えるのは企画担当です。"),
        ("workbook.xlsx", "計画のワークブックを書き出すのは企画担当です。"),
    ],
)
def test_workbook_of_a_plan_is_the_planners(editor, strategy, path, sentence):
    answer = editor.get(f"/plans/mihon/{path}")

    assert answer.status_code == 403
    assert sentence in said(answer)


@pytest.mark.asked_once
def test_code_of_the_page_where_plans_begin_is_no_plans(planner):
    sheets = with_sheets(計画=[*SMALL["計画"][:1], ("計画コード", "new"), *SMALL["計画"][2:]])
    page = upload(planner, NEW, sheets)

    assert "「new」は画面のアドレスに使うため、計画コードにできません。" in said(page)


# Files to fill in


@pytest.mark.asked_once
def test_template_has_the_next_five_years_and_no_plan(planner):
    content = planner.get("/plans/new/template.xlsx").content

    assert records_of(content, "指標") == []
    assert upload(planner, NEW, content).status_code == 422


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("query", "years"),
    [
        ({"first": "2025", "years": "4"}, ["2025", "2026", "2027", "2028"]),
        ({"first": "1", "years": "九"}, ["2027", "2028", "2029", "2030", "2031"]),
    ],
)
def test_template_has_the_years_that_are_chosen(planner, query, years):
    content = planner.get("/plans/new/template.xlsx", query).content

    assert sheets_of(content)["年度目安"][0] == ["KPI番号", *years]


@pytest.mark.asked_once
def test_example_is_the_real_plan_as_it_is_exported(planner):
    """Where the fixture has changed, what it is held against belongs in the example's file."""
    example = planner.get("/plans/new/example.xlsx").content
    plan = load_plan("omuta_2024_2028").strategy

    assert upload(planner, NEW, example).context["looked"].changes == []
    assert json.loads(EXAMPLE_PLAN.read_text()) == plan_records(Standing.of(plan))


# Looking over


def test_new_plan_is_shown_sheet_by_sheet_and_not_yet_written(planner):
    page = upload(planner, NEW, SMALL)

    assert "から、新しい計画「見本市総合戦略」を作ります。まだ何も書き込んでいません。" in bare(
        page
    )
    assert "計画（6行）計画コードmihon-2026計画名見本市総合戦略団体名見本市" in bare(page)
    assert "指標（1行）P1-1指標名：起業件数、単位：件" in bare(page)
    assert not Strategy.objects.exists()


def test_published_figures_are_held_against_ours_the_different_first(planner):
    page = upload(planner, NEW, with_sheets(**RESULTS))

    assert "計算と一致したもの：率1／2評価0／0。" in bare(page)
    assert table_row(page, "P1-1 起業件数") == {
        "年度": "令和7年度", "何を": "達成率", "公表": "61.5", "計算": "60.0%", "結果": "不一致",
    }  # fmt: skip
    assert "一致したもの（1件）" in said(page)


def test_plan_that_stays_as_it_is_shows_the_comparison_alone(planner, kikaku):
    taken(with_sheets(**RESULTS))
    page = upload(planner, "/plans/mihon-2026/workbook/", with_sheets(**RESULTS))

    assert "に違うところはありません。何も変わりません。" in said(page)
    assert "計算と一致したもの：率1／2評価0／0。" in bare(page)
    assert "signed" not in page.context


@pytest.mark.asked_once
def test_every_mistake_is_told_with_its_cell_and_nothing_is_written(planner):
    sheets = with_sheets(
        指標=[("KPI番号", "指標名", "単位", "小数桁数"), ("P1-1", "起業件数", "件", "九")],
        目標=[("KPI番号", "目標値"), ("P1-1", "約50"), ("P9-9", "3")],
    )
    page = upload(planner, NEW, sheets)

    assert page.status_code == 422
    assert "3件の誤りがあるため、何も書き込んでいません" in said(page)
    assert "「計画.xlsx」の下の所をすべて直し、保存してから、もう一度選んでください。" in said(page)
    assert [(one.place, one.written) for one in page.context["problems"]] == [
        ("シート「指標」の2行目 D列（小数桁数）", "九"),
        ("シート「目標」の2行目 B列（目標値）", "約50"),
        ("シート「目標」の3行目 A列（KPI番号）", "P9-9"),
    ]
    assert table_row(page, "シート「指標」の2行目")["書かれている内容"] == "九"
    assert not Strategy.objects.exists()


@pytest.mark.asked_once
def test_what_was_read_otherwise_is_listed(planner):
    page = upload(planner, NEW, with_sheets(メモ=[("覚え書き",), ("x",)]))

    notes = page.context["looked"].notes
    assert "使わないシート：「メモ」（データ1行）。" in notes
    assert f"書かれているのと違う読み方をしたところ（{len(notes)}件）" in said(page)
    assert [one for one in notes if one not in said(page)] == []


def test_five_hundred_notes_are_shown_and_the_others_counted(planner):
    items = [*PLAN, *((f"項目{number}", "") for number in range(510))]

    page = upload(planner, NEW, with_sheets(計画=items))

    assert "「項目499」は使いません" in said(page)
    assert "「項目500」は使いません" not in said(page)
    assert "ほかに10件あります。" in said(page)


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "ファイルを選んでください。"),
        (b"no workbook", "シートが1つしか入りません"),
        (content_of({"表": [("a",)]}), "計画のシートがありません。"),
    ],
)
def test_file_that_is_no_workbook_is_refused_with_the_remedy(planner, content, sentence):
    answer = upload(planner, NEW, content) if content else planner.post(NEW)

    assert answer.status_code == 422
    assert sentence in said(answer)


def test_workbook_of_another_plan_or_of_none_is_refused_where_one_is_expected(planner, strategy):
    other = upload(planner, MINE, SMALL)
    nameless = upload(planner, MINE, {"指標": [("KPI番号", "指標名"), ("P1-1", "名")]})

    assert "このファイルは、計画コード「mihon-2026」の計画のものです。" in said(other)
    assert "ファイルに計画コードがありません。シート「計画」に、" in said(nameless)
    assert (other.status_code, nameless.status_code) == (422, 422)


# Taking in


def test_new_plan_is_in_preparation_and_its_history_names_the_file(planner, kikaku):
    answer = confirm(planner, upload(planner, NEW, with_sheets(**RESULTS), "令和6年.xlsx"))

    plan = Strategy.objects.get()
    assert (answer.status_code, answer.url) == (302, "/plans/mihon-2026/draft/")
    assert messages_of(answer) == ["「見本市総合戦略」を準備中の計画として取り込みました。"]
    assert plan.is_in_preparation
    past = Kpi.objects.get().history.get()
    assert past.history_change_reason == "ファイルの取り込み：令和6年.xlsx"
    assert (past.history_user, past.acted_by) == (kikaku, past.acted_by)
    assert YearlyActual.objects.count() == 2
    history = said(planner.get("/plans/mihon-2026/history/"))
    assert "ファイルの取り込み：令和6年.xlsx" in history
    entry = AuditEntry.objects.filter(kind="import").get()
    assert entry.what == "計画「見本市総合戦略」（令和6年.xlsx）"


def test_plan_changes_where_the_file_differs_as_one_act_with_its_name(planner, kikaku):
    make_plan(kikaku, kpis=2)
    page = upload(planner, MINE, plan_with())

    assert "P1-1 指標1 変わる" in said(page)
    assert "<del>指標1</del>" in page.content.decode()
    assert "<ins>改めた名前</ins>" in page.content.decode()
    assert "令和6年度の内容" in said(page)
    answer = confirm(planner, page, url=MINE)
    assert answer.url == "/plans/mihon/changes/"
    assert messages_of(answer) == ["「計画.xlsx」のとおりに「見本市総合戦略」を変えました。"]
    assert [one.name for one in Kpi.objects.order_by("number")] == ["改めた名前", "指標2"]
    change = PlanChange.objects.get()
    assert (change.kind, change.reason) == (
        "ワークブックの取り込み",
        "様式を改めたため（ファイルの取り込み：計画.xlsx）",
    )
    history = bare(planner.get("/plans/mihon/history/"))
    assert "ワークブックの取り込み（第1回の変更）" in history
    assert history.count("ファイルの取り込み：計画.xlsx") == 1


def test_project_is_named_as_the_plan_prints_it(planner, kikaku):
    make_plan(kikaku, kpis=1)
    Project.objects.update(printed_sign="3-1")
    sheets = {"計画": ITEMS, "プロジェクト": [("記号", "目的"), ("P1", "新しい目的")]}

    assert "3-1（P1）" in said(upload(planner, MINE, sheets))


def test_what_changed_here_since_stays_unless_it_is_ticked(planner, kikaku):
    make_plan(kikaku, kpis=2)
    content = exported(planner)
    Kpi.objects.filter(number=1).update(name="ここで改めた")
    other = Kpi.objects.get(number=2)
    other.name = "これも改めた"
    other._history_user = kikaku
    other.save()
    page = upload(planner, MINE, content)

    assert "このシステムで変わったところが2か所あります。" in said(page)
    assert page.content.decode().count('name="take"') == 2
    assert "ファイルでは、書き出したときのままです。" in said(page)
    assert re.search("P1-2 これも改めた 今の内容を残す 最後の変更：.*kikaku.*、令和", said(page))
    assert "今の内容を残す2行" in said(page)
    assert "ここで改めた 書き出したとき：指標1" in said(page)
    assert "年度ごとの「変わるところ」は、印を付けないときのものです。" in said(page)
    answer = confirm(planner, page, url=MINE, reason="")
    assert messages_of(answer) == ["選んだところがないため、何も変えていません。"]
    assert not PlanChange.objects.exists()
    asked = confirm(planner, page, "指標!P1-1!指標名", url=MINE, reason=" ")
    assert asked.status_code == 422
    assert "計画を変える理由を書いてください。" in said(asked)
    assert asked.context["ticked"] == ["指標!P1-1!指標名"]
    assert not PlanChange.objects.exists()
    answer = confirm(planner, page, "指標!P1-1!指標名", url=MINE)
    assert messages_of(answer)[-1] == "「計画.xlsx」のとおりに「見本市総合戦略」を変えました。"
    assert [one.name for one in Kpi.objects.order_by("number")] == ["指標1", "これも改めた"]


def test_plan_that_changed_after_the_look_over_is_looked_over_again(planner, kikaku):
    make_plan(kikaku, kpis=2)
    page = upload(planner, MINE, plan_with())
    Kpi.objects.filter(number=1).update(name="ほかの人が改めた")
    again = confirm(planner, page, url=MINE)

    assert again.status_code == 409
    assert "確かめたあとに、計画の内容が変わりました。" in said(again)
    assert "<del>ほかの人が改めた</del>" in again.content.decode()
    assert Kpi.objects.get(number=1).name == "ほかの人が改めた"
    confirm(planner, again, url=MINE)
    assert Kpi.objects.get(number=1).name == "改めた名前"


def test_confirmation_is_good_for_its_plan_and_its_person_alone(planner, kikaku, client):
    make_plan(kikaku, kpis=1)
    make_strategy(code="beside", is_current=False)
    page = upload(planner, MINE, plan_with())

    for url in (NEW, "/plans/beside/workbook/"):
        answer = confirm(planner, page, url=url)
        assert answer.status_code == 422
        assert "確認の画面が古くなっています。" in said(answer)
    assert Kpi.objects.get().name == "指標1"


def test_closed_year_is_not_changed_by_a_file(planner, kikaku):
    make_plan(kikaku, kpis=1)
    close_years_through(Strategy.objects.get(), 2024, user=kikaku)
    results = [("KPI番号", "年度", "実績値"), ("P1-1", "2024", "77")]
    page = upload(planner, MINE, {"計画": ITEMS, "実績": results})

    assert page.status_code == 422
    assert "締め済み" in page.context["problems"][0].message


def test_ended_plan_takes_no_workbook_and_still_gives_one(planner, kikaku):
    make_strategy(state=PlanState.ENDED)

    answer = planner.get(MINE)
    assert answer.status_code == 403
    assert "終了した計画" in said(answer)
    assert {"項目": "計画コード", "内容": "mihon"} in records_of(exported(planner), "計画")


def test_export_is_noted_with_the_files_name(planner, strategy):
    answer = planner.get("/plans/mihon/workbook.xlsx")

    name = re.search('filename="([^"]+)"', answer["Content-Disposition"])[1]
    assert name.startswith("plan-mihon-")
    entry = AuditEntry.objects.get(kind="export")
    assert entry.what == f"見本市総合戦略の計画のワークブック {name}"


# Beginning empty


EMPTY = {
    "name": "新しい計画", "municipality": "見本市", "municipality_code": "402028",
    "first_year": "R11", "last_year": "２０３３", "code": "",
}  # fmt: skip


def test_empty_plan_has_a_name_and_a_period_and_a_code_of_them(planner, strategy):
    answer = planner.post("/plans/new/empty/", EMPTY)

    plan = Strategy.objects.get(name="新しい計画")
    assert answer.url == "/plans/plan-2029-2033/draft/"
    assert (plan.code, plan.state) == ("plan-2029-2033", PlanState.PREPARING)
    assert plan.history.get().history_change_reason == "計画を始めた"
    assert "柱、プロジェクト、指標がまだありません。" in said(planner.get(answer.url))
    again = planner.post("/plans/new/empty/", EMPTY)
    assert again.url == "/plans/plan-2029-2033-2/draft/"


def test_empty_plan_tells_each_field_that_is_wrong_and_keeps_what_was_typed(planner, strategy):
    wrong = {"municipality_code": "123456", "code": "日本", "first_year": "きのう"}
    page = planner.post("/plans/new/empty/", EMPTY | wrong)
    there = planner.post("/plans/new/empty/", EMPTY | {"code": "mihon"})
    reserved = planner.post("/plans/new/empty/", EMPTY | {"code": "new"})

    assert page.status_code == 422
    assert dict(page.context["form"].errors) == {
        "municipality_code": [
            "団体コード123456は検査数字（6桁目）が合いません。番号を確かめてください。"
        ],
        "first_year": [
            "年度「きのう」を読み取れません。2024、令和6年度、R6 のように書いてください。"
        ],
        "code": [
            "計画コードは、50字までの半角の英数字とハイフンで書いてください（例：machi-2027-2031）。"
        ],
    }
    assert 'value="新しい計画"' in page.content.decode()
    assert list(there.context["form"].errors) == ["code"]
    assert dict(reserved.context["form"].errors) == {
        "code": ["「new」は画面のアドレスに使うため、計画コードにできません。"]
    }
    assert Strategy.objects.count() == 1


# The draft


def test_draft_leads_to_how_it_will_look_and_what_is_open(planner):
    taken(with_sheets(**RESULTS))
    page = planner.get("/plans/mihon-2026/draft/")

    assert "柱1、プロジェクト1、取組0、掲載0（うち再掲0）、指標1" in said(page)
    assert "所管課がない指標（1件） P1-1。" in said(page)
    for link in re.findall(r'<a class="button" href="([^"]+)"', page.content.decode()):
        assert planner.get(link.replace("&amp;", "&")).status_code == 200


def test_draft_is_put_into_force_from_its_page(planner):
    taken(SMALL)
    asked = planner.post("/plans/mihon-2026/state/start/")
    assert asked.status_code == 422
    assert "実施してよければ、印を付けてください。まだ準備中です。" in said(asked)
    assert Strategy.objects.get().state == PlanState.PREPARING
    answer = planner.post("/plans/mihon-2026/state/start/", {"confirmed": "on"})

    assert messages_of(answer) == ["「見本市総合戦略」を実施中にしました。主たる計画です。"]
    assert planner.get("/plans/mihon-2026/draft/").url == "/plans/mihon-2026/"


@pytest.mark.asked_once
def test_draft_is_nobodys_but_the_planners(editor):
    taken(SMALL)

    for path in ("draft/", "workbook/", "workbook.xlsx"):
        assert editor.get(f"/plans/mihon-2026/{path}").status_code in (200, 404)
    assert "計画がまだ登録されていません" in said(editor.get("/plans/mihon-2026/draft/"))


def test_draft_is_deleted_with_its_figures_once_that_is_confirmed(planner, kikaku, kpi):
    departments = [("コード", "名称"), ("D77", "新しい課")]
    taken(with_sheets(**RESULTS, 所管課=departments))
    asked = planner.post("/plans/mihon-2026/draft/drop/")
    assert asked.status_code == 422
    assert "まだ削除していません。" in said(asked)
    answer = planner.post("/plans/mihon-2026/draft/drop/", {"confirmed": "on"})

    assert answer.url == "/plans/"
    assert messages_of(answer) == ["準備中の計画「見本市総合戦略」を削除しました。"]
    assert [one.code for one in Strategy.objects.all()] == ["mihon"]
    assert (list(Kpi.objects.all()), YearlyActual.objects.count()) == ([kpi], 0)
    assert Department.objects.filter(code="D77").exists()
    gone = Kpi.history.filter(history_type="-").get()
    assert (gone.name, gone.history_user) == ("起業件数", kikaku)
    entry = AuditEntry.objects.filter(kind="plan").get()
    assert entry.what == "準備中の計画「見本市総合戦略」（mihon-2026）を削除した"


def test_draft_with_everything_is_deleted(planner, kikaku):
    sheets = with_sheets(
        指標=[
            (
                *("KPI番号", "指標名", "単位", "終了年度", "終了の理由", "開始年度", "開始の理由"),
                "前の指標",
            ),
            ("P1-1", "起業件数", "件", "2025", "見直し", "", "", ""),
            ("P1-2", "起業者数", "人", "", "", "2026", "見直し", "P1-1"),
            ("G1-1", "従業者数", "人", "", "", "", "", ""),
        ],
        移動=[
            ("KPI番号", "適用年度", "プロジェクト", "番号", "理由"),
            ("P1-2", "2026", "P1", "3", ""),
            ("P1-2", "2027", "P1", "2", "並べ直し"),
        ],
        取組=[("プロジェクト", "番号", "取組名"), ("P1", "1", "起業の支援")],
    )  # fmt: skip
    plan = taken(sheets)
    planner.post(f"/plans/{plan.code}/draft/drop/", {"confirmed": "on"})

    assert not Strategy.objects.exists()
    assert not Project.objects.exists()


def test_draft_whose_figures_another_plan_counts_stays(planner, kikaku, kpi):
    plan = taken(SMALL)
    source = Kpi.objects.get(project__strategy=plan)
    Kpi.objects.filter(pk=kpi.pk).update(source=source)
    answer = planner.post("/plans/mihon-2026/draft/drop/", {"confirmed": "on"})

    assert answer.status_code == 409
    assert "のP1-1が、この計画の指標を使っているため、削除できません。" in said(answer)
    assert Strategy.objects.filter(pk=plan.pk).exists()


def test_running_plan_is_never_dropped(planner, kikaku, strategy):
    answer = planner.post("/plans/mihon/draft/drop/", {"confirmed": "on"})

    assert answer.status_code == 409
    with pytest.raises(RecordingRefused, match="準備中の計画ではないため、削除できません。"):
        drop_draft(strategy, user=kikaku)
    assert Strategy.objects.get() == strategy


# Queries


def many(count):
    """A workbook with so many KPIs, each with a figure and a target."""
    numbers = [f"P1-{number}" for number in range(1, count + 1)]
    return with_sheets(
        指標=[("KPI番号", "指標名", "単位"), *((one, f"指標{one}", "件") for one in numbers)],
        目標=[("KPI番号", "目標値"), *((one, "50") for one in numbers)],
        実績=[("KPI番号", "年度", "実績値"), *((one, "2024", "5") for one in numbers)],
    )


@pytest.mark.parametrize("count", [1, 4])
def test_draft_asks_the_same_whatever_it_holds(planner, django_assert_num_queries, count):
    taken(many(count))
    planner.get("/plans/mihon-2026/draft/")

    with django_assert_num_queries(23):
        planner.get("/plans/mihon-2026/draft/")


@pytest.mark.parametrize("plans", [1, 3])
def test_ways_ask_the_same_whatever_plans_there_are(planner, django_assert_num_queries, plans):
    for number in range(plans):
        make_strategy(code=f"plan{number}", is_current=number == 0)
    planner.get("/plans/new/")

    with django_assert_num_queries(5):
        planner.get("/plans/new/")
