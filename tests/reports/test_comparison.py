"""What differs between two reports, figure by figure."""

from dataclasses import replace
from decimal import Decimal

import pytest

from projects.bands import Band
from reports.annual.comparison import changes_between, report_label
from reports.annual.document import ReportChange
from reports.renderers.content import report_content
from tests.reports.sample_report import sample_report


def with_kpi(report, code, **changes):
    """The report with one KPI changed."""
    return replace(
        report,
        projects=tuple(
            replace(
                project,
                kpis=tuple(
                    replace(kpi, **changes) if kpi.code == code else kpi for kpi in project.kpis
                ),
            )
            for project in report.projects
        ),
    )


def with_year(report, code, fiscal_year, **changes):
    """The report with one year of one KPI changed."""
    (kpi,) = (one for one in report.kpis if one.code == code)
    years = (
        replace(year, **changes) if year.fiscal_year == fiscal_year else year for year in kpi.years
    )
    return with_kpi(report, code, years=tuple(years))


def with_project(report, code, **changes):
    """The report with one project changed."""
    return replace(
        report,
        projects=tuple(
            replace(one, **changes) if one.code == code else one for one in report.projects
        ),
    )


def with_initiative(report, project_code, number, **changes):
    """The report with one listing changed."""
    (project,) = (one for one in report.projects if one.code == project_code)
    initiatives = tuple(
        replace(one, **changes) if one.number == number else one for one in project.initiatives
    )
    return with_project(report, project_code, initiatives=initiatives)


def next_year(report):
    """The report of the year after, in which every KPI has one more year, not entered."""
    changed = replace(report, fiscal_year=2026)
    for kpi in report.kpis:
        later = replace(kpi.latest, fiscal_year=2026, state="missing", actual=None, analysis="")
        changed = with_kpi(changed, kpi.code, years=(*kpi.years, later))
    return changed


def test_report_is_named_by_year_and_edition():
    assert report_label(sample_report()) == "令和7年度 案"
    assert report_label(sample_report(edition=2)) == "令和7年度 第2版"


def test_same_report_as_draft_and_edition_differs_in_nothing():
    assert changes_between(sample_report(), sample_report(edition=1)) == ()


def test_changed_actual_is_named_with_every_figure_that_follows_from_it():
    before = sample_report()
    after = with_year(
        before, "P1-3", 2025, actual=Decimal(10000), achievement=Decimal(100),
        progress=Decimal(100), rating_symbol="A", rating_label="順調",
    )  # fmt: skip

    assert changes_between(before, after) == (
        ReportChange("P1-3", "来場者数", 2025, "実績値", "9,996人", "10,000人"),
        ReportChange("P1-3", "来場者数", 2025, "達成率", "99.9%", "100.0%"),
        ReportChange("P1-3", "来場者数", 2025, "進捗率", "99.9%", "100.0%"),
        ReportChange("P1-3", "来場者数", 2025, "評価", "B 概ね順調", "A 順調"),
    )


def test_counts_of_initiatives_by_status_read_as_they_are_printed():
    before = sample_report(initiative_statuses=(("実施中", 2), ("完了", 0)))
    after = replace(before, initiative_statuses=(("実施中", 1), ("完了", 1)))

    assert changes_between(before, after) == (
        ReportChange(
            "", "", None, "取組の状況（再掲を除く）", "実施中 2、完了 0", "実施中 1、完了 1"
        ),
    )


def test_earlier_year_that_was_put_right_is_found():
    before = sample_report()
    after = with_year(before, "P1-4", 2024, actual=Decimal(-55))

    assert changes_between(before, after) == (
        ReportChange("P1-4", "転入超過数", 2024, "実績値", "55人", "△55人"),
    )


def test_figure_that_came_or_went_has_an_empty_side():
    before = sample_report()
    after = with_year(before, "A1-4", 2025, actual=None, state_label="未入力", absence_label="")

    assert changes_between(before, after) == (
        ReportChange("A1-4", "目標のない指標", 2025, "値の区分", "速報", "未入力"),
        ReportChange("A1-4", "目標のない指標", 2025, "実績値", "1,234.5件", ""),
        ReportChange("A1-4", "目標のない指標", 2025, "率のない理由", "算出不可", ""),
    )
    assert changes_between(after, before)[1].before == ""


def test_change_too_small_to_be_printed_is_no_change():
    before = sample_report()
    after = with_year(before, "P1-3", 2025, achievement=Decimal("99.961"))

    assert changes_between(before, after) == ()


def test_renamed_kpi_unit_and_department_are_named():
    before = sample_report()
    after = with_kpi(
        before, "P1-3", name="来館者数", unit="名", department="文化課", definition="改札で数える"
    )
    changes = changes_between(before, after)

    assert [(one.name, one.item, one.before, one.after) for one in changes[:4]] == [
        ("来館者数", "指標名", "来場者数", "来館者数"),
        ("来館者数", "単位", "人", "名"),
        ("来館者数", "所管課", "産業振興課", "文化課"),
        ("来館者数", "算出方法", "", "改札で数える"),
    ]
    assert ReportChange("P1-3", "来館者数", 2025, "実績値", "9,996人", "9,996名") in changes


