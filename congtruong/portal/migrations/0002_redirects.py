import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0002_row_security"),
        ("portal", "0001_quick_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Redirect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "old_path",
                    models.CharField(
                        help_text="As `rules.old_addresses.old_address` has it.",
                        max_length=500,
                        verbose_name="địa chỉ cũ",
                    ),
                ),
                ("new_path", models.CharField(max_length=300, verbose_name="địa chỉ mới")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="tạo lúc")),
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
                "verbose_name": "địa chỉ cũ",
                "constraints": [models.UniqueConstraint(fields=("unit", "old_path"), name="redirect_once")],
            },
        ),
    ]
