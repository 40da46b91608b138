"""Full-text index over the folded words: FTS5 kept by triggers on SQLite, a generated tsvector on PostgreSQL.

On SQLite a later migration that rebuilds `publication_entry` drops the triggers and must run `add_index` again.
"""

from typing import Any

from django.db import migrations

COLUMNS = "search_title, search_body, search_scope"
SQLITE = [
    f"CREATE VIRTUAL TABLE publication_search USING fts5({COLUMNS}, content='publication_entry', "
    "content_rowid='id', tokenize='ascii')",
    f"CREATE TRIGGER publication_search_added AFTER INSERT ON publication_entry BEGIN "
    f"INSERT INTO publication_search (rowid, {COLUMNS}) "
    "VALUES (new.id, new.search_title, new.search_body, new.search_scope); END",
    f"CREATE TRIGGER publication_search_removed AFTER DELETE ON publication_entry BEGIN "
    f"INSERT INTO publication_search (publication_search, rowid, {COLUMNS}) "
    "VALUES ('delete', old.id, old.search_title, old.search_body, old.search_scope); END",
    f"CREATE TRIGGER publication_search_changed AFTER UPDATE OF {COLUMNS} ON publication_entry BEGIN "
    f"INSERT INTO publication_search (publication_search, rowid, {COLUMNS}) "
    "VALUES ('delete', old.id, old.search_title, old.search_body, old.search_scope); "
    f"INSERT INTO publication_search (rowid, {COLUMNS}) "
    "VALUES (new.id, new.search_title, new.search_body, new.search_scope); END",
]
POSTGRESQL = [
    "ALTER TABLE publication_entry ADD COLUMN search_vector tsvector GENERATED ALWAYS AS ("
    "setweight(to_tsvector('simple', search_title), 'A') || "
    "setweight(to_tsvector('simple', search_body), 'B') || "
    "setweight(to_tsvector('simple', search_scope), 'D')) STORED",
    "CREATE INDEX publication_entry_search ON publication_entry USING gin (search_vector)",
]


def add_index(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE publication_entry DROP COLUMN search_vector")
        return
    for trigger in ("added", "removed", "changed"):
        schema_editor.execute(f"DROP TRIGGER publication_search_{trigger}")
    schema_editor.execute("DROP TABLE publication_search")


class Migration(migrations.Migration):
    dependencies = [("publication", "0002_row_security")]

    operations = [migrations.RunPython(add_index, remove_index)]
