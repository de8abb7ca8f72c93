"""A whole database moved from SQLite to PostgreSQL, or back."""

from omuta_strategy.database_copies.in_use import refuse_if_in_use
from omuta_strategy.database_copies.places import Database, snapshot
from omuta_strategy.database_copies.placing import Placed, put_in_place
from omuta_strategy.database_copies.problems import DatabaseProblem
from omuta_strategy.database_copies.schema import schema_of


def move_database(source: Database, target: Database) -> Placed:
    """Copy every row into an empty database and compare both; the source stays as it is.

    DatabaseProblem if either is in use, or the target isn't empty.
    """
    if _same(source, target):
        raise DatabaseProblem("移す元と先が、同じデータベースです。")
    refuse_if_in_use(source)
    with snapshot(source) as alias:
        return put_in_place(alias, schema_of(alias), target, replaces=False)


def _same(one: Database, other: Database) -> bool:
    if one.is_sqlite and other.is_sqlite:
        return one.path.resolve() == other.path.resolve()
    return str(one) == str(other)
