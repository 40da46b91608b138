"""The second wall: row-level security of PostgreSQL on tables that belong to units.

The session variable holds the ids a scope has granted, `*` for all, nothing outside a scope
(`congtruong.units.scoping` sets it). The policies are forced on the owner as well, so the application's role, which
is neither superuser nor exempt, cannot see past them. SQLite has no such wall.
"""

from typing import Any

from django.db import migrations

_GRANTED = "current_setting('congtruong.units', true)"


def _condition(column: str) -> str:
    # CASE, because both sides of an OR may be computed, and `*` is no list of numbers.
    listed = f"{column} = ANY (string_to_array(NULLIF({_GRANTED}, ''), ',')::bigint[])"
    return f"CASE WHEN {_GRANTED} = '*' THEN true ELSE {listed} END"


def protect(table: str, *, column: str = "unit_id", public_read: bool = False) -> migrations.RunPython:
    """Migration step: rows of `table` answer to their unit's scope; with `public_read` only writes do."""
    condition = _condition(column)
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY unit_rows ON {table} USING ({condition}) WITH CHECK ({condition})",
    ]
    if public_read:
        statements.append(f"CREATE POLICY public_read ON {table} FOR SELECT USING (true)")
    undo = [
        f"DROP POLICY IF EXISTS public_read ON {table}",
        f"DROP POLICY unit_rows ON {table}",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ]
    return migrations.RunPython(_run(statements), _run(undo), elidable=False)


def let_owner_read(table: str, *, column: str = "owner_id") -> migrations.RunPython:
    """Migration step: rows of a protected table are also read, never changed, in the scope of their `column`."""
    create = f"CREATE POLICY owner_reads ON {table} FOR SELECT USING ({_condition(column)})"
    return migrations.RunPython(_run([create]), _run([f"DROP POLICY owner_reads ON {table}"]), elidable=False)


def _run(statements: list[str]) -> Any:
    def apply(apps: object, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return apply


def see_everything(schema_editor: Any) -> None:
    """Let a data migration reach the rows of all units until its transaction ends."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SELECT set_config('congtruong.units', '*', true)")
