"""公開の条件: under what terms a plan's open data may be used, and whom to ask about them.

An edition says what the plan says on the day of its issue, and is not issued without either.
"""

from typing import Any

from django.db import transaction

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.history import sign_change
from common.reading.texts import clean_text
from kpis.permissions import User, may_change_plan
from kpis.plan_states import denied
from kpis.recording import Kind, RecordingRefused, Refusal, lock_plan
from projects.models import LONGEST_TERMS, Strategy

# The columns of a plan, and of its report, with their labels.
TERMS = {"data_licence": "利用条件", "contact": "問い合わせ先"}
_EXAMPLES = {"data_licence": "CC BY 4.0", "contact": "企画課　電話0000-00-0000"}


def missing_terms(said: Any) -> list[str]:
    """The labels of what a plan, or its report, doesn't say yet."""
    return [label for name, label in TERMS.items() if not getattr(said, name)]


def terms_in_words(said: Any) -> str:
    """`利用条件：CC BY 4.0／問い合わせ先：企画課`; 未定 where nothing is said."""
    return "／".join(f"{label}：{getattr(said, name) or '未定'}" for name, label in TERMS.items())


def set_terms(
    strategy: Strategy, *, data_licence: str, contact: str, user: User, seen: str | None = None
) -> Strategy:
    """Say both, for the editions that are issued from now on; the plan as it is then.

    `seen` is `terms_in_words` of what was looked at, None for whatever stands. Raises
    PermissionDenied, or RecordingRefused by field: one is empty or too long, or somebody else was
    faster (STALE).
    """
    wanted = {"data_licence": clean_text(data_licence), "contact": clean_text(contact)}
    with transaction.atomic():
        plan = lock_plan(strategy)
        if not may_change_plan(user, plan):
            raise denied(plan, "公開の条件を決めるのは企画担当です。")
        before = terms_in_words(plan)
        if seen not in (None, before):
            sentence = f"画面を開いたあとに、ほかの人が公開の条件を変えました（{before}）。"
            raise RecordingRefused([Refusal("", Kind.STALE, "", sentence)])
        refusals = [
            Refusal("", Kind.INVALID, name, problem)
            for name, text in wanted.items()
            if (problem := _problem(name, text))
        ]
        if refusals:
            raise RecordingRefused(refusals)
        for name, text in wanted.items():
            setattr(plan, name, text)
        after = terms_in_words(plan)
        if after != before:
            sign_change(plan, user, "公開の条件を決めた")
            plan.save()
            what = f"{plan.name}の公開の条件を決めた"
            note(Audited.PLAN, what, before=before, after=after, user=user)
    return plan


def _problem(name: str, text: str) -> str:
    most = LONGEST_TERMS[name]
    if not text:
        return f"{TERMS[name]}を書いてください（例：{_EXAMPLES[name]}）。"
    if len(text) > most:
        return f"{TERMS[name]}は{most}字までです（今は{len(text)}字）。短くまとめてください。"
    return ""
