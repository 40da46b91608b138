"""What a person has to do about things from above, and, in an authority, about the units that did not answer."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Subquery

from congtruong.core import clock
from congtruong.delivery.enums import Asks
from congtruong.delivery.models import Request
from congtruong.delivery.queries import Received, Sent, inbox, inbox_counts
from congtruong.delivery.queries.outbox import with_counts
from congtruong.publication.models import Entry
from congtruong.units.registry import Asked, Duty, duty_source
from congtruong.units.rules.duties import Act

_MOST_NAMED = 5
# Before that the units are given time; after that the board is the place to look.
_SOON, _LATE = timedelta(days=3), timedelta(days=14)
_WHY = "Cơ quan cấp trên yêu cầu xác nhận và theo dõi đơn vị nào đã đọc (văn bản 2326/GDĐT-THCS)."


@duty_source
def things_from_above(asked: Asked) -> list[Duty]:
    """What the unit has to confirm or answer, the most urgent first; a fixed number of queries."""
    if Act.RECEIVE not in asked.acts:
        return []
    waiting = inbox(asked.unit, now=asked.now, only="can-xac-nhan", limit=_MOST_NAMED)
    duties = [_confirmation(received) for received in waiting]
    left = inbox_counts(asked.unit, asked.now).to_confirm - len(waiting) if len(waiting) == _MOST_NAMED else 0
    if left > 0:
        duties.append(
            Duty(
                title=f"Và {left} việc khác từ cấp trên",
                text="Còn những nội dung cần xác nhận đã đọc hoặc cần trả lời.",
                button="Xem danh sách",
                url_name="console:inbox",
                minutes=left,
            )
        )
    return duties


@duty_source
def units_that_did_not_answer(asked: Asked) -> list[Duty]:
    """What an authority asked and not all units did, while the term is near or just over; a fixed number of queries."""
    if Act.FOLLOW not in asked.acts or not asked.unit.is_authority:
        return []
    requests = Request.objects.filter(unit=asked.unit, due_at__gt=asked.now - _LATE, due_at__lt=asked.now + _SOON)
    due = requests.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id")).values("due_at")
    entries = Entry.objects.filter(Exists(due), unit=asked.unit, is_broadcast=True, is_primary=True)
    nearest = entries.defer("body", "search_title", "search_body").order_by(Subquery(due[:1]), "pk")
    found = with_counts(asked.unit, list(nearest[:_MOST_NAMED]), clock.day_of(asked.now))
    return [_following(sent) for sent in found if sent.waiting]


def _confirmation(received: Received) -> Duty:
    entry, request = received.entry, received.request
    is_reply = request is not None and request.asks == Asks.REPLY
    return Duty(
        title=f"{'Trả lời thư mời' if is_reply else 'Xác nhận đã đọc'}: {entry.title}",
        text=f"{entry.unit.display_short} gửi ngày {clock.day_of(entry.published_at):%d/%m/%Y}.",
        button="Trả lời" if is_reply else "Đọc và xác nhận",
        url_name="console:inbox-item",
        url_args=(entry.content_id,),
        why=_WHY,
        due_at=request.due_at if request is not None else None,
        minutes=2,
    )


def _following(sent: Sent) -> Duty:
    is_reply = sent.request is not None and sent.request.asks == Asks.REPLY
    did = "trả lời" if is_reply else "xác nhận"
    return Duty(
        title=f"{sent.waiting} đơn vị chưa {did}: {sent.entry.title}",
        text=f"Đã có {sent.confirmed}/{sent.addressed} đơn vị {did}.",
        button="Xem các đơn vị",
        url_name="console:outbox-board",
        url_args=(sent.entry.content_id,),
        due_at=sent.request.due_at if sent.request is not None else None,
    )
