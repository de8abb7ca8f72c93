"""Wide tables as plan workbooks: every value where it belongs, and told where it came from."""

import pytest

from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.table import Table
from entry.own_table.converting import convert
from entry.own_table.guessing import guess
from entry.own_table.settings import ColumnUse
from tests.entry.own_table.wide_tables import (
    book_of,
    likeliest,
    of_two_rows,
    rows_of,
    sheet_of,
    town,
    values_of,
    with_bands,
)


def converted(content, **answers):
    """A table converted as it is guessed; `answers` go by the beginning of a question's key."""
    sheet = sheet_of(content)
    settings = guess(sheet)
    asked = likeliest(sheet, guess(sheet)).questions
    for kind, answer in answers.items():
        settings.answers |= {one.key: answer for one in asked if one.key.startswith(kind)}
    return likeliest(sheet, settings)


def test_groups_merged_down_hold_for_all_their_rows():
    made = converted(town())

    assert values_of(made, "柱", "番号", "名称") == [("1", "しごとをつくる"), ("2", "ひとを呼ぶ")]
    assert values_of(made, "プロジェクト", "記号", "柱", "名称", "表記") == [
        ("P1", "1", "企業誘致", ""), ("P2", "1", "農業の振興", ""), ("P3", "2", "移住の促進", ""),
    ]  # fmt: skip
    assert values_of(made, "指標", "KPI番号", "指標名") == [
        ("P1-1", "立地協定の件数（累計）"), ("P1-2", "従業者数"), ("P2-1", "新規就農者数"),
        ("P3-1", "社会減"), ("P3-2", "住み続けたい人の割合"),
    ]  # fmt: skip
    assert (
        "A5:A7 は結合されたセルなので、「基本目標1 しごとをつくる」を5〜7行目のすべてに当てました。"
        in made.notes
    )


def test_figures_are_those_of_the_table_with_their_years():
    made = converted(town())

    assert values_of(made, "目標", "KPI番号", "目標値", "目標年度", "基準値", "基準値の年度") == [
        ("P1-1", "10", "", "0", "2023"),
        ("P1-2", "1300", "", "1240", "2021"),
        ("P2-1", "4", "", "4", "2023"),
        ("P3-1", "-20", "", "-52", "2023"),
        ("P3-2", "70", "", "65.2", "2022"),
    ]
    assert values_of(made, "実績", "KPI番号", "年度", "実績値") == [
        ("P1-1", "2024", "1"), ("P1-1", "2025", "2"),
        ("P1-2", "2024", "1251"), ("P1-2", "2025", "1262"),
        ("P2-1", "2024", "5"), ("P2-1", "2026", "3"),
        ("P3-1", "2024", "-48"), ("P3-1", "2025", "-41"), ("P3-1", "2026", "-39"),
        ("P3-2", "2024", "66.4"), ("P3-2", "2025", "67.1"),
    ]  # fmt: skip


def test_what_indicators_are_follows_from_their_words_and_figures():
    headings = ("KPI番号", "単位", "小数桁数", "目指す方向", "達成率の算式", "所管課")

    assert values_of(converted(town()), "指標", *headings) == [
        ("P1-1", "件", "0", "", "", "商工課"),
        ("P1-2", "人", "0", "以上", "", "商工課、企画課"),
        ("P2-1", "人", "0", "以上", "", "農林課"),
        ("P3-1", "人", "0", "", "基準値からの伸び", "企画課"),
        ("P3-2", "％", "1", "", "", "企画課"),
    ]
    assert values_of(converted(with_bands()), "指標", *headings[:-1]) == [
        ("P1-1", "人", "0", "以下", ""),
        ("P1-2", "人", "0", "以上", ""),
        ("P2-1", "%", "1", "以上", ""),
        ("P2-2", "点", "1", "以上", ""),
    ]


def test_rows_below_each_other_are_one_indicator_and_the_last_goal_the_final_one():
    made = converted(of_two_rows())

    assert values_of(made, "目標", "KPI番号", "目標値", "目標年度", "基準値") == [
        ("P1-1", "50", "", "38"), ("P1-2", "1500", "", "1000"), ("P2-1", "90", "", "120"),
    ]  # fmt: skip
    assert values_of(made, "年度目安", "KPI番号", "2024", "2025", "2026", "2027", "2028") == [
        ("P1-1", "40", "42", "44", "46", ""),
        ("P1-2", "1100", "1200", "1300", "1400", ""),
        ("P2-1", "115", "110", "105", "100", ""),
    ]
    assert values_of(made, "実績", "KPI番号", "年度", "実績値") == [
        ("P1-1", "2024", "39.5"), ("P1-1", "2025", "43.1"), ("P1-2", "2024", "1080"),
        ("P1-2", "2025", "1190"), ("P2-1", "2024", "118"), ("P2-1", "2025", "101"),
    ]  # fmt: skip
    assert values_of(made, "プロジェクト", "記号", "表記", "名称") == [
        ("P1", "1-1", "健診"), ("P2", "2-1", "交通"),
    ]  # fmt: skip
    assert "最終目標値の列がない指標は、最終年度の目標を最終目標値としました。" in made.notes


