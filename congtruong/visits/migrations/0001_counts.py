import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("units", "0005_invitations_row_security")]

    operations = [
        migrations.CreateModel(
            name="VisitCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="ngày")),
                ("path", models.CharField(max_length=300, verbose_name="trang")),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("tin-tuc", "Tin tức"),
                            ("thong-bao", "Thông báo"),
                            ("van-ban", "Văn bản"),
                            ("thu-moi", "Thư mời"),
                            ("gioi-thieu", "Giới thiệu"),
                            ("hinh-anh", "Hình ảnh và video"),
                            ("tai-nguyen", "Tài nguyên"),
                            ("hoi-dap", "Câu hỏi thường gặp"),
                            ("lich-tuan", "Lịch công tác tuần"),
                            ("tkb", "Thời khóa biểu"),
                        ],
                        max_length=10,
                        verbose_name="chuyên mục",
                    ),
                ),
                ("count", models.PositiveIntegerField(verbose_name="lượt xem")),
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
                "verbose_name": "lượt xem",
                "indexes": [models.Index(fields=["day"], name="visit_count_day")],
                "constraints": [models.UniqueConstraint(fields=("unit", "day", "path"), name="visit_count_once")],
            },
        ),
    ]
