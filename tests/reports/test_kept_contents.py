"""What is kept of closed years, and that today's rows agree with it in everything but wording."""

import dataclasses
import json
from datetime import date
from decimal import Decimal

import pytest

from common.written_once import RowIsFixed
from kpis.models import ActualState, FinalTarget, Kpi
from kpis.plan_changes.lives import replace_kpi
from kpis.recording import (
    ActualEntry,
    RecordingRefused,
    close_years_through,
    correction_under_way,
    end_correction,
    record_actual,
)
from projects.models import Department, FiscalYearClosing, Project, Strategy
from reports.annual import document
from reports.annual.comparison import changes_between
from reports.annual.corrected import corrected_years, end_as_seen, fingerprint_of
from reports.annual.editions import draft_report, issue_edition
from reports.annual.kept import assembled_today, keep_missing, report_in, sha256_of
from reports.annual.law import WORDING, compare, differences_from_kept
from reports.annual.serialisation import OF_THE_ISSUE, from_json
from reports.models import KeptContent
from tests.factories import (
    correct_from,
    final,
    make_kpi,
    make_plan,
    make_project,
    make_strategy,
    record,
)
from tests.page_text import text_of
from tests.reports.verifying import differing, notes, problems, verified


@pytest.fixture
def total(kikaku):
    """A cumulative KPI with 12 and 9 of 50, whose two years are closed."""
    kpi = make_kpi(make_project(make_strategy()), 1, 50, aggregation="cumulative")
    record(kpi, {2024: 12, 2025: 9}, kikaku)
    close_years_through(kpi.project.strategy, 2025, user=kikaku)
    return kpi


@pytest.fixture
def strategy(total):
    return total.project.strategy


def figures(report, year):
    """The KPI's year as a report has it: actual, sum, achievement, progress, rating."""
    (kpi,) = report.kpis
    (one,) = (one for one in kpi.years if one.fiscal_year == year)
    return (one.actual, one.total, one.achievement, one.progress, one.rating_symbol)


def kept(fiscal_year, number):
    return report_in(KeptContent.objects.get(fiscal_year=fiscal_year, number=number))


def correct_to_20(total, kikaku):
    correct_from(total.project.strategy, 2024, user=kikaku, reason="数え間違い")
    record_actual(total, 2024, final(20), user=kikaku, version=1)


def test_correction_leaves_what_was_reported_and_lists_all_that_follows(
    planner, total, strategy, kikaku
):
    issue_edition(strategy, 2024, user=kikaku)
    issue_edition(strategy, 2025, user=kikaku)
    issued = list(strategy.editions.order_by("pk").values_list("document", flat=True))
    correct_to_20(total, kikaku)
    years = corrected_years(correction_under_way(strategy))
    end_as_seen(correction_under_way(strategy), user=kikaku, seen=fingerprint_of(years))

    # 10 are due by 2024, 20 by 2025.
    was = {2024: (12, 12, 24, 120, "A"), 2025: (9, 21, 42, 105, "A")}
    now = {2024: (20, 20, 40, 200, "A"), 2025: (9, 29, 58, 145, "A")}
    for year in (2024, 2025):
        assert figures(kept(year, 1), year) == was[year]
        assert figures(kept(year, 2), year) == now[year]
        assert figures(assembled_today(strategy, year), year) == now[year]
        assert figures(draft_report(strategy, year), year) == now[year]
    after = list(strategy.editions.order_by("pk").values_list("document", flat=True))
    assert after == issued
    assert figures(from_json(issued[1]), 2025) == was[2025]
    page = text_of(planner.get("/plans/mihon/kpis/P1-1/?fy=2025"))
    assert "58.0%" in page
    assert "42.0%" not in page

    # Both progress rates count as 100 in the means, before and after.
    means = {("", None, "達成率の平均"), ("P1", None, "達成率の平均")}
    of_2024 = {("P1-1", 2024, item) for item in ("実績値", "累計", "達成率", "進捗率")}
    of_2025 = {("P1-1", 2025, item) for item in ("累計", "達成率", "進捗率")}
    before = {("", None, "前年度の達成率の平均")}
    assert [{(one.code, one.fiscal_year, one.item) for one in year.changes} for year in years] == [
        means | of_2024,
        means | before | of_2024 | of_2025,
    ]


def test_content_says_all_but_what_belongs_to_issuing(strategy, kikaku):
    edition = issue_edition(strategy, 2025, user=kikaku)
    content = KeptContent.objects.get(fiscal_year=2025)
    issued = json.loads(edition.document)

    assert json.loads(content.document) == {
        name: one for name, one in issued.items() if name not in OF_THE_ISSUE
    }
    assert content.document_sha256 == sha256_of(content.document)
    assert (content.number, content.made_by_name) == (1, "kikaku")


