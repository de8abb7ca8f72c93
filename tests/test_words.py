"""One name for each thing, on every page and in every format of the report (docs/domain.md)."""

import io
import json
import re
import zipfile
from dataclasses import astuple
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.urls import get_resolver, resolve

from kpis.models import Kpi
from kpis.recording import ActualEntry, close_years_through
from projects.models import Department, InitiativeListing, Pillar, Project, Strategy
from projects.models.strategy import WORD_FIELDS
from projects.words import PlanWords
from reports.annual.editions import draft_report, issue_edition
from reports.annual.serialisation import from_json, to_json
from reports.annual.verification import verify_edition
from reports.formats import FORMATS
from tests.factories import (
    correct_from,
    final,
    make_department,
    make_goal,
    make_initiative,
    make_kpi,
    make_plan,
    make_project,
    make_source,
    make_strategy,
    record,
    record_progress,
)
from tests.made_once import made_once
from tests.page_text import main_of, said, text_of, words
from tests.reports import docx_reading, pdf_reading, workbooks
from tests.reports.sample_report import sample_report

# What is said instead → what may not be.
BANNED = {
    "年次報告書": ("進捗状況報告書", "進捗報告書", "年次報告「"),
    "主な掲載先": ("掲載元",),
    "取組": ("取組・事業", "主な取組", "主な事業"),
    "指標": ("重要業績評価指標（KPI）", "業績指標", "KPI指標"),
}
_OF_PLAN = (
    "", "?view=meeting", "projects/", "projects/P1/", "initiatives/", "initiatives/P1-1/",
    "kpis/", "kpis/P1-1/", "history/", "entry/2025/", "entry/2025/initiatives/",
    "entry/2025/reviews/", "entry/2025/overview/", "entry/2025/close/", "reports/",
    "reports/2025/", "reports/2024/issue/", "reports/2024/editions/1/", "reports/compare/",
    "next/",
)  # fmt: skip
PAGES = [f"/plans/mihon/{page}" for page in _OF_PLAN]
READERS = {
    "pdf": lambda data: "\n".join(pdf_reading.pages_by_pdfium(data)),
    "docx": lambda data: docx_reading.all_text(docx_reading.opened(data)),
    "xlsx": lambda data: "\n".join(
        text for sheet in workbooks.opened(data) for text in workbooks.texts(sheet)
    ),
    "csv": lambda data: data.decode(),
}


@pytest.fixture
@made_once
def edition(kikaku):
    strategy = make_plan(kikaku)
    close_years_through(strategy, 2024, user=kikaku)
    return issue_edition(strategy, 2024, user=kikaku)


@pytest.fixture
def planner(planner, edition):
    """The planner's browser, in a plan that has an edition."""
    return planner


def banned_words(text):
    return [word for others in BANNED.values() for word in others if word in text]


@pytest.mark.parametrize("path", PAGES)
def test_page_has_one_name_for_each_thing(planner, path):
    response = planner.get(path)

    assert response.status_code == 200
    assert banned_words(words(text_of(response))) == []


@pytest.mark.parametrize("extension", READERS)
def test_report_has_one_name_for_each_thing(planner, extension):
    response = planner.get(f"/plans/mihon/reports/2025/annual-report.{extension}")

    assert banned_words(READERS[extension](response.content)) == []


def test_paper_is_called_what_the_page_calls_it(planner):
    paper = READERS["pdf"](
        planner.get("/plans/mihon/reports/2024/editions/1/annual-report.pdf").content
    )
    page = words(text_of(planner.get("/plans/mihon/reports/2024/editions/1/")))

    assert "令和6年度　年次報告書" in paper or "令和6年度 年次報告書" in paper
    assert "令和6年度（2024年度） 年次報告書 第1版" in page


# A plan with words of its own

