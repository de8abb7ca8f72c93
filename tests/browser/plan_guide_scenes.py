"""docs/bring-your-plan.ja.md, played in the browser: its printed page and its wide table come in.

The workbook is what the guide's own tables say.
"""

import io
from collections.abc import Callable

import openpyxl
from django.contrib.auth.models import User
from playwright.sync_api import expect

from entry.changing.acting import carry_out
from entry.plan_workbook.exporting import exported_workbook
from kpis.models import Kpi
from projects.models import Strategy
from tests.browser.guide import Desk
from tests.plan_guide import Rows, printed_rows, section, sheets_in, table_html
from tests.plan_workbooks import content_of

PLAN = "/plans/mihon-2025-2029/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARKS = "①②③④⑤⑥⑦⑧⑨⑩"
SCENES: dict[str, Callable[[Desk], None]] = {}


def scene(title: str) -> Callable[[Callable[[Desk], None]], Callable[[Desk], None]]:
    """Make a function the scene of the chapter with this title."""

    def keep(play: Callable[[Desk], None]) -> Callable[[Desk], None]:
        SCENES[title] = play
        return play

    return keep


def _sheets() -> dict[str, Rows]:
    return sheets_in(section("計画書からワークブックに写す"))


def _content(sheets: dict[str, Rows]) -> bytes:
    return content_of(
        {
            name: [list(rows[0]), *(list(row.values()) for row in rows)]
            for name, rows in sheets.items()
        }
    )


def _choose(desk: Desk, label: str, content: bytes, name: str) -> None:
    file = {"name": name, "mimeType": XLSX, "buffer": content}
    desk.page.get_by_label(label).set_input_files(file)


def _look_over(desk: Desk, content: bytes) -> None:
    _choose(desk, "取り込むワークブック", content, "見本市.xlsx")
    desk.press("内容を確かめる")


@scene("どの始め方にするか")
def choose_a_way(desk: Desk) -> None:
    desk.on(6, 10)
    desk.sit("kikaku", "/plans/")
    desk.press("計画を始める")
    main = desk.page.locator("main")
    desk.take("ways", main.locator(".head").first, main.locator("section").last)


@scene("ひな形を受け取る")
def fetch_the_template(desk: Desk) -> None:
    desk.look()


@scene("指標と目標を書く")
def write_indicators(desk: Desk) -> None:
    """The printed page beside the rows that are written of it, in the app's own tables."""
    sheets = _sheets()
    printed = [[mark, *row] for mark, row in zip(MARKS, printed_rows(), strict=True)]
    left = table_html("計画書", ["", "指標", "基準値", "目標値", "担当課"], printed)
    right = ""
    for name, headings in (
        ("指標", ["KPI番号", "指標名", "単位", "集計方法", "目指す方向", "達成率の算式", "所管課"]),
        ("目標", ["KPI番号", "目標値", "基準値", "基準値の年度", "満たし方"]),
    ):
        rows = [
            [mark, *(row[one] for one in headings)]
            for mark, row in zip(MARKS, sheets[name], strict=True)
        ]
        right += table_html(f"シート「{name}」", ["", *headings], rows)
    desk.page.evaluate(
        """([left, right]) => {
          const main = document.querySelector("main");
          main.innerHTML = `<div id="pair"><div>${left}</div><div>${right}</div></div>`;
          const pair = document.querySelector("#pair");
          Object.assign(main.style, {maxWidth: "none"});
          Object.assign(pair.style, {
            display: "grid", gridTemplateColumns: "5fr 7fr", gap: "1.5rem", fontSize: "0.75rem",
          });
        }""",
        [left, right],
    )
    desk.take("printed", desk.page.locator("#pair"))


@scene("取り込む")
def take_in(desk: Desk) -> None:
    desk.open("/plans/new/")
    desk.press("ワークブックを選ぶ")


