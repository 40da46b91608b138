from django.db import migrations

from congtruong.core.rowsecurity import protect

TABLES = ("editorial_post", "editorial_document", "editorial_postfile", "editorial_page")


class Migration(migrations.Migration):
    dependencies = [("editorial", "0001_articles")]

    operations = [protect(table) for table in TABLES]
