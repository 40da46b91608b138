from django.db import migrations

from congtruong.core.rowsecurity import protect

TABLES = (
    "editorial_category",
    "editorial_revision",
    "editorial_editlock",
    "editorial_previewlink",
    "editorial_documentrelation",
)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0004_workflow")]

    operations = [protect(table) for table in TABLES]
