"""What came from above, and what went to the units below, in words."""

from dataclasses import dataclass
from datetime import datetime

from congtruong.console.blocks.duties import when_due
from congtruong.core.templatetags.vi import vn_date, vn_number, vn_time
from congtruong.delivery.enums import Answer, Asks
from congtruong.delivery.models import Request
from congtruong.delivery.queries import Received, Row, Sent
from congtruong.publication.enums import Channel, ChoiceAct
from congtruong.units.enums import Kind
from congtruong.units.models import Unit

# The bar is drawn in thousandths of its width.
_WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as icon, word and tone."""

    tone: str
    icon: str
    word: str


def place_of(unit: Unit) -> str:
    """What a unit is called in a sentence about itself."""
    return "đơn vị" if unit.is_authority or unit.kind == Kind.CENTRE else "trường"


def deadline(due_at: datetime | None) -> str:
    """`27/11/2026` for the end of a day, `17:00, 27/11/2026` for a moment within."""
    written = vn_time(due_at)
    return vn_date(due_at) if written.startswith("23:59") else written


@dataclass(frozen=True, slots=True)
class InboxRow:
    """Something from above, as its list and its page show it."""

    received: Received
    badge: Badge
    due: str
    is_late: bool

    @property
    def channel(self) -> str:
        return Channel(self.received.entry.channel).label

    @property
    def is_pinned(self) -> bool:
        return self.received.choice is not None and self.received.choice.act == ChoiceAct.PIN

    @property
    def is_hidden(self) -> bool:
        return self.received.choice is not None and self.received.choice.act == ChoiceAct.HIDE

    @property
    def by_whom(self) -> str:
        """Who answered for the unit, and when."""
        receipt = self.received.receipt
        if receipt is None or not self.received.is_confirmed:
            return ""
        return f"{receipt.answered_by or receipt.confirmed_by}, {vn_time(receipt.answered_at or receipt.confirmed_at)}"

    @property
    def answer(self) -> str:
        return answer_words(self.received.receipt.answer, self.received.receipt.people) if self.received.receipt else ""


def inbox_row(received: Received, now: datetime) -> InboxRow:
    return InboxRow(received, _inbox_badge(received, now), due_of(received.request), received.is_overdue(now))


def answer_words(answer: str, people: int | None) -> str:
    """`Có mặt · 3 người`."""
    if answer == Answer.YES:
        return f"Có mặt · {people} người" if people else "Có mặt"
    return "Không dự được" if answer == Answer.NO else ""


def _inbox_badge(received: Received, now: datetime) -> Badge:
    request, receipt = received.request, received.receipt
    if received.needs and request is not None:
        what = "Cần trả lời" if request.asks == Asks.REPLY else "Cần xác nhận"
        tone, icon, when = when_due(request.due_at, now)
        return Badge(tone, icon, f"{what} · {when.lower()}" if request.due_at else what)
    if receipt is not None and receipt.answer:
        said = answer_words(receipt.answer, receipt.people)
        return Badge("ok", "check", said) if receipt.answer == Answer.YES else Badge("none", "x", said)
    if received.is_confirmed:
        return Badge("ok", "check", "Đã xác nhận")
    return Badge("none", "eye", "Đã đọc") if received.is_seen else Badge("info", "mail", "Chưa đọc")


def due_of(request: Request | None) -> str:
    """`Hạn: 27/11/2026.`, empty where there is none."""
    return f"Hạn: {deadline(request.due_at)}." if request is not None and request.due_at else ""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar; the last one, of those who did nothing yet, is the ground of the bar."""

    tone: str
    label: str
    number: int
    x: int = 0
    width: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the units did what was asked, in words and as a bar."""

    words: str
    parts: list[Part]
    legend: list[Part]

    @property
    def spoken(self) -> str:
        return "; ".join(f"{part.label}: {vn_number(part.number)}" for part in self.legend)


def progress_of(sent: Sent) -> Progress | None:
    """None where nothing was asked."""
    if sent.request is None:
        return None
    if sent.request.asks == Asks.REPLY:
        words = f"{vn_number(sent.confirmed)}/{vn_number(sent.addressed)} đơn vị đã trả lời"
        done = [Part("ok", "Có mặt", sent.yes), Part("no", "Không dự được", sent.no)]
        left = Part("none", "Chưa trả lời", sent.waiting)
    else:
        words = f"{vn_number(sent.confirmed)}/{vn_number(sent.addressed)} đơn vị đã xác nhận"
        done = [Part("ok", "Đã xác nhận", sent.confirmed)]
        left = Part("none", "Chưa xác nhận", sent.waiting)
    placed, x = [], 0
    for part in done:
        width = round(_WHOLE * part.number / sent.addressed) if sent.addressed else 0
        placed.append(Part(part.tone, part.label, part.number, x, width))
        x += width
    return Progress(words, placed, [*done, left])


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Something that went to the units below, as the list shows it."""

    sent: Sent
    progress: Progress | None
    badge: Badge | None

    @property
    def channel(self) -> str:
        return Channel(self.sent.entry.channel).label


def outbox_row(sent: Sent, now: datetime) -> OutboxRow:
    return OutboxRow(sent, progress_of(sent), sent_badge(sent, now))


def sent_badge(sent: Sent, now: datetime) -> Badge | None:
    """By when the units are to do what was asked, or that all of them did."""
    if sent.request is None:
        return None
    if sent.addressed and not sent.waiting:
        return Badge("ok", "check", "Đã đủ")
    return Badge(*when_due(sent.request.due_at, now)) if sent.request.due_at else None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One unit on the board of something that was sent."""

    row: Row
    badge: Badge
    ward: str
    # Who answered for the unit, and when.
    who: str
    answer: str


def board_row(row: Row, request: Request | None, now: datetime, *, has_portal: bool) -> BoardRow:
    who = f"{row.confirmed_by}, {vn_time(row.confirmed_at)}" if row.confirmed_at else ""
    ward = f"Phường {row.unit.ward.name}" if row.unit.ward else ""
    said = answer_words(row.answer, row.people)
    return BoardRow(row, _board_badge(row, request, now, has_portal=has_portal), ward, who, said)


def _board_badge(row: Row, request: Request | None, now: datetime, *, has_portal: bool) -> Badge:
    if row.is_confirmed:
        return Badge("ok", "check", "Đã trả lời" if row.answer else "Đã xác nhận")
    if not has_portal and not row.seen_at:
        return Badge("none", "info", "Chưa có tài khoản")
    if request is not None and request.due_at is not None and request.due_at < now:
        return Badge("bad", "alert", "Quá hạn")
    if request is not None:
        return Badge("warn", "clock", "Chưa trả lời" if request.asks == Asks.REPLY else "Chưa xác nhận")
    return Badge("none", "eye", "Đã mở xem") if row.seen_at else Badge("none", "mail", "Chưa mở xem")