OTHERS = PlanWords("基本目標", "施策", "事業", "成果指標", "施策評価報告書")
# What the app calls the plan's parts, and what its own columns and pages in /admin/ are called.
OWN = re.compile("創生の柱|プロジェクト|取組|指標|年次報告書")
KEPT = re.compile(
    "管理：(?:重要業績評価指標|プロジェクト|取組)|管理画面の「(?:重要業績評価指標|プロジェクト)」"
    "|(?<=P1-2 の形（必須） )指標名|指標(?:実績|累計|基準)値"
    "|(?m:^(?:元の指標|前の指標|(?:指標|プロジェクト)(?:コード|名))、)"
)
_SHEETS = re.compile('<section aria-labelledby="forms-heading">.*?</section>', re.DOTALL)
_MORE = (
    "?fy=2028", "projects/P2/", "projects/P9/", "kpis/P9-9/", "initiatives/P9-9/",
    "initiatives/?q=ない", "initiatives/?_export=csv", "initiatives/P1-3/", "kpis/?fy=2028",
    "kpis/P1-1/?fy=2028", "kpis/P1-1/?day=2020-01-01", "history/?kpi=P9-9", "history/?kpi=P1-1",
    "entry/", "entry/2025/P1-1/", "entry/2025/initiatives/P1-1/",
    "entry/2024/", "entry/2024/initiatives/", "entry/2024/reviews/",
    "entry/2026/initiatives/", "entry/2026/overview/", "entry/2026/close/", "entry/2024/correct/",
    "entry/2026/reminders/D01/", "entry/2025/import/", "departments/", "reports/2026/",
    "reports/2025/issue/", "reports/2024/contents/", "reports/conditions/", "entry/correction/",
    "changes/", "figures/", "workbook/",
    "reports/compare/?before=2024-1&after=2024-draft",
    "reports/compare/?before=2024-1&after=2025-draft",
    "reports/compare.csv?before=2024-1&after=2024-draft",
    "changes/1/", "changes/targets/", "changes/targets/P1-1/", "changes/kpis/new/",
    "changes/goals/new/", "kpis/G1-1/",
    "changes/kpis/P1-1/end/", "changes/kpis/P1-1/resume/", "changes/kpis/P1-1/replace/",
    "changes/kpis/P1-1/move/", "changes/initiatives/new/", "changes/initiatives/P1-1/end/",
    "changes/initiatives/P1-1/resume/", "changes/initiatives/P1-1/list/", "changes/period/",
    "changes/rules/",
    "changes/rules/P1-1/",
    "kpis/P2-3/", "kpis/P2-3/?fy=2024", "entry/2025/P2-3/", "history/?kpi=P2-3",
)  # fmt: skip
# Of another plan in the same words, and of all plans.
_OTHERS = ("/plans/sogo/kpis/P1-1/", "/plans/sogo/kpis/P1-2/", "/plans/", "/work/")
# Files: those that machines read have the columns that docs/interface.md promises, the others
# are read below.
_FILES = {
    "history_file", "actuals_csv", "actuals_xlsx", "report_file", "edition_file",
    "plan_change_file", "plan_xlsx",
}  # fmt: skip
# What only answers a script or a form.
_ONLY_POSTED = {
    "entry_paste", "entry_effect", "decide_ratings", "choose_plan", "start_plan", "end_plan",
    "resume_plan", "make_main", "reopen_year", "drop_draft",
}  # fmt: skip


def plan_in_words(user, words):
    """A plan in use whose names say nothing of what its parts are called."""
    own = dict(zip(WORD_FIELDS, astuple(words), strict=True))
    strategy = make_strategy(**own)
    department = make_department("D01")
    for at in (1, 2):
        project = make_project(
            strategy, f"P{at}", name=f"働くまち{at}", kind="重点", purpose="【要約】働く"
        )
        for number in (1, 2, 3):
            kpi = make_kpi(project, number, name=f"相談件数{number}", department=department)
            if number < 3:
                record(kpi, {2024: 10 + number, 2025: 48 - 30 * (number - 1)}, user)
        initiative = make_initiative(project, 1, f"相談会{at}")
        initiative.department = department
        initiative.save()
        make_initiative(project, 2, f"見学会{at}")
        record_progress(initiative, user, 2024, summary="10回開いた")
    InitiativeListing.objects.create(
        project=strategy.projects.get(code="P1"), number=3, initiative=initiative
    )
    Pillar.objects.create(strategy=strategy, number=2, name="ひとの創生")
    goal = make_goal(strategy, project.pillar, name="移住者数", department=department)
    record(goal, {2024: 40}, user)
    return strategy


def with_another_plan(strategy, user):
    """The plan, its P2-3 carried over from another in the same words, whose P1-2 it shares."""
    kpi = Kpi.objects.get(project__strategy=strategy, project__code="P2", number=3)
    source = make_source(kpi)
    plan = source.project.strategy
    vars(plan).update({name: getattr(strategy, name) for name in WORD_FIELDS})
    plan.save()
    Project.objects.filter(pk=source.project_id).update(name="まちづくり")
    provisional = ActualEntry("provisional", Decimal(6))
    record(source, {2024: final(5, analysis="増えた"), 2025: provisional}, user)
    kpi.carried_from = make_kpi(source.project, 1, name="相談件数")
    kpi.save()
    return strategy


