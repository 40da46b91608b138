from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0002_row_security")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="honorific",
            field=models.CharField(
                blank=True,
                choices=[("", "Không ghi"), ("cô", "Cô"), ("thầy", "Thầy"), ("anh", "Anh"), ("chị", "Chị")],
                default="",
                max_length=4,
                verbose_name="cách xưng hô",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="initial_password_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="mật khẩu ban đầu dùng được đến"),
        ),
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(default=False, verbose_name="phải đổi mật khẩu"),
        ),
    ]
