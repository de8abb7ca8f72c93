"""Which codes a project may have, and that a KPI番号 made of one is read back everywhere."""

import re

import pytest
from django.http import Http404
from django.urls import resolve, reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from common.reading.names import read_code
from kpis.lookup import find_kpi, kpi_or_404
from kpis.models import Kpi
from projects.initiative_codes import home_and_relistings
from projects.models import Project
from projects.project_codes import code_problem, parts_if_any, parts_of
from tests.factories import make_initiative, make_kpi, make_project
from tests.page_text import main_of

SHAPE = "英大文字で始まる10字以内の英大文字・数字・ハイフンで書いてください（例：P1、SHISAKU-12）。"
HYPHENS = "ハイフンは、続けて書いたり、終わりに置いたりできません（例：SHISAKU-12）。"
TRUTH = "「{}」は、表計算ソフトが真偽の値と読み違えます。別の記号にしてください（例：P1）。"
DATE = (
    "「{0}」は、そのまま、または「{0}-1」の形で、表計算ソフトが日付と読み違えます。"
    "別の記号にしてください（例：P1）。"
)
# What Excel, in Japanese and in English, and LibreOffice take for something else than a text.
READ_OTHERWISE = re.compile(
    r"TRUE|FALSE"
    r"|(JAN(UARY)?|FEB(RUARY)?|MAR(CH)?|APR(IL)?|MAY|JUNE?|JULY?|AUG(UST)?|SEPT?|SEPTEMBER"
    r"|OCT(OBER)?|NOV(EMBER)?|DEC(EMBER)?)-?[0-9]+(-[0-9]+)?"
    r"|[MTSHR][0-9]+-[0-9]+-[0-9]+"
    r"|(MON|TUE|WED|THU|FRI|SAT|SUN)[0-9]+-([0-9]+|JAN|MAR|DEC)-[0-9]+"
)
PIECES = [
    "MAR", "DEC", "SEPT", "MON", "SUN", "TRUE", "S", "H", "R", "G", "P", "KPI", "-", "--", "1",
    "2", "12", "0", "2024", "E", "A", "Z", "p", "é", "１", " ",
]  # fmt: skip


@pytest.mark.parametrize(
    "code",
    ["P1", "A12", "P", "SHISAKU-12", "S1", "H30", "R6", "E5", "K-1-2-3", "MAY-A", "MARK1", "SUN-1",
     "P01", "TRUE1", "JA", "HISTORY", "ABCDEFGHIJ", "G0", "GP1"],
)  # fmt: skip
def test_codes_of_any_city_are_taken(code):
    assert code_problem(code) == ""


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        *((one, SHAPE) for one in ("", "1P", "-P", "p1", "P 1", "Ｐ1", "P_1", "施策1", "P1\n")),
        ("ABCDEFGHIJK", SHAPE),
        *((one, HYPHENS) for one in ("P-", "P1--2", "S--")),
        *((one, TRUTH.format(one)) for one in ("TRUE", "FALSE")),
        *(
            (one, DATE.format(one))
            for one in (
                "DEC1", "MAR", "MARCH", "SEPT-2024", "MAY5-3", "S5-2", "R6-1", "H30-12", "M1-1-1",
                "MON6-12", "SUN30-MAR",
            )
        ),
    ],
)  # fmt: skip
def test_codes_that_are_none_or_that_a_spreadsheet_reads_otherwise(code, problem):
    assert code_problem(code) == problem


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.integers(1, 99_999))
def test_code_that_is_taken_comes_back_from_its_kpi_number(code, number):
    if code_problem(code):
        return
    kpi = f"{code}-{number}"

    assert parts_of(kpi) == parts_if_any(read_code(f" {kpi.lower()} ")) == (code, number)
    for name, at in (("project", code), ("kpi", kpi), ("initiative", kpi)):
        found = resolve(reverse(name, args=["mihon", at]))
        assert (found.url_name, found.kwargs) == (name, {"plan_code": "mihon", "code": at})
    assert not READ_OTHERWISE.fullmatch(code)
    assert not READ_OTHERWISE.fullmatch(kpi)


@pytest.mark.parametrize("text", ["", "P1", "P1-", "-1", "P1-x", "P1-123456", "P1--1", "1-1"])
def test_what_is_no_kpi_number(text):
    assert parts_if_any(text) is None


@pytest.mark.django_db
def test_hyphenated_codes_lead_to_their_own_kpi_and_initiative(client, kikaku, strategy):
    kpis = {}
    for code in ("K", "K-1", "K-1-1"):
        project = make_project(strategy, code)
        make_initiative(project, 1, f"{code}の取組")
        kpis[code] = make_kpi(project, 1, name=f"{code}の指標")
    mine = Kpi.objects.filter(project__strategy=strategy)

    for code, kpi in kpis.items():
        assert kpi_or_404(mine, f"{code}-1", strategy.words) == kpi
        assert find_kpi(mine, f"{code}-1", strategy, 2025).kpi == kpi
        assert home_and_relistings(strategy, f"{code}-1")[0].initiative.name == f"{code}の取組"
    with pytest.raises(Http404, match="指標K-1-1-2は見つかりません"):
        find_kpi(mine, "K-1-1-2", strategy, None)

    client.force_login(kikaku)
    assert "K-1の指標" in main_of(client.get("/plans/mihon/kpis/K-1-1/"))
    found = client.get("/admin/kpis/kpi/", {"q": "ｋ－１－１"}).context["cl"].queryset
    assert [one.name for one in found] == ["K-1の指標"]
    listed = client.get("/plans/mihon/history/", {"kpi": "k-1-1-1"})
    assert listed.context["form"].cleaned_data["kpi"] == "K-1-1-1"


@pytest.mark.django_db
def test_code_is_read_as_it_is_typed(client, kikaku, strategy, project):
    client.force_login(kikaku)
    page = client.get(f"/admin/projects/project/{project.pk}/change/")
    typed = page.context["adminform"].form.initial | {"code": "ｓｈｉｓａｋｕ－１２"}
    typed |= {"printed_sign": "施策1-2-3", "pillar": project.pillar_id, "strategy": strategy.pk}
    for formset in page.context["inline_admin_formsets"]:
        typed |= {
            f"{formset.formset.prefix}-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")
        }

    client.post(f"/admin/projects/project/{project.pk}/change/", typed)

    saved = Project.objects.get(pk=project.pk)
    assert (saved.code, saved.printed_sign, str(saved)) == (
        "SHISAKU-12", "施策1-2-3", "施策1-2-3 P1プロジェクト",
    )  # fmt: skip