def issue(strategy, user):
    close_years_through(strategy, 2024, user=user)
    return issue_edition(strategy, 2024, user=user)


def own_words(text):
    """The app's words in a text, those of `OTHERS` and what is never another's left out."""
    for word in astuple(OTHERS):
        text = text.replace(word, "○")
    return OWN.findall(KEPT.sub("", text))


def test_plan_is_called_by_its_own_words_on_every_page(client, kikaku):
    issue(with_another_plan(plan_in_words(kikaku, OTHERS), kikaku), kikaku)
    client.force_login(kikaku)
    seen = set()
    for path in (*PAGES, *(f"/plans/mihon/{page}" for page in _MORE), *_OTHERS):
        response = client.get(path)
        seen.add(resolve(path.partition("?")[0]).url_name)
        # The sheets of a workbook and what they take are called the same in every plan.
        said_of_plan = _SHEETS.sub("", text_of(response))
        assert (path, own_words(words(said_of_plan))) == (path, [])

    of_plans = {
        page.name
        for part in get_resolver().url_patterns
        if str(part.pattern) == "plans/<slug:plan_code>/"
        for pages in part.url_patterns
        for page in getattr(pages, "url_patterns", [pages])
    }
    # A plan in preparation has a page more.
    assert of_plans - seen == _FILES | _ONLY_POSTED | {"draft"}


def test_plan_in_preparation_is_called_by_its_own_words(client, kikaku):
    plan_in_words(kikaku, OTHERS)
    Strategy.objects.update(state="preparing", is_current=False)
    client.force_login(kikaku)
    page = words(text_of(client.get("/plans/mihon/draft/")))

    assert own_words(page) == []
    assert "基本目標2、施策2、事業4、掲載5（うち再掲1）、成果指標6、数値目標1" in page


def test_same_pages_of_a_plan_without_words_of_its_own_say_the_apps(client, kikaku):
    plan_in_words(kikaku, PlanWords())
    client.force_login(kikaku)

    for path in PAGES[:9]:
        assert len(own_words(words(text_of(client.get(path))))) > 3, path


def test_report_is_written_in_the_words_of_the_plan(kikaku):
    report = draft_report(with_another_plan(plan_in_words(kikaku, OTHERS), kikaku), 2025)
    texts = {name: _words_of(name, one.render(report)) for name, one in FORMATS.items()}

    # Columns for machines are called what docs/interface.md promises.
    assert "指標コード,指標名,プロジェクトコード" in texts.pop("annual-report.csv")
    for name, text in texts.items():
        said_of_plan = {word for word in astuple(OTHERS) if word in text}
        assert (name, own_words(text)) == (name, [])
        assert said_of_plan >= {"施策評価報告書", "施策", "成果指標"}


def _words_of(name, data):
    """A format's text, of open data the readme's; the PDF's without its line breaks."""
    if name.endswith(".zip"):
        return zipfile.ZipFile(io.BytesIO(data)).read("readme.txt").decode("utf-8-sig")
    text = READERS[name.rpartition(".")[2]](data)
    return "".join(text.split()) if name.endswith(".pdf") else text


def test_refusals_and_what_was_saved_are_said_in_the_words_of_the_plan(client, kikaku, tantou):
    plan_in_words(kikaku, OTHERS)
    fields = {"P1-1-version": "1", "P1-1-value": "1.5", "P1-1-state": "final"}
    texts = {"P1-1-version": "0", "P1-1-status": "ongoing", "P1-1-summary": "開いた"}

    client.force_login(tantou)
    strangers = client.post("/plans/mihon/entry/2025/", fields)
    client.force_login(kikaku)
    too_fine = client.post("/plans/mihon/entry/2025/", fields)
    saved = client.post("/plans/mihon/entry/2025/initiatives/", texts, follow=True)

    assert "P1-1は、あなたの課の成果指標ではないため入力できません。" in text_of(strangers)
    assert "この成果指標は小数を使いません。" in text_of(too_fine)
    assert "令和7年度の事業1件を保存しました。" in text_of(saved)


