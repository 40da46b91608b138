"""Load the 29 document types of NĐ 30/2020, copies and legal instruments as editable rows."""

import csv
from pathlib import Path
from typing import Any

from django.db import migrations

TABLE = Path(__file__).resolve().parent.parent / "data" / "document_types.csv"


def load(apps: Any, schema_editor: Any) -> None:
    document_type = apps.get_model("editorial", "DocumentType")
    with TABLE.open(encoding="utf-8", newline="") as lines:
        document_type.objects.bulk_create(
            [
                document_type(
                    group=row["group"],
                    order=int(row["order"]),
                    name=row["type_vi"],
                    abbreviation=row["abbrev"],
                    default_section=row["portal_section_default"],
                    basis=row["basis"],
                    confidence=row["confidence"],
                )
                for row in csv.DictReader(lines)
            ]
        )


class Migration(migrations.Migration):
    dependencies = [("editorial", "0002_row_security")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
