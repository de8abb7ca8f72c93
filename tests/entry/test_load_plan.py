"""Loading a plan: once, whole or not at all, with its history, and in words when refused."""

from decimal import Decimal

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from entry.plan_file.fixture import PLAN_MODELS, PlanRefused
from entry.plan_file.loading import load_plan
from kpis.models import FinalTarget, Kpi
from kpis.plan_check import check_everything, counts_text
from kpis.plan_rules import own_scales, plan_rules
from projects.models import Department, Initiative, Project, Strategy
from projects.scales import Step
from tests.factories import make_strategy

pytestmark = pytest.mark.django_db

REAL_PLAN = settings.BASE_DIR / "fixtures" / "omuta_2024_2028.yaml"
REAL_NAME = "第3期大牟田市まち・ひと・しごと創生総合戦略"
COUNTS = "柱4、プロジェクト8、取組51、掲載60（うち再掲9）、指標16"

SMALL_PLAN = """\
- model: projects.strategy
  fields:
    code: small
    name: 小さな計画
    municipality: 大牟田市
    municipality_code: "402028"
    first_year: 2029
    last_year: 2033
    is_current: false
- model: projects.pillar
  fields: {strategy: [small], number: 1, name: しごとの創生}
- model: projects.project
  fields: {strategy: [small], pillar: [small, 1], code: P1, kind: コアプロジェクト, name: 産業}
- model: projects.project
  fields: {strategy: [small], pillar: [small, 1], code: P2, kind: コアプロジェクト, name: 雇用}
- model: projects.initiative
  fields: {strategy: [small], name: 起業相談, home_project: [small, P2]}
- model: projects.initiativelisting
  fields: {project: [small, P1], number: 1, initiative: [small, 起業相談]}
- model: projects.initiativelisting
  fields: {project: [small, P2], number: 1, initiative: [small, 起業相談]}
- model: kpis.kpi
  fields: {project: [small, P1], number: 1, name: 起業件数, unit: 件}
- model: kpis.finaltarget
  fields: {kpi: [small, P1, 1], effective_from: 2029, value: "50"}
"""


@pytest.fixture
def plan_file(tmp_path):
    """Writes a fixture: the small plan, with each of `changes` (old, new) made once."""

    def write(*changes, text=SMALL_PLAN):
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} is not there once"
            text = text.replace(old, new)
        path = tmp_path / "small.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def problems(path):
    """Why a fixture is refused, having made sure that nothing of it is left."""
    with pytest.raises(PlanRefused) as refused:
        load_plan(path)
    assert rows_in_database() == rows_of_history() == {}
    return list(refused.value.problems)


def counted(managers):
    counts = {label: manager.count() for label, manager in managers.items()}
    return {label: count for label, count in counts.items() if count}


def rows_in_database():
    return counted({label: model.objects for label, model in PLAN_MODELS.items()})


def rows_of_history(**wanted):
    return counted({label: model.history.filter(**wanted) for label, model in PLAN_MODELS.items()})


