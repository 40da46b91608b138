from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media", "0002_row_security")]

    operations = [
        migrations.AddField(
            "asset", "stored_size", models.PositiveBigIntegerField(null=True, verbose_name="dung lượng trên đĩa (byte)")
        ),
        migrations.AddField(
            "asset",
            "original",
            models.JSONField(
                help_text="{name, width, height, size, type}; không công khai.", null=True, verbose_name="ảnh gốc"
            ),
        ),
        migrations.AlterField(
            "asset",
            "renditions",
            models.JSONField(
                default=list, help_text="Danh sách {name, width, height, size, type}.", verbose_name="các cỡ ảnh"
            ),
        ),
        migrations.AddField("asset", "is_decorative", models.BooleanField(default=False, verbose_name="ảnh trang trí")),
        migrations.AddField("asset", "caption", models.CharField(blank=True, max_length=300, verbose_name="chú thích")),
        migrations.AddField(
            "asset",
            "consent",
            models.CharField(
                choices=[
                    ("khong-can", "Không có học sinh"),
                    ("cho", "Chờ giấy đồng ý"),
                    ("co", "Đã có đồng ý"),
                    ("ngung", "Ngừng đăng theo yêu cầu"),
                ],
                default="khong-can",
                max_length=10,
                verbose_name="đồng ý",
            ),
        ),
        migrations.AddField(
            "asset",
            "consent_note",
            models.CharField(blank=True, max_length=300, verbose_name="ghi chú về giấy đồng ý"),
        ),
        migrations.AddField(
            "asset", "consent_by", models.CharField(blank=True, max_length=200, verbose_name="người ghi nhận")
        ),
        migrations.AddField("asset", "consent_at", models.DateTimeField(null=True, verbose_name="ghi nhận lúc")),
        migrations.AddField(
            "asset", "scan", models.JSONField(null=True, verbose_name="kết quả rà soát dữ liệu cá nhân")
        ),
        migrations.AddField(
            "asset", "uploaded_by", models.CharField(blank=True, max_length=200, verbose_name="người tải lên")
        ),
        migrations.AddConstraint(
            "asset",
            models.CheckConstraint(
                condition=models.Q(consent_by="", consent_at__isnull=True)
                | (~models.Q(consent_by="") & models.Q(consent_at__isnull=False)),
                name="asset_consent_by_and_at",
            ),
        ),
        migrations.AddConstraint(
            "asset",
            models.CheckConstraint(
                condition=models.Q(is_public=False) | ~models.Q(consent__in=["cho", "ngung"]),
                name="asset_public_with_consent",
            ),
        ),
    ]
