"""What staff wait for, beside a bare insert of one row: publishing, the editor, the list of articles, Hôm nay."""

from collections.abc import Callable, Iterator
from itertools import count

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.demo.services.figures import Figure, compare
from congtruong.editorial.models import Post
from congtruong.editorial.services import APPROVER, Content, approve_post, create_draft
from congtruong.publication.enums import Channel
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role

BY = "đo đạc"
FEW, MANY = 20, 2_000
_numbers = count(1)


def desk_figures(quiet: Unit, busy: Unit, rounds: int) -> Iterator[Figure]:
    """The same work in a unit with 20 posts and in one with 2,000; the cost must not depend on it."""
    against = "ghi trần một dòng"
    for unit, posts in ((quiet, FEW), (busy, MANY)):
        person = _furnish(unit, posts)
        yield compare(f"đăng một bài, đơn vị có {posts} bài", _publishing(unit), _bare_insert, "ms", against, rounds)
        for name, path in _pages(unit):
            subject = _opening(unit, person, path)
            yield compare(f"{name}, đơn vị có {posts} bài", subject, _bare_insert, "ms", against, rounds)


def _furnish(unit: Unit, posts: int) -> User:
    with transaction.atomic(), unit_scope(unit.pk):
        Post.objects.bulk_create(
            [
                Post(unit=unit, channel=Channel.NEWS, title=f"Bài nháp {n}", slug=f"do-{n}", school_year=2026)
                for n in range(posts)
            ],
            batch_size=500,
        )
        person = User.objects.create_user(f"do-dac-{unit.pk}", full_name="Người đo")
        grant_role(unit=unit, user=person, role=Role.HEAD, by=BY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return person


def _bare_insert() -> None:
    """One row in one transaction: what the database itself takes on this machine."""
    with transaction.atomic():
        AuditEntry.objects.create(action="bench.row.written", unit_id=None, actor=BY, subject="", detail={})


def _publishing(unit: Unit) -> Callable[[], object]:
    content = Content(title="Bài đo đạc", body="<p>Nội dung đo đạc.</p>", school_year=clock.school_year(clock.today()))

    with unit_scope(unit.pk):
        waiting = [
            create_draft(
                unit=unit, channel=Channel.NEWS, writer=None, by=BY, content=content, address=f"cho-{next(_numbers)}"
            )
            for _ in range(60)
        ]

    def publish() -> None:
        with unit_scope(unit.pk):
            approve_post(post=waiting.pop(), acts=APPROVER, by=BY)

    return publish


def _pages(unit: Unit) -> list[tuple[str, str]]:
    with unit_scope(unit.pk):
        post = Post.objects.filter(unit=unit).first()
    if post is None:
        raise RuntimeError("no post to measure with")
    return [
        ("mở trang soạn bài", reverse("console:post-edit", args=[post.pk])),
        ("mở danh sách bài viết", reverse("console:posts")),
        ("mở Hôm nay", reverse("console:today")),
    ]


def _opening(unit: Unit, person: User, path: str) -> Callable[[], object]:
    client = Client(headers={"host": unit.hosts.get().name})
    client.force_login(person)

    def read() -> object:
        response = client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path}: {response.status_code}")
        return response

    return read
