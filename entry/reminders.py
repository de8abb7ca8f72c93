"""The text that asks a department for what is still open in a year, and sending it."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from common.fiscal_year import wareki, wareki_date
from kpis.models import ActualState
from kpis.open_work.by_department import DepartmentOverview
from kpis.open_work.lines import InitiativeLine, KpiLine
from projects.models import Department, Strategy
from projects.words import PlanWords

logger = logging.getLogger(__name__)

# Backends that bring mail to nobody.
_NOWHERE = {
    f"django.core.mail.backends.{name}.EmailBackend"
    for name in ("console", "dummy", "filebased", "locmem")
}
_THANKS = "の進捗管理に御協力いただき、ありがとうございます。"
_OPEN = "貴課の御担当のうち、次のものの入力がまだ済んでいません。"
_OPEN_RELATED = (
    "貴課が関係課となっている指標のうち、次のものの入力がまだ済んでいません。"
    "所管課と御調整のうえ、どちらかで入力してください。"
)
_OTHER_STATES = (
    "測定できなかった指標は「未測定」とその理由を、集計が終わっていない指標は「集計中」と"
    "終わる予定の日を入力してください。\n"
)
_SORRY = "行き違いで入力がお済みの場合は、御容赦ください。"
_SECONDS = 15
_LONGEST_SUBJECT = 200


class MailNotSent(Exception):
    """The mail server did not take the mail; the message is a sentence in Japanese."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """件名 and 本文, ready to be pasted or sent."""

    subject: str
    body: str


def write_reminder(
    strategy: Strategy,
    department: DepartmentOverview,
    fiscal_year: int,
    *,
    due_on: date | None,
    kpis_url: str,
    initiatives_url: str,
    work_url: str = "",
    names_plan: bool = False,
) -> Reminder:
    """Ask a department for its missing and pending KPIs and its initiatives' progress.

    And for the ratings that it has still to propose, where people rate.

    Behind its own stand the KPIs whose 関係課 it is, each with its 所管課.

    `work_url` is that of all its work, where it has some in other plans; `names_plan` puts the
    plan into the subject, where there are several.
    """
    year, name = wareki(fiscal_year), _one_line(strategy.name)
    asks_figures = department.missing or department.pending or department.related_open
    asks_kpis = asks_figures or department.unproposed
    words = strategy.words
    pages = [f"{words.kpi}：{kpis_url}"] if asks_kpis else []
    if department.without_progress:
        pages.append(f"{words.initiative}：{initiatives_url}")
    if work_url:
        pages.append(f"ほかの計画の分も：{work_url}")
    kind = "総合戦略" if "総合戦略" in name else "計画"
    owns_figures = department.missing or department.pending or department.unproposed
    owns_open = owns_figures or department.without_progress
    what = f"「{name}」の{year}の実績について、{_OPEN if owns_open else _OPEN_RELATED}"
    parts = [
        f"{department.name}　御中",
        "\n".join([f"{kind}{_THANKS}", what, _request(due_on)]),
        *_sections(department, words),
        "\n".join(["■ 入力画面", *pages]),
        f"{words.put(_OTHER_STATES) if asks_figures else ''}{_SORRY}",
        "企画担当",
    ]
    of = f"「{name}」" if names_plan else ""
    return Reminder(f"{of}{year}の実績入力のお願い", "\n\n".join(parts) + "\n")


def mail_is_configured() -> bool:
    """Whether `EMAIL_URL` names a server that takes mail to people."""
    return settings.EMAIL_BACKEND not in _NOWHERE


def recipients(department: Department) -> list[str]:
    """The addresses of the department's members who may log in, each once."""
    members = department.members.filter(is_active=True).exclude(email="").order_by("email")
    return list(dict.fromkeys(members.values_list("email", flat=True)))


def send_reminder(reminder: Reminder, to: Sequence[str], *, reply_to: str = "") -> int:
    """Send one mail to all of `to` and return their number; MailNotSent with a sentence."""
    try:
        EmailMessage(
            subject=_one_line(reminder.subject)[:_LONGEST_SUBJECT],
            body=reminder.body,
            to=list(to),
            reply_to=[reply_to] if reply_to else None,
            connection=get_connection(timeout=_SECONDS),
        ).send()
    except (OSError, ValueError) as error:  # SMTPException is an OSError, BadHeaderError no text
        logger.warning("A reminder was not sent.", exc_info=True)
        raise MailNotSent(
            "メールを送れませんでした。メールサーバーにつながらないか、受け付けられませんでした。"
            "時間をおいて試すか、文をコピーして送ってください。"
        ) from error
    return len(to)


def _request(due_on: date | None) -> str:
    if due_on is None:
        return "お忙しいところ恐れ入りますが、入力をお願いいたします。"
    day = wareki_date(due_on)
    if due_on < timezone.localdate():
        return f"締切（{day}）を過ぎていますので、お早めに入力をお願いいたします。"
    return f"お忙しいところ恐れ入りますが、{day}までに入力をお願いいたします。"


def _sections(department: DepartmentOverview, words: PlanWords) -> Iterable[str]:
    for title, lines in (
        ("未入力の指標", [_named(kpi) for kpi in department.missing]),
        ("集計中の指標（集計が終わり次第、入力してください）", _pending(department.pending)),
        ("評価の案がまだの指標", [_named(kpi) for kpi in department.unproposed]),
        ("進捗が未入力の取組", [_named(one) for one in department.without_progress]),
        (
            "関係課となっている指標（所管課にもお願いしています）",
            [_with_owner(kpi) for kpi in department.related_open],
        ),
    ):
        if lines:
            yield "\n".join([f"■ {words.put(title)}", *lines])


def _pending(kpis: Iterable[KpiLine]) -> list[str]:
    return [
        f"{_named(kpi)}（{wareki_date(kpi.expected_on)}の予定）" for kpi in kpis if kpi.expected_on
    ]


def _with_owner(kpi: KpiLine) -> str:
    """`・P1-3 相談件数（所管課：商工課、集計中）`."""
    state = "、集計中" if kpi.state == ActualState.PENDING else ""
    return f"{_named(kpi)}（所管課：{kpi.owner.name if kpi.owner.code else '未設定'}{state}）"


def _named(line: KpiLine | InitiativeLine) -> str:
    ends = f"（{line.life_note}）" if isinstance(line, KpiLine) and line.ends else ""
    return f"・{line.code} {_one_line(line.name)}{ends}"


def _one_line(text: str) -> str:
    """A text without line breaks and other blanks that a mail header can't bear."""
    return " ".join(text.split())
