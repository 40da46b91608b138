import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_site_settings")]

    operations = [
        migrations.CreateModel(
            name="SchoolYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="năm học")),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="bắt đầu lúc")),
                ("started_by", models.CharField(max_length=200, verbose_name="người bắt đầu")),
                ("archived", models.PositiveIntegerField(default=0, verbose_name="lịch, thời khóa biểu đã lưu trữ")),
                ("unpinned", models.PositiveIntegerField(default=0, verbose_name="bài đã bỏ ghim")),
                ("copied", models.PositiveIntegerField(default=0, verbose_name="trang đã sao chép")),
                ("touched_at", models.DateTimeField(auto_now=True, verbose_name="chạy lần cuối")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="xong lúc")),
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
                "verbose_name": "năm học",
                "ordering": ["-year"],
                "constraints": [models.UniqueConstraint(fields=("unit", "year"), name="school_year_once")],
            },
        ),
    ]
