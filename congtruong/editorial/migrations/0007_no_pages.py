from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("editorial", "0006_pages_are_posts")]

    operations = [migrations.DeleteModel(name="Page")]
