"""Whether issued editions are still what was issued: hashes, and data against the document.

The data files are rendered anew from the stored document and compared cell by cell: whoever
changed a file or the document together with its hash is found there. Of the formats for people
(PDF, Word, Excel) the hash alone speaks. Bytes that the present code would make otherwise are no
fault in themselves: the code has changed since.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from common.fiscal_year import wareki
from kpis.assessment import RULES_VERSION
from reports.annual.document import AnnualReport
from reports.annual.serialisation import from_json
from reports.annual.verification.data_files import Difference, differences, is_data
from reports.formats import FORMATS
from reports.models import Edition, EditionFile
from reports.seals.verification import find_seal

# Of one file; a tampered file may differ everywhere.
_MOST_LISTED = 20


@dataclass(slots=True)
class Finding:
    """What was found of one edition: problems are wrong, notes are only worth knowing."""

    file_count: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify_edition(edition: Edition) -> Finding:
    """Hash everything that is kept of an edition, and render its document anew."""
    found = Finding()
    if _sha256(edition.document.encode()) != edition.document_sha256:
        found.problems.append("文書：SHA-256が、発行したときのものと違います。")
    files = list(edition.files.order_by("id"))
    found.file_count = len(files)
    if len(files) != edition.file_count:
        found.problems.append(
            f"ファイル：発行したのは{edition.file_count}、今あるのは{len(files)}です。"
        )
    try:
        report = from_json(edition.document)
        _check_record(edition, report, found)
    except (ValueError, TypeError, KeyError, AttributeError):
        found.problems.append("文書：読み取れません。ファイルの数字とは照らし合わせていません。")
        report = None
    contradicting = [one.name for one in files if not _is_file_right(one, report, found)]
    data_files = [one.name for one in files if is_data(one.name)]
    if len(data_files) > 1 and contradicting == data_files:
        found.problems.append(
            "文書：データのどのファイルとも違います。書き換えられたのは文書かもしれません。"
        )
    return found


def missing_numbers(editions: Iterable[Edition]) -> list[str]:
    """The editions that are gone although later ones of their year are there."""
    numbers: dict[tuple[str, int], set[int]] = defaultdict(set)
    for edition in editions:
        numbers[edition.strategy.name, edition.fiscal_year].add(edition.number)
    return [
        f"「{plan}」の{wareki(year)}の第{number}版がありません。"
        for (plan, year), there in sorted(numbers.items())
        for number in range(1, max(there))
        if number not in there
    ]


def _check_record(edition: Edition, report: AnnualReport, found: Finding) -> None:
    """What the edition's row says must be what its document says."""
    rows = (
        ("年度", edition.fiscal_year, report.fiscal_year),
        ("版", edition.number, report.edition),
        ("題名", edition.title, report.title),
        ("発行日時", edition.issued_at, report.made_at),
        ("この版を出す理由", edition.reason, report.reason),
    )
    found.problems += [
        f"{name}：一覧の記録（{kept}）が、文書（{said}）と違います。"
        for name, kept, said in rows
        if kept != said
    ]
    if report.seal and find_seal(report.seal) is None:
        found.problems.append(
            f"発行の前の封印（{report.seal}）が、このデータベースにありません。"
            "封印が消されたか、記録が書き換えられています。"
        )
    if report.rules_version != RULES_VERSION:
        found.notes.append(
            f"率の規則は、発行したときが第{report.rules_version}版、今が第{RULES_VERSION}版です。"
            "この版の率は、発行したときの規則によります。"
        )


def _is_file_right(kept: EditionFile, report: AnnualReport | None, found: Finding) -> bool:
    """Check a file's hash; False if its cells are not those of the document."""
    content = bytes(kept.content)
    if _sha256(content) != kept.sha256 or len(content) != kept.size:
        found.problems.append(f"{kept.name}：SHA-256か大きさが、発行したときのものと違います。")
    if kept.name not in FORMATS:
        found.notes.append(f"{kept.name}：この形式は、今は作れません。")
    elif report is not None and is_data(kept.name):
        return _is_data_right(kept.name, content, report, found)
    return True


def _is_data_right(name: str, content: bytes, report: AnnualReport, found: Finding) -> bool:
    try:
        rendered = FORMATS[name].render(report)
    except Exception:  # noqa: BLE001 - whatever a forged document makes a renderer raise
        found.problems.append(f"{name}：文書から作り直せません。")
        return True
    if rendered == content:
        return True
    try:
        differing = differences(content, rendered, name)
    except Exception:  # noqa: BLE001 - whatever a damaged file makes its reader raise
        found.problems.append(f"{name}：壊れていて、読み取れません。")
        return True
    found.problems += [_told(name, one) for one in differing[:_MOST_LISTED]]
    if len(differing) > _MOST_LISTED:
        found.problems.append(f"{name}：ほか{len(differing) - _MOST_LISTED}か所も違います。")
    if not differing:
        found.notes.append(
            f"{name}：今の作り方とは体裁が違いますが、発行した数字はすべて同じです。"
        )
    return not differing


def _told(name: str, one: Difference) -> str:
    kept, rendered = f"残っているのは「{one.kept}」", f"文書から作り直すと「{one.rendered}」です。"
    return f"{name} {one.place}：{kept}、{rendered}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
