"""The forms of rules of rating, filled in as a browser would: rows of tables, a field a cell."""

from entry.changing.rule_rows import BAND_COLUMNS, STEP_COLUMNS, RowsField, with_spare_rows
from tests.admin_forms import fields_of


def shown_rules(client, at) -> dict[str, object]:
    """What the form at an address would post unchanged."""
    return posted_by(client.get(at).context["form"])


def posted_by(form) -> dict[str, object]:
    """What a form of rules would post as it is shown."""
    data = fields_of(form)
    for name, field in form.fields.items():
        if isinstance(field, RowsField):
            rows = with_spare_rows(data.pop(name) or [])
            data |= cells(
                name, [[row.get(one, "") for one in field.widget.columns] for row in rows]
            )
    return data


def bands(*rows, name="bands") -> dict[str, str]:
    """Rating bands typed: each row its symbol, label, lower bound and tick, as far as said."""
    return cells(name, [[*row, *[""] * (len(BAND_COLUMNS) - len(row))] for row in rows])


def steps(*rows, otherwise) -> dict[str, str]:
    """Conditions typed: 相手, 関係, 幅, how it is counted, the row of the band; that of その他."""
    return cells("rating_steps", rows) | {"otherwise": str(otherwise)}


def cells(name, rows) -> dict[str, str]:
    """The cells of a table of bands or of conditions, by the names of their fields."""
    columns = STEP_COLUMNS if name == "rating_steps" else BAND_COLUMNS
    return {
        f"{name}-{number}-{column}": str(text)
        for number, row in enumerate(rows)
        for column, text in zip(columns, row, strict=False)
        # What isn't ticked isn't posted.
        if text or column != "late"
    }


def without(data, name) -> dict[str, object]:
    """What is posted, without the rows of a table."""
    return {key: value for key, value in data.items() if not key.startswith(f"{name}-")}
