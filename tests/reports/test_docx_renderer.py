import re
from dataclasses import replace

import pytest

from reports.renderers.content import report_content
from reports.renderers.docx import render_docx
from tests.reports.docx_reading import (
    KPI_TABLE,
    all_text,
    lines,
    opened,
    tables,
    texts,
    with_first_project,
)
from tests.reports.sample_report import HARD_TEXT, LONG_NAME, kpi, sample_report, year

FIGURES = {
    "on pace": "P1-1　支援件数（のべ）（件） － 50 20 12 9 … … … 21 42.0% 105.0% A 順調",
    "for reference": "P1-2　創業件数（件） － 50 20 未入力 9 … … … 参9 － － － 参考",
    "a hair below": "P1-3　来場者数（人） － 10,000 10,000 12,345 9,996 … … … － 99.9% 99.9% "
    "B 概ね順調",
    "negative": "P1-4　転入超過数（人） 50 60 54 55 速△48 … … … － △980.0% △2,450.0% D 遅れ",
    "pending": f"A1-1　{LONG_NAME}（%） － 65.0 65.0 60.5 集計中 … … … － － － － 集計中",
    "unmeasured": f"A1-2　{HARD_TEXT.replace(chr(7), '')}（%） － 65.0 65.0 60.5 未測定 … … … － "
    "－ － － 未測定",
    "missing": "A1-3　=1+1（%） － 65.0 65.0 60.5 未入力 … … … － － － － 未入力",
    "uncomputable": "A1-4　目標のない指標（件） － － － 60.5 速1,234.5 … … … － － － － 算出不可",
}


@pytest.fixture(scope="module")
def data():
    return render_docx(sample_report())


@pytest.fixture(scope="module")
def document(data):
    return opened(data)


@pytest.mark.parametrize("line", FIGURES.values(), ids=FIGURES)
def test_kpi_and_all_its_figures_are_one_row(document, line):
    assert line in [row for table in tables(document, KPI_TABLE) for row in lines(table)]


def test_head_of_the_kpi_table_names_every_column(document):
    table, _ = tables(document, KPI_TABLE)

    assert [cell.text for cell in table.rows[0].cells] == [
        "指標（単位）", "基準値", "最終目標", "年度目安", "令和6", "令和7", "令和8", "令和9",
        "令和10", "累計", "達成率", "進捗率", "評価",
    ]  # fmt: skip


def test_annex_lists_every_kpi_with_the_years_figures(document):
    (table,) = tables(document, "指標の一覧")
    expected = report_content(sample_report())["annex"]["sections"][0]["table"].rows

    found = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    assert found[:5] == expected[:5]
    assert [row[0] for row in found] == [
        *("P1-1", "P1-2", "P1-3", "P1-4"),
        *("A1-1", "A1-2", "A1-3", "A1-4"),
    ]


def test_summary_has_sentences_head_figures_counts_and_movements(document):
    assert texts(document, "要旨") == [
        "8指標のうち、1指標が順調、1指標が概ね順調、1指標が遅れです。"
    ]
    (cards,) = tables(document, "全体の状況")
    assert [cell.text for cell in cards.rows[1].cells] == [
        "66.7%\n8指標中3指標\n前年度（令和6）120.0%　8指標中3指標",
        "66.7%\n8指標中3指標\n前年度（令和6）120.0%　8指標中3指標",
        "C やや遅れ\n進捗率の平均による\n前年度（令和6）A 順調",
    ]
    (counts,) = tables(document, "評価別の指標数")
    assert lines(counts) == ["令和6年度 1 1 0 1 5 8", "令和7年度 1 1 0 1 5 8"]
    (statuses,) = tables(document, "状況別の取組の数")
    assert lines(statuses) == ["令和7年度 0 1 0 0 0 1 2"]
    (projects,) = tables(document, "プロジェクト別の状況")
    assert lines(projects) == [
        "P1 地域産業応援プロジェクト 66.7% 4指標中3指標 66.7% 4指標中3指標 C やや遅れ",
        "A1 =1+1 <推進> － 4指標中0指標 － 4指標中0指標 － 評価なし",
    ]
    (moved,) = tables(document, "評価が動いた指標")
    assert lines(moved) == [
        "P1-3 来場者数 123.5% A 順調 99.9% B 概ね順調 下がった",
        "P1-4 転入超過数 250.0% A 順調 △2,450.0% D 遅れ 下がった",
    ]


