"""Full-text indexes over the folded words: FTS5 kept by triggers on SQLite, generated tsvectors on PostgreSQL.

Titles have an index of their own: it is small, and most searches end there.
On SQLite a later migration that rebuilds `publication_entry` drops the triggers and must run `add_index` again.
"""

from typing import Any

from django.db import migrations

INDEXES = {
    "publication_search": ("search_title", "search_body", "search_scope"),
    "publication_search_title": ("search_title", "search_scope"),
}
WATCHED = "search_title, search_body, search_scope"


def _sqlite() -> list[str]:
    statements = []
    added, removed = "", ""
    for index, columns in INDEXES.items():
        names = ", ".join(columns)
        new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("new", "old"))
        statements.append(
            f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content='publication_entry', content_rowid='id', "
            "tokenize='ascii')"
        )
        added += f"INSERT INTO {index} (rowid, {names}) VALUES (new.id, {new}); "
        removed += f"INSERT INTO {index} ({index}, rowid, {names}) VALUES ('delete', old.id, {old}); "
    for name, event, body in (
        ("added", "INSERT", added),
        ("removed", "DELETE", removed),
        ("changed", f"UPDATE OF {WATCHED}", removed + added),
    ):
        statements.append(
            f"CREATE TRIGGER publication_search_{name} AFTER {event} ON publication_entry BEGIN {body}END"
        )
    return statements


POSTGRESQL = [
    "ALTER TABLE publication_entry ADD COLUMN search_vector tsvector GENERATED ALWAYS AS ("
    "to_tsvector('simple', search_title || ' ' || search_body || ' ' || search_scope)) STORED",
    "ALTER TABLE publication_entry ADD COLUMN search_title_vector tsvector GENERATED ALWAYS AS ("
    "to_tsvector('simple', search_title || ' ' || search_scope)) STORED",
    "CREATE INDEX publication_entry_search ON publication_entry USING gin (search_vector)",
    "CREATE INDEX publication_entry_search_title ON publication_entry USING gin (search_title_vector)",
]


def add_index(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement)


def remove_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for column in ("search_vector", "search_title_vector"):
            schema_editor.execute(f"ALTER TABLE publication_entry DROP COLUMN {column}")
        return
    for trigger in ("added", "removed", "changed"):
        schema_editor.execute(f"DROP TRIGGER publication_search_{trigger}")
    for index in INDEXES:
        schema_editor.execute(f"DROP TABLE {index}")


class Migration(migrations.Migration):
    dependencies = [("publication", "0002_row_security")]

    operations = [migrations.RunPython(add_index, remove_index)]
