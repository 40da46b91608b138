from django.db import migrations

from congtruong.core.rowsecurity import protect


class Migration(migrations.Migration):
    dependencies = [("feeds", "0010_hub_pushes")]

    operations = [protect("feeds_push")]
