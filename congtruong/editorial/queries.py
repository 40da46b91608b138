"""Reads of what a unit writes. The caller has entered the unit's scope."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from congtruong.core.text import search_terms, squeeze
from congtruong.editorial.enums import RevisionKind, State
from congtruong.editorial.models import Category, Document, EditLock, Post, PreviewLink, Revision
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.units.models import Unit, User

_HEAVY = ("body", "facts", "summary", "return_reason", "guard_reason")
# Longer lists of suggestions help nobody.
_MOST_OFFERED = 300


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """A document of the unit, as others refer to it."""

    post_id: int
    symbol: str
    issued_on: date | None
    title: str

    @property
    def shown(self) -> str:
        return f"{self.symbol} ({self.issued_on:%d/%m/%Y})" if self.issued_on else self.symbol


def posts(
    unit: Unit,
    *,
    q: str = "",
    channel: str = "",
    state: str = "",
    school_year: int | None = None,
    writer: User | None = None,
) -> QuerySet[Post]:
    """The unit's articles, last changed first; light rows. What is archived is found by its state only."""
    found = Post.objects.filter(unit=unit).select_related("writer").defer(*_HEAVY).order_by("-updated_at", "-pk")
    if channel:
        found = found.filter(channel=channel)
    if state == "dang-hien":
        found = found.filter(live__isnull=False)
    elif state:
        found = found.filter(state=state)
    else:
        found = found.exclude(state=State.ARCHIVED)
    if school_year is not None:
        found = found.filter(school_year=school_year)
    if writer is not None:
        found = found.filter(writer=writer)
    return found.filter(_worded(unit, q)) if squeeze(q) else found


def waiting(unit: Unit) -> QuerySet[Post]:
    """What waits for approval, the longest waiting first."""
    found = Post.objects.filter(unit=unit, state=State.SUBMITTED).select_related("writer", "cover")
    return found.defer("body", "facts").order_by("submitted_at", "pk")


def approved(unit: Unit) -> QuerySet[Post]:
    """What was approved and stands nowhere yet: at its time or by hand."""
    found = Post.objects.filter(unit=unit, state__in=[State.APPROVED, State.SCHEDULED])
    return found.defer("body", "facts").order_by("publish_at", "pk")


def own_post(unit: Unit, post_id: int) -> Post | None:
    """One article with what its page shows; another unit's does not exist here."""
    rows = Post.objects.filter(unit=unit, pk=post_id)
    return rows.select_related("live", "unit", "category", "document", "writer").first()


def lock_on(post: Post, since: datetime) -> EditLock | None:
    """Who has been writing in the article since then; one query."""
    return EditLock.objects.filter(post=post, seen_at__gt=since).select_related("user").first()


def categories(unit: Unit, channel: Channel) -> list[Category]:
    return list(Category.objects.filter(unit=unit, channel=channel))


def all_categories(unit: Unit) -> list[Category]:
    """Every heading of the unit; one query."""
    return list(Category.objects.filter(unit=unit))


def posts_under(category: Category) -> int:
    return Post.objects.filter(unit=category.unit_id, category=category).count()


def pages_above(unit: Unit, but: int) -> list[Post]:
    """Pages that another one may stand below."""
    found = Post.objects.filter(unit=unit, channel=Channel.PAGE).exclude(pk=but).exclude(title="")
    return list(found.only("pk", "title", "unit_id").order_by("order", "title")[:_MOST_OFFERED])


def own_documents(unit: Unit, but: int) -> list[OwnDocument]:
    """The unit's documents with a symbol, newest first, for choosing one."""
    return _as_own(_with_symbol(unit, but)[:_MOST_OFFERED])


def documents_named(unit: Unit, symbols: Iterable[str], but: int) -> list[OwnDocument]:
    """The unit's documents with one of these symbols, newest first."""
    return _as_own(_with_symbol(unit, but).filter(symbol__in=list(symbols)))


def revisions(post: Post) -> QuerySet[Revision]:
    """The versions of an article, newest first, without their texts."""
    return Revision.objects.filter(post=post).defer("content").order_by("-number")


def revision_numbered(post: Post, number: int) -> Revision | None:
    return Revision.objects.filter(post=post, number=number).first()


def last_handed_in(post: Post) -> Revision | None:
    """What was handed in the time before: the version somebody returned; one query."""
    handed_in = Revision.objects.filter(post=post, kind=RevisionKind.SUBMITTED).order_by("-number")
    return handed_in[1:2].first() if post.state == State.SUBMITTED else handed_in.first()


def preview_links(post: Post, now: datetime) -> list[PreviewLink]:
    """Secret addresses that still work."""
    return list(PreviewLink.objects.filter(post=post, expires_at__gt=now).order_by("-pk"))


def _with_symbol(unit: Unit, but: int) -> QuerySet[Document]:
    found = Document.objects.filter(unit=unit).exclude(symbol="").exclude(post=but)
    return found.select_related("post").order_by("-issued_on", "-pk")


def _as_own(documents: Iterable[Document]) -> list[OwnDocument]:
    return [OwnDocument(row.post_id, row.symbol, row.issued_on, row.post.title) for row in documents]


def _worded(unit: Unit, q: str) -> Q:
    """Every word stands in the title, as it is or without diacritics; of what is public, in the symbol as well."""
    terms = search_terms(q)
    if not terms:
        return Q(title__contains=squeeze(q))
    titled = Q()
    entries = Entry.objects.filter(unit=unit, kind=EntryKind.POST)
    for term in terms:
        titled &= Q(search_title__contains=term)
        entries = entries.filter(search_title__contains=term)
    return titled | Q(pk__in=entries.values("object_id"))


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page in the tree its unit sees; `is_hidden_below` when the public sees it but none of the pages above it."""

    post: Post
    depth: int
    is_live: bool
    is_hidden_below: bool
    is_first: bool
    is_last: bool


def page_tree(unit: Unit) -> list[PageRow]:
    """Every page of a unit whose scope was entered, parents before children, drafts too; one query."""
    posts = list(
        Post.objects.filter(unit=unit, channel=Channel.PAGE)
        .exclude(state=State.ARCHIVED)
        .defer("body", "summary", "facts")
        .order_by("order", "pk")
    )
    known = {post.pk for post in posts}
    below: dict[int | None, list[Post]] = {}
    for post in posts:
        below.setdefault(post.parent_id if post.parent_id in known else None, []).append(post)

    def rows(parent: int | None, depth: int, is_open: bool) -> Iterator[PageRow]:
        fellows = below.get(parent, [])
        for number, post in enumerate(fellows):
            is_live = post.live_id is not None
            is_last = number == len(fellows) - 1
            yield PageRow(post, depth, is_live, is_live and not is_open, number == 0, is_last)
            yield from rows(post.pk, depth + 1, is_open and is_live)

    return list(rows(None, 0, True))
