"""A seal that somebody has on paper, in a log or in an edition."""

import re

from common.reading.names import read_code
from reports.models import Seal

_LEAST_DIGITS = 16
_NUMBER = re.compile("第[0-9]+号")
_HEXADECIMAL = re.compile(f"[0-9A-F]{{{_LEAST_DIGITS},64}}")


def find_seal(written: str) -> Seal | None:
    """The seal that was written down as `1a2b-3c4d-5e6f-7081`, with or without `第12号`.

    Any width will do. None where there is none such here. Raises ValueError with a sentence if
    it can't be read.
    """
    digits = "".join(_NUMBER.sub("", read_code(written)).replace("-", "").split())
    if not _HEXADECIMAL.fullmatch(digits):
        raise ValueError(
            f"封印「{written}」を読み取れません。"
            "「1a2b-3c4d-5e6f-7081」のように、16桁の数字とaからfで書いてください。"
        )
    return Seal.objects.filter(sha256__startswith=digits.lower()).first()
