from django.core.management import call_command
from django.db import migrations

TABLE = "congtruong_cache"


def create(apps, schema_editor):
    """Django makes the table itself, for whichever database this is; an existing one is left alone."""
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = []

    operations = [migrations.RunPython(create, drop)]
