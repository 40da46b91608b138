from django.db import migrations

from congtruong.core.rowsecurity import protect


class Migration(migrations.Migration):
    dependencies = [("units", "0001_register")]

    operations = [protect("units_membership")]
