from django.db import models
from django.db.models import Q

from congtruong.publication.enums import Channel, ChoiceAct, EntryKind
from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager


class Entry(models.Model):
    """One published thing as the public sees it: the read model of every public list, page, feed and search.

    Written in the transaction that publishes, removed in the one that withdraws; nothing unpublished is ever here.
    An item that belongs to several channels has one row for each; `is_primary` marks the one with the content.
    The rows of an authority serve all units below it: nothing is copied per unit.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=EntryKind.choices)
    object_id = models.BigIntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    is_primary = models.BooleanField(default=True)
    primary_id = models.BigIntegerField(null=True, help_text="The row with the content; null on that row itself.")

    title = models.CharField(max_length=500)
    slug = models.SlugField(max_length=100)
    path = models.CharField(max_length=300, blank=True, help_text="Address on the owner's portal; empty for items.")
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True, help_text="Sanitised HTML.")
    author = models.CharField(max_length=200, blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=1000, blank=True)
    image = models.JSONField(null=True, help_text="{key, alt, caption, width, height, renditions: [{name, width}]}")
    files = models.JSONField(default=list, help_text="[{key, name, label, type, size}]")
    facts = models.JSONField(default=dict, help_text="What the page shows beside the text: register data, place, time.")

    published_at = models.DateTimeField()
    published_on = models.DateField(help_text="The day in Việt Nam; compared with the spans of the authority tree.")
    changed_at = models.DateTimeField(null=True, help_text="Set when the content changed after publication.")
    school_year = models.PositiveSmallIntegerField()
    category = models.SlugField(
        max_length=80, null=True, db_index=False, help_text="Heading within the channel, by its address."
    )
    is_pinned = models.BooleanField(default=False)
    starts_at = models.DateTimeField(null=True)

    is_broadcast = models.BooleanField(default=False, help_text="Also shown by the units below the owner.")
    levels = models.PositiveSmallIntegerField(default=0, help_text="Levels it is meant for; 0 is all.")
    is_targeted = models.BooleanField(null=True, help_text="Only for the units named in Target; null is no.")
    shown_at = models.DateTimeField(null=True, help_text="When it first came onto the portals; no edit changes it.")
    widened_at = models.DateTimeField(null=True, help_text="When more units than before came to see it.")

    doc_symbol = models.CharField(max_length=80, blank=True)
    doc_type = models.CharField(max_length=60, blank=True)
    doc_issuer = models.CharField(max_length=200, blank=True)
    doc_issued_on = models.DateField(null=True)
    doc_effective_on = models.DateField(null=True)
    doc_expires_on = models.DateField(null=True)

    # Set on rows read for a list in which their reader put them first.
    pinned_here = False

    search_title = models.TextField()
    search_body = models.TextField()
    search_scope = models.CharField(max_length=60)

    class Meta:
        verbose_name = "nội dung đã đăng"
        indexes = [
            models.Index(fields=["unit", "channel", "-published_at", "-id"], name="entry_list"),
            models.Index(fields=["unit", "-published_at", "-id"], name="entry_all", condition=Q(is_primary=True)),
            models.Index(fields=["unit", "channel"], name="entry_pinned", condition=Q(is_pinned=True)),
            models.Index(
                fields=["unit", "channel", "-published_at", "-id"],
                name="entry_with_image",
                condition=Q(image__isnull=False),
            ),
            models.Index(
                fields=["channel", "-published_at", "-id"], name="entry_latest", condition=Q(is_broadcast=False)
            ),
            models.Index(
                fields=["unit", "channel", "category", "-published_at", "-id"],
                name="entry_category",
                condition=Q(category__isnull=False),
            ),
            models.Index(fields=["unit", "starts_at"], name="entry_upcoming", condition=Q(starts_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "channel"], name="entry_once_per_channel"),
            models.UniqueConstraint(
                fields=["unit", "path"], condition=~Q(path="") & Q(is_primary=True), name="entry_path_once"
            ),
            models.CheckConstraint(
                condition=Q(is_primary=True, primary_id__isnull=True) | Q(is_primary=False, primary_id__isnull=False),
                name="entry_primary_or_points_to_it",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def content_id(self) -> int:
        """Id of the row with the content; part of the address of entries read on another portal."""
        return self.primary_id or self.pk


class Target(models.Model):
    """A unit for which something is meant; an authority stands for itself and all units below it."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=EntryKind.choices)
    object_id = models.BigIntegerField()
    target = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(help_text="Since when it is meant for this unit.")

    class Meta:
        verbose_name = "nơi nhận"
        indexes = [models.Index(fields=["kind", "object_id", "target"], name="target_of_entry")]
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "object_id", "target"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} → {self.target_id}"


class Choice(models.Model):
    """What a unit's own portal does differently with something from above. Public: it decides what stands there."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=EntryKind.choices)
    object_id = models.BigIntegerField()
    act = models.CharField(max_length=4, choices=ChoiceAct.choices)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "lựa chọn của đơn vị"
        indexes = [models.Index(fields=["kind", "object_id"], name="choice_of_entry")]
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "object_id"], name="choice_once")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.get_act_display()}"


class Hiding(models.Model):
    """Why and for how long a unit hid something; told to the authority it came from and to nobody else."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Unit, verbose_name="nơi gửi", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=EntryKind.choices)
    object_id = models.BigIntegerField()
    reason = models.CharField("lý do", max_length=500)
    hidden_at = models.DateTimeField("ẩn lúc")
    hidden_by = models.CharField("người ẩn", max_length=200)
    ended_at = models.DateTimeField("hiện lại lúc", null=True, blank=True)
    ended_by = models.CharField("người cho hiện lại", max_length=200, blank=True)

    objects = ScopedManager()
    of_owner = ScopedManager("owner")

    class Meta:
        verbose_name = "lần ẩn"
        indexes = [models.Index(fields=["owner", "kind", "object_id"], name="hiding_of_entry")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "object_id"], condition=Q(ended_at__isnull=True), name="hiding_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="hiding_ended_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Change(models.Model):
    """Something came, changed or went: one row for each part of the product that has to hear of it, until it did."""

    consumer = models.CharField("ai cần biết", max_length=20)
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=EntryKind.choices)
    object_id = models.BigIntegerField()
    channels = models.JSONField(help_text="Channels it stands or stood in.")
    is_broadcast = models.BooleanField()
    levels = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        verbose_name = "thay đổi"
        indexes = [models.Index(fields=["consumer", "id"], name="change_waiting")]

    def __str__(self) -> str:
        return f"{self.consumer}: {self.kind} {self.object_id}"
