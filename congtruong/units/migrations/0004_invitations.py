import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0003_initial_passwords")]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="contact_checked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="thông tin liên hệ kiểm tra lúc"),
        ),
        migrations.AddField(
            model_name="unit",
            name="school_year",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="năm học đã bắt đầu"),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("bien_tap_vien", "Biên tập viên"),
                            ("duyet", "Biên tập, duyệt bài"),
                            ("truong_ban", "Trưởng ban biên tập"),
                            ("ky_thuat", "Phụ trách kỹ thuật"),
                            ("giam_sat", "Cán bộ giám sát"),
                            ("hop_dong", "Cán bộ hợp đồng"),
                        ],
                        max_length=20,
                        verbose_name="vai trò",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="mời ai")),
                ("digest", models.CharField(max_length=64, verbose_name="mã băm")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="mời lúc")),
                ("made_by", models.CharField(max_length=200, verbose_name="người mời")),
                ("expires_at", models.DateTimeField(verbose_name="hết hạn lúc")),
                ("used_by", models.CharField(blank=True, max_length=200, verbose_name="người nhận")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="nhận lúc")),
                (
                    "maker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản mời",
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
                "verbose_name": "lời mời",
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "digest"), name="invitation_digest_once"),
                    models.CheckConstraint(
                        condition=models.Q(("used_at__isnull", True), ("used_by", ""))
                        | models.Q(models.Q(("used_by", ""), _negated=True), ("used_at__isnull", False)),
                        name="invitation_used_by_and_at",
                    ),
                ],
            },
        ),
    ]
