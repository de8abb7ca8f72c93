"""What the commands on workbooks have in common: opening the file, and saying what it would do."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management.base import CommandError

from common.spreadsheets.refusals import FileRefused
from entry.plan_workbook.importing import Looked
from entry.plan_workbook.workbook import Problem, Workbook, read_workbook


def opened_workbook(file: str) -> Workbook:
    """The workbook at a path. Raises CommandError for what can't be read."""
    try:
        return read_workbook(Path(file).read_bytes())
    except OSError as error:
        raise CommandError(f"「{file}」を開けません（{error.strerror}）。") from None
    except FileRefused as refused:
        raise CommandError(f"{file}：{refused}") from None


def refused_with(problems: Iterable[Problem]) -> CommandError:
    """The error that lists why nothing is written."""
    listed = [f"・{problem}" for problem in problems]
    return CommandError(
        "\n".join((f"問題が{len(listed)}件あります。何も書き込んでいません。", *listed))
    )


def looked_lines(looked: Looked) -> Iterator[str]:
    """What a workbook would do, in lines: by sheet, cell by cell, conflicts with their numbers."""
    for note in looked.notes:
        yield f"※ {note}"
    if looked.problems:
        if looked.unchecked:
            yield f"※ {looked.unchecked}"
        return
    if not looked.changes:
        yield f"「{looked.plan_name}」と違うところはありません。何も変わりません。"
    counted = [
        f"{sheet}（{'、'.join(f'{kind}{count}行' for kind, count in kinds.items())}）"
        for sheet, kinds in looked.counts
    ]
    if looked.changes:
        what = "新しい計画" if looked.is_new else "計画"
        yield f"{what}「{looked.plan_name}」：{'、'.join(counted)}"
    numbers = {name: number for number, name in enumerate(looked.conflict_ids, start=1)}
    for change in looked.changes if not looked.is_new else ():
        yield f"{change.sheet} {change.key}：{change.kind.value}"
        for cell in change.cells:
            said = f"　{cell.heading}：「{cell.before}」→「{cell.after}」"
            number = numbers.get(change.id_of(cell)) if cell.is_conflict else None
            yield said + (
                f"　書き出したあとに変わっています。ファイルのとおりにするときは --take {number}"
                if number
                else ""
            )
    if looked.trial.rows:
        yield f"公表された数値との照らし合わせ：{looked.trial.summary}"
