import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media", "0004_usages"), ("portal", "0004_menus_and_links")]

    operations = [
        migrations.CreateModel(
            name="SiteSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "home",
                    models.JSONField(
                        default=list,
                        help_text="[[khối, có hiện], …]; rules.home.arrangement.",
                        verbose_name="trang chủ",
                    ),
                ),
                ("crest_path", models.CharField(blank=True, max_length=120, verbose_name="địa chỉ huy hiệu")),
                ("banner_alt", models.CharField(blank=True, max_length=300, verbose_name="mô tả ảnh bìa")),
                ("banner_title", models.CharField(blank=True, max_length=120, verbose_name="tiêu đề")),
                ("banner_caption", models.CharField(blank=True, max_length=300, verbose_name="lời dưới ảnh bìa")),
                ("banner_target", models.CharField(blank=True, max_length=300, verbose_name="ảnh bìa dẫn đến")),
                ("banner_from", models.DateField(blank=True, null=True, verbose_name="từ ngày")),
                ("banner_to", models.DateField(blank=True, null=True, verbose_name="đến ngày")),
                ("banner_is_hero", models.BooleanField(default=False, verbose_name="thay tin nổi bật")),
                (
                    "banner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="media.asset",
                        verbose_name="ảnh bìa",
                    ),
                ),
                (
                    "crest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="media.asset",
                        verbose_name="huy hiệu",
                    ),
                ),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "trình bày cổng",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("banner_from__isnull", True),
                            ("banner_to__isnull", True),
                            ("banner_from__lte", models.F("banner_to")),
                            _connector="OR",
                        ),
                        name="banner_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("crest__isnull", True), ("crest_path", "")),
                            models.Q(("crest__isnull", False), models.Q(("crest_path", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="crest_and_its_path",
                    ),
                ],
            },
        ),
    ]
