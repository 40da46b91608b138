from django.db import models
from django.db.models import Q

from congtruong.publication.enums import FEED_CHANNELS
from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager

_FEED_CHANNELS = [(channel.value, channel.label) for channel in FEED_CHANNELS]


class Source(models.Model):
    """A web site whose feeds speak for an authority; identity of links is kept inside one source."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.CASCADE, related_name="+")
    name = models.CharField("tên nguồn", max_length=200)
    homepage = models.URLField("trang chủ", max_length=500)

    objects = ScopedManager()

    class Meta:
        verbose_name = "nguồn tin"
        constraints = [models.UniqueConstraint(fields=["unit", "homepage"], name="source_once")]

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """One address that is read again and again. The row holds all that the next reading needs."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, verbose_name="nguồn", on_delete=models.CASCADE, related_name="feeds")
    url = models.URLField("địa chỉ RSS", max_length=1000)
    channel = models.CharField("chuyên mục", max_length=10, choices=_FEED_CHANNELS)
    levels = models.PositiveSmallIntegerField("dành cho cấp học", default=0)
    interval_seconds = models.PositiveIntegerField("chu kỳ đọc (giây)", default=600)
    is_paused = models.BooleanField("tạm dừng", default=False)
    trusts_guids = models.BooleanField("tin vào mã tin (guid)", default=True, help_text="Tắt khi mã tin bị lặp.")

    next_check_at = models.DateTimeField("lần đọc tới")
    queued_at = models.DateTimeField("xếp hàng lúc", null=True, blank=True)
    leased_until = models.DateTimeField("đang đọc đến", null=True, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    body_sha256 = models.CharField(max_length=64, blank=True)
    last_success_at = models.DateTimeField("đọc được lần cuối", null=True, blank=True)
    last_change_at = models.DateTimeField("có tin mới lần cuối", null=True, blank=True)
    failures = models.PositiveIntegerField("số lần lỗi liên tiếp", default=0)
    error_code = models.CharField("mã lỗi", max_length=60, blank=True)
    error_message = models.CharField("lỗi", max_length=500, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "kênh RSS"
        indexes = [models.Index(fields=["next_check_at"], name="feed_due", condition=Q(is_paused=False))]
        constraints = [models.UniqueConstraint(fields=["unit", "url"], name="feed_once")]

    def __str__(self) -> str:
        return self.url


class CategoryRoute(models.Model):
    """A category named in a feed belongs to a channel, or is left out."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, verbose_name="nguồn", on_delete=models.CASCADE, related_name="routes")
    category = models.CharField("thể loại (không dấu)", max_length=200)
    channel = models.CharField(
        "chuyên mục", max_length=10, choices=_FEED_CHANNELS, blank=True, help_text="Để trống: bỏ qua."
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = "ánh xạ thể loại"
        constraints = [models.UniqueConstraint(fields=["source", "category"], name="category_route_once")]

    def __str__(self) -> str:
        return f"{self.category} → {self.channel or '(bỏ qua)'}"


class Item(models.Model):
    """One thing a source published: one row, whatever the number of feeds it stands in and of portals that show it."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, verbose_name="nguồn", on_delete=models.CASCADE, related_name="items")
    origin = models.ForeignKey(
        Feed, verbose_name="kênh đưa tin đầu tiên", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    link = models.URLField("địa chỉ gốc", max_length=1000, blank=True)
    canonical_link = models.CharField("địa chỉ để so sánh", max_length=1000, blank=True)
    title = models.CharField("tiêu đề", max_length=500)
    summary = models.TextField("tóm tắt", blank=True)
    content = models.TextField("nội dung", blank=True)
    author = models.CharField("tác giả", max_length=200, blank=True)
    enclosures = models.JSONField("tệp tại nguồn", default=list, help_text="Danh sách {url, type, length}.")
    levels = models.PositiveSmallIntegerField("dành cho cấp học", default=0)
    published_at = models.DateTimeField("nguồn đăng lúc", null=True)
    first_seen_at = models.DateTimeField("thấy lần đầu")
    changed_at = models.DateTimeField("nguồn sửa lúc", null=True)
    content_hash = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField("đã gỡ lúc", null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "tin từ nguồn"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "canonical_link"], condition=~Q(canonical_link=""), name="item_link_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Sighting(models.Model):
    """An item stands in a feed under a key; the key is what the next reading compares."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.CASCADE, related_name="+")
    feed = models.ForeignKey(Feed, verbose_name="kênh RSS", on_delete=models.CASCADE, related_name="sightings")
    item = models.ForeignKey(Item, verbose_name="tin", on_delete=models.CASCADE, related_name="sightings")
    key = models.CharField("khóa", max_length=300)
    channel = models.CharField("chuyên mục", max_length=10, choices=_FEED_CHANNELS)

    objects = ScopedManager()

    class Meta:
        verbose_name = "lần xuất hiện"
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="sighting_once")]

    def __str__(self) -> str:
        return self.key
