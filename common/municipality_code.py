"""全国地方公共団体コード: five digits and a check digit (JIS X 0401, 0402)."""

import re

from django.core.exceptions import ValidationError

_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(first_five: str) -> str:
    """The sixth digit for the five that name a municipality."""
    weighted = sum(int(digit) * weight for digit, weight in zip(first_five, _WEIGHTS, strict=True))
    return str((11 - weighted % 11) % 10)


def validate_municipality_code(code: str) -> None:
    """Raise ValidationError unless `code` is six digits with the right last one."""
    if not re.fullmatch(r"[0-9]{6}", code):
        raise ValidationError("団体コードは半角数字6桁で書いてください（例：大牟田市 402028）。")
    if check_digit(code[:5]) != code[5]:
        raise ValidationError(
            f"団体コード{code}は検査数字（6桁目）が合いません。番号を確かめてください。"
        )
