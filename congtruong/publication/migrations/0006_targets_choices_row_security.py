from django.db import migrations

from congtruong.core.rowsecurity import let_owner_read, protect


class Migration(migrations.Migration):
    dependencies = [("publication", "0005_targets_choices_changes")]

    operations = [
        protect("publication_target", public_read=True),
        protect("publication_choice", public_read=True),
        protect("publication_hiding"),
        let_owner_read("publication_hiding"),
        protect("publication_change"),
    ]
