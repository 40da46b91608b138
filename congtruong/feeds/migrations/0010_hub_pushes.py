import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feeds", "0004_row_security")]

    operations = [
        migrations.AddField(
            model_name="hubsubscription",
            name="forged",
            field=models.PositiveIntegerField(default=0, verbose_name="số lần gửi sai chữ ký"),
        ),
        migrations.CreateModel(
            name="Push",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, verbose_name="mã băm")),
                ("body", models.BinaryField(verbose_name="nội dung")),
                ("content_type", models.CharField(blank=True, max_length=200, verbose_name="kiểu nội dung")),
                ("received_at", models.DateTimeField(verbose_name="nhận lúc")),
                ("queued_at", models.DateTimeField(verbose_name="xếp hàng lúc")),
                ("taken_until", models.DateTimeField(null=True, verbose_name="đang đọc đến")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="số lần thử")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pushes",
                        to="feeds.feed",
                        verbose_name="kênh RSS",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.unit",
                        verbose_name="cơ quan",
                    ),
                ),
            ],
            options={"verbose_name": "tin hub gửi"},
        ),
        migrations.AddIndex(model_name="push", index=models.Index(fields=["queued_at"], name="push_waiting")),
        migrations.AddConstraint(
            model_name="push",
            constraint=models.UniqueConstraint(fields=("feed", "digest"), name="push_once"),
        ),
    ]