def test_shared_and_carried_over_kpis_are_spoken_of_in_the_words_of_the_plan(client, kikaku):
    with_another_plan(plan_in_words(kikaku, OTHERS), kikaku)
    client.force_login(kikaku)
    kpi, row, source, closing, report = (
        said(client.get(f"/plans/{page}"))
        for page in (
            "mihon/kpis/P2-3/?fy=2024", "mihon/entry/2025/P2-3/", "sogo/kpis/P1-2/",
            "mihon/entry/2025/close/", "mihon/reports/2025/",
        )
    )  # fmt: skip

    assert "共有する成果指標： 見本市総合計画のP1-2" in kpi
    assert "元の成果指標（見本市総合計画のP1-2）の説明です。" in kpi
    assert "「見本市総合計画」の P1-1 相談件数 を引き継いだ成果指標です。" in kpi
    assert "共有する成果指標です。数値は" in row
    assert "数値を使う成果指標 見本市総合戦略のP2-3" in source
    assert "共有する成果指標 1件 元の成果指標の計画で、まだ確定していません。" in closing
    assert "数値を共有する元の成果指標：見本市総合計画のP1-2「相談件数」" in report


def test_next_plan_is_begun_in_the_words_of_the_old_one(client, kikaku):
    initiative = plan_in_words(kikaku, OTHERS).initiatives.get(name="相談会1")
    typed = {"name": "次の計画", "code": "next", "reason": "策定"}
    typed |= {"first_year": "2029", "last_year": "2033", "P1-1-baseline": "1.5"}
    taken = ("pillar-1", "project-P1", f"initiative-{initiative.pk}", "P1-1-take")
    typed |= dict.fromkeys(taken, "on")
    client.force_login(kikaku)
    too_fine = client.post("/plans/mihon/next/", typed)
    looked_over = client.post("/plans/mihon/next/", typed | {"P1-1-baseline": "1"})

    assert "この成果指標は小数を使いません。" in said(too_fine)
    assert "基本目標1、施策1、事業1、掲載1（うち再掲0）、成果指標1" in said(looked_over)
    assert "基本目標（1件） ひとの創生 施策（1件） P2 働くまち2 事業（3件）" in said(looked_over)
    assert own_words(said(looked_over)) == []


def test_list_of_work_speaks_of_each_plan_in_its_words(client, kikaku, tantou, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 6, 18))
    plan_in_words(kikaku, OTHERS)
    make_plan(kikaku, code="sogo", name="見本市総合計画", is_current=False, kpis=3)
    Department.objects.get().members.add(tantou)

    def block(user, plan):
        client.force_login(user)
        sections = main_of(client.get("/work/")).split("<section")
        return next(words(one) for one in sections if plan in one)

    for_planners, for_editors = (block(user, "見本市総合戦略") for user in (kikaku, tantou))
    assert "成果指標7件のうち 未入力は3 、4の事業のうち 未入力は4 です。" in for_planners
    assert "D01課 成果指標の未入力3 事業の未入力2" in for_planners
    assert "P1-3 相談件数3 成果指標 未入力" in for_editors
    assert "P1-1 相談会1 事業 未入力" in for_editors
    assert "成果指標の実績を入力する 事業の進捗を入力する" in for_editors
    assert own_words(for_planners + for_editors) == []
    for_planners, for_editors = (block(user, "見本市総合計画") for user in (kikaku, tantou))
    assert "3指標のうち 未入力は0 、2の取組のうち 未入力は2 です。" in for_planners
    assert "指標の実績を入力する 取組の進捗を入力する" in for_editors


def test_edition_keeps_the_words_of_its_day(client, kikaku):
    issued = issue(plan_in_words(kikaku, PlanWords()), kikaku)
    # The draft of a closed year keeps its words: it is opened.
    correct_from(issued.strategy, 2024, user=kikaku)
    Strategy.objects.update(**dict(zip(WORD_FIELDS, astuple(OTHERS), strict=True)))
    client.force_login(kikaku)
    edition = client.get("/plans/mihon/reports/2024/editions/1/")
    pdf = client.get("/plans/mihon/reports/2024/editions/1/annual-report.pdf")
    changes = client.get("/plans/mihon/reports/compare.csv?before=2024-1&after=2024-draft")

    assert "令和6年度（2024年度） 年次報告書 第1版" in said(edition)
    assert "6指標中4指標の平均" in said(edition)
    assert "成果指標" not in said(edition)
    assert quote("令和6年度年次報告書_第1版.pdf") in pdf["Content-Disposition"]
    assert "プロジェクト別の状況" in READERS["pdf"](pdf.content)
    assert verify_edition(issued).problems == []
    assert changes.content.decode("utf-8-sig").splitlines()[1:] == [
        "計画全体,,,呼び名と報告書の題名,"
        + ",".join("、".join(astuple(one)) for one in (PlanWords(), OTHERS))
    ]


def test_document_from_before_plans_had_words_is_read_with_those_of_the_app():
    kept = json.loads(to_json(sample_report()))
    del kept["words"]

    assert from_json(json.dumps(kept)) == sample_report()
