"""The database itself refuses to change or delete what the audit holds.

A backup's owner, or whoever may drop a trigger, still can: what protects against them are the
seals. PostgreSQL's TRUNCATE fires a trigger of its own; it is left to the table's owner, as it
is how an empty database is made (`manage.py flush`).

SQLite drops a table's triggers when a migration makes the table anew, as it does to alter a
column: such a migration has to call `guard` again.
"""

from django.db import migrations

TABLE = "accounts_auditentry"
REFUSAL = "The audit is only added to."

SQLITE = [
    f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for act in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    f"CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE TRIGGER {TABLE}_only_added BEFORE UPDATE OR DELETE ON {TABLE} "
    f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
]
UNDO = {
    "sqlite": [f"DROP TRIGGER {TABLE}_no_{act}" for act in ("update", "delete")],
    "postgresql": [
        f"DROP TRIGGER {TABLE}_only_added ON {TABLE}",
        f"DROP FUNCTION {TABLE}_refuse()",
    ],
}


def guard(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard, elidable=False)]
