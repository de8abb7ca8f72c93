"""The report as a PDF: what a reader sees on its pages, in the council's order."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from reports.annual.document import ReportStanding
from reports.renderers.pdf import render_pdf
from reports.renderers.printable import printable
from tests.reports.pdf_reading import (
    lines,
    pages_by_pdfium,
    pages_by_pypdf,
    reader_of,
    titles,
)
from tests.reports.sample_report import (
    HARD_TEXT,
    LONG_NAME,
    kpi,
    sample_report,
    with_first_project,
    year,
)

FIGURES = {
    "on pace": "P1-1 件 － 50 20 12 9 … … … 21 42.0% 105.0% A 順調",
    "for reference": "P1-2 件 － 50 20 未入力 9 … … … 参9 － － － 参考",
    "a hair below 100": "P1-3 人 － 10,000 10,000 12,345 9,996 … … … － 99.9% 99.9% B 概ね順調",
    "provisional, negative": "P1-4 人 50 60 54 55 速△48 … … … － △980.0% △2,450.0% D 遅れ",
    "pending": "A1-1 % － 65.0 65.0 60.5 集計中 … … … － － － － 集計中",
    "unmeasured": "A1-2 % － 65.0 65.0 60.5 未測定 … … … － － － － 未測定",
    "missing": "A1-3 % － 65.0 65.0 60.5 未入力 … … … － － － － 未入力",
    "uncomputable": "A1-4 件 － － － 60.5 速1,234.5 … … … － － － － 算出不可",
}
SUMMARY = [
    "8指標のうち、1指標が順調、1指標が概ね順調、1指標が遅れです。",
    "前年度（令和6）120.0% 8指標中3指標",
    "令和6年度 1 1 0 1 5 8",
    "年度 未着手 実施中 完了 見直し 中止 未入力 計",
    "令和7年度 0 1 0 0 0 1 2",
    "注 再掲（1件）を除きます。",
    "プロジェクト 達成率の平均 進捗率の平均 評価",
    "P1 地域産業応援プロジェクト 66.7% 4指標中3指標 66.7% 4指標中3指標 C やや遅れ",
    "A1 =1+1 <推進> － 4指標中0指標 － 4指標中0指標 － 評価なし",
    "指標 令和6の進捗率と評価 令和7の進捗率と評価 評価の動き",
    "P1-3 来場者数 123.5% A 順調 99.9% B 概ね順調 下がった",
]


@pytest.fixture(scope="module")
def data():
    return render_pdf(sample_report())


@pytest.fixture(scope="module")
def found(data):
    return lines(pages_by_pdfium(data))


@pytest.mark.parametrize("read", [pages_by_pdfium, pages_by_pypdf], ids=["pdfium", "pypdf"])
@pytest.mark.parametrize("line", FIGURES.values(), ids=FIGURES)
def test_kpi_and_its_figures_are_one_line_of_text(data, read, line):
    assert line in lines(read(data))


@pytest.mark.parametrize("line", SUMMARY)
def test_summary_has_means_counts_and_what_moved(data, line):
    assert line in lines(pages_by_pdfium(data)[3:4])


def test_achievement_precedes_progress_precedes_rating_in_every_table(found):
    heads = [line for line in found if re.search(r"達成率\S* .*評価$", line)]

    assert heads == [
        "達成率の平均 進捗率の平均 全体の評価",
        "プロジェクト 達成率の平均 進捗率の平均 評価",
        *["実績 累計 達成率 進捗率 評価"] * 2,
        "番号 指標名 単位 最終目標 年度目安 実績 累計 達成率 進捗率 評価",
    ]


def test_five_years_fit_on_one_line():
    years = [
        year(2024 + number, "final", actual="361.8", expected="335.0", final_target="335.0",
             rates=("108.0", "108.0"), rating=("A", "順調"))
        for number in range(5)
    ]  # fmt: skip
    one = kpi("P1-1", "来場者数", "千人", *years, decimal_places=1)
    project = replace(sample_report().projects[0], kpis=(one,))
    data = render_pdf(sample_report(fiscal_year=2028, projects=(project,)))

    line = "P1-1 千人 － 335.0 335.0 361.8 361.8 361.8 361.8 361.8 － 108.0% 108.0% A 順調"
    assert line in lines(pages_by_pdfium(data))
    assert all(page.mediabox.width < page.mediabox.height for page in reader_of(data).pages)


def test_figures_too_wide_for_an_upright_page_get_one_on_its_side():
    years = [
        year(2024 + number, "final", actual="1234567.8", total="1234567.8", expected="1234567.8",
             final_target="1234567.8", rates=("100", "100"), rating=("A", "順調"))
        for number in range(3)
    ]  # fmt: skip
    one = kpi("P1-1", "売上高", "千円", *years, decimal_places=1, is_cumulative=True)
    project = replace(sample_report().projects[0], kpis=(one,))
    data = render_pdf(sample_report(fiscal_year=2026, projects=(project,)))

    figures = " ".join(["1,234,567.8"] * 5)
    line = f"P1-1 千円 － {figures} … … 1,234,567.8 100.0% 100.0% A 順調"
    ((page, own),) = (
        (page, own)
        for page in reader_of(data).pages
        if line in (own := lines([page.extract_text()]))
    )
    assert page.mediabox.width > page.mediabox.height
    assert "P1 地域産業応援プロジェクト" in own
    assert "指標" in own


def test_project_shows_its_parts_in_order(data):
    own = lines(pages_by_pdfium(data)[4:6])
    own = own[: own.index("A1 =1+1 <推進>") + 1]
    parts = [
        "P1 地域産業応援プロジェクト",
        "目的と方向性",
        "総括",
        "おおむね目安どおりに進みました。",
        "指標",
        FIGURES["on pace"],
        "プロジェクトの平均（達成率：4指標中3指標、進捗率：4指標中3指標） 66.7% 66.7% C やや遅れ",
        "図1 P1の指標別の進捗率（令和7年度）",
        "要因分析と今後の方向性",
        "要因分析 相談会を早めました。",
        "取組",
        "取組は1件です。状況は、実施中1件です。",
        "(1) 研究開発支援事業 再掲先 A1 実施中 12,345 産業振興課",
        "取組実績 3社の研究を助けました。",
        "<b>成果</b>は #次年度 に公表します。",
        "外部有識者の意見",
        "成果を見えるようにしてほしい。",
        "若い世代の声も聞くとよい。",
        "A1 =1+1 <推進>",
    ]

    assert [line for line in own if line in parts] == parts


def test_bookmarks_are_the_sections_and_their_parts(data):
    bookmarks = list(titles(reader_of(data).outline))

    assert [title for level, title in bookmarks if level == 1] == [
        "目次",
        "この報告書の見方",
        "総括",
        "P1　地域産業応援プロジェクト",
        "A1　=1+1 <推進>",
        "資料",
    ]
    assert (2, "要因分析と今後の方向性") in bookmarks
    assert (2, "資料2　前の報告書からの変更") in bookmarks


def test_contents_name_sections_and_annexes_with_their_pages(data):
    pages = pages_by_pdfium(data)
    contents = [" ".join(line.replace(".", "").split()) for line in pages[1].splitlines()]

    for entry in (
        "この報告書の見方 3",
        "総括 4",
        "P1 地域産業応援プロジェクト 5",
        "A1 =1+1 <推進> 6",
        "資料 7",
        "資料4 指標の定義と資料出所 7",
    ):
        assert entry in contents


def test_same_report_gives_the_same_bytes(data):
    assert render_pdf(sample_report()) == data

    later = sample_report()
    assert render_pdf(replace(later, made_at=later.made_at + timedelta(seconds=1))) != data


def test_draft_is_marked_on_every_page(data):
    assert all("案" in page.split() for page in pages_by_pdfium(data))


def test_edition_has_its_number_on_every_page_and_is_no_draft(data):
    pages = pages_by_pdfium(render_pdf(sample_report(edition=2)))

    assert all("第2版" in page.split() for page in pages)
    assert not any("案" in page.split() for page in pages)
    assert len(pages) == len(pages_by_pdfium(data))


def test_every_page_but_the_cover_is_numbered_and_names_its_section(data):
    _cover, *pages = pages_by_pdfium(data)
    head = "令和7年度 年次報告書"

    assert [f"{number} / 8" in page for number, page in enumerate(pages, start=2)] == [True] * 7
    assert [lines([page])[0] for page in pages] == [
        f"{head} 目次 案",
        f"{head} この報告書の見方 案",
        f"{head} 総括 案",
        f"{head} P1 地域産業応援プロジェクト 案",
        f"{head} A1 =1+1 <推進> 案",
        f"{head} 資料 案",
        f"{head} 資料 案",
    ]


def test_cover_names_strategy_year_city_office_and_date(data):
    assert lines(pages_by_pdfium(data)[:1]) == [
        "案",
        "第1期見本市総合戦略",
        "令和7年度",
        "年次報告書",
        "対象年度 令和7年度（2025年度）",
        "計画期間 令和6年度（2024年度）から令和10年度（2028年度）まで",
        "実績値はすべて架空（見本）です。",
        "令和8年7月15日",
        "見本市",
        "企画課",
    ]


def test_cover_without_an_office_ends_with_the_city():
    cover = pages_by_pdfium(render_pdf(sample_report(office="", edition=1)))[0]

    assert lines([cover])[0] == "第1版"
    assert lines([cover])[-2:] == ["令和8年7月15日", "見本市"]


def test_report_of_real_figures_does_not_call_them_fictitious():
    text = "".join(pages_by_pdfium(render_pdf(sample_report(is_sample=False))))

    assert "架空" not in text


def test_first_year_has_no_year_before():
    data = render_pdf(sample_report(previous=None, movements=None))
    found = lines(pages_by_pdfium(data))

    assert "計画の初年度のため、前年度とは比べていません。" in found
    assert "前年度（" not in "".join(found)


def test_guide_explains_years_marks_rounding_formulas_and_bands(data):
    guide = lines(pages_by_pdfium(data)[2:3])

    for line in (
        "達成率 実績 ÷ 最終目標 × 100 計画の最終年度までに達する値に対する割合",
        "進捗率 実績 ÷ その年度の目安 × 100 その年度の末までに達する値に対する割合",
        "A 順調 100%以上",
        "B 概ね順調 80%以上100%未満",
        "D 遅れ 60%未満",
        "… この報告書の年度より後の年度のもの",
        "△ 負の数",
        "速 速報値（後日、確定値に改めることがあります）",
        "未測定 その年度には測らなかったもの（理由を注に示します）",
    ):
        assert line in guide
    text = "".join(guide)
    assert "年度は4月から翌年3月までです。" in text
    assert "四捨五入" in text
    assert "評価の境（100%・80%・60%）" in text
    assert "取組の数は、再掲を除いて数えます。" in text


def test_initiative_listed_elsewhere_names_its_home_and_repeats_nothing(found):
    assert "(2) 研究開発支援事業（再掲） 主な掲載先 P1(1) － － 産業振興課" in found
    assert found.count("取組実績 3社の研究を助けました。") == 1


def test_remarks_and_explanations_stand_in_their_section(found):
    assert "注1 P1-2（令和7年度）令和6年度の実績がそろっていないため、累計は参考です。" in found
    assert "要因分析 相談会を早めました。" in found
    assert "物価の高騰は続いています。" in found
    assert "今後の方向性 周知を強めます。" in found
    assert "P1-2、P1-3、P1-4については、要因分析と今後の方向性の記載がありません。" in found


def test_remark_that_holds_for_several_years_is_printed_once():
    unknown = {"absence": (5, "参考"), "remarks": ("累計は参考です。",)}
    years = [year(2024 + number, "final", actual="1", total="1", **unknown) for number in range(2)]
    one = kpi("P1-1", "件数", "件", *years, is_cumulative=True)

    found = lines(pages_by_pdfium(render_pdf(with_first_project(kpis=(one,)))))
    assert "注1 P1-1（令和6年度、令和7年度）累計は参考です。" in found


def test_annex_lists_changes_and_revised_targets(found):
    assert (
        "「令和6年度第1版」から変わったところは、次の4件です。"
        "年度が違うので、両方に載る年度の数値と、目標や名称などだけを比べています。"
    ) in "".join(found).replace(" ", "")
    for line in (
        "番号 名称 年度 項目 変更前 変更後",
        "計画全体 担当課 総務課 企画課",
        "P1-3 来場者数 令和6年度 実績値 12,344人 12,345人",
        "A1(2) 研究開発支援事業 取組 － 掲載",
        "番号 指標名 改定した年度 改定前 改定後 理由",
        "P1-3 来場者数 令和7年度 12,000人 10,000人 会場の改修により、定員を減ら",
        "資料出所：来場者調査",
    ):
        assert line in found


@pytest.mark.parametrize(
    ("compared_with", "sentence"),
    [
        ("", "これより前に発行した報告書はありません。"),
        ("令和7年度 第1版", "「令和7年度 第1版」から変わったところはありません。"),
    ],
)
def test_annex_without_changes_says_so(compared_with, sentence):
    report = sample_report(
        compared_with=compared_with, compared_year=2025, changes=(), revisions=()
    )
    found = lines(pages_by_pdfium(render_pdf(report)))

    assert sentence in found
    assert "最終目標の改定はありません。" in found


def test_markup_in_texts_is_printed_as_typed(found):
    shown = HARD_TEXT.replace("😀\x07", "〓")

    assert shown in found
    assert LONG_NAME in "".join("".join(found).split())


def test_character_without_a_glyph_becomes_a_geta_and_is_listed(found):
    assert "この報告書の書体にない文字（U+1F600）は、〓に置き換えています。" in found
    plain = sample_report(projects=sample_report().projects[:0])
    assert "〓" not in "".join(pages_by_pdfium(render_pdf(plain)))


def test_hard_characters_neither_stop_the_report_nor_reach_it():
    hard = "e\u0301か\u3099葛\U000e0100\u200b\ufeff\u2028ภ\ufffe❤\ufe0fﾊﾟ\x00\t終"
    one = replace(sample_report().projects[0].kpis[0], name=hard)
    shown, replaced = printable(with_first_project(kpis=(one,), purpose=hard, name=hard))

    assert replaced == ("ภ", "❤", "\ufffe", "😀")
    assert shown.projects[0].purpose == "e\u0301か\u3099葛\U000e0100\n〓〓〓ﾊﾟ 終"
    assert "〓〓〓ﾊﾟ 終" in "\n".join(lines(pages_by_pdfium(render_pdf(shown))))


def test_project_without_kpis_and_initiatives_says_so():
    nothing = ReportStanding(0, None, 0, None, 0, "－", "評価なし", ())
    data = render_pdf(
        with_first_project(kpis=(), initiatives=(), purpose="", directions=(), standing=nothing)
    )
    found = lines(pages_by_pdfium(data))

    for heading, sentence in (
        ("指標", "指標はありません。"),
        ("取組", "取組はありません。"),
    ):
        assert found[found.index(sentence) - 1] == heading


def test_chart_has_every_rate_in_figures_and_words(found):
    assert found[found.index("目安 100%") :][:5] == [
        "目安 100%",
        "P1-1 支援件数（のべ） 105.0% A 順調",
        "P1-2 創業件数 参考",
        "P1-3 来場者数 99.9% B 概ね順調",
        "P1-4 転入超過数 △2,450.0% D 遅れ",
    ]


def test_bar_longer_than_the_scale_is_marked():
    (first, *others) = sample_report().projects[0].kpis
    far = replace(first.latest, progress=first.latest.progress * 2)
    kpis = (replace(first, years=(first.years[0], far)), *others)
    found = lines(pages_by_pdfium(render_pdf(with_first_project(kpis=kpis))))

    assert "P1-1 支援件数（のべ） 210.0% ▶ A 順調" in found
    assert "▶は120%を超える率（棒は120%で止めています）" in found


def test_report_opens_as_a_plain_pdf(data):
    reader = reader_of(data)

    assert reader.is_encrypted is False
    assert reader.attachments == {}
    assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(reader.trailer["/Root"])
