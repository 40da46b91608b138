from django.db import migrations

from congtruong.core.rowsecurity import protect


class Migration(migrations.Migration):
    dependencies = [("portal", "0006_school_years")]

    operations = [
        protect("portal_quicklink", public_read=True),
        protect("portal_menuitem", public_read=True),
        protect("portal_link", public_read=True),
        protect("portal_sitesettings", public_read=True),
        protect("portal_schoolyear"),
    ]
