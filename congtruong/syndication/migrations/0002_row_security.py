from django.db import migrations

from congtruong.core.rowsecurity import protect

TABLES = ("syndication_topic", "syndication_intent", "syndication_subscription", "syndication_stand")


class Migration(migrations.Migration):
    dependencies = [("syndication", "0001_hub_and_feeds")]

    operations = [protect(table) for table in TABLES]
