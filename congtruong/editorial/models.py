from django.db import models
from django.db.models import Q

from congtruong.delivery.enums import Asks
from congtruong.editorial.enums import RelationKind, RevisionKind, SigningAuthority, State, Urgency
from congtruong.media.models import Asset
from congtruong.publication.enums import Channel
from congtruong.units.models import Unit, User
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


class Category(models.Model):
    """A heading under which a unit sorts the posts of one channel."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField("chuyên mục", max_length=10, choices=Channel.choices)
    name = models.CharField("tên mục", max_length=80)
    slug = models.SlugField("địa chỉ", max_length=80)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = ScopedManager()

    class Meta:
        verbose_name = "mục"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "channel", "slug"], name="category_once")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """Anything a unit writes: news, notice, document, invitation, page, album, question, calendar, timetable.

    The fields are the working copy; `live` is the version the public sees, null when it sees none.
    """

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField("chuyên mục", max_length=10, choices=Channel.choices)
    category = models.ForeignKey(
        Category, verbose_name="mục", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField("tiêu đề", max_length=500, blank=True)
    # Staff type without diacritics as well; what was never published stands in no other index.
    search_title = models.CharField(max_length=500, blank=True, editable=False)
    slug = models.SlugField("địa chỉ", max_length=100)
    summary = models.TextField("tóm tắt", blank=True)
    body = models.TextField("nội dung", blank=True)
    facts = models.JSONField(
        "nội dung có cấu trúc", default=dict, help_text="Tùy chuyên mục: ảnh của album, lịch tuần."
    )
    author = models.CharField("người viết", max_length=200, blank=True)
    source_name = models.CharField("nguồn", max_length=200, blank=True)
    source_url = models.URLField("địa chỉ nguồn", max_length=1000, blank=True)
    cover = models.ForeignKey(
        Asset, verbose_name="ảnh", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cover_caption = models.CharField("chú thích ảnh", max_length=300, blank=True)
    school_year = models.PositiveSmallIntegerField("năm học")
    is_pinned = models.BooleanField("ghim", default=False)
    starts_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    levels = models.PositiveSmallIntegerField("dành cho cấp học", default=0)
    targets = models.JSONField(
        "gửi riêng đến", default=list, blank=True, help_text="Mã đơn vị hoặc cơ quan cấp dưới; trống là mọi đơn vị."
    )
    asks = models.CharField("yêu cầu đơn vị nhận", max_length=8, choices=Asks.choices, blank=True, default="")
    asks_due_at = models.DateTimeField("hạn của yêu cầu", null=True, blank=True)
    shows_children = models.BooleanField("có hình học sinh", default=False)
    parent = models.ForeignKey(
        "self", verbose_name="trang cha", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    publish_at = models.DateTimeField("hẹn đăng lúc", null=True, blank=True)
    expires_at = models.DateTimeField("hết hạn lúc", null=True, blank=True)

    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField("lần ghi", default=0, help_text="Tăng mỗi lần ghi; chống ghi đè.")
    live = models.ForeignKey(
        "Revision", verbose_name="bản đang đăng", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    live_until = models.DateTimeField("đăng đến", null=True, blank=True)
    published_at = models.DateTimeField("đăng lúc", null=True, blank=True)
    changed_at = models.DateTimeField("sửa sau khi đăng lúc", null=True, blank=True)
    writer = models.ForeignKey(
        User, verbose_name="người soạn", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField("gửi duyệt lúc", null=True, blank=True)
    submitted_by = models.CharField("người gửi duyệt", max_length=200, blank=True)
    return_reason = models.TextField("lý do trả lại", blank=True)
    guard_reason = models.TextField("lý do vẫn đăng thông tin cá nhân", blank=True)
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)
    updated_at = models.DateTimeField("sửa lúc", auto_now=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "bài viết"
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "state", "-updated_at"], name="post_desk"),
            models.Index(fields=["unit", "channel", "-updated_at"], name="post_channel"),
            # Read across all units by the scheduler.
            models.Index(fields=["publish_at"], name="post_due", condition=Q(state=State.SCHEDULED)),
            models.Index(fields=["live_until"], name="post_ending", condition=Q(live_until__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "channel", "slug"], name="post_slug_once"),
            models.CheckConstraint(
                condition=Q(live__isnull=True) | Q(published_at__isnull=False), name="post_live_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SCHEDULED) | Q(publish_at__isnull=False), name="post_scheduled_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """One version of a post, never changed; `content` is a `services.content.Content` as JSON."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, verbose_name="bài viết", on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField("bản số")
    kind = models.CharField("loại", max_length=10, choices=RevisionKind.choices, default=RevisionKind.SAVED)
    content = models.JSONField("nội dung")
    saved_at = models.DateTimeField("lưu lúc", auto_now_add=True)
    saved_by = models.CharField("người lưu", max_length=200)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "bản lưu"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"Bản {self.number}"


class EditLock(models.Model):
    """Who is writing in a post now. It lapses when the writer's page has been silent for a while."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    post = models.OneToOneField(Post, verbose_name="bài viết", on_delete=models.CASCADE, related_name="lock")
    user = models.ForeignKey(User, verbose_name="người đang sửa", on_delete=models.CASCADE, related_name="+")
    token = models.CharField("khóa", max_length=32)
    seen_at = models.DateTimeField("thấy lần cuối")

    objects = ScopedManager()

    class Meta:
        verbose_name = "khóa soạn bài"

    def __str__(self) -> str:
        return f"{self.user}"


class PreviewLink(models.Model):
    """A secret address at which the working copy is read as visitors will see it. Only a hash of it is kept."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, verbose_name="bài viết", on_delete=models.CASCADE, related_name="previews")
    digest = models.CharField("mã băm", max_length=64, unique=True)
    made_by = models.CharField("người tạo", max_length=200)
    expires_at = models.DateTimeField("hết hạn lúc")

    objects = ScopedManager()

    class Meta:
        verbose_name = "địa chỉ xem thử"

    def __str__(self) -> str:
        return f"{self.post}"


class Document(models.Model):
    """Register data of a post in channel Văn bản (NĐ 30/2020, article 8; document_metadata.yaml)."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    post = models.OneToOneField(Post, verbose_name="bài viết", on_delete=models.CASCADE, related_name="document")
    type = models.ForeignKey(
        DocumentType, verbose_name="loại văn bản", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveIntegerField("số", null=True, blank=True)
    symbol = models.CharField("số, ký hiệu", max_length=80, blank=True)
    second_reference = models.CharField("số tham chiếu khác", max_length=80, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    parent_issuer = models.CharField("cơ quan chủ quản", max_length=200, blank=True)
    place = models.CharField("địa danh", max_length=120, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
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
    relations = models.JSONField(
        "quan hệ với văn bản khác",
        default=list,
        blank=True,
        help_text="[{kind, symbol, post}], post là bài của đơn vị.",
    )

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


class DocumentRelation(models.Model):
    """What a published document does to another one of the unit; derived from `Document.relations` when it is shown."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, verbose_name="văn bản", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Post, verbose_name="văn bản kia", on_delete=models.CASCADE, related_name="acted_on")
    kind = models.CharField("quan hệ", max_length=12, choices=RelationKind.choices)

    objects = ScopedManager()

    class Meta:
        verbose_name = "quan hệ văn bản"
        constraints = [models.UniqueConstraint(fields=["post", "other", "kind"], name="document_relation_once")]

    def __str__(self) -> str:
        return self.get_kind_display()
