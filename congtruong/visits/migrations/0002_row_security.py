from django.db import migrations

from congtruong.core.rowsecurity import protect


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_counts")]

    operations = [protect("visits_visitcount")]
