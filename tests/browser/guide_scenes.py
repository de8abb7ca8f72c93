"""The year of docs/user-guide.ja.md, played in the browser: one scene for each of its chapters.

A scene opens every page whose words its chapter prints in bold, and takes the chapter's
pictures. Scenes follow the guide's order and build on each other.
"""

from collections.abc import Callable
from decimal import Decimal

from django.contrib.auth.models import User
from django.db.models import Q
from playwright.sync_api import expect

from entry.changing.acting import carry_out
from kpis.models import Kpi, YearlyActual
from kpis.recording import Change, close_years_through, record_actual, record_actuals
from projects.models import PlanState, Strategy
from reports.annual.editions import issue_edition
from tests.browser.entry_page import cell, paste, row, status
from tests.browser.guide import Desk
from tests.factories import final
from tests.plan_workbooks import PLAN as PLAN_ITEMS
from tests.plan_workbooks import Sheets, content_of, exported, with_sheets

COLUMN = "9\t【架空】説明会の回数を前年度と同じにした。\t【架空】対象の業種を広げる。\n22\n4\n"
PLAN = "/plans/omuta-2024-2028/"
SCENES: dict[str, Callable[[Desk], None]] = {}


def prepare(desk: Desk) -> None:
    """2024 is closed and reported; in 2025 P5-2 and what `tantou` may enter are still open."""
    strategy, planner = _plan(), User.objects.get(username="kikaku")
    desk.on(7, 11, year=2025)
    close_years_through(strategy, 2024, user=planner)
    issue_edition(strategy, 2024, user=planner)
    desk.on(5, 20)
    is_open = Q(kpi__department__members__username="tantou") | Q(kpi=_kpi("P5", 2))
    undone = [
        Change(one.kpi_id, None, one.version)
        for one in YearlyActual.objects.filter(
            is_open, fiscal_year=2025, kpi__project__strategy=strategy
        )
    ]
    record_actuals(strategy, 2025, undone, user=planner)


def _plan() -> Strategy:
    return Strategy.objects.get(is_current=True)


def _kpi(project: str, number: int) -> Kpi:
    return Kpi.objects.get(project__strategy=_plan(), project__code=project, number=number)


def scene(title: str) -> Callable[[Callable[[Desk], None]], Callable[[Desk], None]]:
    """Make a function the scene of the chapter with this title."""

    def keep(play: Callable[[Desk], None]) -> Callable[[Desk], None]:
        SCENES[title] = play
        return play

    return keep


@scene("ログインする")
def log_in(desk: Desk) -> None:
    desk.open("/login/")
    desk.sit("kikaku", "/password/")
    desk.open("/plans/omuta-2024-2028/entry/2024/")


@scene("入力する年度を開く")
def open_the_year(desk: Desk) -> None:
    desk.sit("kikaku", "/plans/omuta-2024-2028/entry/2025/overview/")
    desk.page.get_by_label("締切の日").fill("2026-06-30")
    desk.press("締切を決める")
    desk.sit("tantou")
    page = desk.page
    desk.take("dashboard-own", page.locator(".head").first, page.locator(".figures"))
    desk.press("令和7年度の実績を入力する")
    expect(page.locator(".entry__row")).to_have_count(3)


@scene("実績値を入力する")
def enter_figures(desk: Desk) -> None:
    page = desk.page
    desk.look()
    cell(page, "P1-1").fill("９")
    cell(page, "P1-2").fill("41")  # the running total, as many would: the year's own is 22
    cell(page, "P2-1").focus()
    for code in ("P1-1", "P1-2"):
        expect(status(page, code)).to_contain_text("保存しました")
    expect(row(page, "P1-2")).to_contain_text("確認：")
    expect(page.locator("#waiting")).to_have_text("1")
    expect(page.locator("#unsaved")).to_have_text("")
    desk.take("entry", page.locator(".entry-lead"), page.locator(".sheet__bar"))


@scene("値の状態を選ぶ")
def choose_a_state(desk: Desk) -> None:
    for word in ("集計中", "未測定"):
        cell(desk.page, "P2-1", "state").select_option(word)
        desk.look()
    cell(desk.page, "P2-1", "state").select_option("確定")


