"""Texts and files made by chance: of good ones with a few things changed, and of nothing at all."""

import csv
import io
import random
import zipfile

from tests.common.xlsx_parts import row, xlsx, zipped
from tests.hostile import VALUES

GOOD = (
    "1,234", "１２３４", "△3.5", "12.5％", "1 234件", "令和8年8月20日", "2026/8/20", "R6", "H30",
    "令和元年度", "2025年度", "P1-2", "ｐ１－２", "集計中", "未測定", "－", "*", "95（速報）",
    "支援\r\n件数\t", "千人", "m²", "①", "½", "㍻30", "㋿7年", "0", "-0", ".5", "5.", "+5", "削除",
    "=1+1", "'=1+1", "#N/A", "2026-02-29", "99999", "1e3", "５０％", "髙﨑", "葛\U000e0100",
)  # fmt: skip
_HEADINGS = (
    "KPI番号", "指標名", "単位", "年度", "実績値", "速報", "未測定の理由", "集計中の予定日",
    "要因分析", "今後の方向性", "確認のひとこと", "版", "備考", "所管課", "最終目標値", "小数桁数",
)  # fmt: skip
_RANGES = (
    (0, 0x7F), (0, 0xFF), (0x3040, 0x30FF), (0xFF00, 0xFFEF), (0x2000, 0x206F), (0xD800, 0xDFFF),
    (0xFDD0, 0xFFFF), (0, 0x10FFFF), (0x660, 0x669), (0x2460, 0x24FF), (0x1F300, 0x1FAFF),
)  # fmt: skip


def text(chance: random.Random) -> str:
    """A text, as often nearly a good one as not."""
    kind = chance.random()
    if kind < 0.1:
        return chance.choice(VALUES)
    if kind < 0.3:
        first, last = chance.choice(_RANGES)
        return "".join(chr(chance.randint(first, last)) for _at in range(chance.randint(0, 40)))
    made = list(chance.choice(GOOD))
    for _change in range(chance.randint(0, 3)):
        first, last = chance.choice(_RANGES)
        at = chance.randint(0, len(made))
        made[at : at + chance.randint(0, 2)] = chr(chance.randint(first, last))
    return "".join(made) * (chance.choice((1, 1, 1, 1, 2, 300)))


def table_file(chance: random.Random, codes: list[str], year: int) -> bytes:
    """A file of a table, nearly right: CSV or XLSX, some with bytes that are none of theirs."""
    headings = chance.sample(_HEADINGS, chance.randint(1, len(_HEADINGS)))
    if chance.random() < 0.9:
        headings = ["KPI番号", "年度", *(one for one in headings if one not in ("KPI番号", "年度"))]
    if chance.random() < 0.6:
        headings = [one for one in headings if one in _HEADINGS[:12]]
    rows = [
        [_cell(chance, heading, codes, year) for heading in headings]
        for _row in range(chance.randint(0, 8))
    ]
    content = _csv(chance, headings, rows) if chance.random() < 0.5 else _xlsx([headings, *rows])
    return content if chance.random() < 0.5 else _damaged(chance, content)


def _cell(chance: random.Random, heading: str, codes: list[str], year: int) -> str:
    right = chance.random() < 0.85
    if heading == "KPI番号" and right:
        return chance.choice(codes)
    if heading == "年度" and right:
        return str(year)
    return "" if chance.random() < 0.3 else text(chance)


def _csv(chance: random.Random, headings: list[str], rows: list[list[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([headings, *rows])
    encoding = chance.choice(("utf-8", "utf-8-sig", "cp932", "utf-16"))
    return written.getvalue().encode(encoding, "replace")


def _xlsx(rows: list[list[str]]) -> bytes:
    def cell(content: str) -> str:
        legal = "".join(
            f"_x{ord(one):04X}_" if ord(one) < 0x20 or 0xD800 <= ord(one) < 0xE000 else one
            for one in content
            if ord(one) not in (0xFFFE, 0xFFFF)
        )
        shown = legal.replace("&", "&amp;").replace("<", "&lt;")
        return f'<c t="inlineStr"><is><t>{shown}</t></is></c>'

    written = [row(*map(cell, one), number=number) for number, one in enumerate(rows, start=1)]
    return xlsx("".join(written))


def _damaged(chance: random.Random, content: bytes) -> bytes:
    if content.startswith(b"PK") and chance.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(sorted(parts))
        parts[name] = _changed(chance, parts[name])
        return zipped(parts)
    return _changed(chance, content)


def _changed(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _change in range(chance.randint(1, 5)):
        at = chance.randint(0, len(changed))
        kind = chance.random()
        if kind < 0.5:
            changed[at : at + 1] = bytes([chance.randrange(256)])
        elif kind < 0.7:
            del changed[at : at + chance.randint(1, 20)]
        elif kind < 0.9:
            changed[at:at] = changed[: chance.randint(1, 40)]
        else:
            del changed[at:]
    return bytes(changed)