def test_bands_name_what_the_rows_below_belong_to():
    made = converted(with_bands())

    assert values_of(made, "柱", "番号", "名称") == [("1", "育てる")]
    assert values_of(made, "プロジェクト", "記号", "表記", "名称") == [
        ("P1", "施策1", "子育て"), ("P2", "施策2", "学校"),
    ]  # fmt: skip
    assert values_of(made, "目標", "目標値", "許容幅", "基準値") == [
        ("0", "", "12"), ("230", "", "210"), ("88.1", "0", "88.1"), ("3.5", "", ""),
    ]  # fmt: skip
    assert {"項目": "柱の呼び名", "内容": "政策"} in rows_of(made, "計画")


def test_headings_name_the_parts_whose_signs_have_no_word():
    rows = [["基本目標", "施策名", "指標", "目標値（R10）"], ["しごと", "1-1 農業", "就農者", 10]]
    told = rows_of(converted(book_of("表", rows)), "計画")

    assert {"項目": "柱の呼び名", "内容": "基本目標"} in told
    assert {"項目": "プロジェクトの呼び名", "内容": "施策"} in told


def test_what_was_published_goes_to_the_trial():
    made = converted(with_bands())

    assert values_of(made, "公表", "KPI番号", "年度", "率の種類", "率", "評価")[:3] == [
        ("P1-1", "2021", "達成率", "75%", ""),
        ("P1-1", "2021", "", "", "C"),
        ("P1-2", "2021", "達成率", "55%", ""),
    ]


def test_rows_without_an_indicator_are_left_out_and_listed():
    made = converted(town())

    total, note = (one for one in made.notes if "使いません" in one)
    assert total == (
        "シート「KPI一覧」の10行目は、合計などの行なので使いません"
        "（基本目標2 ひとを呼ぶ （1）移住の促進 合計 9）。"
    )
    assert note == (
        "シート「KPI一覧」の11行目は、指標名がないので使いません"
        "（※従業者数は経済センサスによる。）。"
    )


def test_places_are_those_of_the_citys_file():
    made = converted(town())
    actuals = made.sheets["実績"]

    assert actuals.place(2, "実績値") == "シート「KPI一覧」の5行目 G列（実績値 Ｒ６）"
    assert actuals.place(2, "要因分析") == "シート「KPI一覧」の5行目 G列（実績値 Ｒ６）（要因分析）"
    assert (
        made.sheets["目標"].place(2, "条件") == "シート「KPI一覧」の5行目 F列（目標値 令和10年度）"
    )
    assert made.sheets["計画"].place(2, "内容") == "画面で入力した「計画コード」"
    assert Table.from_data(actuals.as_data()) == actuals


def test_each_odd_kind_is_asked_once_with_its_readings():
    sheet = sheet_of(town())
    asked = {one.key: one for one in convert(sheet, guess(sheet)).questions}
    question = asked["bracket_figure:actual"]

    assert (question.example, question.count) == ("1,262(24)", 1)
    assert question.place == "シート「KPI一覧」の6行目 H列（実績値 R7）"
    assert [one.label for one in question.readings] == [
        "かっこの前の数字を使う（かっこの中は参考の値）", "かっこの中の数字を使う",
    ]  # fmt: skip
    assert asked["bracket_year:baseline"].count == 2
    assert {"relation=以上:target", "sign:actual", "word=未公表:actual", "word=集計中:actual",
            "weak_separator", "name_sum=累計", "negative"} <= asked.keys()  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "answer", "sheet", "heading", "expected"),
    [
        ("bracket_figure", "inside", "実績", "実績値", "24"),
        ("sign", "unmeasured", "実績", "未測定の理由", "―"),
        ("word=未公表", "unmeasured", "実績", "未測定の理由", "未公表"),
        ("bracket_year", "drop", "目標", "基準値の年度", "2023"),
        ("weak_separator", "one", "指標", "所管課", "商工課・企画課"),
        ("name_sum", "累計", "指標", "集計方法", "累計"),
        ("negative", "実績÷目標", "指標", "達成率の算式", "実績÷目標"),
    ],
)
def test_answer_decides(kind, answer, sheet, heading, expected):
    made = converted(town(), **{kind: answer})

    assert expected in [row.get(heading) for row in rows_of(made, sheet)]


