from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("feeds", "0010_feed_checked_at"), ("feeds", "0011_hub_pushes_row_security")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="chosen_channel",
            field=models.CharField(
                blank=True,
                choices=[
                    ("tin-tuc", "Tin tức"),
                    ("thong-bao", "Thông báo"),
                    ("van-ban", "Văn bản"),
                    ("thu-moi", "Thư mời"),
                ],
                default="",
                help_text="Để trống: theo kênh.",
                max_length=10,
                verbose_name="chuyên mục do người chọn",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="item",
            name="files_due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="kiểm tra tệp lúc"),
        ),
        migrations.AlterField(
            model_name="item",
            name="enclosures",
            field=models.JSONField(
                default=list,
                help_text="Danh sách {url, type, length} và kết quả kiểm tra.",
                verbose_name="tệp tại nguồn",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(condition=Q(files_due_at__isnull=False), fields=["files_due_at"], name="item_files_due"),
        ),
    ]