@scene("「確認」と出たとき")
def answer_a_doubt(desk: Desk) -> None:
    desk.look()
    expect(row(desk.page, "P1-2")).to_contain_text("確認：")


@scene("要因分析と今後の方向性を書く")
def explain(desk: Desk) -> None:
    desk.look()


@scene("Excelの表から貼り付ける")
def paste_a_column(desk: Desk) -> None:
    page = desk.page
    paste(page, "P1-1", COLUMN)
    preview = page.get_by_role("region", name="貼り付ける内容の確認")
    expect(preview).to_contain_text("まだ保存して")
    desk.take("paste", preview)
    desk.press("この内容を欄に入れる")
    desk.press("すべて保存")
    expect(page.locator("#said")).to_contain_text("保存しました")


@scene("ファイルで入力する")
def enter_by_file(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/entry/2025/import/")
    rows = "KPI番号,年度,実績値,要因分析,版\r\n" + "".join(
        f"{one.kpi.code},令和7年度,{one.value + 1:f},【架空】集計をやり直した。,{one.version}\r\n"
        for one in YearlyActual.objects.filter(
            fiscal_year=2025, kpi__project__code="P1", kpi__project__strategy=_plan()
        ).select_related("kpi__project")
    )
    file = {"name": "令和7年度の実績.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    desk.page.get_by_label("取り込むファイル").set_input_files(file)
    desk.press("内容を確かめる")
    desk.take("import", desk.page.locator("section.import"))


@scene("取組の進捗を書く")
def enter_progress(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/entry/2025/initiatives/")
    project = desk.page.locator("form.sheet section").first
    desk.take("initiatives", project, project.locator(".texts__row").nth(1))


@scene("毎年は測らない指標")
def take_over_a_value(desk: Desk) -> None:
    desk.sit("kikaku", "/plans/omuta-2024-2028/entry/2025/P5-2/?carry=1")
    expect(cell(desk.page, "P5-2", "value_year")).to_have_value("令和6年度")


@scene("締切を決め、入力状況を確かめる")
def steer(desk: Desk) -> None:
    desk.on(6, 20)
    desk.sit("kikaku", "/plans/omuta-2024-2028/entry/2025/overview/")
    page = desk.page
    desk.take("overview", page.locator(".lead"), page.locator("table.overview"))


@scene("入力をお願いする")
def remind(desk: Desk) -> None:
    desk.look()
    desk.open("/plans/omuta-2024-2028/entry/2025/reminders/D04/")
    form = desk.page.locator("form.reminder")
    # The test's server has another address every time.
    desk.page.get_by_label("本文").evaluate(
        "(one, there) => { one.value = one.value.replaceAll(location.origin, there) }",
        "https://strategy.city.example",
    )
    desk.take("reminder", desk.page.locator("main .lead"), form)


@scene("総括を書く")
def review(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/entry/2025/reviews/")


@scene("年度を締める")
def close_the_year(desk: Desk) -> None:
    desk.on(7, 10)
    desk.sit("kanri", "/plans/omuta-2024-2028/entry/2025/overview/")
    desk.press("締める前に確かめる")
    desk.take("closing", desk.page.locator("main .lead"), desk.page.locator("main .card").last)
    planner = User.objects.get(username="kikaku")
    record_actual(_kpi("P5", 2), 2025, final(Decimal("44.8")), user=planner, version=0)
    desk.press("令和7年度を締める")
    expect(desk.page.get_by_role("status")).to_contain_text("令和7年度を締めました")


@scene("案を読む")
def read_the_draft(desk: Desk) -> None:
    desk.on(7, 17)
    desk.sit("kikaku", "/plans/omuta-2024-2028/reports/")
    desk.open("/plans/omuta-2024-2028/reports/2025/")


@scene("第1版を発行する")
def issue_first(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/reports/")
    desk.press("第1版を発行する")
    desk.take("issue", desk.page.locator("main .lead"), desk.page.locator("main form"))
    desk.press("第1版を発行する")
    expect(desk.page.get_by_role("status")).to_contain_text("令和7年度 第1版を発行しました")


@scene("発行したあとに誤りが見つかったとき")
def correct(desk: Desk) -> None:
    desk.on(8, 19)
    desk.sit("kikaku", "/plans/omuta-2024-2028/entry/2025/overview/")
    desk.press("締めた年度を改める")
    desk.page.get_by_label("何を改めるか").fill("P1-1の実績に集計の誤りがあったため")
    desk.press("令和7年度を改め始める")
    saved = YearlyActual.objects.get(kpi=_kpi("P1", 1), fiscal_year=2025)
    desk.open("/plans/omuta-2024-2028/entry/2025/P1-1/")
    cell(desk.page, "P1-1").fill(f"{saved.value - 1:f}")
    desk.press("すべて保存")
    expect(desk.page.locator("#said")).to_contain_text("保存しました")
    desk.press("違いを見て締め直す")
    desk.press("令和7年度を締め直す")
    desk.open("/plans/omuta-2024-2028/reports/")
    desk.press("第2版を発行する")
    desk.page.get_by_label("この版を出す理由").fill("P1-1の実績値の訂正（集計の誤り）")
    desk.press("第2版を発行する")
    expect(desk.page.get_by_role("status")).to_contain_text("令和7年度 第2版を発行しました")


@scene("版を比べる")
def compare(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/reports/")
    desk.press("版を比べる")
    desk.page.get_by_label("前", exact=True).select_option("2025-1")
    desk.page.get_by_label("後", exact=True).select_option("2025-2")
    desk.press("比べる")
    desk.take("compare", desk.page.locator("form.filters"), desk.page.locator("main section table"))


@scene("議会に出すファイルを受け取る")
def fetch_files(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/reports/")
    years = desk.page.locator("section.report-year")
    desk.take("reports", desk.page.locator(".head").first, years.nth(0))


@scene("版が発行したときのままかを確かめる")
def verify(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/reports/2025/editions/1/")


@scene("ダッシュボードを読む")
def read_the_dashboard(desk: Desk) -> None:
    desk.on(9, 1)
    desk.sit("kanri", "/")
    page = desk.page
    desk.take("dashboard", page.locator(".lead"), page.locator("main section .scroll").first)


@scene("率と評価の意味")
def read_the_rates(desk: Desk) -> None:
    desk.look()


@scene("再掲の取組")
def read_what_is_relisted(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/projects/P2/")


@scene("指標を読む")
def read_a_kpi(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/kpis/")
    desk.open("/plans/omuta-2024-2028/kpis/P1-1/?fy=2025")
    page = desk.page
    desk.take("kpi", page.locator("main .lead"), page.locator("figure.chart").first)


@scene("会議で映す、印刷する")
def show_it_in_a_meeting(desk: Desk) -> None:
    desk.open("/")
    desk.press("会議用に大きく表示")


@scene("変更の履歴と、過去の日の値を見る")
def look_back(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/history/")
    desk.open("/plans/omuta-2024-2028/kpis/P1-1/")


@scene("次の年度に入る")
def go_on(desk: Desk) -> None:
    desk.on(4, 5, year=2027)
    desk.sit("kikaku")
    desk.open("/plans/omuta-2024-2028/entry/")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("令和8年度の実績入力")


@scene("計画を始める")
def begin_a_plan(desk: Desk) -> None:
    desk.open("/plans/")
    desk.open("/plans/new/")
    desk.press("ワークブックを選ぶ")
    items = [*PLAN_ITEMS[:-2], ("最初の年度", "2025"), ("最終年度", "2028")]
    results = [("KPI番号", "年度", "実績値"), ("P1-1", "2025", "10")]
    published = [("KPI番号", "年度", "率の種類", "率"), ("P1-1", "2025", "達成率", "20.0")]
    targets = [("KPI番号", "目標値"), ("P1-1", "50以上")]
    _look_a_workbook_over(desk, with_sheets(計画=items, 目標=targets, 実績=results, 公表=published))
    desk.press("準備中の計画として取り込む")
    desk.page.get_by_label("削除してよい").check()
    desk.press("準備中の計画を削除する")


def _look_a_workbook_over(desk: Desk, sheets: Sheets | bytes) -> None:
    content = sheets if isinstance(sheets, bytes) else content_of(sheets)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = {"name": "計画.xlsx", "mimeType": kind, "buffer": content}
    desk.page.get_by_label("取り込むワークブック").set_input_files(file)
    desk.press("内容を確かめる")


@scene("次の計画を始める")
def begin_the_next_plan(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/entry/2028/overview/")
    desk.press("次の計画を始める")
    desk.page.get_by_label("計画名").fill("第4期総合戦略")
    desk.page.get_by_label("計画コード").fill("fourth")
    desk.press("内容を確かめる")


@scene("課や担当者が変わったとき")
def hand_over(desk: Desk) -> None:
    desk.open("/admin/")
    desk.open("/plans/omuta-2024-2028/entry/2026/overview/")
    desk.press("所管の割り当てを変える")
    desk.open(f"/admin/kpis/kpi/{_kpi('P1', 1).pk}/change/")


@scene("いくつもの計画があるとき")
def have_several_plans(desk: Desk) -> None:
    first = _plan()
    more = [
        Strategy.objects.create(
            code=code, name=name, state=state, municipality=first.municipality,
            municipality_code=first.municipality_code, first_year=2029, last_year=2033,
        )
        for code, name, state in (
            ("next", "【架空】次の計画", PlanState.PREPARING),
            ("beside", "【架空】並ぶ計画", PlanState.RUNNING),
        )
    ]  # fmt: skip
    desk.open("/plans/")
    expect(desk.page.locator(".plans > summary")).to_have_text(f"計画：{first.name}")
    for plan in more:
        plan.delete()


@scene("計画を変えるとき")
def change_the_plan(desk: Desk) -> None:
    desk.open("/")
    desk.press("計画の変更")


@scene("変わるところを確かめてから変える")
def look_a_change_over(desk: Desk) -> None:
    desk.open(f"{PLAN}changes/targets/P1-1/")
    desk.page.get_by_label("最終目標値").fill("60")
    desk.page.get_by_label("理由").fill("2年間で目標の4割に達したため")
    desk.press("変わるところを確かめる")
    main = desk.page.locator("main")
    desk.take("change-preview", main.locator(".head").first, main.locator("form").last)


@scene("新旧対照表を受け取る")
def print_what_changed(desk: Desk) -> None:
    kpi = _kpi("P1", 1)
    kpi.note = "【架空】算出方法を見直した。"
    planner = User.objects.get(username="kikaku")
    carry_out(
        kpi.project.strategy, "定義の見直し", "【架空】数え方を明らかにする", planner, kpi.save
    )
    desk.open("/plans/omuta-2024-2028/changes/")
    desk.open("/plans/omuta-2024-2028/changes/1/")


@scene("目標を見直す")
def revise_a_target(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/kpis/P3-1/")
    desk.press("目標を見直す")
    desk.page.get_by_label("最終目標値").fill("160")
    desk.page.get_by_label("理由").fill("参加者が増えたため")
    desk.press("変わるところを確かめる")


@scene("指標を加える")
def add_a_kpi(desk: Desk) -> None:
    desk.open(f"{PLAN}projects/P1/")
    desk.press("指標を加える")
    desk.page.get_by_label("指標名").fill("創業の相談の件数")
    desk.page.get_by_label("最終目標値").fill("30")
    desk.page.get_by_label("理由").fill("相談の窓口を設けたため")
    desk.press("変わるところを確かめる")


@scene("数値目標を加える")
def add_a_goal(desk: Desk) -> None:
    desk.open(f"{PLAN}changes/")
    desk.press("数値目標を加える")
    desk.page.get_by_label("柱・計画全体").select_option("goals")
    desk.page.get_by_label("数値目標名").fill("転入者数")
    desk.page.get_by_label("最終目標値").fill("500")
    desk.page.get_by_label("理由").fill("基本目標の数値目標を定めたため")
    desk.press("変わるところを確かめる")


@scene("指標を終える、差し替える、移す")
def end_a_kpi(desk: Desk) -> None:
    desk.open(f"{PLAN}kpis/P1-2/")
    desk.press("差し替える")
    desk.open(f"{PLAN}kpis/P1-2/")
    desk.press("移す")
    desk.open(f"{PLAN}kpis/P1-2/")
    desk.press("終える")
    desk.page.get_by_label("最後の年度").fill("令和8年度")
    desk.page.get_by_label("理由").fill("事業が終わるため")
    desk.press("変わるところを確かめる")
    desk.press("この内容で変える")
    desk.open(f"{PLAN}reports/2027/")


@scene("取組を加える、終える")
def add_and_end_an_initiative(desk: Desk) -> None:
    desk.open(f"{PLAN}projects/P1/")
    desk.press("取組を加える")
    desk.open(f"{PLAN}initiatives/P1-1/")
    desk.press("再掲を加える")
    desk.open(f"{PLAN}initiatives/P1-1/")
    desk.press("終える")


@scene("計画期間を変える")
def change_the_period(desk: Desk) -> None:
    desk.open("/plans/")
    desk.open(f"{PLAN}changes/")
    desk.press("計画期間を変える")
    desk.page.get_by_label("最終年度").fill("令和12年度")
    desk.page.get_by_label("理由").fill("総合計画の期間に合わせるため")
    desk.press("変わるところを確かめる")


@scene("評価のきまりを改める")
def revise_the_rules(desk: Desk) -> None:
    desk.open(f"{PLAN}changes/")
    desk.press("評価のきまりを改める")
    desk.press("↗→↘を前回の値との比較で")
    desk.open(f"{PLAN}kpis/P1-1/")
    desk.press("評価のきまりを改める")


@scene("ワークブックで一度に変える")
def change_much_at_once(desk: Desk) -> None:
    content = exported(_plan())
    kpi = _kpi("P3", 1)
    kpi.note = "【架空】書き出したあとに書いた。"
    kpi.save()
    desk.open("/plans/")
    desk.open(f"{PLAN}changes/")
    desk.press("ワークブックを取り込む")
    _look_a_workbook_over(desk, content)


@scene("締めた年度を改める")
def correct_closed_years(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/entry/2025/overview/")
    desk.press("締めた年度を改める")
    desk.page.get_by_label("何を改めるか").fill("念のため")
    desk.press("令和7年度を改め始める")
    desk.page.get_by_text("改めるのをやめて、もとに戻す").click()
    desk.press("もとに戻す")
    expect(desk.page.get_by_role("status")).to_contain_text("改める前のとおりに戻しました")
    desk.open("/plans/omuta-2024-2028/reports/")


@scene("機構改革")
def reorganise(desk: Desk) -> None:
    desk.open("/work/")
    desk.open("/plans/")
    desk.press("機構改革")
    desk.press("機構改革を準備する")
    desk.page.locator("#day").fill("令和11年4月1日")
    desk.page.get_by_role("combobox", name="産業振興課").select_option(label="なくなる")
    desk.press("続ける")
    desk.page.get_by_role("checkbox", name="観光交流課").check()
    card = desk.page.get_by_role("region", name="産業振興課")
    desk.take("reorganisation", desk.page.locator("#day-heading"), card)
    desk.press("内容を確かめる")
    desk.press("内容を確かめる")
    desk.press("この内容で準備する")


@scene("ログインの期限が切れた")
def come_back(desk: Desk) -> None:
    desk.open("/plans/omuta-2024-2028/entry/2026/")
    desk.page.context.clear_cookies(name="sessionid")
    cell(desk.page, "P1-1").fill("11")
    cell(desk.page, "P1-2").focus()
    expect(status(desk.page, "P1-1")).to_contain_text("ログインの期限が切れました")
    desk.look()


@scene("ほかの人の保存と食い違った")
def collide(desk: Desk) -> None:
    desk.sit("kikaku", "/plans/omuta-2024-2028/entry/2026/P1-1/")
    tantou = User.objects.get(username="tantou")
    record_actual(_kpi("P1", 1), 2026, final(Decimal(12)), user=tantou, version=0)
    cell(desk.page, "P1-1").fill("11")
    cell(desk.page, "P1-1", "state").focus()
    desk.page.get_by_role("button", name="すべて保存").focus()
    expect(row(desk.page, "P1-1")).to_contain_text("保存されている値：12件")
    desk.take("conflict", desk.page.locator(".entry"))


@scene("年度が締められていて直せない")
def find_it_closed(desk: Desk) -> None:
    desk.sit("tantou", "/plans/omuta-2024-2028/entry/2025/")


@scene("パスワードを忘れた")
def forget(desk: Desk) -> None:
    desk.sit("kikaku")
    desk.open("/admin/")
