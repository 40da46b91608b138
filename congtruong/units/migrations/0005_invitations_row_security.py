from django.db import migrations

from congtruong.core.rowsecurity import protect


class Migration(migrations.Migration):
    dependencies = [("units", "0004_invitations")]

    operations = [protect("units_invitation")]
