from django.db import models
from django.db.models import Q

from congtruong.editorial.enums import SigningAuthority, State, Urgency
from congtruong.media.models import Asset
from congtruong.publication.enums import Channel
from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager


class DocumentType(models.Model):
    """A type of official document: the 29 of NĐ 30/2020, article 7, copies, and legal instruments."""

    group = models.CharField("nhóm", max_length=30)
    order = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên loại", max_length=60)
    abbreviation = models.CharField("viết tắt", max_length=30, blank=True)
    default_section = models.CharField("chuyên mục mặc định", max_length=40, blank=True)
    basis = models.CharField("căn cứ", max_length=300)
    confidence = models.CharField("độ chắc chắn của nguồn", max_length=120, blank=True)

    class Meta:
        verbose_name = "loại văn bản"
        ordering = ["group", "order"]
        constraints = [models.UniqueConstraint(fields=["group", "name"], name="document_type_once")]

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """What posts and pages share. Abstract."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    title = models.CharField("tiêu đề", max_length=500)
    slug = models.SlugField("địa chỉ", max_length=100)
    summary = models.TextField("tóm tắt", blank=True)
    body = models.TextField("nội dung", blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT)
    published_at = models.DateTimeField("đăng lúc", null=True, blank=True)
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)
    updated_at = models.DateTimeField("sửa lúc", auto_now=True)

    objects = ScopedManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Post(Article):
    """News, notice, invitation or official document of a unit."""

    channel = models.CharField("chuyên mục", max_length=10, choices=Channel.choices)
    author = models.CharField("người viết", max_length=200, blank=True)
    source_name = models.CharField("nguồn", max_length=200, blank=True)
    source_url = models.URLField("địa chỉ nguồn", max_length=1000, blank=True)
    cover = models.ForeignKey(
        Asset, verbose_name="ảnh", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cover_caption = models.CharField("chú thích ảnh", max_length=300, blank=True)
    changed_at = models.DateTimeField("sửa sau khi đăng lúc", null=True, blank=True)
    school_year = models.PositiveSmallIntegerField("năm học")
    is_pinned = models.BooleanField("ghim", default=False)
    starts_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    levels = models.PositiveSmallIntegerField("dành cho cấp học", default=0)

    class Meta:
        verbose_name = "bài viết"
        ordering = ["-published_at", "-id"]
        indexes = [models.Index(fields=["unit", "state", "-updated_at"], name="post_desk")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "channel", "slug"], name="post_slug_once"),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False), name="post_published_has_time"
            ),
        ]


class Document(models.Model):
    """Register data of a post in channel Văn bản (NĐ 30/2020, article 8; document_metadata.yaml)."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    post = models.OneToOneField(Post, verbose_name="bài viết", on_delete=models.CASCADE, related_name="document")
    type = models.ForeignKey(DocumentType, verbose_name="loại văn bản", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("số", null=True, blank=True)
    symbol = models.CharField("số, ký hiệu", max_length=80, blank=True)
    second_reference = models.CharField("số tham chiếu khác", max_length=80, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    parent_issuer = models.CharField("cơ quan chủ quản", max_length=200, blank=True)
    place = models.CharField("địa danh", max_length=120, blank=True)
    issued_on = models.DateField("ngày ban hành")
    effective_on = models.DateField("ngày có hiệu lực", null=True, blank=True)
    expires_on = models.DateField("ngày hết hiệu lực", null=True, blank=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    signer_title = models.CharField("chức vụ người ký", max_length=120, blank=True)
    signing_authority = models.CharField(
        "quyền hạn ký", max_length=4, choices=SigningAuthority.choices, blank=True, default=SigningAuthority.DIRECT
    )
    urgency = models.CharField("mức độ khẩn", max_length=12, choices=Urgency.choices, default=Urgency.NORMAL)
    field = models.CharField("lĩnh vực", max_length=120, blank=True)
    recipients = models.JSONField("nơi nhận", default=list, blank=True)
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    is_signed_digitally = models.BooleanField("đã ký số", default=False)

    objects = ScopedManager()

    class Meta:
        verbose_name = "văn bản"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(effective_on__isnull=True)
                | Q(effective_on__lte=models.F("expires_on")),
                name="document_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.symbol or f"{self.type}"


class PostFile(models.Model):
    """A file attached to a post, in order."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, verbose_name="bài viết", on_delete=models.CASCADE, related_name="attachments")
    asset = models.ForeignKey(Asset, verbose_name="tệp", on_delete=models.PROTECT, related_name="+")
    label = models.CharField("tên hiển thị", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = ScopedManager()

    class Meta:
        verbose_name = "tệp đính kèm"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["post", "asset"], name="post_file_once")]

    def __str__(self) -> str:
        return self.label


class Page(Article):
    """A page under Giới thiệu; pages form a tree."""

    parent = models.ForeignKey(
        "self", verbose_name="trang cha", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "trang"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "slug"], name="page_slug_once")]