def contents():
    """Every row of every table of ours, history included."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for app in ("projects", "kpis")
        for model in apps.get_app_config(app).get_models()
    }


def test_command_loads_the_real_plan_and_says_what_is_in_it(capsys):
    call_command("load_plan", "omuta_2024_2028")

    assert capsys.readouterr().out == f"「{REAL_NAME}」を読み込みました（{COUNTS}）。\n"


def test_every_loaded_row_is_in_the_history_with_its_reason():
    load_plan("omuta_2024_2028")

    loaded = rows_in_database()
    assert sum(loaded.values()) == len(yaml.safe_load(REAL_PLAN.read_text(encoding="utf-8")))
    assert rows_of_history() == loaded
    assert (
        rows_of_history(
            history_type="+", history_change_reason="計画書の読み込み", history_user=None
        )
        == loaded
    )


def test_history_names_the_user_who_loaded():
    user = User.objects.create_user("kikaku")

    load_plan("omuta_2024_2028", user=user)

    assert rows_of_history(history_user=user) == rows_in_database()


def test_second_load_changes_nothing_that_was_edited(capsys):
    load_plan("omuta_2024_2028")
    Project.objects.filter(code="P1").update(purpose="市の言葉で書いた目的")
    Initiative.objects.filter(name="動物園整備事業").delete()
    FinalTarget.objects.filter(kpi__project__code="P6").update(value=400)
    before = contents()

    call_command("load_plan", "omuta_2024_2028")

    assert contents() == before
    assert capsys.readouterr().out == f"「{REAL_NAME}」はすでにあります。何も変えませんでした。\n"


def test_plain_loaddata_into_an_empty_database_gives_the_same_sound_plan():
    call_command("loaddata", "omuta_2024_2028", verbosity=0)

    strategy = Strategy.objects.get()
    assert counts_text(strategy) == COUNTS
    assert check_everything(strategy) == []


def test_rows_may_stand_in_any_order(plan_file):
    rows = yaml.safe_load(SMALL_PLAN)
    path = plan_file(text=yaml.safe_dump(rows[::-1], allow_unicode=True))

    loaded = load_plan(path)

    assert loaded.is_new
    assert counts_text(loaded.strategy) == ("柱1、プロジェクト2、取組1、掲載2（うち再掲1）、指標1")


@pytest.mark.parametrize("written", ["is_current: false", "is_current: true"])
def test_successor_plan_runs_beside_the_main_one_whatever_the_file_says(plan_file, written, capsys):
    load_plan("omuta_2024_2028")
    call_command("load_plan", plan_file(("is_current: false", written)))

    assert list(Strategy.objects.values_list("code", "is_current", "state")) == [
        ("small", False, "running"),
        ("omuta-2024-2028", True, "running"),
    ]
    assert f"主たる計画は「{REAL_NAME}」のままです。" in capsys.readouterr().out


def test_kpi_may_name_its_source_in_a_plan_that_is_loaded(plan_file):
    load_plan("omuta_2024_2028")
    shares = ("number: 1, name: 起業件数, unit: 件}", ("number: 1, name: 起業件数, unit: 件,"
              " aggregation: cumulative, source: [{}, P1, 1]}}"))  # fmt: skip
    old, new = shares
    load_plan(plan_file((old, new.format("omuta-2024-2028"))))

    taker = Kpi.objects.get(project__strategy__code="small")
    assert str(taker.source.project.strategy) == REAL_NAME


def test_kpi_whose_source_is_not_there_or_unlike_is_refused(plan_file):
    kpi = "number: 1, name: 起業件数, unit: 件}"
    shared = kpi.replace("}", ", source: [omuta-2024-2028, P1, 1]}")

    assert problems(plan_file((kpi, shared))) == [
        (
            "22行目の重要業績評価指標：source の ['omuta-2024-2028', 'P1', 1] に当たる"
            "重要業績評価指標がありません。"
            "書き間違いを直すか、元の指標のある計画を先に読み込んでください。"
        )
    ]
    load_plan("omuta_2024_2028")
    with pytest.raises(PlanRefused) as refused:
        load_plan(plan_file((kpi, shared)))
    assert refused.value.problems == (
        (
            "22行目の重要業績評価指標「P1-1 起業件数」の集計方法："
            f"元の指標（{REAL_NAME}のP1-1）が累計のため、集計方法は「累計（のべ）」にしてください。"
        ),
    )


@pytest.mark.parametrize("state", ["preparing", "ended"])
def test_loaded_plan_is_in_force_and_the_main_one_where_none_is_running(plan_file, state):
    make_strategy(is_current=state == "ended", state=state)
    user = User.objects.create_user("kikaku")
    load_plan(plan_file(("is_current: false", "state: preparing")), user=user)

    assert list(Strategy.objects.values_list("code", "is_current", "state")) == [
        ("small", True, "running"),
        ("mihon", False, state),
    ]
    if state == "ended":
        row = Strategy.objects.get(code="mihon").history.first()
        said = (row.history_user, row.history_change_reason)
        assert said == (user, "「小さな計画」を主たる計画にした")


def test_row_that_would_overwrite_an_edited_one_is_refused(plan_file):
    Department.objects.create(code="D01", name="産業振興課")
    text = f"{SMALL_PLAN}- model: projects.department\n  fields: {{code: D01, name: 産業課}}\n"

    with pytest.raises(PlanRefused) as refused:
        load_plan(plan_file(text=text))

    assert refused.value.problems == (
        "26行目の所管課「産業課」：すでにあります。上書きしないので、ファイルから消してください。",
    )
    assert Department.objects.get().name == "産業振興課"


def test_row_of_another_plan_is_refused(plan_file):
    load_plan("omuta_2024_2028")
    before = contents()
    pillar = "{strategy: [omuta-2024-2028], number: 5}"
    text = f"{SMALL_PLAN}- model: projects.pillar\n  fields: {pillar}\n"

    with pytest.raises(PlanRefused) as refused:
        load_plan(plan_file(text=text))

    assert contents() == before
    assert refused.value.problems == (
        (
            "26行目の創生の柱「」：別の計画（omuta-2024-2028）の行です。"
            "small に直すか、ファイルから消してください。"
        ),
    )


def test_command_prints_every_problem_and_leaves_nothing(plan_file):
    path = plan_file(
        ('"402028"', '"402029"'),
        ("name: 産業", 'name: ""'),
        ("home_project: [small, P2]", "home_project: [small, P9]"),
        ("name: 起業件数", 'name: ""'),
    )

    with pytest.raises(CommandError) as failed:
        call_command("load_plan", path)

    assert rows_in_database() == rows_of_history() == {}
    assert str(failed.value).splitlines() == [
        "計画を読み込めませんでした。何も変えていません。",
        (
            "・1行目の総合戦略「小さな計画」の団体コード："
            "団体コード402029は検査数字（6桁目）が合いません。番号を確かめてください。"
        ),
        "・12行目のプロジェクト「P1 」の名称：このフィールドは空ではいけません。",
        (
            "・16行目の取組：home_project の ['small', 'P9'] に当たるプロジェクトがありません。"
            "書き間違いを直すか、そのプロジェクトの行を加えてください。"
        ),
        "・22行目の重要業績評価指標「P1-1 」の指標名：このフィールドは空ではいけません。",
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            ("home_project: [small, P2]", "home_project: [small, P9]"),
            ("16行目の取組：home_project の ['small', 'P9'] に当たるプロジェクトがありません。"
            "書き間違いを直すか、そのプロジェクトの行を加えてください。"),
        ),
        (
            ("{kpi: [small, P1, 1], eff", "{eff"),
            "24行目の最終目標値：指標（kpi）を書いてください。",
        ),
        (
            ("home_project: [small, P2]", "home_project: P2"),
            ("16行目の取組：home_project の P2 を、[計画コード, 番号] のような"
            "自然キー（要素は2つ）で書いてください。"),
        ),
        (
            ("unit: 件", "units: 件"),
            ("22行目の重要業績評価指標：units という項目はありません。書けるのは "
            "first_year、begin_reason、last_year、end_reason、"
            "project、number、name、unit、decimal_places、aggregation、direction、formula、"
            "baseline、baseline_year、department、source、successor_of、definition、data_source、"
            "note、carried_from、related_departments です。"),
        ),
        (
            ("first_year: 2029", "first_year: 令和11"),
            "1行目の総合戦略：“令和11” は整数値にしなければなりません。",
        ),
        (
            (
                "- model: kpis.kpi",
                ("- model: projects.initiativelisting\n"
                "  fields: {project: [small, P2], number: 2, initiative: [small, 起業相談]}\n"
                "- model: kpis.kpi"),
            ),
            ("22行目の取組の掲載「P2 (2) 起業相談」："
            "この取組は、このプロジェクトにすでに掲載されています。"),
        ),
        (
            ("effective_from: 2029", "effective_from: 2028"),
            ("24行目の最終目標値「P1-1 最終目標値（2028年度から）」の適用する最初の年度："
            "計画期間（令和11年度から令和15年度まで）の年度を西暦で入力してください（例：2029）。"),
        ),
        (
            ("kpis.finaltarget", "kpis.yearlyactual"),
            ("24行目：kpis.yearlyactual は計画のファイルに書けません。書けるのは "
            "projects.strategy、projects.ratingrules、projects.department、projects.pillar、projects.project、"
            "projects.projectdirection、projects.initiative、projects.initiativelisting、"
            "kpis.kpi、kpis.kpiratingrules、kpis.finaltarget、kpis.yearlytarget です。"),
        ),
        (
            ("- model: projects.pillar\n", "- model: projects.pillar\n  pk: 1\n"),
            "10行目の創生の柱：pk を消してください。行は自然キー（コードや番号）で見分けます。",
        ),
        (
            (SMALL_PLAN[: SMALL_PLAN.index("- model: projects.pillar")], ""),
            ("計画のファイルには、総合戦略（projects.strategy）の行がちょうどひとつ要ります"
            "（今は0）。計画ごとにファイルを分けてください。"),
        ),
        (
            ("name: 起業件数, unit: 件}", "name: 起業件数, unit: 件"),
            "small.yamlの24行目：YAMLとして読めません。字下げ・コロン・引用符を確かめてください。",
        ),
    ],
    ids=[
        "unknown-project", "kpi-missing", "no-natural-key", "unknown-field", "not-a-number",
        "listed-twice", "year-outside-plan", "actual", "pk", "no-strategy", "broken-yaml",
    ],
)  # fmt: skip
def test_fault_is_named_with_its_line_and_remedy(plan_file, change, problem):
    assert problems(plan_file(change)) == [problem]


def test_problem_that_only_the_whole_plan_shows_is_refused(plan_file):
    path = plan_file(
        ("number: 1, name: 起業件数, unit: 件}", ("number: 1, name: 起業件数, unit: 件}\n"
         "- model: kpis.finaltarget\n"
         "  fields: {kpi: [small, P1, 1], effective_from: 2031, value: 60}"))
    )  # fmt: skip

    assert problems(path) == [
        (
            "最終目標値「P1-1 最終目標値（2031年度から）」："
            "目標を改めた理由を書いてください（報告書に載ります）。"
        )
    ]


def test_yearly_target_of_a_sum_beyond_the_final_one_is_refused(plan_file):
    path = plan_file(
        ("name: 起業件数, unit: 件}", "name: 起業件数, unit: 件, aggregation: cumulative}"),
        (
            'effective_from: 2029, value: "50"}\n',
            (
                'effective_from: 2029, value: "50"}\n'
                "- model: kpis.yearlytarget\n"
                '  fields: {kpi: [small, P1, 1], fiscal_year: 2030, value: "60"}\n'
            ),
        ),
    )

    (problem,) = problems(path)
    assert problem.endswith(
        "年度目安が最終目標値を超えています：令和12年度の60（最終目標値50）。"
        "年度目安を直すか消すか、最終目標値を改めてください。"
    )


def test_targets_come_with_their_terms(plan_file):
    path = plan_file(
        (
            'effective_from: 2029, value: "50"}\n',
            (
                'effective_from: 2029, value: "50", is_strict: true, target_year: 2031}\n'
                "- model: kpis.finaltarget\n"
                "  fields: {kpi: [small, P1, 1], effective_from: 2031, words: 増加,"
                ' met_by: better, baseline: "40", baseline_year: 2030, reason: 改定}\n'
            ),
        )
    )

    load_plan(str(path))

    said = ("value", "is_strict", "target_year", "words", "met_by", "baseline", "baseline_year")
    assert list(FinalTarget.objects.values_list(*said)) == [
        (50, True, 2031, "", "", None, None),
        (None, False, None, "増加", "better", 40, 2030),
    ]


def test_relisting_without_home_listing_is_refused(plan_file):
    path = plan_file(
        (("- model: projects.initiativelisting\n"
         "  fields: {project: [small, P2], number: 1, initiative: [small, 起業相談]}\n"), "")
    )  # fmt: skip

    assert problems(path) == [
        (
            "18行目の取組の掲載「P1 (1) 起業相談」の取組：この取組は、主な掲載先の「P2 雇用」に"
            "まだ載っていません。先に主な掲載先へ掲載してから再掲してください。"
        )
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "small.yaml：計画のファイルではありません（行の一覧がありません）。"),
        (b"plan: 1\n", "small.yaml：計画のファイルではありません（行の一覧がありません）。"),
        ("- 計画\n".encode(), "1行目：model と fields のある形で書いてください。"),
        ("- 計画\n".encode("cp932"), "small.yaml：文字コードをUTF-8にして保存してください。"),
        (b"- day: 2024-13-01\n", "small.yaml：読めない値があります（month must be in 1..12）。"),
    ],
    ids=["empty", "mapping", "text", "cp932", "impossible-date"],
)  # fmt: skip
def test_file_that_is_no_plan_is_refused(tmp_path, content, problem):
    path = tmp_path / "small.yaml"
    path.write_bytes(content)

    assert problems(str(path)) == [problem]


def test_unknown_file_is_refused_with_an_example():
    assert problems("omuta_2042") == [
        (
            "計画のファイル「omuta_2042」が見つかりません。fixtures フォルダーにある名前"
            "（例：omuta_2024_2028）か、YAMLファイルの場所を書いてください。"
        )
    ]


def test_database_before_migrate_is_refused_with_the_command(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda: ["django_migrations"])

    assert problems("omuta_2024_2028") == [
        "データベースの用意がまだです。先に python manage.py migrate を実行してください。"
    ]


def test_set_up_leaves_another_current_plan_alone(capsys):
    make_strategy(name="よその計画")
    call_command("load_plan", "omuta_2024_2028", "--if-none")

    assert "主たる計画「よその計画」があります" in capsys.readouterr().out
    assert [strategy.name for strategy in Strategy.objects.all()] == ["よその計画"]


RULES = """\
- model: projects.ratingrules
  fields:
    strategy: [small]
    effective_from: 2031
    rating_basis: achievement
    bands: [{symbol: A, label: 順調, lower: "90"}, {symbol: B, label: 遅れ, lower: null}]
    average_cap: null
    reason: 評価の見直し
