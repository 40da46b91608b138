from django.db import migrations

from congtruong.core.rowsecurity import protect

TABLES = ("feeds_itemrevision", "feeds_picture", "feeds_hubsubscription")


class Migration(migrations.Migration):
    dependencies = [("feeds", "0003_reading_state_pictures_hubs")]

    operations = [protect(table) for table in TABLES]
