import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("units", "0005_invitations_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallbackHost",
            fields=[
                ("name", models.CharField(max_length=260, primary_key=True, serialize=False, verbose_name="máy chủ")),
                ("queued_at", models.DateTimeField(null=True, verbose_name="xếp hàng lúc")),
                ("busy_until", models.DateTimeField(null=True, verbose_name="đang gửi đến")),
            ],
            options={
                "verbose_name": "máy chủ nhận tin",
            },
        ),
        migrations.CreateModel(
            name="Stand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("changed_at", models.DateTimeField(verbose_name="thay đổi lúc")),
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
                "verbose_name": "mốc thay đổi",
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=100, verbose_name="địa chỉ trên cổng")),
                ("version", models.PositiveBigIntegerField(default=0, verbose_name="bản số")),
                ("etag", models.CharField(blank=True, max_length=80)),
                (
                    "format",
                    models.CharField(
                        choices=[("xml", "RSS"), ("atom", "Atom"), ("json", "JSON Feed")],
                        max_length=4,
                        verbose_name="dạng",
                    ),
                ),
                ("body", models.BinaryField(default=b"", verbose_name="nội dung gửi đi")),
                ("made_at", models.DateTimeField(null=True, verbose_name="tạo lúc")),
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
                "verbose_name": "kênh có nơi đăng ký",
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("callback", models.CharField(max_length=1000, verbose_name="địa chỉ nhận")),
                ("callback_host", models.CharField(max_length=260, verbose_name="máy chủ nhận")),
                ("secret", models.CharField(blank=True, max_length=200, verbose_name="khóa ký")),
                ("leased_until", models.DateTimeField(verbose_name="nhận đến")),
                ("sent", models.PositiveBigIntegerField(default=0, verbose_name="bản đã gửi")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="gửi lúc")),
                ("next_try_at", models.DateTimeField(null=True, verbose_name="lần gửi tới")),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="số lần lỗi liên tiếp")),
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
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="syndication.topic",
                        verbose_name="kênh",
                    ),
                ),
            ],
            options={
                "verbose_name": "nơi nhận tin",
            },
        ),
        migrations.CreateModel(
            name="Intent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=100, verbose_name="địa chỉ trên cổng")),
                ("callback", models.CharField(max_length=1000, verbose_name="địa chỉ nhận")),
                ("callback_host", models.CharField(max_length=260, verbose_name="máy chủ nhận")),
                (
                    "mode",
                    models.CharField(
                        choices=[("subscribe", "Đăng ký"), ("unsubscribe", "Ngừng nhận")],
                        max_length=11,
                        verbose_name="yêu cầu",
                    ),
                ),
                ("lease_seconds", models.PositiveIntegerField(verbose_name="thời hạn (giây)")),
                ("secret", models.CharField(blank=True, max_length=200, verbose_name="khóa ký")),
                ("challenge", models.CharField(max_length=64, verbose_name="câu hỏi xác nhận")),
                ("asked_at", models.DateTimeField(verbose_name="hỏi lúc")),
                ("next_try_at", models.DateTimeField(verbose_name="xác nhận lúc")),
                ("queued_at", models.DateTimeField(null=True, verbose_name="xếp hàng lúc")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="số lần thử")),
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
                "verbose_name": "yêu cầu chờ xác nhận",
                "indexes": [
                    models.Index(fields=["next_try_at"], name="hub_intent_due"),
                    models.Index(fields=["callback_host"], name="hub_intent_host"),
                ],
                "constraints": [models.UniqueConstraint(fields=("unit", "path", "callback"), name="hub_intent_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(fields=("unit", "path"), name="hub_topic_once"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("next_try_at__isnull", False)), fields=["next_try_at"], name="hub_push_due"
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["callback_host"], name="hub_push_host"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["leased_until"], name="hub_push_lease"),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(fields=("topic", "callback"), name="hub_subscription_once"),
        ),
    ]
