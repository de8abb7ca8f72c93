"""KPIs from a file: the preview, all or nothing, and what is wrong in which cell."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Kind
from kpis.models import Aggregation, Direction, Formula, Kpi
from kpis.recording import close_years_through
from projects.models import PlanChoice, PlanState, Strategy
from reports.models import PlanChange
from tests.admin_forms import inline_code, messages_of
from tests.factories import (
    make_department,
    make_kpi,
    make_project,
    make_strategy,
    make_user,
    record,
)
from tests.kpi_files import (
    HEADERS,
    confirm,
    csv_file,
    one,
    preview,
    problems,
    take,
)


def test_preview_shows_old_and_new_and_writes_nothing(planner, kpi):
    page = preview(planner, csv_file(["KPI番号", "指標名", "備考"], ["P1-1", "支援した件数", ""]))

    text = page.content.decode()
    assert '<del class="diff-old">支援件数</del> <ins class="diff-new">支援した件数</ins>' in text
    assert "新規0件、更新1件、変更なし0件" in text
    assert inline_code(page) == []
    kpi.refresh_from_db()
    assert kpi.name == "支援件数"


def test_markup_in_a_file_is_text_in_the_preview(planner, kpi):
    page = preview(planner, csv_file(["KPI番号", "備考"], ["P1-1", "<script>alert(1)</script>"]))

    assert "<script>alert(1)" not in page.content.decode()
    assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_confirmed_rows_are_written_with_who_and_why_in_the_history(planner, kikaku, kpi):
    department = make_department("D01")

    page = take(
        planner,
        ["KPI番号", "指標名", "基準値", "基準値の年度", "所管課"],
        ["Ｐ１-１", "", "１，２３４件", "令和５年度", "D01課"],
    )

    kpi.refresh_from_db()
    assert messages_of(page) == ["取り込みました：新規0件、更新1件、変更なし0件。"]
    assert (kpi.name, kpi.baseline, kpi.baseline_year) == ("支援件数", 1234, 2023)
    assert kpi.department == department
    written = kpi.history.first()
    assert (written.history_user, written.history_change_reason) == (
        kikaku,
        "ファイルの取り込み",
    )


@pytest.mark.parametrize("closed", [(), (2024,)])
def test_target_and_baseline_of_a_standing_kpi_are_revised(planner, kikaku, kpi, closed):
    for year in closed:
        close_years_through(kpi.project.strategy, year, user=kikaku)

    take(
        planner,
        ["KPI番号", "最終目標値", "基準値", "基準値の年度", "改定の理由"],
        ["P1-1", "60件", "12", "R5", "議会の議決"],
    )

    kpi.refresh_from_db()
    said = ("effective_from", "value", "baseline", "baseline_year", "reason")
    rows = list(kpi.final_targets.values_list(*said))
    if closed:
        assert rows == [
            (2024, 50, None, None, "計画策定時の目標値"),
            (2025, 60, 12, 2023, "議会の議決"),
        ]
        assert kpi.baseline is None
    else:
        assert rows == [(2024, 60, None, None, "議会の議決")]
        assert (kpi.baseline, kpi.baseline_year) == (12, 2023)
    assert kpi.final_targets.last().history.first().history_user == kikaku


def test_revised_target_without_a_reason_says_what_the_file_says(planner, kpi):
    page = take(planner, ["KPI番号", "最終目標値"], ["P1-1", "60"])

    assert messages_of(page) == ["取り込みました：新規0件、更新1件、変更なし0件。"]
    assert kpi.final_targets.get().reason == "指標ファイルによる（最終目標値 50→60）"


def test_file_that_says_what_stands_revises_nothing(planner, kikaku, kpi):
    close_years_through(kpi.project.strategy, 2024, user=kikaku)
    file = (["KPI番号", "最終目標値", "基準値"], ["P1-1", "60", "12"])
    take(planner, *file)

    page = take(planner, *file)

    assert messages_of(page) == ["取り込みました：新規0件、更新0件、変更なし1件。"]
    assert kpi.final_targets.count() == 2


def test_new_kpi_gets_its_first_target_from_the_plans_first_year(planner, kikaku, project):
    make_department("D01")

    take(
        planner,
        HEADERS,
        [
            "P1-2", "待機児童数", "人", "1", "単年度", "以下", "基準値からの伸び", "65", "R5",
            "D01", "住民基本台帳から", "市統計", "要確認", "50.5",
        ],
    )  # fmt: skip

    kpi = Kpi.objects.get()
    target = kpi.final_targets.get()
    assert (kpi.code, kpi.name, kpi.unit, kpi.decimal_places) == ("P1-2", "待機児童数", "人", 1)
    assert (kpi.aggregation, kpi.direction, kpi.formula) == (
        Aggregation.ANNUAL,
        Direction.DECREASE,
        Formula.FROM_BASELINE,
    )
    assert (target.effective_from, target.value) == (2024, Decimal("50.5"))
    assert target.history.get().history_change_reason == "ファイルの取り込み"
    assert kpi.history.get().history_user == kikaku


def test_columns_may_be_left_out_and_keep_their_defaults(planner, project):
    take(planner, ["指標名", "単位", "KPI番号"], ["件数", "件", "P1-3"])

    kpi = Kpi.objects.get()
    assert (kpi.number, kpi.decimal_places, kpi.formula) == (3, 0, Formula.RATIO)
    assert not kpi.final_targets.exists()


def test_blank_cells_leave_everything_as_it_is(planner, kpi):
    page = take(planner, HEADERS, ["P1-1", *[""] * 13])

    assert messages_of(page) == ["取り込みました：新規0件、更新0件、変更なし1件。"]
    assert kpi.history.count() == 1


def test_one_bad_row_keeps_all_rows_out(planner, kpi):
    page = preview(
        planner,
        csv_file(["KPI番号", "指標名", "単位"], ["P1-1", "別名", ""], [], ["P1-2", "", "件"]),
    )

    assert problems(page) == [("4", "指標名", "新しい指標なので、指標名を入れてください。")]
    assert "取り込めないところがあるため、1件も書き込んでいません" in page.content.decode()
    kpi.refresh_from_db()
    assert kpi.name == "支援件数"


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("集計方法", "平均", "「平均」は使えません。累計・単年度のどれかを入れてください。"),
        ("目指す方向", "上", "「上」は使えません。以上・以下のどれかを入れてください。"),
        (
            "達成率の算式",
            "割り算",
            (
                "「割り算」は使えません。"
                "実績÷目標・目標との乖離・基準値からの伸びのどれかを入れてください。"
            ),
        ),
        ("小数桁数", "5", "「5」は使えません。0から4までの整数です。"),
        (
            "所管課",
            "宇宙課",
            "「宇宙課」という課はありません。課名か課コードで書いてください：D01課（D01）。",
        ),
        (
            "基準値の年度",
            "昔",
            "年度「昔」を読み取れません。2024、令和6年度、R6 のように書いてください。",
        ),
        (
            "基準値",
            "=1+1",
            "数式は取り込めません。コピーして「値として貼り付け」で、計算した結果に置き換えてください。",
        ),
        (
            "備考",
            '=HYPERLINK("x")',
            "数式は取り込めません。コピーして「値として貼り付け」で、計算した結果に置き換えてください。",
        ),
        (
            "基準値",
            "多い",
            "「多い」を数字として読み取れません。数字で入力してください（例：1,234）。",
        ),
        (
            "基準値",
            "1.5",
            "基準値は整数で入力してください。この指標は小数を使いません。",
        ),
        (
            "最終目標値",
            "0",
            "算式「実績÷目標」では、目標値を0より大きくしてください。",
        ),
    ],
)
def test_bad_cell_is_named_with_its_remedy(planner, kpi, column, cell, sentence):
    make_department("D01")

    page = preview(planner, csv_file(["KPI番号", column], ["P1-1", cell]))

    assert problems(page) == [("2", column, sentence)]
    assert sentence.replace('"', "&quot;") in page.content.decode()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "「」を読み取れません。P1-2 のように書いてください。"),
        ("1月2日", "「1月2日」を読み取れません。P1-2 のように書いてください。"),
        ("P9-1", "プロジェクトP9は、「見本市総合戦略」にありません（あるもの：P1）。"),
    ],
)
def test_row_that_names_no_kpi_of_the_plan_is_refused(planner, kpi, code, sentence):
    page = preview(planner, csv_file(["KPI番号", "備考"], [code, "x"]))

    assert problems(page) == [("2", "KPI番号", sentence)]


def test_same_kpi_twice_is_refused(planner, kpi):
    page = preview(planner, csv_file(["KPI番号", "備考"], ["P1-1", "a"], ["p1-1", "b"]))

    assert problems(page) == [
        ("3", "KPI番号", "P1-1の行が2つ以上あります。1行にまとめてください。")
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["P1-2", "指標", "件", "", "", "0"], "算式「実績÷目標」では、目標値を0より大きく"),
        (["P1-2", "指標", "件", "基準値からの伸び", "", "5"], "基準値が要ります"),
        (["P1-2", "指標", "件", "基準値からの伸び", "9", "5"], "目標値を基準値より大きく"),
        (["P1-1", "", "", "基準値からの伸び", "90", ""], "最終目標値50：算式"),
        (["P1-2", "指標", "件", "", "", "5.5"], "最終目標値は整数で"),
    ],
)
def test_formula_that_its_numbers_cannot_bear_is_refused(planner, kpi, row, sentence):
    headers = ["KPI番号", "指標名", "単位", "達成率の算式", "基準値", "最終目標値"]

    page = preview(planner, csv_file(headers, row))

    assert sentence in one(problems(page))[2]
    assert Kpi.objects.count() == 1


def test_way_of_measuring_is_fixed_once_an_actual_exists(planner, kikaku, kpi):
    record(kpi, {2024: 9}, kikaku)

    page = preview(planner, csv_file(["KPI番号", "達成率の算式"], ["P1-1", "目標との乖離"]))

    assert problems(page) == [
        (
            "2",
            "達成率の算式",
            (
                "実績が入力されているため、達成率の算式は変えられません。"
                "新しい指標として登録してください。"
            ),
        )
    ]


def test_decimals_of_a_standing_target_are_not_cut_off(planner, project):
    make_kpi(project, 1, target="50.5", decimal_places=1)

    page = preview(planner, csv_file(["KPI番号", "小数桁数"], ["P1-1", "0"]))

    assert one(problems(page))[1:] == (
        "小数桁数",
        "これより細かい目標値が入力されています。小数桁数は減らせません。",
    )


def test_new_row_of_a_plan_with_closed_years_begins_in_the_first_open_one(
    planner, kikaku, strategy, project
):
    close_years_through(strategy, 2024, user=kikaku)

    page = preview(
        planner, csv_file(["KPI番号", "指標名", "単位", "最終目標値"], ["P1-1", "x", "件", "5"])
    )

    confirm(planner, page)
    added = Kpi.objects.get()
    assert (added.first_year, added.begin_reason) == (2025, "ファイルの取り込み")
    assert added.final_targets.get().effective_from == 2025


def test_new_row_is_added_by_the_act(planner, kpi):
    rows = (["P1-2", "件数", "件", "5"], ["P1-3", "人数", "人", ""], ["P1-1", "別名", "", ""])
    take(planner, ["KPI番号", "指標名", "単位", "最終目標値"], *rows)

    said = "見本市総合戦略：指標P1-{}を加えた（理由：ファイルの取り込み）"
    audited = AuditEntry.objects.filter(kind=Kind.PLAN).order_by("pk")
    assert [one.what for one in audited] == [said.format("2「件数」"), said.format("3「人数」")]
    added = Kpi.objects.get(number=2)
    for row in (added, added.final_targets.get()):
        assert row.history.get().history_change_reason == "ファイルの取り込み"
    assert PlanChange.objects.get().subject == ""


def test_who_may_not_change_the_plan_adds_nothing_by_a_file(client, kpi):
    clerk = make_user("clerk")
    clerk.is_staff = True
    clerk.save()
    named = ("add_kpi", "change_kpi", "view_kpi")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=named))
    client.force_login(clerk)
    rows = (["KPI番号", "指標名", "単位"], ["P1-1", "別名", ""], ["P1-2", "件数", "件"])

    page = preview(client, csv_file(*rows))

    assert problems(page) == [("3", "", "計画を変えるのは企画担当です。")]
    assert list(Kpi.objects.values_list("number", "name")) == [(1, "支援件数")]


def test_new_row_of_a_plan_without_an_open_year_is_refused_at_its_number(
    planner, kikaku, strategy, project
):
    close_years_through(strategy, 2028, user=kikaku)

    page = preview(planner, csv_file(["KPI番号", "指標名", "単位"], ["P1-1", "x", "件"]))

    assert problems(page) == [
        (
            "2",
            "KPI番号",
            "「見本市総合戦略」は令和10年度まで締め済みのため、変えられる年度がありません。",
        )
    ]


def test_what_changed_since_the_preview_is_refused_and_nothing_written(planner, kikaku, kpi):
    other = make_kpi(kpi.project, 2)
    page = preview(
        planner,
        csv_file(["KPI番号", "達成率の算式"], ["P1-2", "目標との乖離"], ["P1-1", "目標との乖離"]),
    )
    record(kpi, {2024: 9}, kikaku)

    answer = confirm(planner, page)

    assert "達成率の算式は変えられません" in answer.content.decode()
    other.refresh_from_db()
    assert other.formula == Formula.RATIO


def test_confirmation_is_used_once(planner, kpi):
    page = preview(planner, csv_file(["KPI番号", "備考"], ["P1-1", "x"]))
    confirm(planner, page)
    # Back to what stood at the preview: the confirmation is spent all the same.
    kpi.refresh_from_db()
    kpi.note = ""
    kpi.save()

    answer = confirm(planner, page)

    assert one(problems(answer))[2].startswith("確認の画面を開いたあとで、P1-1が変わっています")
    kpi.refresh_from_db()
    assert (kpi.note, kpi.history.count()) == ("", 3)


def test_new_kpi_is_not_made_twice_by_one_confirmation(planner, project):
    page = preview(planner, csv_file(["KPI番号", "指標名", "単位"], ["P1-2", "件数", "件"]))
    confirm(planner, page)
    Kpi.objects.get().delete()
    again = confirm(planner, page)
    taken = confirm(planner, page)

    assert messages_of(again) == ["取り込みました：新規1件、更新0件、変更なし0件。"]
    assert "P1-2が変わっています" in one(problems(taken))[2]


def test_colleagues_change_after_the_preview_is_not_written_over(planner, kpi):
    other = make_kpi(kpi.project, 2)
    third = make_kpi(kpi.project, 3)
    rows = (["KPI番号", "備考"], ["P1-2", "x"], ["P1-1", "y"])
    page = preview(planner, csv_file(*rows))
    kpi.unit = "人"
    kpi.save()

    answer = confirm(planner, page)

    assert "P1-1が変わっています（この確認で取り込み済みか、ほかの人が更新しました）" in (
        answer.content.decode()
    )
    other.refresh_from_db()
    assert other.note == ""
    # What the file does not name may change meanwhile.
    page = preview(planner, csv_file(*rows))
    third.unit = "人"
    third.save()
    confirm(planner, page)
    other.refresh_from_db()
    assert other.note == "x"


def test_colleagues_new_target_after_the_preview_counts_as_a_change(planner, project):
    kpi = make_kpi(project, 1, target=None)
    page = preview(planner, csv_file(["KPI番号", "備考"], ["P1-1", "x"]))
    kpi.final_targets.create(effective_from=2024, value=9)

    assert "P1-1が変わっています" in one(problems(confirm(planner, page)))[2]


def test_confirmation_is_the_previewers_own(planner, kpi):
    page = preview(planner, csv_file(["KPI番号", "備考"], ["P1-1", "x"]))
    other = Client()
    other.force_login(make_user("kikaku2", role="企画担当"))

    answer = confirm(other, page)

    assert "確認の画面が古くなっています。" in answer.content.decode()
    kpi.refresh_from_db()
    assert kpi.note == ""


def make_next(**fields):
    """The next plan, with a KPI P1-1 of its own."""
    following = make_strategy(code="next", name="次の計画", is_current=False, **fields)
    return make_kpi(make_project(following), 1)


def test_file_is_taken_into_the_plan_that_is_chosen(planner, kikaku, kpi):
    following = make_next()
    file = csv_file(["KPI番号", "備考"], ["P1-1", "x"])
    form = planner.get(reverse("admin:kpis_kpi_import")).context["form"]
    page = preview(planner, file, plan="next")
    answer = confirm(planner, page)

    assert [label for _code, label in form.fields["plan"].choices] == ["見本市総合戦略", "次の計画"]
    assert form["plan"].value() == "mihon"
    assert "「次の計画」の指標に取り込みます。" in page.content.decode()
    assert answer.redirect_chain == [("/admin/kpis/kpi/?plan=next", 302)]
    for one_of, note in ((kpi, ""), (following, "x")):
        one_of.refresh_from_db()
        assert one_of.note == note
    assert AuditEntry.objects.filter(kind=Kind.IMPORT).get().what.startswith("次の計画の重要業績")


def test_file_is_ones_own_plans_unless_another_is_chosen(planner, kikaku, kpi):
    following = make_next()
    PlanChoice.objects.create(user=kikaku, strategy=following.project.strategy)
    take(planner, ["KPI番号", "備考"], ["P1-1", "x"])

    following.refresh_from_db()
    assert following.note == "x"


def test_confirmation_is_of_the_plan_that_was_looked_at(planner, kpi):
    page = preview(planner, csv_file(["KPI番号", "備考"], ["P1-1", "x"]))
    following = make_next()
    Strategy.objects.update(is_current=False)
    Strategy.objects.filter(code="next").update(is_current=True)

    refused = confirm(planner, page, plan="next")
    following.refresh_from_db()
    kpi.refresh_from_db()
    assert "確認の画面が古くなっています。" in refused.content.decode()
    assert (kpi.note, following.note) == ("", "")

    taken = confirm(planner, page)
    following.refresh_from_db()
    kpi.refresh_from_db()
    assert messages_of(taken) == ["取り込みました：新規0件、更新1件、変更なし0件。"]
    assert (kpi.note, following.note) == ("x", "")


def test_plan_that_has_ended_takes_no_file(planner, kpi):
    following = make_next()
    page = preview(planner, csv_file(["KPI番号", "備考"], ["P1-1", "x"]), plan="next")
    Strategy.objects.filter(code="next").update(state=PlanState.ENDED)

    refused = confirm(planner, page)
    form = planner.get(reverse("admin:kpis_kpi_import")).context["form"]
    following.refresh_from_db()
    assert "この計画には取り込めません。終了したか、もうありません。" in refused.content.decode()
    assert following.note == ""
    assert form.fields["plan"].widget.is_hidden


def test_only_the_file_that_was_looked_over_is_taken(planner, kpi):
    at = reverse("admin:kpis_kpi_process_import")

    answer = planner.post(
        at,
        {
            "import_file_name": "/etc/hostname",
            "original_file_name": "x.csv",
            "format": "0",
            "resource": "0",
        },
    )

    assert "確認の画面が古くなっています。" in answer.content.decode()


def test_department_editor_neither_imports_nor_confirms(editor, tantou, kpi):
    tantou.is_staff = True
    tantou.save()

    assert preview(editor, csv_file(["KPI番号"], ["P1-1"])).status_code == 403
    assert editor.post(reverse("admin:kpis_kpi_process_import")).status_code == 403
