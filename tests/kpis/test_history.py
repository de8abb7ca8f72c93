"""Who changed which figure from what to what, when and why: on a KPI's page, /history/, in CSV."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from kpis.history.changes import Wanted, history_of_kpi, history_of_plan
from kpis.history.words import FieldChange
from kpis.models import ActualState, FinalTarget, Kpi, YearlyActual
from kpis.recording import (
    ActualEntry,
    ProgressEntry,
    ReviewEntry,
    close_fiscal_year,
    delete_actual,
    record_actual,
    record_initiative_progress,
    record_project_review,
    reopen_fiscal_year,
)
from projects.models import EntryDeadline, InitiativeStatus
from tests.factories import (
    final,
    make_department,
    make_initiative,
    make_kpi,
    make_plan,
    make_project,
    make_strategy,
    make_user,
    record,
)


@pytest.fixture
def strategy(db):
    return make_strategy()


@pytest.fixture
def project(strategy):
    return make_project(strategy)


@pytest.fixture
def kpi(project):
    return make_kpi(project, 1, name="支援件数")


@pytest.fixture
def planner(client, kikaku):
    client.force_login(kikaku)
    return client


def told(change):
    """A change as (kind, action, year, {label: (old, new)})."""
    pairs = {field.label: (field.old, field.new) for field in change.fields}
    return change.kind, change.action, change.fiscal_year, pairs


def rows_of(response):
    text = b"".join(response.streaming_content)
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.count(b"\n") == text.count(b"\r\n")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


# What a change says


def test_correction_says_who_changed_what_from_what_to_what_and_why(strategy, kpi, kikaku):
    kikaku.last_name, kikaku.first_name = "山田", "花子"
    kikaku.save()
    record(kpi, {2024: 1200}, kikaku)
    record_actual(kpi, 2024, final(1234, analysis="精査"), user=kikaku, version=1, reason="再集計")

    change = history_of_kpi(strategy, kpi)[:1][0]

    assert (change.username, change.person) == ("kikaku", "山田花子")
    assert (change.code, change.name, change.reason) == ("P1-1", "支援件数", "再集計")
    assert change.when.tzname() == "JST"
    assert told(change) == (
        "実績値", "変更", 2024, {"実績値": ("1,200件", "1,234件"), "要因分析": ("", "精査")},
    )  # fmt: skip


def test_first_entry_and_withdrawal_speak_of_missing(strategy, kpi, kikaku):
    record(kpi, {2024: 0}, kikaku)
    delete_actual(kpi, 2024, user=kikaku, version=1, reason="別の年度の値")

    withdrawn, entered = history_of_kpi(strategy, kpi)[:2]

    assert told(entered) == (
        "実績値", "登録", 2024, {"状態": ("未入力", "確定"), "実績値": ("", "0件")},
    )  # fmt: skip
    assert told(withdrawn) == (
        "実績値", "削除", 2024, {"状態": ("確定", "未入力"), "実績値": ("0件", "")},
    )  # fmt: skip
    assert withdrawn.reason == "別の年度の値"


def test_states_and_days_are_words(strategy, kpi, kikaku):
    pending = ActualEntry(ActualState.PENDING, expected_on=datetime(2026, 8, 20, tzinfo=UTC).date())
    record(kpi, {2025: pending}, kikaku)

    (change,) = history_of_kpi(strategy, kpi)[:1]

    assert told(change)[3] == {
        "状態": ("未入力", "集計中"),
        "集計中の予定日": ("", "令和8年8月20日"),
    }


def test_figure_keeps_the_unit_that_it_had(strategy, kpi, kikaku):
    record(kpi, {2024: 12000}, kikaku)
    kpi.unit, kpi.decimal_places = "千人", 1
    kpi.save()
    record_actual(kpi, 2024, final("12.3"), user=kikaku, version=1)

    corrected, redefined, entered = history_of_kpi(strategy, kpi)[:3]

    assert told(entered)[3]["実績値"] == ("", "12,000件")
    assert told(redefined)[3] == {"単位": ("件", "千人"), "小数桁数": ("0", "1")}
    assert told(corrected)[3]["実績値"] == ("12,000件", "12.3千人")


def test_definition_names_departments_choices_and_years(strategy, kpi):
    kpi.department = make_department("D01")
    kpi.baseline, kpi.baseline_year, kpi.formula = Decimal(5), 2023, "from_baseline"
    kpi.save()

    (change,) = history_of_kpi(strategy, kpi)[:1]

    assert told(change) == (
        "重要業績評価指標", "変更", None, {
            "達成率の算式": ("実績÷目標", "基準値からの伸び"),
            "基準値": ("", "5件"),
            "基準値の年度": ("", "令和5年度"),
            "所管課": ("", "D01課"),
        },
    )  # fmt: skip


def test_target_names_its_year(strategy, kpi):
    target = kpi.final_targets.get()
    target.value = Decimal(60)
    target.save()

    changed, made = history_of_kpi(strategy, kpi)[:2]

    assert told(changed) == ("最終目標値", "変更", 2024, {"最終目標値": ("50件", "60件")})
    assert told(made)[3] == {
        "最終目標値": ("", "50件"),
        "設定・改定の理由": ("", "計画策定時の目標値"),
    }


def test_closing_reopening_texts_and_deadlines_are_told(strategy, project, kikaku):
    initiative = make_initiative(project, 3, "創業塾")
    EntryDeadline.objects.create(
        strategy=strategy, fiscal_year=2024, due_on=datetime(2025, 6, 30, tzinfo=UTC).date()
    )
    ongoing = ProgressEntry(InitiativeStatus.ONGOING, summary="2回開いた", cost=1250)
    record_initiative_progress(initiative, 2024, ongoing, user=kikaku, version=0)
    record_project_review(project, 2024, ReviewEntry(summary="順調"), user=kikaku, version=0)
    close_fiscal_year(strategy, 2024, user=kikaku)
    reopen_fiscal_year(strategy, 2024, user=kikaku, reason="誤りの訂正")

    reopened, closed, review, progress, deadline = history_of_plan(strategy)[:5]

    assert told(reopened) == (
        "年度締め",
        "締めの解除",
        2024,
        {"状態": ("締め済み", "締めていない")},
    )
    assert reopened.reason == "誤りの訂正"
    assert told(closed)[3] == {"状態": ("締めていない", "締め済み")}
    assert (review.code, told(review)[3]) == ("P1", {"総括": ("", "順調")})
    assert (progress.code, progress.name) == ("P1-3", "創業塾")
    assert told(progress)[3] == {
        "状況": ("", "実施中"),
        "取組実績": ("", "2回開いた"),
        "決算額（千円）": ("", "1,250"),
    }
    assert deadline.name == "見本市総合戦略"
    assert told(deadline)[3] == {"締切": ("", "令和7年6月30日")}
        "見本市総合戦略",
        {"締切": ("", "令和7年6月30日")},
    )


def test_saving_without_a_change_is_told_as_such(strategy, kpi):
    kpi.save()

    assert history_of_kpi(strategy, kpi)[:1][0].fields == ()


def test_figure_from_before_the_record_is_not_guessed(strategy, kpi, kikaku):
    target = kpi.final_targets.get()
    target.history.all().delete()  # as loaddata leaves it
    target.value = Decimal(60)
    target.save()

    (change,) = history_of_kpi(strategy, kpi)[:1]

    assert FieldChange("最終目標値", "（記録なし）", "60件") in change.fields


def test_deleted_account_and_the_system_are_told_apart(strategy, kpi):
    gone = make_user("hanako", role="企画担当")
    record(kpi, {2024: 3}, gone)
    gone.delete()

    entered, target, _kpi = history_of_kpi(strategy, kpi)[:3]

    assert (entered.username, entered.person) == ("", "（削除された利用者）")
    assert (target.username, target.person) == ("", "システム")


def test_deleted_kpi_keeps_its_history(strategy, project, kpi):
    kpi.delete()

    kpi_gone = history_of_plan(strategy, Wanted(kpi_code="P1-1"))[:]

    assert [(one.kind, one.action) for one in kpi_gone if one.action == "削除"] == [
        ("重要業績評価指標", "削除"),
        ("最終目標値", "削除"),
    ]
    assert {one.name for one in kpi_gone} == {"支援件数"}


def test_another_plan_is_left_out(strategy, kpi):
    other = make_strategy(code="other", is_current=False)
    make_kpi(make_project(other), 1, name="ほかの計画の指標")

    assert {one.name for one in history_of_plan(strategy)} == {"支援件数"}


# The KPI's page


def test_kpi_page_shows_the_latest_changes_and_leads_to_all(planner, kpi, kikaku):
    record(kpi, {2024: 0}, kikaku)
    for version in range(1, 22):
        record_actual(kpi, 2024, final(version), user=kikaku, version=version)

    page = planner.get("/kpis/P1-1/")

    assert [told(one)[3]["実績値"] for one in page.context["changes"]] == [
        (f"{value - 1}件", f"{value}件") for value in range(21, 1, -1)
    ]
    html = page.content.decode()
    assert "新しい20件" in html
    assert '<a href="/history/?kpi=P1-1">' in html
    assert "<del>20件</del>" in html


def test_kpi_page_without_any_record_says_so(planner, kpi):
    Kpi.history.all().delete()
    FinalTarget.history.all().delete()

    assert "変更の記録はありません" in planner.get("/kpis/P1-1/").content.decode()


# /history/ and its filters


@pytest.fixture
def busy(strategy, project, kpi, kikaku):
    """Two KPIs of two departments, changed by two people on three days."""
    tantou = make_user("tantou")
    kpi.department = make_department("D01", tantou)
    kpi.save()
    other = make_kpi(project, 2, name="来場者数", department=make_department("D02"))
    record(kpi, {2024: 10, 2025: 20}, tantou)
    record(other, {2024: 30}, kikaku)
    for kind, months in ((kpi, 5), (other, 6)):
        YearlyActual.history.filter(kpi_id=kind.pk).update(
            history_date=datetime(2025, months, 30, 14, 59, 59, tzinfo=UTC)  # 23:59:59 in Tokyo
        )
    close_fiscal_year(strategy, 2024, user=kikaku)
    return strategy


def entered(page):
    """The figures whose entry a page of the history tells."""
    return sorted(told(one)[3]["実績値"][1] for one in page.context["page"] if one.kind == "実績値")


@pytest.mark.parametrize(
    ("filters", "values"),
    [
        ("", ["10件", "20件", "30件"]),
        ("?person=tantou", ["10件", "20件"]),
        ("?person=kikaku", ["30件"]),
        ("?department=D02", ["30件"]),
        ("?fy=2025", ["20件"]),
        ("?fy=令和6年度", ["10件", "30件"]),
        ("?kpi=P1-2", ["30件"]),
        ("?kpi=ｐ１－２", ["30件"]),
        ("?since=2025-06-01&until=R7.6.30", ["30件"]),
        ("?until=2025-06-29", ["10件", "20件"]),
        ("?since=2025-05-31", ["30件"]),
        ("?person=tantou&fy=2025&kpi=P1-1&department=D01", ["20件"]),
        ("?person=tantou&kpi=P1-2", []),
    ],
)
def test_filters_leave_what_is_asked_for(planner, busy, filters, values):
    assert entered(planner.get(f"/history/{filters}")) == values


def test_closing_has_a_year_but_no_department(planner, busy):
    def kinds(filters):
        return {one.kind for one in planner.get(f"/history/{filters}").context["page"]}

    assert "年度締め" in kinds("?fy=2024")
    assert "年度締め" not in kinds("?fy=2025")
    assert "年度締め" not in kinds("?department=D01")


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ("person=nobody", "この利用者はいません。一覧から選んでください。"),
        ("department=X99", "この課はありません。一覧から選んでください。"),
        ("fy=abc", "年度「abc」を読み取れません。"),
        ("fy=2040", "令和22年度は、この計画の期間にありません。"),
        ("kpi=P9-9", "指標「P9-9」はありません。"),
        ("kpi=%00", "指標番号"),
        ("since=きのう", "日付「きのう」を読み取れません。"),
        ("since=2025-02-30", "日付「2025-02-30」を読み取れません。"),
        ("since=2025-02-02&until=2025-02-01", "「この日から」以後の日にしてください。"),
    ],
)
@pytest.mark.parametrize("path", ["/history/", "/history.csv"])
def test_unknown_filter_is_refused_with_a_sentence(planner, busy, path, filters, sentence):
    response = planner.get(f"{path}?{filters}")

    assert response.status_code == 422
    html = response.content.decode()
    assert sentence in html
    assert "条件を読み取れないため、履歴を出していません" in html


@pytest.mark.parametrize("page", ["2", "999", "-1", "abc"])
def test_long_history_has_pages(planner, kpi, kikaku, page):
    record(kpi, {2024: 0}, kikaku)
    for version in range(1, 110):
        record_actual(kpi, 2024, final(version), user=kikaku, version=version)

    shown = planner.get(f"/history/?kpi=P1-1&page={page}").context["page"]

    assert shown.paginator.count == 112
    assert shown.number == (1 if page == "abc" else 2)
    assert len(shown.object_list) == (100 if page == "abc" else 12)


def test_everybody_who_is_logged_in_may_read(client, busy, kanri):
    client.force_login(kanri)

    assert entered(client.get("/history/")) == ["10件", "20件", "30件"]


def test_plan_without_history_explains_itself(planner, strategy):
    assert "条件に合う変更はありません" in planner.get("/history/").content.decode()


@pytest.mark.parametrize("projects", [1, 3])
def test_queries_do_not_grow_with_the_history(planner, kikaku, django_assert_num_queries, projects):
    make_plan(kikaku, projects=projects)

    with django_assert_num_queries(19):
        planner.get("/history/")
    with django_assert_num_queries(16):
        list(planner.get("/history.csv").streaming_content)


# The auditor's file


def test_file_has_a_line_for_each_field_whole_and_harmless(planner, strategy, project, kikaku):
    kpi = make_kpi(project, 1, name="=cmd()", decimal_places=1)
    long = "長い説明" * 100
    record(kpi, {2024: final("12.5", analysis=long)}, kikaku)
    YearlyActual.history.update(
        history_date=datetime(2025, 6, 29, 15, 0, tzinfo=UTC), history_change_reason="+1 した"
    )

    response = planner.get("/history.csv?fy=2024&person=kikaku")
    rows = rows_of(response)

    assert response["Content-Disposition"] == 'attachment; filename="history.csv"'
    assert list(rows[0]) == [
        "日時", "利用者名", "氏名", "対象", "指標番号", "年度", "項目", "変更前", "変更後", "理由",
    ]  # fmt: skip
    assert [(row["項目"], row["変更前"], row["変更後"]) for row in rows] == [
        ("状態", "未入力", "確定"),
        ("実績値", "", "12.5件"),
        ("要因分析", "", long),
    ]
    assert {row["日時"] for row in rows} == {"2025-06-30T00:00:00+09:00"}
    assert rows[0]["対象"] == "実績値 P1-1 =cmd()（登録）"
    assert rows[0]["理由"] == "'+1 した"
    assert (rows[0]["利用者名"], rows[0]["氏名"]) == ("kikaku", "kikaku")
    assert (rows[0]["指標番号"], rows[0]["年度"]) == ("P1-1", "令和6年度")


def test_file_obeys_the_filters(planner, busy):
    assert {row["利用者名"] for row in rows_of(planner.get("/history.csv?person=tantou"))} == {
        "tantou"
    }
    assert len(User.objects.all()) == 2
