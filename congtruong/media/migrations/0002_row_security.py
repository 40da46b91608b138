from django.db import migrations

from congtruong.core.rowsecurity import protect


class Migration(migrations.Migration):
    dependencies = [("media", "0001_files")]

    operations = [protect("media_asset")]
