from django.db import models

from congtruong.editorial.models import Post
from congtruong.transfer.enums import JobKind, JobState, Outcome
from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager


class Job(models.Model):
    """One transfer into or out of a unit, from the uploaded file to the result. Its files expire, its row stays."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField("loại", max_length=12, choices=JobKind.choices)
    state = models.CharField("tình trạng", max_length=10, choices=JobState.choices)
    token = models.CharField("khóa thư mục", max_length=32)
    file_name = models.CharField("tên tệp", max_length=200, blank=True)
    file_path = models.CharField("nơi lưu tệp", max_length=300, blank=True)
    file_size = models.PositiveBigIntegerField("dung lượng (byte)", default=0)
    report = models.JSONField("bản xem trước", default=dict)
    options = models.JSONField("lựa chọn", default=dict, help_text="{publish, channels: {heading: channel}}")
    total = models.PositiveIntegerField("tổng số", default=0)
    done = models.PositiveIntegerField("đã xong", default=0)
    counts = models.JSONField("kết quả", default=dict)
    problem = models.CharField("lý do dừng", max_length=500, blank=True)
    made_by = models.CharField("người thực hiện", max_length=200)
    made_at = models.DateTimeField("tạo lúc", auto_now_add=True)
    ended_at = models.DateTimeField("xong lúc", null=True)
    leased_until = models.DateTimeField("đang làm đến", null=True)
    expires_at = models.DateTimeField("giữ tệp đến", null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "lượt chuyển dữ liệu"
        ordering = ["-id"]
        indexes = [
            # Read across all units by the scheduler.
            models.Index(
                fields=["leased_until"],
                name="transfer_unfinished",
                condition=models.Q(state__in=[JobState.READING, JobState.RUNNING]),
            ),
            models.Index(fields=["expires_at"], name="transfer_expiring", condition=~models.Q(file_path="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.made_at:%d/%m/%Y}"

    @property
    def folder(self) -> str:
        return f"u{self.unit_id}/chuyen-du-lieu/{self.token}"

    @property
    def is_at_work(self) -> bool:
        return self.state in {JobState.READING, JobState.RUNNING}


class Imported(models.Model):
    """A record of a former site that was brought in: the same source never comes in twice."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    source_key = models.CharField(
        "khóa ở trang cũ", max_length=64, help_text="SHA-256 of the key that its reader gave."
    )
    post = models.ForeignKey(Post, verbose_name="bài viết", null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey(Job, verbose_name="lượt chuyển", null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField("tiêu đề", max_length=500)
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome.choices)
    notes = models.JSONField("ghi chú", default=list, help_text="[[key, detail]], keys of `phrases.NOTES`.")
    old_urls = models.JSONField("địa chỉ cũ", default=list, help_text="Lead on once the post is public.")
    at = models.DateTimeField("chuyển lúc")

    objects = ScopedManager()

    class Meta:
        verbose_name = "bài đã chuyển"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["unit", "source_key"], name="imported_once")]
        indexes = [
            models.Index(fields=["job", "id"], name="imported_of_job"),
            models.Index(fields=["post"], name="imported_drafts", condition=models.Q(outcome=Outcome.DRAFT)),
        ]

    def __str__(self) -> str:
        return self.title
