from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feeds", "0004_row_security")]

    operations = [
        migrations.AddField(
            model_name="feed",
            name="checked_at",
            field=models.DateTimeField("hỏi lần cuối", null=True, blank=True),
        ),
    ]
