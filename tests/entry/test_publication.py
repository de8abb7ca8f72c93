"""公開の条件: asked for before an edition is issued, and what an edition says for ever."""

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from kpis.publication import set_terms
from kpis.recording import close_years_through
from projects.models import PlanState, Strategy
from reports.annual.editions import IssueRefused, draft_report, issue_edition
from reports.annual.law import differences_from_kept
from reports.models import Edition, KeptContent
from tests.factories import make_plan
from tests.made_once import made_once
from tests.page_text import bare, said

pytestmark = pytest.mark.django_db

PAGE = "/plans/mihon/reports/conditions/"
ISSUE = "/plans/mihon/reports/2025/issue/"


@pytest.fixture
@made_once
def plan(kikaku):
    """A plan whose years are closed to 令和7年度, and which says nothing of its open data."""
    plan = make_plan(kikaku, data_licence="", contact="")
    close_years_through(plan, 2025, user=kikaku)
    return plan


@pytest.fixture
def planner(client, kikaku):
    client.force_login(kikaku)
    return client


def readme_of(edition):
    content = bytes(edition.files.get(name="open-data.zip").content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("readme.txt").decode("utf-8-sig").splitlines()[-2:]


def test_terms_are_asked_for_on_the_way_to_the_first_edition(planner, plan):
    asked = planner.get(ISSUE)
    assert "その利用条件と問い合わせ先が、まだ決まっていません。" in bare(asked)
    assert f'href="{PAGE}?fy=2025"' in asked.content.decode()
    assert 'name="fingerprint"' not in asked.content.decode()

    form = planner.get(f"{PAGE}?fy=2025")
    typed = form.context["form"].initial | {
        "data_licence": "CC BY 4.0", "contact": "見本市企画課",
    }  # fmt: skip
    done = planner.post(f"{PAGE}?fy=2025", typed)

    assert done.url == ISSUE
    ready = planner.get(ISSUE)
    assert "オープンデータの利用条件：CC BY 4.0 問い合わせ先：見本市企画課" in said(ready)
    issued = planner.post(ISSUE, {"fingerprint": ready.context["fingerprint"]})
    assert issued.url == "/plans/mihon/reports/2025/editions/1/"
    edition = Edition.objects.get()
    assert readme_of(edition) == ["利用条件：CC BY 4.0", "問い合わせ先：見本市企画課"]
    (change,) = Strategy.history.filter(history_change_reason="公開の条件を決めた")
    assert (change.acted_by, change.data_licence) == ("kikaku", "CC BY 4.0")
    entry = AuditEntry.objects.get(what="見本市総合戦略の公開の条件を決めた")
    assert (entry.before, entry.after) == (
        "利用条件：未定／問い合わせ先：未定", "利用条件：CC BY 4.0／問い合わせ先：見本市企画課",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("licence", "contact", "missing"),
    [("", "", "利用条件と問い合わせ先"), ("CC BY 4.0", "", "問い合わせ先"), ("", "課", "利用条件")],
)
def test_no_edition_without_both(plan, kikaku, licence, contact, missing):
    Strategy.objects.update(data_licence=licence, contact=contact)

    with pytest.raises(IssueRefused) as refused:
        issue_edition(plan, 2025, user=kikaku)

    assert (refused.value.field, refused.value.message) == (
        "terms",
        (
            f"オープンデータの{missing}が決まっていないため、発行できません。"
            "企画担当が「公開の条件」で決めると、発行できます。"
        ),
    )


def test_manager_is_told_who_decides(client, kanri, plan):
    client.force_login(kanri)

    page = client.get(ISSUE)
    assert "企画担当が「公開の条件」で決めると、発行できます。" in said(page)
    assert PAGE not in page.content.decode()
    assert client.get(PAGE).status_code == 403
    refused = client.post(ISSUE, {"fingerprint": page.context["fingerprint"]})
    assert refused.status_code == 422
    assert not Edition.objects.exists()


def test_later_terms_change_no_edition_and_no_closed_year(plan, kikaku):
    kept = list(KeptContent.objects.values_list("document_sha256", flat=True))
    set_terms(plan, data_licence="CC BY 4.0", contact="企画課", user=kikaku)
    first = issue_edition(plan, 2025, user=kikaku)
    before = first.document

    set_terms(plan, data_licence="出典の記載", contact="企画課", user=kikaku)

    first.refresh_from_db()
    assert first.document == before
    assert readme_of(first)[0] == "利用条件：CC BY 4.0"
    assert list(KeptContent.objects.values_list("document_sha256", flat=True)) == kept
    assert [one.differences for one in differences_from_kept(plan)] == [(), ()]
    plan.refresh_from_db()
    changes = draft_report(plan, 2025).changes
    assert [(one.item, one.before, one.after) for one in changes] == [
        ("利用条件", "CC BY 4.0", "出典の記載")
    ]
    second = issue_edition(plan, 2025, user=kikaku, reason="利用条件の変更")
    assert readme_of(second)[0] == "利用条件：出典の記載"


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(planner, plan):
    empty = planner.post(PAGE, {"data_licence": " ", "contact": "課" * 301})

    assert empty.status_code == 422
    text = said(empty)
    assert "利用条件：利用条件を書いてください（例：CC BY 4.0）。" in text
    assert "問い合わせ先：問い合わせ先は300字までです（今は301字）。短くまとめてください。" in text
    assert "課" * 301 in empty.content.decode()
    plan.refresh_from_db()
    assert (plan.data_licence, plan.contact) == ("", "")


def test_slower_planner_reads_what_the_faster_one_said(planner, plan, kikaku):
    typed = planner.get(PAGE).context["form"].initial | {"data_licence": "独自", "contact": "課"}
    set_terms(plan, data_licence="CC BY 4.0", contact="企画課", user=kikaku)

    slower = planner.post(PAGE, typed)

    assert slower.status_code == 409
    assert "（利用条件：CC BY 4.0／問い合わせ先：企画課）" in said(slower)
    again = typed | {"seen": slower.context["form"]["seen"].value()}
    assert planner.post(PAGE, again).url == "/plans/mihon/reports/"
    plan.refresh_from_db()
    assert plan.data_licence == "独自"


def test_unchanged_terms_leave_no_trace_and_an_ended_plan_keeps_its_own(plan, kikaku):
    set_terms(plan, data_licence="CC BY 4.0", contact="企画課", user=kikaku)
    rows = Strategy.history.count()
    set_terms(plan, data_licence=" CC BY 4.0 ", contact="企画課", user=kikaku)
    assert Strategy.history.count() == rows

    Strategy.objects.update(state=PlanState.ENDED)
    with pytest.raises(PermissionDenied, match="終了した計画です"):
        set_terms(plan, data_licence="独自", contact="企画課", user=kikaku)


def test_history_tells_who_decided_what(planner, plan, kikaku):
    set_terms(plan, data_licence="CC BY 4.0", contact="企画課", user=kikaku)

    shown = bare(planner.get("/plans/mihon/history/"))

    assert "利用条件：空欄→CCBY4.0" in shown
    assert "問い合わせ先：空欄→企画課" in shown
    assert "公開の条件を決めた" in shown
