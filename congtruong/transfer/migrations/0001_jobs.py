import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("editorial", "0007_no_pages"),
        ("units", "0002_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("nhap-trang", "Chuyển bài từ trang cũ"), ("xuat", "Xuất toàn bộ dữ liệu")],
                        max_length=12,
                        verbose_name="loại",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("dang-doc", "Đang đọc"),
                            ("cho-xem", "Chờ xem lại"),
                            ("dang-chay", "Đang thực hiện"),
                            ("xong", "Đã xong"),
                            ("hong", "Đã dừng"),
                            ("het-han", "Đã hết hạn"),
                        ],
                        max_length=10,
                        verbose_name="tình trạng",
                    ),
                ),
                ("token", models.CharField(max_length=32, verbose_name="khóa thư mục")),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="tên tệp")),
                ("file_path", models.CharField(blank=True, max_length=300, verbose_name="nơi lưu tệp")),
                ("file_size", models.PositiveBigIntegerField(default=0, verbose_name="dung lượng (byte)")),
                ("report", models.JSONField(default=dict, verbose_name="bản xem trước")),
                (
                    "options",
                    models.JSONField(
                        default=dict, help_text="{publish, channels: {heading: channel}}", verbose_name="lựa chọn"
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="tổng số")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="đã xong")),
                ("counts", models.JSONField(default=dict, verbose_name="kết quả")),
                ("problem", models.CharField(blank=True, max_length=500, verbose_name="lý do dừng")),
                ("made_by", models.CharField(max_length=200, verbose_name="người thực hiện")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="tạo lúc")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="xong lúc")),
                ("leased_until", models.DateTimeField(null=True, verbose_name="đang làm đến")),
                ("expires_at", models.DateTimeField(null=True, verbose_name="giữ tệp đến")),
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
                "verbose_name": "lượt chuyển dữ liệu",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Imported",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source_key",
                    models.CharField(
                        help_text="SHA-256 of the key that its reader gave.",
                        max_length=64,
                        verbose_name="khóa ở trang cũ",
                    ),
                ),
                ("title", models.CharField(max_length=500, verbose_name="tiêu đề")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("da-dang", "Đã đăng"),
                            ("ban-nhap", "Bản nháp"),
                            ("bo-qua", "Không chuyển"),
                            ("loi", "Chưa chuyển được"),
                        ],
                        max_length=10,
                        verbose_name="kết quả",
                    ),
                ),
                (
                    "notes",
                    models.JSONField(
                        default=list, help_text="[[key, detail]], keys of `phrases.NOTES`.", verbose_name="ghi chú"
                    ),
                ),
                (
                    "old_urls",
                    models.JSONField(
                        default=list, help_text="Lead on once the post is public.", verbose_name="địa chỉ cũ"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="chuyển lúc")),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="editorial.post",
                        verbose_name="bài viết",
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
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="transfer.job",
                        verbose_name="lượt chuyển",
                    ),
                ),
            ],
            options={
                "verbose_name": "bài đã chuyển",
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state__in", ["dang-doc", "dang-chay"])),
                fields=["leased_until"],
                name="transfer_unfinished",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("file_path", ""), _negated=True), fields=["expires_at"], name="transfer_expiring"
            ),
        ),
        migrations.AddIndex(
            model_name="imported",
            index=models.Index(fields=["job", "id"], name="imported_of_job"),
        ),
        migrations.AddIndex(
            model_name="imported",
            index=models.Index(condition=models.Q(("outcome", "ban-nhap")), fields=["post"], name="imported_drafts"),
        ),
        migrations.AddConstraint(
            model_name="imported",
            constraint=models.UniqueConstraint(fields=("unit", "source_key"), name="imported_once"),
        ),
    ]
