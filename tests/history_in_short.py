"""Changes of the history in short, for tests."""


def in_short(change):
    """A change as (kind, action, year, {label: (old, new)})."""
    pairs = {field.label: (field.old, field.new) for field in change.fields}
    return change.kind, change.action, change.fiscal_year, pairs
