"""What somebody sees when a page can't be shown or a form not be saved.

The page says what is known (saved, not saved, to be looked up), by what number the log tells of
it, and gives back what was typed. It asks the database nothing: that may be what is missing.
"""

import logging
import sys
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from accounts.partial import is_partial, refusal
from omuta_strategy import metrics
from omuta_strategy.database.outage import DATABASE, WRITERS
from omuta_strategy.database.trouble import Trouble, reason_of, trouble_of
from omuta_strategy.returned_form import ReturnedForm, returned_form, texts_of
from omuta_strategy.watching import Outcome, Watch

logger = logging.getLogger("omuta_strategy.database")

_WRITING = "POST"
# Pages whose form holds nothing that anybody would look for afterwards.
_NOTHING_TO_SAVE = ("login", "logout")
SAVED_HEADER = "X-Saved"


@dataclass(frozen=True, slots=True)
class Told:
    """What a trouble is called and what to do; `retry` are seconds."""

    status: int
    title: str
    sentence: str
    retry: int = 0


_FAULT = Told(
    500,
    "処理できませんでした",
    "システムの中で誤りが起きました。もう一度試しても同じなら、下の番号をシステムの管理者に伝えてください。",
)
_TROUBLES = {
    Trouble.BUSY: Told(
        503,
        "ただいま混み合っています",
        "ほかの保存や処理が終わるのを待ちましたが、時間内に終わりませんでした。少し待ってから、もう一度試してください。",
        5,
    ),
    Trouble.DOWN: Told(
        503,
        "データベースにつながりません",
        "データベースが応答しません。しばらく待ってから、もう一度試してください。"
        "10分たっても直らないときは、下の番号をシステムの管理者に伝えてください。",
        30,
    ),
    Trouble.FULL: Told(
        503,
        "保存する場所に空きがありません",
        "サーバーのディスクがいっぱいです。システムの管理者に、下の番号とともに知らせてください。",
        300,
    ),
    Trouble.READ_ONLY: Told(
        503,
        "データベースに書き込めません",
        "データベースが読み取り専用になっています。システムの管理者に、下の番号とともに知らせてください。",
        300,
    ),
}
_OUTCOMES = {
    Outcome.SAVED: (
        "保存は終わっています。そのあと、結果の画面を作るところで問題が起きました。送り直す必要はありません。"
    ),
    Outcome.NOT_SAVED: "この送信では、何も保存していません。",
    Outcome.UNKNOWN: (
        "保存できたかどうかを確かめられませんでした。もとの画面を開いて、保存されているかどうかを確かめてください。"
    ),
}

# A row that is saved already is answered as saved, and written once.
_UNKNOWN_TO_SCRIPT = (
    "保存できたかどうかを確かめられませんでした。"
    "もう一度保存すると分かります（二重には書き込みません）。"
)


@requires_csrf_token
def server_error(request: HttpRequest, *_arguments: Any) -> HttpResponseBase:
    """Answer an exception that nobody handled: 503 for trouble with the database, else 500."""
    error = sys.exc_info()[1]
    trouble = trouble_of(error)
    told = _TROUBLES[trouble] if trouble else _FAULT
    watch: Watch | None = getattr(request, "watch", None)
    outcome = _outcome(request, watch, error)
    number = watch.number if watch else ""
    if trouble and error is not None:
        number = note_trouble(error, watch, outcome)
    response = _answer(request, told, number, outcome)
    if told.retry:
        response.headers["Retry-After"] = str(told.retry)
    if outcome:
        response.headers[SAVED_HEADER] = outcome.value
    response.headers["Cache-Control"] = "private, no-store"
    # The outage's line or the request's says it; Django would add a traceback to each.
    if trouble:
        response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return response


def note_trouble(
    error: BaseException, watch: Watch | None = None, outcome: Outcome | None = None
) -> str:
    """Note trouble with the database; the number by which the log tells of it."""
    trouble = trouble_of(error)
    number = watch.number if watch else ""
    if trouble is None:
        return number
    metrics.count_trouble(trouble.value)
    if trouble is Trouble.BUSY:
        _note_busy(error, number)
    if trouble is Trouble.DOWN:
        of_outage = DATABASE.failed(error, number)
        # What may have been saved, or is, has a line of its own.
        if watch is None or outcome in {Outcome.UNKNOWN, Outcome.SAVED}:
            return number
        watch.is_told = True
        return of_outage
    reason = reason_of(error)
    if watch is None:
        logger.warning("%s", reason)
    else:
        watch.reason = reason
    return number


def bad_request(request: HttpRequest, exception: BaseException) -> HttpResponseBase:
    """Answer a request that can't be read: what is wrong with it, in our own words."""
    sentence = str(exception)
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        sentence = "送られた内容が大きすぎます。分けて保存するか、ファイルで取り込んでください。"
    elif not sentence.endswith("。"):
        sentence = "アドレスか送られた内容が正しくないため、受け付けられませんでした。"
    told = Told(400, "受け付けられませんでした", sentence)
    watch: Watch | None = getattr(request, "watch", None)
    # A session that was ended meanwhile is noticed after the view has done its work.
    outcome = _outcome(request, watch, exception)
    return _answer(request, told, watch.number if watch else "", outcome, gives_back=False)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form whose token is none any more, with its texts: "back" may find none of them."""
    context = {"texts": texts_of(request)}
    return HttpResponse(render_to_string("403_csrf.html", context, request), status=403)


def _note_busy(error: BaseException, number: str) -> None:
    """Let others not queue up for SQLite's one lock; a row of PostgreSQL's is only its own."""
    from django.db import connection  # noqa: PLC0415 - not before the settings are there

    if connection.vendor == "sqlite":
        WRITERS.failed(error, number)


def _outcome(
    request: HttpRequest, watch: Watch | None, error: BaseException | None
) -> Outcome | None:
    """What is known of what was to be saved; None where nothing was."""
    match = request.resolver_match
    if request.method != _WRITING or (match is not None and match.url_name in _NOTHING_TO_SAVE):
        return None
    return watch.outcome(error) if watch else Outcome.UNKNOWN


def _answer(
    request: HttpRequest,
    told: Told,
    number: str,
    outcome: Outcome | None,
    *,
    gives_back: bool = True,
) -> HttpResponse:
    known = _OUTCOMES[outcome] if outcome else ""
    if is_partial(request):
        if outcome is Outcome.UNKNOWN:
            known = _UNKNOWN_TO_SCRIPT
        text = f"{told.title}。{known}（番号 {number}）"
        return refusal(text, told.status)
    form: ReturnedForm | None = None
    if gives_back and outcome in {Outcome.NOT_SAVED, Outcome.UNKNOWN}:
        form = returned_form(request)
    context = {
        "told": told,
        "known": known,
        "number": number,
        "form": form,
        "is_saved": outcome is Outcome.SAVED,
        "is_unknown": outcome is Outcome.UNKNOWN,
        "again": request.get_full_path(),
        "csrf_token": get_token(request) if form else "",
    }
    try:
        page: str = render_to_string("500.html", context)
    except Exception:  # the page about an error must come, whatever is wrong with templates
        logger.exception("The error page can't be made.")
        page = f"<!doctype html><title>{told.title}</title><p>{told.sentence} {known} {number}</p>"
    return HttpResponse(page, status=told.status)