def test_first_year_says_that_there_is_nothing_to_compare_with():
    document = opened(render_docx(sample_report(previous=None, movements=None)))

    assert "計画の初年度のため、前年度とは比べていません。" in texts(document, "Normal")
    assert "前年度（" not in all_text(document)


def test_initiatives_have_status_cost_and_where_they_are_at_home(document):
    first, second = tables(document, "取組の状況と決算額")

    assert lines(first) == ["(1) 研究開発支援事業 再掲先 A1 実施中 12,345 産業振興課"]
    assert lines(second) == [
        "(1) 行政 DX 推進事業  未入力 － －",
        "(2) 研究開発支援事業（再掲） 主な掲載先 P1(1) － － 産業振興課",
    ]


def test_explanations_and_what_was_done_stand_beside_their_labels(document):
    assert texts(document, "項目") == [
        "要因分析\t相談会を早めました。",
        "今後の方向性\t周知を強めます。",
        "取組実績\t3社の研究を助けました。",
        "今後の方向性\t対象を広げます。",
    ]
    assert texts(document, "項目の続き") == [
        "物価の高騰は続いています。",
        "<b>成果</b>は #次年度 に公表します。",
    ]


def test_review_and_external_opinion_stand_in_the_projects_section(document):
    found = texts(document, "Normal")

    assert "おおむね目安どおりに進みました。" in found
    assert "成果を見えるようにしてほしい。" in found
    assert "若い世代の声も聞くとよい。" in found


def test_annex_has_changes_revisions_and_definitions(document):
    (changes,) = tables(document, "前の報告書からの変更")
    (revisions,) = tables(document, "最終目標の改定")
    (definitions,) = tables(document, "指標の定義と資料出所")

    assert lines(changes) == [
        "計画全体   担当課 総務課 企画課",
        "P1-3 来場者数 令和6年度 実績値 12,344人 12,345人",
        "P1-4 転入超過数 令和6年度 達成率 △20.0% 50.0%",
        "A1(2) 研究開発支援事業  取組 － 掲載",
    ]
    assert lines(revisions) == [
        "P1-3 来場者数 令和7年度 12,000人 10,000人 会場の改修により、定員を減らしたため。"
    ]
    assert [cell.text for cell in definitions.rows[3].cells] == [
        "P1-3",
        """来場者数
単位：人　集計方法：単年度　目指す方向：以上を目指す　算式：実績÷目標
資料出所：来場者調査""",
        "産業振興課",
    ]


def test_draft_is_marked_in_the_head_of_every_page(document):
    issued = opened(render_docx(sample_report(edition=3)))

    def marks(one):
        return {
            re.split("[\t　]", head.paragraphs[0].text)[-1].strip()
            for section in one.sections
            for head in (section.header, section.first_page_header)
        }

    assert marks(document) == {"案"}
    assert marks(issued) == {"第3版"}
    assert "版\t第3版" in texts(issued, "表紙の事項")


def test_cover_names_strategy_year_edition_date_city_and_office(document):
    assert texts(document, "Subtitle") == ["第1期見本市総合戦略"]
    assert texts(document, "Title") == ["令和7年度\n年次報告書"]
    assert texts(document, "表紙の事項") == [
        "対象年度\t令和7年度（2025年度）",
        "計画期間\t令和6年度（2024年度）から令和10年度（2028年度）まで",
        "版\t案",
    ]
    assert texts(document, "表紙の日付") == ["令和8年7月15日"]
    assert texts(document, "表紙の団体名") == ["見本市"]
    assert texts(document, "表紙の担当課") == ["企画課"]