def test_figures_that_are_awaited_ask_for_their_day():
    sheet = sheet_of(town())
    settings = guess(sheet)
    settings.answers["word=集計中:actual"] = "pending"
    made = likeliest(sheet, settings)

    assert made.unfinished == ["集計中の予定日を入力してください。"]
    assert not made.is_ready
    settings.plan["集計中の予定日"] = "2027-03-31"
    made = convert(sheet, settings)
    assert made.is_ready
    assert {"KPI番号": "P1-2", "年度": "2026", "集計中の予定日": "2027-03-31"} in rows_of(
        made, "実績"
    )


def test_mapping_that_lacks_something_says_what():
    sheet = sheet_of(town())
    settings = guess(sheet)
    settings.columns["実績値 R7"] = ColumnUse("actual", None)
    settings.columns["実績値 R8"] = ColumnUse("actual", 2024)
    settings.columns["担当課"] = ColumnUse("unit")

    assert convert(sheet, settings).unfinished == [
        "「単位」の列は1つだけ選んでください。",
        "H列（実績値 R7）の年度を選んでください。",
        "G列（実績値 Ｒ６）とI列（実績値 R8）は、同じ年度の同じものになっています。",
    ]
    del settings.columns["重要業績評価指標（KPI）"]
    assert "指標名の列を選んでください。" in convert(sheet, settings).unfinished


def test_next_years_file_of_the_same_shape_needs_no_mapping():
    settings = guess(sheet_of(town()))
    rows = [
        ["基本目標", "具体的な施策", "重要業績評価指標（KPI）", "単位", "実績値 R9", "担当課"],
        ["基本目標1\nしごとをつくる", "（1）企業誘致", "従業者数", "人", 1270, "商工課"],
    ]
    settings.first_heading = settings.last_heading = 1

    made = convert(sheet_of(book_of("KPI一覧", rows)), settings)
    assert values_of(made, "実績", "KPI番号", "年度", "実績値") == [("P1-1", "2027", "1270")]


def test_codes_that_people_gave_stay_and_names_alone_make_one_pillar():
    rows = [
        ["施策", "指標", "目標値（R10）"],
        ["観光", "宿泊者数", 100],
        [None, "土産の売上", 200],
        ["農業", "新規就農者", 5],
    ]
    sheet = sheet_of(book_of("表", rows))
    settings = guess(sheet)
    settings.plan["計画名"] = "にぎわい計画"
    settings.codes = {"|観光": "KANKO"}
    made = likeliest(sheet, settings)

    assert values_of(made, "指標", "KPI番号") == [("KANKO-1",), ("KANKO-2",), ("P2-1",)]
    assert values_of(made, "柱", "番号", "名称") == [("1", "にぎわい計画")]
    assert "A列（施策）の空欄は、上の行と同じと読みました（3行目）。" in made.notes
    assert "柱が書かれていない指標は、柱「にぎわい計画」のものとしました。" in made.notes


def test_indicators_of_a_pillar_itself_are_its_numeric_goals():
    rows = [
        ["基本目標", "施策", "指標", "目標値（R10）"],
        ["基本目標2 観光", None, "観光客数", 1000],
        ["基本目標2 観光", "宿泊", "宿泊者数", 100],
        ["基本目標2 観光", None, "満足度", 80],
    ]
    goals = converted(book_of("表", rows), blank_project="goal")

    assert values_of(goals, "指標", "KPI番号", "指標名") == [
        ("G2-1", "観光客数"), ("P1-1", "宿泊者数"), ("G2-2", "満足度"),
    ]  # fmt: skip
    assert values_of(converted(book_of("表", rows)), "指標", "KPI番号") == [
        ("G2-1",), ("P1-1",), ("P1-2",),
    ]  # fmt: skip


def test_own_kpi_numbers_are_kept():
    rows = [["KPI番号", "施策", "指標", "目標値"], ["S2-3", "宿泊", "宿泊者数", 100]]

    made = converted(book_of("表", rows))
    assert values_of(made, "指標", "KPI番号") == [("S2-3",)]
    assert values_of(made, "プロジェクト", "記号") == [("S2",)]


