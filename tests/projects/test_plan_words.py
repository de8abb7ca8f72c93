"""What a plan calls its parts: sentences in its words, and which words it may have."""

import pytest
from django.core.exceptions import ValidationError

from projects.words import PlanWords
from tests.factories import make_project, make_strategy
from tests.page_text import said

OTHERS = PlanWords("基本目標", "施策", "事業", "成果指標", "施策評価報告書")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("プロジェクトがない柱", "施策がない基本目標"),
        ("この計画の創生の柱を選んでください。", "この計画の基本目標を選んでください。"),
        ("指標も取組もまだ登録されていません。", "成果指標も事業もまだ登録されていません。"),
        ("管理：重要業績評価指標", "管理：成果指標"),
        ("年次報告書の表紙", "施策評価報告書の表紙"),
        ("この報告書の見方", "この報告書の見方"),
    ],
)
def test_sentence_is_said_in_the_words_of_the_plan(own, said):
    assert OTHERS.put(own) == said
    assert PlanWords().put(own) == own


def test_each_word_is_put_once_whatever_another_one_holds():
    crossed = PlanWords("取組", "指標", "プロジェクト", "施策の指標", "報告書")

    assert crossed.put("プロジェクトの取組と指標") == "指標のプロジェクトと施策の指標"


@pytest.mark.parametrize(
    ("word", "first", "again"),
    [
        ("指標", "16指標", "12指標"),
        ("目標", "16目標", "12目標"),
        ("成果指標", "成果指標16件", "12件"),
        ("まちづくりの目安となる数値", "まちづくりの目安となる数値16件", "12件"),
    ],
)
def test_short_words_are_counted_directly_and_longer_ones_by_the_piece(word, first, again):
    words = PlanWords(kpi=word)

    assert (words.count_kpis(16), words.of_kpis(12)) == (first, again)


def test_own_word_of_the_app_is_counted_directly_however_long():
    assert PlanWords().counted("プロジェクト", 8) == "8プロジェクト"
    assert PlanWords(project="重点施策").counted("プロジェクト", 8) == "重点施策8件"


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("kpi_word", "", "このフィールドは空ではいけません。"),
        ("kpi_word", "成果\n指標", "見えない文字"),
        ("project_word", "施策\u200b", "見えない文字"),
        ("project_word", " 施策", "空白は使えません"),
        ("pillar_word", "　", "空白は使えません"),
        ("report_word", "評" * 21, "20 文字以下"),
    ],
)
def test_word_that_nobody_could_read_is_refused(db, field, text, problem):
    strategy = make_strategy()
    setattr(strategy, field, text)

    with pytest.raises(ValidationError) as refused:
        strategy.full_clean()
    assert problem in refused.value.message_dict[field][0]


def test_two_parts_of_a_plan_cannot_have_the_same_name(db):
    strategy = make_strategy()
    strategy.initiative_word = strategy.project_word = "事業"

    with pytest.raises(ValidationError, match="互いに違うことばにしてください"):
        strategy.full_clean()


def test_strategy_without_words_of_its_own_has_those_of_the_app(db):
    assert make_strategy().words == PlanWords()


def test_kinds_of_projects_are_any_words_and_suggested_in_their_order(client, kikaku):
    strategy = make_strategy()
    for at, kind in enumerate(["重点", "横断", "", "重点"], start=1):
        make_project(strategy, f"P{at}", kind=kind)
    client.force_login(kikaku)
    project = strategy.projects.get(code="P2")

    page = client.get(f"/admin/projects/project/{project.pk}/change/").content.decode()
    listed = client.get("/admin/projects/project/?kind=横断").content.decode()

    suggested = (
        '<datalist id="kind-suggested"><option value="重点"><option value="横断"></datalist>'
    )
    assert suggested in page
    assert (listed.count('class="field-name"'), "P2プロジェクト" in listed) == (1, True)
    assert listed.index(">重点</a>") < listed.index(">横断</a>")


def test_project_without_a_kind_is_named_by_its_pillar_and_code(client, kikaku):
    project = make_project(make_strategy(), kind="")
    client.force_login(kikaku)

    page = client.get("/plans/mihon/projects/P1/").content.decode()
    report = said(client.get("/plans/mihon/reports/2024/"))

    assert f'<p class="kicker">{project.pillar.name} ／  P1</p>' in page
    assert f"P1 {project.name} {project.pillar.name}" in report
    assert "／ しごと" not in report