def test_texts_of_projects_and_initiatives_are_named():
    before = sample_report()
    after = with_project(before, "P1", review="改めた総括", name="改めた名前")
    after = with_initiative(after, "P1", 1, status_label="完了", cost=None)

    assert changes_between(before, after) == (
        ReportChange(
            "P1", "改めた名前", None, "プロジェクト名", "地域産業応援プロジェクト", "改めた名前"
        ),
        ReportChange(
            "P1", "改めた名前", None, "総括", "おおむね目安どおりに進みました。", "改めた総括"
        ),
        ReportChange("P1(1)", "研究開発支援事業", None, "状況", "実施中", "完了"),
        ReportChange("P1(1)", "研究開発支援事業", None, "決算額（千円）", "12,345", ""),
    )


def test_department_of_a_relisted_initiative_is_told_at_its_home_alone():
    before = sample_report()
    after = with_initiative(before, "P1", 1, department="商工課")
    after = with_initiative(after, "A1", 2, department="商工課")

    assert changes_between(before, after) == (
        ReportChange("P1(1)", "研究開発支援事業", None, "所管課", "産業振興課", "商工課"),
    )


def test_rules_of_the_plan_are_named():
    before = sample_report()
    bands = (Band("○", "良", Decimal("87.5")), Band("×", "悪", None))
    after = replace(
        before, strategy_name="改訂総合戦略", bands=bands, average_cap=None, office="総務課",
        rating_basis="achievement", last_year=2029,
    )  # fmt: skip
    changed = {one.item: (one.before, one.after) for one in changes_between(before, after)}

    assert {
        "計画名": ("第1期見本市総合戦略", "改訂総合戦略"),
        "担当課": ("企画課", "総務課"),
        "計画期間": ("令和6年度から令和10年度まで", "令和6年度から令和11年度まで"),
        "評価に使う率": ("進捗率", "達成率"),
        "平均に入れる率の上限": ("100%", "なし"),
        "評価の区分": (
            "A 順調 100%、B 概ね順調 80%、C やや遅れ 60%、D 遅れ 下限なし",
            "○ 良 87.5%、× 悪 下限なし",
        ),
    }.items() <= changed.items()


def test_reason_of_a_revised_target_is_compared_up_to_the_year_that_both_cover():
    before = sample_report()
    (revision,) = before.revisions
    after = replace(before, revisions=(replace(revision, reason="定員を減らしたため。"),))
    figures = ("令和7年度から10,000人（会場の改修により、定員を減らしたため。）",
               "令和7年度から10,000人（定員を減らしたため。）")  # fmt: skip
    later = replace(next_year(before), revisions=(revision, replace(revision, effective_from=2026)))

    assert changes_between(before, after) == (
        ReportChange("P1-3", "来場者数", None, "最終目標の改定", *figures),
    )
    assert changes_between(before, replace(before, revisions=())) == (
        ReportChange("P1-3", "来場者数", None, "最終目標の改定", figures[0], ""),
    )
    assert changes_between(before, later) == ()


def test_means_and_counts_are_compared():
    before = sample_report()
    after = replace(
        before,
        standing=replace(before.standing, achievement_mean=None, achievement_count=0),
        initiative_count=3,
    )

    assert changes_between(before, after) == (
        ReportChange("", "", None, "達成率の平均", "66.7%（8指標中3指標）", "－（8指標中0指標）"),
        ReportChange("", "", None, "取組の数（再掲を除く）", "2", "3"),
    )


def test_what_came_and_what_is_gone_are_named():
    before = sample_report()
    first, second = before.projects
    after = replace(before, projects=(replace(first, kpis=first.kpis[1:]), second))

    assert changes_between(before, after) == (
        ReportChange("P1-1", "支援件数（のべ）", None, "指標", "掲載", ""),
    )
    assert changes_between(after, before) == (
        ReportChange("P1-1", "支援件数（のべ）", None, "指標", "", "掲載"),
    )
    gone = changes_between(before, replace(before, projects=(first,)))
    assert gone[0] == ReportChange("A1", "=1+1 <推進>", None, "プロジェクト", "掲載", "")
    assert [one.code for one in gone] == [
        "A1", "A1-1", "A1-2", "A1-3", "A1-4", "A1(1)", "A1(2)",
    ]  # fmt: skip


@pytest.mark.parametrize("is_backwards", [False, True])
def test_reports_of_two_years_are_compared_in_the_years_that_both_cover(is_backwards):
    before = sample_report()
    after = with_year(next_year(before), "P1-3", 2024, actual=Decimal(12346))
    after = with_project(after, "P1", review="別の年の総括")
    pair = (after, before) if is_backwards else (before, after)
    figures = ["12,345人", "12,346人"]

    assert changes_between(*pair) == (
        ReportChange(
            "P1-3", "来場者数", 2024, "実績値", *(figures[::-1] if is_backwards else figures)
        ),
    )


def test_report_says_what_a_comparison_with_another_year_leaves_out():
    report = sample_report(compared_with="令和6年度 第1版", compared_year=2024, changes=())

    assert report.scope_of_changes == (
        "年度が違うので、両方に載る年度の数値と、目標や名称などだけを比べています。"
    )
    assert report_content(report)["annex"]["sections"][1]["text"] == (
        "「令和6年度 第1版」から変わったところはありません。"
        "年度が違うので、両方に載る年度の数値と、目標や名称などだけを比べています。"
    )
    assert sample_report(compared_with="令和7年度 第1版", compared_year=2025).scope_of_changes == ""
