from django.db import migrations

from congtruong.core.rowsecurity import protect

TABLES = ("transfer_job", "transfer_imported")


class Migration(migrations.Migration):
    dependencies = [("transfer", "0001_jobs")]

    operations = [protect(table) for table in TABLES]
