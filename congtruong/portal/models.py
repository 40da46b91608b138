from django.db import models
from django.db.models import F, Q

from congtruong.editorial.models import Post
from congtruong.media.models import Asset
from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager


class QuickLink(models.Model):
    """One of up to six frequent errands on a home page, chosen by the unit. Public, like the page it stands on."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    label = models.CharField("tên việc", max_length=40)
    icon = models.CharField("biểu tượng", max_length=20)
    path = models.CharField("đường dẫn trên cổng", max_length=200)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "việc thường tìm"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "path"], name="quick_link_once")]

    def __str__(self) -> str:
        return self.label


class Redirect(models.Model):
    """An address of the unit's former site, or one it gave up, and where its content stands now. Public."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    old_path = models.CharField("địa chỉ cũ", max_length=500, help_text="As `rules.old_addresses.old_address` has it.")
    new_path = models.CharField("địa chỉ mới", max_length=300)
    made_at = models.DateTimeField("tạo lúc", auto_now_add=True)

    class Meta:
        verbose_name = "địa chỉ cũ"
        constraints = [models.UniqueConstraint(fields=["unit", "old_path"], name="redirect_once")]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.new_path}"


class MenuItem(models.Model):
    """A word of the menu that a unit arranged itself, on one of two levels. Public, like the menu.

    It leads to a page of the unit or to an address; with neither it only holds its children together.
    """

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(
        "self", verbose_name="thuộc mục", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    label = models.CharField("tên hiển thị", max_length=30)
    page = models.ForeignKey(
        Post, verbose_name="trang của đơn vị", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    target = models.CharField("địa chỉ", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_hidden = models.BooleanField("tạm ẩn", default=False)

    class Meta:
        verbose_name = "mục menu"
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["unit", "order"], name="menu_item_order")]
        constraints = [
            models.CheckConstraint(condition=Q(page__isnull=True) | Q(target=""), name="menu_item_one_target"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="menu_item_not_itself"),
        ]

    def __str__(self) -> str:
        return self.label


class Link(models.Model):
    """A site elsewhere that a unit recommends. Public, like the foot of every page."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    label = models.CharField("tên hiển thị", max_length=80)
    url = models.CharField("địa chỉ", max_length=300)
    group = models.CharField("nhóm", max_length=60, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "liên kết"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "url"], name="link_once")]

    def __str__(self) -> str:
        return self.label


class SiteSettings(models.Model):
    """How a unit's portal looks beyond its register entry: own crest, banner, order of the home page. Public."""

    unit = models.OneToOneField(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    home = models.JSONField("trang chủ", default=list, help_text="[[khối, có hiện], …]; rules.home.arrangement.")
    crest = models.ForeignKey(
        Asset, verbose_name="huy hiệu", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    crest_path = models.CharField("địa chỉ huy hiệu", max_length=120, blank=True)
    banner = models.ForeignKey(
        Asset, verbose_name="ảnh bìa", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    banner_alt = models.CharField("mô tả ảnh bìa", max_length=300, blank=True)
    banner_title = models.CharField("tiêu đề", max_length=120, blank=True)
    banner_caption = models.CharField("lời dưới ảnh bìa", max_length=300, blank=True)
    banner_target = models.CharField("ảnh bìa dẫn đến", max_length=300, blank=True)
    banner_from = models.DateField("từ ngày", null=True, blank=True)
    banner_to = models.DateField("đến ngày", null=True, blank=True)
    banner_is_hero = models.BooleanField("thay tin nổi bật", default=False)

    class Meta:
        verbose_name = "trình bày cổng"
        constraints = [
            models.CheckConstraint(
                condition=Q(banner_from__isnull=True) | Q(banner_to__isnull=True) | Q(banner_from__lte=F("banner_to")),
                name="banner_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(crest__isnull=True, crest_path="") | (Q(crest__isnull=False) & ~Q(crest_path="")),
                name="crest_and_its_path",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}"


class SchoolYear(models.Model):
    """A school year that a unit began: what was done so far, step by step."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField("năm học")
    started_at = models.DateTimeField("bắt đầu lúc", auto_now_add=True)
    started_by = models.CharField("người bắt đầu", max_length=200)
    archived = models.PositiveIntegerField("lịch, thời khóa biểu đã lưu trữ", default=0)
    unpinned = models.PositiveIntegerField("bài đã bỏ ghim", default=0)
    copied = models.PositiveIntegerField("trang đã sao chép", default=0)
    touched_at = models.DateTimeField("chạy lần cuối", auto_now=True)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "năm học"
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="school_year_once")]

    def __str__(self) -> str:
        return f"{self.year} – {self.year + 1}"
