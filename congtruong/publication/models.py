from django.db import models
from django.db.models import Q

from congtruong.publication.enums import Channel, EntryKind
from congtruong.units.models import Unit


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

    doc_symbol = models.CharField(max_length=80, blank=True)
    doc_type = models.CharField(max_length=60, blank=True)
    doc_issuer = models.CharField(max_length=200, blank=True)
    doc_issued_on = models.DateField(null=True)
    doc_effective_on = models.DateField(null=True)
    doc_expires_on = models.DateField(null=True)

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
