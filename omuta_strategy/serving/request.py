"""A request, judged on its header: refused before its body is taken in."""

from http import HTTPStatus

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest, Error, RequestHeaderFieldsTooLarge

from omuta_strategy.serving.limits import limit_of

_LONGEST_NUMBER = 12  # digits: 999 GB
_MALFORMED = "読み取れない要求です。"
_UNSUPPORTED = "この形式の要求には対応していません。"


class Refusal(Error):
    """An answer without Django: a status and a sentence."""

    def __init__(self, status: HTTPStatus, says: str) -> None:
        self.code, self.reason, self.body = status.value, status.phrase, says

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status line, headers and body."""
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return f"{self.code} {self.reason}", headers, f"{self.body}\n".encode()


class Request(HTTPRequestParser):
    """Waitress's request, complete with its header if that is refused (`error`)."""

    command = path = ""  # of a header that can't be read
    error: Error | None = None

    def received(self, data: bytes) -> int:
        """Take in what it needs of `data`; the number of bytes taken."""
        had_header = self.headers_finished
        taken: int = super().received(data)
        if self.headers_finished and not had_header and not self.empty and not self.error:
            self.error = self._too_large()
        if self.error:
            self.error = _in_our_words(self.error)
            self.completed = True
        if self.completed:
            self.expect_continue = False  # nobody is told to go on
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header; ParsingError if two servers might read it in two ways."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # of a number of 5,000 digits, of http://[/
            raise ParsingError(str(error)) from error
        if self.version not in {"1.0", "1.1"}:
            raise ParsingError("HTTP version")
        if self.chunked:
            if "CONTENT_LENGTH" in self.headers:
                raise ParsingError("Content-Length and Transfer-Encoding")
            self.error = Refusal(HTTPStatus.LENGTH_REQUIRED, _UNSUPPORTED)
        elif "TRANSFER_ENCODING" in self.headers:  # HTTP/1.0 knows none
            raise ParsingError("Transfer-Encoding")
        elif len(self.headers.get("CONTENT_LENGTH", "")) > _LONGEST_NUMBER:
            raise ParsingError("Content-Length")

    def give_up(self) -> None:
        """End it unfinished: its time is over."""
        self.error = Refusal(
            HTTPStatus.REQUEST_TIMEOUT,
            "送信に時間がかかりすぎたため、受け取れませんでした。保存されていません。"
            "もう一度送信してください。",
        )
        self.completed = True

    def _too_large(self) -> Refusal | None:
        limit = limit_of(self.path)
        if self.content_length <= limit.most_bytes:
            return None
        return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{limit.says}何も保存されていません。")


def _in_our_words(error: Error) -> Error:
    """Waitress's own refusals, in Japanese."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequestHeaderFieldsTooLarge):
        return Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "アドレスが長すぎます。")
    if isinstance(error, BadRequest):
        return Refusal(HTTPStatus.BAD_REQUEST, _MALFORMED)
    return Refusal(HTTPStatus.NOT_IMPLEMENTED, _UNSUPPORTED)
