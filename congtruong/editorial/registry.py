"""What a person has to do with articles."""

from datetime import timedelta

from django.db.models import Count, Min, Q

from congtruong.editorial.enums import State
from congtruong.editorial.models import Post
from congtruong.units.registry import Asked, Duty, duty_source
from congtruong.units.rules.duties import Act

# An article that waits longer keeps its writer from working on.
_ANSWER_WITHIN = timedelta(days=2)
# The scheduler looks every few seconds; after this much longer something is in the way.
_PUNCTUAL = timedelta(minutes=10)
_MOST_NAMED = 5


@duty_source
def returned_articles(asked: Asked) -> list[Duty]:
    """The writer's own articles that came back; one query."""
    if Act.WRITE not in asked.acts:
        return []
    returned = Post.objects.filter(unit=asked.unit, state=State.RETURNED, writer=asked.person).order_by("updated_at")
    return [
        Duty(
            title="Bài bị trả lại: " + (post.title or "chưa có tiêu đề"),
            text=f"Người duyệt nhắn: “{post.return_reason}”",
            button="Sửa bài",
            url_name="console:post-edit",
            url_args=(post.pk,),
            minutes=10,
        )
        for post in returned.only("pk", "unit_id", "title", "return_reason")[:_MOST_NAMED]
    ]


@duty_source
def waiting_articles(asked: Asked) -> list[Duty]:
    """What waits for this person's approval, and what was to appear and did not; one query."""
    if Act.APPROVE not in asked.acts:
        return []
    late = Q(state=State.SCHEDULED, publish_at__lt=asked.now - _PUNCTUAL)
    waits = Q(state=State.SUBMITTED)
    counted = Post.objects.filter(unit=asked.unit, state__in=[State.SUBMITTED, State.SCHEDULED]).aggregate(
        waiting=Count("pk", filter=waits),
        since=Min("submitted_at", filter=waits),
        late=Count("pk", filter=late),
        planned=Min("publish_at", filter=late),
    )
    duties = []
    if counted["waiting"]:
        duties.append(
            Duty(
                title=f"{counted['waiting']} bài chờ duyệt",
                text="Xem từng bài, duyệt đăng hoặc trả lại kèm lời nhắn.",
                button="Duyệt bài",
                url_name="console:approvals",
                why="Thông tư 37/2020/TT-BGDĐT, Điều 11: bài được biên tập và duyệt trước khi đăng.",
                due_at=counted["since"] + _ANSWER_WITHIN if counted["since"] else None,
                minutes=3 * counted["waiting"],
            )
        )
    if counted["late"]:
        duties.append(
            Duty(
                title=f"{counted['late']} bài hẹn giờ chưa lên cổng",
                text="Đã quá giờ hẹn mà bài chưa đăng được. Mở bài để xem còn vướng gì, rồi bấm “Đăng ngay”.",
                button="Xem bài hẹn giờ",
                url_name="console:approvals",
                due_at=counted["planned"],
                minutes=5,
            )
        )
    return duties
