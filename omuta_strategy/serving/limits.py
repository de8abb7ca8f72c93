"""How large a request may be, page by page, and how long anybody may take over it."""

import re
from dataclasses import dataclass

from django.conf import settings

KIB = 1024
MIB = 1024 * KIB

# Bytes. Cookies, a search and its filters take a tenth of it.
MOST_HEADER = 32 * KIB


@dataclass(frozen=True, slots=True)
class Limit:
    """The most bytes that a body may have on the pages whose path begins with `path`.

    `path` is a regular expression; `says` is the sentence for whoever sends more.
    """

    path: str
    most_bytes: int
    says: str


_FORM = "送信された内容が大きすぎます。入力を短くするか、分けて保存してください。"
_FILE = "ファイルが大きすぎます。小さく分けて取り込んでください。"
_SHORT = "送信された内容が大きすぎます。前のページに戻って、入力し直してください。"

_PLAN = r"(?:/plans/[^/]+)?"

# The first that fits counts.
LIMITS = (
    # A form of any page that came after its session had ended, sent once more.
    Limit(r"/login/kept/$", settings.DATA_UPLOAD_MAX_MEMORY_SIZE, _FORM),
    Limit(r"/(admin/)?(login|logout|password|password_change)/", 64 * KIB, _SHORT),
    # A file of 5 MiB and the form around it.
    Limit(_PLAN + r"/entry/[^/]+/import/", 6 * MIB, _FILE),
    # A plan's workbook, and all of it in the form that confirms what it changes.
    Limit(r"/plans/[^/]+/workbook/", settings.DATA_UPLOAD_MAX_MEMORY_SIZE, _FILE),
    # A city's own table, and what is kept of it in the forms of the next steps.
    Limit(r"/plans/(new/table|[^/]+/figures)/", 6 * MIB, _FILE),
    # Every row of a plan at once, texts included: as much as Django reads of a form.
    Limit(
        _PLAN + r"/entry/[^/]+/((initiatives|reviews)/)?$",
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        _FORM,
    ),
    # One row, its texts full to the last character; a pasted table; who owns what; what the
    # next plan takes over.
    Limit(_PLAN + r"/(entry|departments|next)/", 2 * MIB, _FORM),
    # Who takes over what, thing by thing.
    Limit(r"/reorganisations/", 2 * MIB, _FORM),
    Limit(_PLAN + r"/changes/", 2 * MIB, _FORM),
    Limit(_PLAN + r"/reports/([^/]+/issue|conditions)/", 64 * KIB, _SHORT),
    Limit(r"/plans/([^/]+/(choose|state|draft)|new/empty)/", 64 * KIB, _SHORT),
    Limit(r"/admin/", 2 * MIB, _FORM),
)
# Pages that only read get what a search could take.
OTHERWISE = Limit("", 64 * KIB, _SHORT)


def limit_of(path: str) -> Limit:
    """The limit of the page at a path, decoded or not; slashes before it don't count twice."""
    path = "/" + path.lstrip("/")
    return next((one for one in LIMITS if re.match(one.path, path)), OTHERWISE)


# Seconds.
HEADER_SECONDS = 10  # from a request's first byte to the end of its header
RECEIVE_SECONDS = 60  # to its last byte: 6 MiB at 1 Mbit/s take 50
ANSWER_SECONDS = 120  # with an answer waiting to be taken: 14 MiB at 1 Mbit/s
IDLE_SECONDS = 30  # without anything to do
LINGER_SECONDS = 10  # taking in what is thrown away, so that a refusal is seen
STOP_SECONDS = 25  # for what is taken up when the server is told to stop
STOP_RECEIVE_SECONDS = 5  # of which for what is still being received

# Bytes, all connections of a process together: above it the oldest are closed.
MOST_UNFINISHED = 64 * MIB  # of requests, in memory
MOST_UNREAD = 256 * MIB  # of answers that nobody takes, in files above 1 MiB