def test_fictitious_figures_are_called_so_on_the_cover_and_every_page(document):
    real = opened(render_docx(sample_report(is_sample=False, office="")))

    assert texts(document, "表紙の注意") == ["実績値はすべて架空（見本）です。"]
    foot = document.sections[-1].footer.paragraphs[0].text
    assert foot.startswith("実績値はすべて架空（見本）\t")
    assert texts(real, "表紙の注意") == texts(real, "表紙の担当課") == []
    assert real.sections[-1].footer.paragraphs[0].text.startswith("\t")


def test_hard_texts_are_kept_as_typed_but_for_what_no_document_can_hold(document):
    kept = HARD_TEXT.replace("\x07", "")
    assert kept in texts(document, "Normal")
    assert "=1+1 <推進>" in all_text(document)

    hard = "か\u3099葛\U000e0100 𠮷 髙 ❤\ufe0f\ud800\ufffe\x00\x1b終"
    one = replace(sample_report().projects[0].kpis[0], name=hard, definition=hard)
    report = with_first_project(kpis=(one,), purpose=hard, name=hard)
    shown = opened(render_docx(replace(report, municipality=hard, office=hard)))
    whole = "か\u3099葛\U000e0100 𠮷 髙 ❤\ufe0f終"
    assert f"P1　{whole}" in texts(shown, "Heading 1")
    assert whole in texts(shown, "Normal")
    assert shown.core_properties.author == whole


def test_long_explanation_becomes_paragraphs_without_loss():
    plain = sample_report().projects[0].kpis[0]
    typed = [f"{number}行目 <b># $ @ =1+1 𠮷野家の髙橋さん 😀{'あ' * 480}" for number in range(6)]
    latest = replace(plain.latest, analysis="\r\n\n".join(typed))
    one = replace(plain, years=(*plain.years[:-1], latest))
    document = opened(render_docx(with_first_project(kpis=(one,))))

    assert f"要因分析\t{typed[0]}" in texts(document, "項目")
    assert texts(document, "項目の続き")[:5] == typed[1:]


def test_thirty_kpis_with_long_names_have_a_row_and_a_bar_each():
    plain = sample_report().projects[0].kpis[0]
    many = tuple(replace(plain, code=f"P1-{number}", name=LONG_NAME) for number in range(1, 31))
    document = opened(render_docx(with_first_project(kpis=many)))

    figures = "－ 50 20 12 9 … … … 21 42.0% 105.0% A 順調"
    assert lines(tables(document, KPI_TABLE)[0]) == [
        f"P1-{number}　{LONG_NAME}（件） {figures}" for number in range(1, 31)
    ]
    told = " ".join(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    assert [f"P1-{number} 105.0%" in told for number in range(1, 31)] == [True] * 30


def test_report_without_actuals_says_so_in_every_row():
    due = {"expected": "65", "final_target": "65", "absence": (1, "未入力")}
    years = [year(2024 + number, "missing", updated_on=None, **due) for number in range(2)]
    document = opened(render_docx(with_first_project(kpis=(kpi("P1-1", "数", "件", *years),))))

    assert lines(tables(document, KPI_TABLE)[0]) == [
        "P1-1　数（件） － 65 65 未入力 未入力 … … … － － － － 未入力"
    ]


def test_project_without_kpis_and_initiatives_says_so():
    report = with_first_project(kpis=(), initiatives=(), purpose="", directions=(), review="")
    found = texts(opened(render_docx(report)), "Normal")

    assert "指標はありません。" in found
    assert "取組はありません。" in found


def test_report_without_changes_and_revisions_says_so():
    report = sample_report(revisions=(), changes=(), compared_with="", projects=())
    found = texts(opened(render_docx(report)), "Normal")

    assert "これより前に発行した報告書はありません。" in found
    assert "最終目標の改定はありません。" in found
    assert found.count("指標はありません。") == 2
