from django.db import migrations

from congtruong.core.rowsecurity import protect


class Migration(migrations.Migration):
    dependencies = [("publication", "0001_entries")]

    operations = [protect("publication_entry", public_read=True)]
