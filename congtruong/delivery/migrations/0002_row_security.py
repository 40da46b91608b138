from django.db import migrations

from congtruong.core.rowsecurity import let_owner_read, protect


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_requests_receipts")]

    operations = [
        protect("delivery_request", public_read=True),
        protect("delivery_receipt"),
        let_owner_read("delivery_receipt"),
    ]