def test_draft_of_a_closed_year_keeps_its_wording_and_an_open_one_does_not(strategy):
    Project.objects.update(name="新しい名前")
    names = [draft_report(strategy, year).projects[0].name for year in (2025, 2026)]

    assert names == ["P1プロジェクト", "新しい名前"]


ATTEMPTS = {
    "save": lambda one: one.save(),
    "delete": lambda one: one.delete(),
    "update": lambda one: type(one).objects.update(document="{}"),
    "delete all": lambda one: type(one).objects.all().delete(),
    "update in bulk": lambda one: type(one).objects.bulk_update([one], ["document"]),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_contents_refuse_every_change(strategy, attempt):
    before = list(KeptContent.objects.values_list())
    with pytest.raises(RowIsFixed):
        ATTEMPTS[attempt](KeptContent.objects.first())

    assert list(KeptContent.objects.values_list()) == before


def test_years_closed_before_contents_were_kept_get_theirs_once(kikaku):
    strategy = make_plan(kikaku)
    FiscalYearClosing.objects.bulk_create(
        FiscalYearClosing(
            strategy=strategy, fiscal_year=year, closed_at="2026-06-30T00:00Z", closed_by=kikaku
        )
        for year in (2024, 2025)
    )
    keep_missing()
    keep_missing()

    assert [(f"{one}", one.made_by_name) for one in KeptContent.objects.order_by("pk")] == [
        ("令和6年度 第1回の締め", ""),
        ("令和7年度 第1回の締め", ""),
    ]
    assert all(one.holds for one in differences_from_kept(strategy))


def _of_other_department(_kpi):
    Kpi.objects.update(department=Department.objects.create(code="X", name="X課"))


# What a change past every act does: the change, and whether it breaks the law.
CHANGES = {
    "name": (lambda _kpi: Kpi.objects.update(name="別の名前"), False),
    "department": (_of_other_department, False),
    "decimals": (lambda _kpi: Kpi.objects.update(decimal_places=1), False),
    "words": (lambda _kpi: Strategy.objects.update(kpi_word="成果指標"), False),
    "unit": (lambda _kpi: Kpi.objects.update(unit="回"), True),
    "target": (lambda _kpi: FinalTarget.objects.update(value=Decimal(60)), True),
    "cap": (lambda _kpi: Strategy.objects.update(average_cap=None), True),
    "code": (lambda _kpi: Project.objects.update(code="P7"), True),
    "KPI": (lambda kpi: make_kpi(kpi.project, 2), True),
    "figure": (lambda kpi: kpi.actuals.filter(fiscal_year=2024).update(value=13), True),
    "state": (lambda kpi: kpi.actuals.filter(fiscal_year=2024).update(state="provisional"), True),
    "text": (lambda kpi: kpi.actuals.filter(fiscal_year=2024).update(analysis="別の分析"), True),
}


@pytest.mark.parametrize("name", CHANGES)
def test_law_tells_figures_from_wording(total, strategy, name):
    change, is_broken = CHANGES[name]
    change(total)
    years = differences_from_kept(strategy)

    assert [one.fiscal_year for one in years] == [2024, 2025]
    assert [one.holds for one in years] == [not is_broken] * 2


def test_names_of_what_began_ended_and_followed_may_change(total, strategy, kikaku):
    correct_from(strategy, 2025, user=kikaku)
    successor = Kpi(project=total.project, number=2, name="後の指標", unit="件")
    replace_kpi(
        total, 2024, successor, user=kikaku, reason="見直し",
        target=FinalTarget(kpi=successor, effective_from=2025, value=Decimal(30), is_strict=True),
    )  # fmt: skip
    end_correction(strategy, user=kikaku)

    Kpi.objects.update(name="別の名前", decimal_places=1, end_reason="x", begin_reason="y")

    assert [one.holds for one in differences_from_kept(strategy)] == [True, True]
    FinalTarget.objects.filter(kpi=successor).update(value=31)
    assert [one.holds for one in differences_from_kept(strategy)] == [True, False]


def test_verify_names_what_differs(total):
    total.actuals.filter(fiscal_year=2025).update(value=Decimal(10))
    said = "\n".join(differing())

    assert "見本市総合戦略 令和7年度：projects P1 › kpis P1-1 › years 2025 › actual：" in said
    assert "残した内容は「9」、今の記録からは「10」です。" in said


def test_verify_finds_a_content_that_is_gone(strategy, kikaku):
    correct_from(strategy, 2025, user=kikaku)
    end_correction(strategy, user=kikaku)
    assert "締めた年度の内容3件のハッシュと" in verified()[1]
    first = KeptContent.objects.filter(fiscal_year=2025, number=1)
    first._raw_delete(first.db)  # past the guard, as with the database's password

    assert "見本市総合戦略 令和7年度 第2回の締め：その前の第1回の締めの内容がありません。" in (
        problems()
    )


def test_contents_under_older_rules_are_told_and_not_asserted(strategy, monkeypatch):
    monkeypatch.setattr("reports.annual.law.RULES_VERSION", 99)
    Strategy.objects.update(average_cap=Decimal(200))

    assert any("残したあとに率の規則が変わっています。" in one for one in notes())
    assert all(one.holds for one in differences_from_kept(strategy))


def test_end_that_was_not_looked_at_is_refused(total, strategy, kikaku):
    correct_to_20(total, kikaku)
    correction = correction_under_way(strategy)
    seen = fingerprint_of(corrected_years(correction))
    record_actual(total, 2024, final(21), user=kikaku, version=2)
    with pytest.raises(RecordingRefused, match="改めている年度の内容が変わりました"):
        end_as_seen(correction, user=kikaku, seen=seen)

    assert not strategy.closings.exists()


def test_pages_of_a_correction_say_what_differs_and_what_was_kept(planner, total, kikaku):
    correct_to_20(total, kikaku)
    page = planner.get("/plans/mihon/entry/correction/")

    assert "第2回の締めの内容になります" in text_of(page)
    assert "違いを見て締め直す" in text_of(planner.get("/plans/mihon/"))
    refused = planner.post("/plans/mihon/entry/correction/", {"fingerprint": "別"})
    assert refused.status_code == 409
    seen = {"fingerprint": page.context["fingerprint"]}
    ended = planner.post("/plans/mihon/entry/correction/", seen, follow=True)
    assert ended.request["PATH_INFO"] == "/plans/mihon/reports/2024/contents/"
    assert "第1回の締めと並べて比べる" in text_of(ended)
    assert "訂正：数え間違い" in text_of(ended)
    pair = {"before": "2024-closing-1", "after": "2024-draft"}
    compared = planner.get("/plans/mihon/reports/compare/", pair).context["changes"]
    assert ("実績値", "12件", "20件") in {(one.item, one.before, one.after) for one in compared}
    assert "違いを見て締め直す" not in text_of(planner.get("/plans/mihon/"))


# What no list of differences names by itself: what is of the issue, or made of what is named.
NOT_LISTED = {
    *OF_THE_ISSUE, "schema", "rules_version", "municipality_code", "is_sample", "headline",
    "fiscal_year", "updated_on", "state", "absence_code", "is_cumulative", "kind_label", "number",
    "home_name", "direction", "goals_sentence",
}  # fmt: skip
# Told by the years, by the code, once at the initiative's home, by the parts of the target, and
# by what it sums up.
TOLD_ELSEWHERE = {
    "projects.kpis.final_target", "movements.moved.name", "projects.initiatives.department",
    "projects.kpis.target_text", "projects.initiatives.home_printed_sign", "outcome",
}  # fmt: skip


def parts(value, place=()):
    """Every place in a document whose value can be another one, with the value."""
    if dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from parts(getattr(value, one.name), (*place, one.name))
    elif isinstance(value, tuple):
        for at, one in enumerate(value):
            yield from parts(one, (*place, at))
    else:
        yield place, value


def changed(value, place, new):
    """A document with another value at a place."""
    if not place:
        return new
    name, *rest = place
    if isinstance(value, tuple):
        return (*value[:name], changed(value[name], rest, new), *value[name + 1 :])
    return dataclasses.replace(value, **{name: changed(getattr(value, name), rest, new)})


def other(value):
    """Another value of the same kind."""
    if value is None:
        return Decimal(2030)  # a year, too
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    return date(2000, 1, 1) if isinstance(value, date) else f"{value}別"


@pytest.fixture
def report(kikaku):
    strategy = make_plan(kikaku, projects=2)
    pending = ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))
    record(make_kpi(Project.objects.get(code="P1"), 3), {2025: pending}, kikaku)
    return assembled_today(strategy, 2025)


def test_every_part_of_a_content_is_in_the_list_of_differences(report):
    unlisted = set()
    for place, value in parts(report):
        named = [one for one in place if isinstance(one, str)]
        if NOT_LISTED & set(named):
            continue
        if not changes_between(report, changed(report, place, other(value))):
            unlisted.add(".".join(named))

    assert unlisted == TOLD_ELSEWHERE


def test_law_compares_every_part_that_is_not_wording(report):
    wording = set().union(*WORDING.values())
    for place, value in parts(report):
        named = {one for one in place if isinstance(one, str)}
        if not named & wording:
            assert list(compare(report, changed(report, place, other(value)))), place
    assert set(WORDING) <= {one for one in vars(document).values() if isinstance(one, type)}
