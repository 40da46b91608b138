from django.db import models
from django.db.models import Q

from congtruong.syndication.enums import Format, Mode
from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager


class Topic(models.Model):
    """A feed of a portal that somebody asked our hub to announce, as it was last announced."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    path = models.CharField("địa chỉ trên cổng", max_length=100)
    version = models.PositiveBigIntegerField("bản số", default=0)
    etag = models.CharField(max_length=80, blank=True)
    format = models.CharField("dạng", max_length=4, choices=Format.choices)
    body = models.BinaryField("nội dung gửi đi", default=b"")
    made_at = models.DateTimeField("tạo lúc", null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "kênh có nơi đăng ký"
        constraints = [models.UniqueConstraint(fields=["unit", "path"], name="hub_topic_once")]

    def __str__(self) -> str:
        return self.path


class Intent(models.Model):
    """Somebody asked the hub for something and has not confirmed yet. Short-lived; few rows at any time."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    path = models.CharField("địa chỉ trên cổng", max_length=100)
    callback = models.CharField("địa chỉ nhận", max_length=1000)
    callback_host = models.CharField("máy chủ nhận", max_length=260)
    mode = models.CharField("yêu cầu", max_length=11, choices=Mode.choices)
    lease_seconds = models.PositiveIntegerField("thời hạn (giây)")
    secret = models.CharField("khóa ký", max_length=200, blank=True)
    challenge = models.CharField("câu hỏi xác nhận", max_length=64)
    asked_at = models.DateTimeField("hỏi lúc")
    next_try_at = models.DateTimeField("xác nhận lúc")
    queued_at = models.DateTimeField("xếp hàng lúc", null=True)
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)

    objects = ScopedManager()

    class Meta:
        verbose_name = "yêu cầu chờ xác nhận"
        indexes = [
            models.Index(fields=["next_try_at"], name="hub_intent_due"),
            models.Index(fields=["callback_host"], name="hub_intent_host"),
        ]
        constraints = [models.UniqueConstraint(fields=["unit", "path", "callback"], name="hub_intent_once")]

    def __str__(self) -> str:
        return f"{self.mode} {self.path} → {self.callback}"


class Subscription(models.Model):
    """Somebody gets a topic sent until the lease ends. Owed while `sent` is behind the topic's version."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, verbose_name="kênh", on_delete=models.CASCADE, related_name="subscriptions")
    callback = models.CharField("địa chỉ nhận", max_length=1000)
    callback_host = models.CharField("máy chủ nhận", max_length=260)
    secret = models.CharField("khóa ký", max_length=200, blank=True)
    leased_until = models.DateTimeField("nhận đến")
    sent = models.PositiveBigIntegerField("bản đã gửi", default=0)
    sent_at = models.DateTimeField("gửi lúc", null=True)
    next_try_at = models.DateTimeField("lần gửi tới", null=True)
    failures = models.PositiveSmallIntegerField("số lần lỗi liên tiếp", default=0)

    objects = ScopedManager()

    class Meta:
        verbose_name = "nơi nhận tin"
        indexes = [
            models.Index(fields=["next_try_at"], name="hub_push_due", condition=Q(next_try_at__isnull=False)),
            models.Index(fields=["callback_host"], name="hub_push_host"),
            models.Index(fields=["leased_until"], name="hub_push_lease"),
        ]
        constraints = [models.UniqueConstraint(fields=["topic", "callback"], name="hub_subscription_once")]

    def __str__(self) -> str:
        return self.callback


class CallbackHost(models.Model):
    """A machine that gets announcements, of whichever portals: one at a time. Knows nothing of any unit."""

    name = models.CharField("máy chủ", max_length=260, primary_key=True)
    queued_at = models.DateTimeField("xếp hàng lúc", null=True)
    busy_until = models.DateTimeField("đang gửi đến", null=True)

    class Meta:
        verbose_name = "máy chủ nhận tin"

    def __str__(self) -> str:
        return self.name


class Stand(models.Model):
    """When what a unit shows in public last changed in any way, withdrawals included: the date of its feeds."""

    unit = models.OneToOneField(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    changed_at = models.DateTimeField("thay đổi lúc")

    objects = ScopedManager()

    class Meta:
        verbose_name = "mốc thay đổi"

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.changed_at}"