def _wide_table() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "はじめに"
    book.active["A1"] = "この表の見方"
    sheet = book.create_sheet("KPI一覧")
    for row in (
        ["見本市総合戦略　KPI一覧"],
        ["基本目標", "施策", "重要業績評価指標（KPI）", "単位", "基準値", "目標値", "実績値", None,
         "担当課"],
        [None, None, None, None, "（令和５年度）", "令和11年度", "R7", "R8", None],
        ["基本目標1\nしごとをつくる", "（1）企業誘致", "立地協定の件数（累計）", "件", 0, 10, 1,
         "集計中", "商工課"],
        [None, None, "従業者数", "人", "1,240（R3）", "1,300以上", "1,251", "1,262(24)",
         "商工課・企画課"],
        [None, "（2）農業の振興", "新規就農者数", "人", 4, "4人以上", 5, "―", "農林課"],
        ["基本目標2\nひとを呼ぶ", "（1）移住の促進", "社会減", "人", "△52", "△20", "△48", "△41",
         "企画課"],
    ):  # fmt: skip
        sheet.append(row)
    for merged in ("A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "G2:H2", "I2:I3", "A4:A6", "B4:B5"):
        sheet.merge_cells(merged)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@scene("表を選び、見出しを確かめる")
def choose_a_table(desk: Desk) -> None:
    desk.open("/plans/new/")
    desk.press("表を選ぶ")
    _choose(desk, "取り込む表", _wide_table(), "見本市のKPI一覧.xlsx")
    desk.press("表を読む")
    main = desk.page.locator("main")
    desk.take("table-sheet", main.locator(".head").first, main.locator("table"))


@scene("列の意味を確かめる")
def say_what_columns_are(desk: Desk) -> None:
    desk.press("列の意味へ進む")
    main = desk.page.locator("main")
    desk.take("table-columns", main.locator(".lead"), main.locator("table"))


@scene("書き方の意味に答える")
def answer_questions(desk: Desk) -> None:
    desk.take("table-questions", desk.page.get_by_role("region", name="2. 書き方の意味"))


@scene("表にないことを書く")
def say_what_the_table_lacks(desk: Desk) -> None:
    desk.look()
    for label, text in (
        ("計画コード", "mihon-table"), ("計画名", "見本市総合戦略"), ("団体名", "見本市"),
        ("団体コード", "409995"), ("最初の年度", "令和7年度"), ("最終年度", "令和11年度"),
    ):  # fmt: skip
        desk.page.get_by_label(label).fill(text)
    pending = desk.page.get_by_label("集計中の予定日")
    desk.press("内容を確かめる")
    if pending.count():
        pending.fill("令和9年8月20日")
        desk.press("内容を確かめる")
    expect(desk.page.get_by_role("button", name="準備中の計画として取り込む")).to_be_visible()


@scene("前の年度の数字だけを入れる")
def take_in_last_years_figures(desk: Desk) -> None:
    desk.press("準備中の計画として取り込む")
    desk.press("計画を変える")


@scene("誤りを直す")
def mend_what_is_wrong(desk: Desk) -> None:
    sheets = _sheets()
    sheets["指標"][1]["所管課"] = "水産課"
    sheets["目標"][2]["目標値"] = "おおむね80%"
    sheets["実績"][3]["KPI番号"] = "P5-1"
    desk.open("/plans/new/workbook/")
    _look_over(desk, _content(sheets))
    main = desk.page.locator("main")
    desk.take("problems", main.locator(".head").first, main.locator("table").first)


@scene("公表した数値と照らし合わせる")
def hold_against_what_was_published(desk: Desk) -> None:
    sheets = _sheets()
    sheets["公表"][5] |= {"率": "79.0%", "評価": "△"}
    desk.open("/plans/new/workbook/")
    _look_over(desk, _content(sheets))
    trial = desk.page.get_by_role("region", name="公表された数値との照らし合わせ")
    desk.take("trial", desk.page.locator("main .head").first, trial)


@scene("準備中の計画として取り込む")
def take_the_plan_in(desk: Desk) -> None:
    desk.look()
    desk.press("準備中の計画として取り込む")


@scene("準備中の計画を見る")
def look_at_the_draft(desk: Desk) -> None:
    main = desk.page.locator("main")
    desk.take("draft", main.locator(".head").first, main.locator("section").last)


@scene("実施する")
def put_into_force(desk: Desk) -> None:
    desk.look()
    desk.page.get_by_label("を実施してよい").check()
    desk.press("実施する")
    desk.open(PLAN)
    expect(desk.page.get_by_text("準備中の計画です")).to_have_count(0)
    main = desk.page.locator("main")
    desk.take("dashboard", main.locator(".lead"), main.locator("section .scroll").first)


@scene("書き出して、直して、取り込む")
def change_by_workbook(desk: Desk) -> None:
    plan, planner = (
        Strategy.objects.get(code="mihon-2025-2029"),
        User.objects.get(username="kikaku"),
    )
    book = openpyxl.load_workbook(io.BytesIO(exported_workbook(plan)))
    kpi = Kpi.objects.get(project__strategy=plan, project__code="P1", number=1)
    kpi.definition = "市の支援を受けて起業した件数"
    kpi._history_user = planner
    carry_out(plan, "定義の見直し", "数え方を明らかにする", planner, kpi.save)
    sheet = book["指標"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(cells[0].row for cells in sheet.iter_rows() if cells[0].value == "P1-1")
    sheet.cell(row, columns["算出方法"], "市の窓口で数えた起業の件数")
    sheet.cell(row, columns["出典"], "産業課調べ")
    changed = io.BytesIO()
    book.save(changed)
    desk.press("計画の変更")
    desk.press("ワークブックを取り込む")
    _look_over(desk, changed.getvalue())
    main = desk.page.locator("main")
    desk.take("changes", main.locator(".head").first, main.locator("section").first)
    desk.page.get_by_label("ファイルのとおりにする").check()
    desk.page.get_by_label("理由").fill("算出方法を書き足すため")
    desk.press("この内容で変える")
