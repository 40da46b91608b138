import django.db.models.deletion
from django.db import migrations, models

from congtruong.core.rowsecurity import protect


class Migration(migrations.Migration):
    dependencies = [("media", "0003_originals_and_consent"), ("units", "0002_row_security")]

    operations = [
        migrations.CreateModel(
            name="Usage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="loại nội dung")),
                ("object_id", models.BigIntegerField(verbose_name="mã nội dung")),
                ("label", models.CharField(max_length=200, verbose_name="tên nội dung")),
                ("is_live", models.BooleanField(default=False, verbose_name="đang hiển thị")),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="media.asset",
                        verbose_name="tệp",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "nơi dùng tệp",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "kind", "object_id", "asset"), name="usage_once_per_object")
                ],
            },
        ),
        protect("media_usage"),
    ]
