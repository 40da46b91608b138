import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0007_no_pages"),
        ("units", "0004_invitations"),
        ("portal", "0003_redirects_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="MenuItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=30, verbose_name="tên hiển thị")),
                ("target", models.CharField(blank=True, max_length=300, verbose_name="địa chỉ")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("is_hidden", models.BooleanField(default=False, verbose_name="tạm ẩn")),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="editorial.post",
                        verbose_name="trang của đơn vị",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="portal.menuitem",
                        verbose_name="thuộc mục",
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
                "verbose_name": "mục menu",
                "ordering": ["order", "id"],
                "indexes": [models.Index(fields=["unit", "order"], name="menu_item_order")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("page__isnull", True), ("target", ""), _connector="OR"),
                        name="menu_item_one_target",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="menu_item_not_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80, verbose_name="tên hiển thị")),
                ("url", models.CharField(max_length=300, verbose_name="địa chỉ")),
                ("group", models.CharField(blank=True, max_length=60, verbose_name="nhóm")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
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
                "verbose_name": "liên kết",
                "ordering": ["order", "id"],
                "constraints": [models.UniqueConstraint(fields=("unit", "url"), name="link_once")],
            },
        ),
    ]
