from django.db import migrations

from congtruong.core.rowsecurity import protect


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_redirects")]

    operations = [protect("portal_redirect", public_read=True)]
