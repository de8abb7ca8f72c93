"""What is said where years under different rules stand together."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kpis.definition import OwnScale
from kpis.rules_in_words import terms_in_words
from kpis.terms import RuleChange
from projects.bands import DEFAULT_BANDS, Band
from projects.scales import Scale, Step
from projects.words import PlanWords
from reports.rule_sentences import own_rule_sentences, rule_sentences

BEGUN = RuleChange(
    effective_from=2024,
    average_cap=Decimal(100),
    rating_basis="progress",
    bands=DEFAULT_BANDS,
)
ARROWS = (Band("↗", "", None), Band("→", "", None), Band("↘", "", None))
SINCE_LAST = (
    Step(1, "previous", "better", Decimal(3)),
    Step(2, "previous", "similar", Decimal(3)),
    Step(3),
)
BY_POSITION = {"rating_method": "position", "bands": ARROWS, "rating_steps": SINCE_LAST}
WORDS = PlanWords(project="施策", kpi="成果指標")


def told(before=BEGUN, words=WORDS, **changed):
    after = replace(before, effective_from=2026, reason="見直し。", **changed)
    (sentence,) = rule_sentences((before, after), 2024, 2028, words)
    return sentence


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            BY_POSITION,
            (
                "令和8年度から、評価のきまりが変わりました（評価の方法、評価の区分、評価の条件）。"
                "理由：見直し。令和7年度までの評価は、進捗率をA 順調100%以上・B 概ね順調80%以上・"
                "C やや遅れ60%以上・D 遅れに分けたもので、その後の評価とは比べられません。"
            ),
        ),
        (
            {"project_method": "people"},
            (
                "令和8年度から、評価のきまりが変わりました（施策の評価の方法）。理由：見直し。"
                "令和7年度までの評価は、施策は平均を成果指標と同じ区分に分けたもので、"
                "その後の評価とは比べられません。"
            ),
        ),
        (
            {"external_bands": ARROWS},
            (
                "令和8年度から、評価のきまりが変わりました（外部有識者の評価の区分）。理由：見直し。"
                "令和7年度までの評価は、外部有識者の評価のないもので、その後の評価とは比べられません。"
            ),
        ),
        (
            {"average_floor": None},
            (
                "令和8年度から、評価のきまりが変わりました（平均に入れる率の下限）。理由：見直し。"
                "令和7年度までの平均は、平均に入れる率の下限を0%としたもので、"
                "その後の平均とは比べられません。"
            ),
        ),
        (
            {"rate_decimals": 0, "rate_rounding": "cut"},
            (
                "令和8年度から、評価のきまりが変わりました（率の小数桁数、率の端数）。理由：見直し。"
                "令和7年度までの率は、小数第1位まで示し、端数は四捨五入にしています。"
            ),
        ),
    ],
)
def test_revision_says_what_changed_and_by_what_the_years_before_were_rated(changed, sentence):
    assert told(**changed) == sentence


def test_years_before_were_rated_by_position_by_people_or_not_at_all():
    position = replace(BEGUN, **BY_POSITION)
    people = replace(BEGUN, rating_method="people", bands=ARROWS)
    nothing = replace(BEGUN, rating_method="none", project_method="none")
    own = replace(BEGUN, project_bands=DEFAULT_BANDS[2:])

    to_rate = {"rating_method": "rate", "bands": DEFAULT_BANDS, "rating_steps": ()}
    assert "評価は、位置を「↗」「→」「↘」に分けたもので、" in told(position, **to_rate)
    assert "評価は、人が「↗」「→」「↘」から選んだもので、" in told(people, **to_rate)
    assert "評価は、評価しないもので、" in told(nothing, **to_rate)
    assert "施策は評価しないもので、" in told(nothing, project_method="mean")
    assert "施策は平均をC やや遅れ60%以上・D 遅れに分けたもので、" in told(own, project_bands=())


def test_rules_of_one_kpi_say_since_when_and_why():
    own = (
        OwnScale(2025, Scale("position", "progress", ARROWS, SINCE_LAST), "性質が違うため"),
        OwnScale(2027, None, "揃えるため。"),
    )

    assert own_rule_sentences(own, WORDS) == [
        (
            "令和7年度から、この成果指標だけのきまりで評価します。理由：性質が違うため。"
            "成果指標は、上から順に見て最初に当てはまるもので評価します。"
            "前の値より良い（幅3%）なら「↗」、前の値と同程度（幅3%）なら「→」、"
            "どれでもなければ「↘」。遅れとみなすのは「↘」です。"
        ),
        "令和9年度から、計画のきまりで評価します。理由：揃えるため。",
    ]


def test_rules_are_told_whole():
    terms = replace(
        BEGUN,
        rating_method="people",
        bands=tuple(replace(band, is_late=False) for band in DEFAULT_BANDS),
        project_method="people",
        project_bands=ARROWS,
        average_cap=None,
        average_floor=None,
        rate_decimals=0,
    )

    assert terms_in_words(terms, WORDS) == [
        (
            "成果指標は、所管課の案をもとに企画担当が「A 順調」「B 概ね順調」「C やや遅れ」"
            "「D 遅れ」から決めます。遅れとみなす区分はありません。進捗率による評価と比べます。"
            "100%以上は「A 順調」、80%以上は「B 概ね順調」、60%以上は「C やや遅れ」、"
            "それより低ければ「D 遅れ」。"
        ),
        "施策は、人が「↗」「→」「↘」から決めます。",
        "平均では、どの率もそのまま数えます。",
        "率は整数で示し、端数は四捨五入にします。",
    ]
