from django.db import migrations

from congtruong.core.rowsecurity import protect

TABLES = ("feeds_source", "feeds_feed", "feeds_categoryroute", "feeds_item", "feeds_sighting")


class Migration(migrations.Migration):
    dependencies = [("feeds", "0001_sources")]

    operations = [protect(table) for table in TABLES]
