from django.db import models
from django.db.models import Q

from congtruong.feeds.enums import HubState, PictureState
from congtruong.media.models import Asset
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
    checked_at = models.DateTimeField("hỏi lần cuối", null=True, blank=True)
    last_success_at = models.DateTimeField("đọc được lần cuối", null=True, blank=True)
    last_change_at = models.DateTimeField("có tin mới lần cuối", null=True, blank=True)
    failures = models.PositiveIntegerField("số lần lỗi liên tiếp", default=0)
    failing_since = models.DateTimeField("lỗi từ", null=True, blank=True)
    error_code = models.CharField("mã lỗi", max_length=60, blank=True)
    error_message = models.CharField("lỗi", max_length=500, blank=True)
    status = models.PositiveSmallIntegerField("mã trả lời HTTP lần cuối", null=True, blank=True)
    ip = models.GenericIPAddressField("máy chủ lần cuối", null=True, blank=True)
    entries_seen = models.PositiveIntegerField("số tin trong kênh lần cuối", default=0)
    ttl_seconds = models.PositiveIntegerField("nguồn xin đọc thưa hơn (giây)", default=0)
    expected_by = models.DateTimeField("chậm nhất sẽ có tin mới", null=True, blank=True)
    alerted_at = models.DateTimeField("đã báo lỗi lúc", null=True, blank=True)
    repairs = models.JSONField("đã sửa khi đọc", default=list, help_text="Khóa trong pipeline.model.REPAIRS.")

    moving_to = models.URLField("chuyển đến", max_length=1000, blank=True)
    moving_since = models.DateTimeField("thấy chuyển lần đầu", null=True, blank=True)
    moving_seen = models.PositiveSmallIntegerField("số lần thấy chuyển", default=0)

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
    enclosures = models.JSONField(
        "tệp tại nguồn", default=list, help_text="Danh sách {url, type, length} và kết quả kiểm tra."
    )
    levels = models.PositiveSmallIntegerField("dành cho cấp học", default=0)
    published_at = models.DateTimeField("nguồn đăng lúc", null=True)
    first_seen_at = models.DateTimeField("thấy lần đầu")
    changed_at = models.DateTimeField("nguồn sửa lúc", null=True)
    content_hash = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField("đã gỡ lúc", null=True, blank=True)
    withdrawn_reason = models.CharField("lý do gỡ", max_length=500, blank=True)
    image_url = models.URLField("ảnh tại nguồn", max_length=1000, blank=True)
    chosen_channel = models.CharField(
        "chuyên mục do người chọn", max_length=10, choices=_FEED_CHANNELS, blank=True, help_text="Để trống: theo kênh."
    )
    files_due_at = models.DateTimeField("kiểm tra tệp lúc", null=True, blank=True)
    symbol = models.CharField("số, ký hiệu", max_length=80, blank=True)
    copy_of = models.ForeignKey(
        "self", verbose_name="bản sao của", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = "tin từ nguồn"
        indexes = [
            models.Index(fields=["symbol"], name="item_symbol", condition=~Q(symbol="")),
            models.Index(fields=["files_due_at"], name="item_files_due", condition=Q(files_due_at__isnull=False)),
        ]
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


class ItemRevision(models.Model):
    """What an item said before its source changed it; never changed itself."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, verbose_name="tin", on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField("bản số")
    title = models.CharField("tiêu đề", max_length=500)
    summary = models.TextField("tóm tắt", blank=True)
    content = models.TextField("nội dung", blank=True)
    link = models.URLField("địa chỉ gốc", max_length=1000, blank=True)
    enclosures = models.JSONField("tệp tại nguồn", default=list)
    replaced_at = models.DateTimeField("được thay lúc")

    objects = ScopedManager()

    class Meta:
        verbose_name = "bản cũ của tin"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="item_revision_once")]

    def __str__(self) -> str:
        return f"Bản {self.number}"


class Picture(models.Model):
    """A picture of a source, fetched once and kept as our own file, so that no visitor loads anything from elsewhere.

    One row for each address within a source; items name the address in their content.
    """

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, verbose_name="nguồn", on_delete=models.CASCADE, related_name="pictures")
    url = models.URLField("địa chỉ ảnh", max_length=1000)
    digest = models.CharField("mã băm của địa chỉ", max_length=64)
    state = models.CharField("trạng thái", max_length=10, choices=PictureState.choices, default=PictureState.WAITING)
    reason = models.CharField("lý do không nhận", max_length=300, blank=True)
    asset = models.ForeignKey(
        Asset, verbose_name="tệp", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)
    next_try_at = models.DateTimeField("thử lại lúc", null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "ảnh của nguồn"
        indexes = [
            models.Index(fields=["next_try_at"], name="picture_due", condition=Q(state=PictureState.WAITING)),
        ]
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="picture_once")]

    def __str__(self) -> str:
        return self.url


class HubSubscription(models.Model):
    """A hub told us it will push a feed (WebSub): kept while the lease lasts, never instead of reading."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.CASCADE, related_name="+")
    feed = models.OneToOneField(Feed, verbose_name="kênh RSS", on_delete=models.CASCADE, related_name="hub")
    hub_url = models.URLField("địa chỉ hub", max_length=1000)
    topic_url = models.URLField("địa chỉ chủ đề", max_length=1000)
    token = models.CharField("mã địa chỉ nhận", max_length=64, unique=True)
    secret = models.CharField("khóa ký", max_length=64)
    state = models.CharField("trạng thái", max_length=10, choices=HubState.choices, default=HubState.ASKED)
    asked_at = models.DateTimeField("xin lúc", null=True, blank=True)
    leased_until = models.DateTimeField("hiệu lực đến", null=True, blank=True)
    next_ask_at = models.DateTimeField("xin lại lúc", null=True, blank=True)
    failures = models.PositiveIntegerField("số lần lỗi liên tiếp", default=0)
    pushed_at = models.DateTimeField("nhận gần nhất lúc", null=True, blank=True)
    missed = models.PositiveIntegerField("số tin hub không báo", default=0)
    forged = models.PositiveIntegerField("số lần gửi sai chữ ký", default=0)

    objects = ScopedManager()

    class Meta:
        verbose_name = "đăng ký hub"
        indexes = [models.Index(fields=["next_ask_at"], name="hub_due")]

    def __str__(self) -> str:
        return self.topic_url


class Push(models.Model):
    """What a hub sent and nobody has read yet: the bytes as they came, removed once they are read."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.CASCADE, related_name="+")
    feed = models.ForeignKey(Feed, verbose_name="kênh RSS", on_delete=models.CASCADE, related_name="pushes")
    digest = models.CharField("mã băm", max_length=64)
    body = models.BinaryField("nội dung")
    content_type = models.CharField("kiểu nội dung", max_length=200, blank=True)
    received_at = models.DateTimeField("nhận lúc")
    queued_at = models.DateTimeField("xếp hàng lúc")
    taken_until = models.DateTimeField("đang đọc đến", null=True)
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)

    objects = ScopedManager()

    class Meta:
        verbose_name = "tin hub gửi"
        indexes = [models.Index(fields=["queued_at"], name="push_waiting")]
        constraints = [models.UniqueConstraint(fields=["feed", "digest"], name="push_once")]

    def __str__(self) -> str:
        return f"{self.feed_id}: {self.digest}"