"""


def test_plan_may_come_with_rules_that_hold_later(plan_file):
    plan = load_plan(plan_file(text=SMALL_PLAN + RULES)).strategy

    rules = plan_rules(plan)
    assert rules.in_year(2030).rating_basis == "progress"
    later = rules.in_year(2031)
    assert (later.rating_basis, later.average_cap, later.bands[0].lower) == (
        "achievement",
        None,
        90,
    )
    assert plan.rule_changes.get().history.get().history_change_reason == "計画書の読み込み"


OWN_RULES = """\
- model: kpis.kpiratingrules
  fields:
    kpi: [small, P1, 1]
    effective_from: 2031
    rating_method: position
    bands: [{symbol: ↗, label: "", lower: null}, {symbol: ↘, label: "", lower: null, is_late: true}]
    rating_steps:
      - {place: 1, against: previous, relation: better, tolerance: "3", width: percent}
      - {place: 2, against: "", relation: "", tolerance: null, width: percent}
    reason: 性質が違うため
"""


def test_kpi_may_come_with_rules_of_its_own(plan_file):
    plan = load_plan(plan_file(text=SMALL_PLAN + OWN_RULES)).strategy

    kpi = Kpi.objects.get(project__strategy=plan)
    own = own_scales([kpi.pk])[kpi.pk]
    assert [(one.effective_from, one.reason) for one in own] == [(2031, "性質が違うため")]
    assert own[0].scale.steps == (
        Step(1, "previous", "better", Decimal(3), "percent"),
        Step(2),
    )
    assert [band.is_late for band in own[0].scale.bands] == [None, True]
    assert kpi.own_rules.get().history.get().history_change_reason == "計画書の読み込み"


def test_own_rules_that_decide_nothing_are_refused(plan_file):
    broken = OWN_RULES.replace("place: 2,", "place: 3,")

    (problem,) = problems(plan_file(text=SMALL_PLAN + broken))

    assert "評価の条件が、ない評価区分を指しています。" in problem


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        (2029, "計画の最初の年度の評価のきまりは、計画そのものに書いてください。"),
        (2034, "評価のきまりを改める年度は、計画の2年目からです。"),
    ],
)
def test_rules_of_a_year_that_has_none_to_revise_are_refused(plan_file, year, sentence):
    text = SMALL_PLAN + RULES.replace("2031", str(year))

    assert sentence in "".join(problems(plan_file(text=text)))