def test_formulas_in_published_rates_are_left_out_and_elsewhere_told_at_their_cells():
    rows = [
        ["指標", "実績 R6", "目標値", "達成率 R6"],
        ["宿泊者数", "=1+1", 100, "=B2/C2"],
    ]
    made = converted(book_of("表", rows))

    assert made.sheets["実績"].rows[2]["実績値"].problem.startswith("数式は取り込めません。")
    assert made.sheets["実績"].place(2, "実績値") == "2行目 B列（実績 R6）"
    assert "公表" not in made.sheets
    assert (
        "達成率（公表されたもの）のうち1個のセルは、数式などなので、照らし合わせに使いません。"
        in made.notes
    )


def test_many_merged_cells_of_a_column_are_one_sentence():
    rows = [["施策", "指標", "目標値"]] + [
        ["観光" if at % 2 else None, f"指標{at}", at] for at in range(1, 15)
    ]
    merged = [f"A{row}:A{row + 1}" for row in range(2, 16, 2)]

    assert (
        "A列の結合されたセル（A2:A3、A4:A5、A6:A7、A8:A9、A10:A11など7か所）は、"
        "その内容を、結合したすべての行に当てました。"
    ) in converted(book_of("表", rows, merged)).notes


def test_table_with_a_row_a_year_is_one_indicator_each():
    rows = [
        ["指標名", "年度", "目標", "実績"],
        ["受診率", "R6", 40, "38.5"],
        ["受診率", "令和7年度", 45, 41],
        ["歩数", "R6", 8000, 7100],
    ]
    made = converted(book_of("表", rows))

    assert made.unfinished == []
    assert values_of(made, "指標", "KPI番号", "指標名") == [("P1-1", "受診率"), ("P1-2", "歩数")]
    assert values_of(made, "目標", "目標値", "目標年度") == [("45", "2025"), ("8000", "2024")]
    assert values_of(made, "年度目安", "KPI番号", "2024") == [("P1-1", "40")]
    assert values_of(made, "実績", "KPI番号", "年度", "実績値") == [
        ("P1-1", "2024", "38.5"), ("P1-1", "2025", "41"), ("P1-2", "2024", "7100"),
    ]  # fmt: skip


def test_headings_of_a_prefectures_table():
    """Years of goals in a line of their own, the baseline's year in a column, notes' marks."""
    years = ["R4", "R5", "R6"]
    rows = [
        ["令和7年度　第2期みなと県総合戦略　KPI進捗状況一覧（令和8年3月末時点）"],
        ["No.", "基本目標", "KPI", "計画策定時", None, "目標値", None, None, "実績値", None],
        [None, None, None, "値", "年度", *years, *years[:2]],
        [1, "Ⅰ しごと", "就業者数（千人）", "512.3", "R3", 513, 514, "517千人以上", 511.8, 513],
        [2, None, "創業件数［累計］", "0件", "R2", "50件", "90件", "150件", "62件", "118件"],
        [3, "Ⅱ ひと", "出生率", "1.52", "R2", "上昇", "上昇", 1.6, "1.49※1", 1.45],
        ["※1 一部推計"],
    ]
    merged = ["A1:J1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:H2", "I2:J2", "B4:B5"]
    made = converted(book_of("KPI", rows, merged))

    assert values_of(made, "計画", "内容")[:3] == [
        ("plan-2022-2024",), ("第2期みなと県総合戦略",), ("みなと県",),
    ]  # fmt: skip
    assert values_of(made, "指標", "指標名", "単位", "集計方法") == [
        ("就業者数", "千人", ""), ("創業件数［累計］", "件", "単年度"), ("出生率", "", ""),
    ]  # fmt: skip
    assert values_of(made, "目標", "目標値", "基準値", "基準値の年度") == [
        ("517", "512.3", "2021"), ("150", "0", "2020"), ("1.6", "1.52", "2020"),
    ]  # fmt: skip
    assert values_of(made, "年度目安", "2022", "2023") == [("513", "514"), ("50", "90"), ("", "")]
    assert values_of(made, "実績", "実績値")[-2:] == [("1.49",), ("1.45",)]


def test_table_of_too_many_rows_is_refused():
    rows = [["指標", "目標値"], *([f"指標{at}", at] for at in range(3001))]
    sheet = sheet_of(book_of("表", rows))

    with pytest.raises(FileRefused, match="見出しより下に3,000行を超える行があります。"):
        convert(sheet, guess(sheet))
