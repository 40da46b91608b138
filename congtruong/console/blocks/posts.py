"""Articles as lists and the editor show them to staff."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from django.urls import get_script_prefix

from congtruong.core import clock
from congtruong.core.templatetags.vi import vn_date, vn_time, year_label
from congtruong.delivery.enums import Asks
from congtruong.editorial.enums import RelationKind, SigningAuthority, State
from congtruong.editorial.models import Category, Post
from congtruong.editorial.pipeline.body import CONSOLE_FILES
from congtruong.editorial.rules import may_edit, may_take
from congtruong.editorial.services import Content
from congtruong.media.models import Asset
from congtruong.publication.enums import Channel
from congtruong.units.enums import Level
from congtruong.units.rules.duties import Act

_LOOKS: dict[State, tuple[str, str]] = {
    State.DRAFT: ("none", "edit"),
    State.SUBMITTED: ("info", "clock"),
    State.RETURNED: ("warn", "undo"),
    State.APPROVED: ("info", "check"),
    State.SCHEDULED: ("info", "cal"),
    State.PUBLISHED: ("ok", "check"),
    State.WITHDRAWN: ("none", "x"),
    State.EXPIRED: ("none", "clock"),
    State.ARCHIVED: ("none", "stack"),
}
# Channels a new article is most often for, and what the big button says below its name.
FIRST_CHANNELS: tuple[tuple[Channel, str, str], ...] = (
    (Channel.NEWS, "news", "Hoạt động của đơn vị, có ảnh"),
    (Channel.NOTICE, "bell", "Điều phụ huynh, học sinh cần biết"),
    (Channel.DOCUMENT, "file", "Kế hoạch, công văn, quyết định kèm tệp gốc"),
    (Channel.INVITATION, "mail", "Có ngày, giờ và địa điểm"),
    (Channel.PAGE, "note", "Trang cố định: lịch sử, đội ngũ, cơ sở vật chất"),
)
OTHER_CHANNELS: tuple[tuple[Channel, str, str], ...] = (
    (Channel.ALBUM, "image", "Bộ ảnh hoặc video"),
    (Channel.RESOURCE, "stack", "Tài liệu để tải về"),
    (Channel.QUESTION, "chat", "Một câu hỏi và câu trả lời"),
    (Channel.WEEK, "cal", "Lịch làm việc của tuần"),
    (Channel.TIMETABLE, "table", "Thời khóa biểu của các lớp"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """A state as icon, word and tone."""

    tone: str
    icon: str
    word: str


def look(state: State) -> Look:
    tone, icon = _LOOKS[state]
    return Look(tone, icon, state.label)


@dataclass(frozen=True, slots=True)
class Row:
    """One article of a list."""

    post: Post
    look: Look
    channel: str
    shows_old: bool


def rows(posts: list[Post]) -> list[Row]:
    return [
        Row(
            post,
            look(State(post.state)),
            Channel(post.channel).label,
            post.live_id is not None and post.state != State.PUBLISHED,
        )
        for post in posts
    ]


@dataclass(frozen=True, slots=True)
class Steps:
    """What this person may do with an article now."""

    edit: bool
    submit: bool
    recall: bool
    send_back: bool
    approve: bool
    withdraw: bool
    archive: bool
    reopen: bool
    discard: bool
    pin: bool
    move: bool


def steps(post: Post, acts: Set[Act]) -> Steps:
    state, approves = State(post.state), Act.APPROVE in acts
    may = may_edit(state, acts)
    is_live = post.live_id is not None
    # A finished article is a draft again as soon as something in it is changed.
    is_finished = state == State.PUBLISHED
    return Steps(
        edit=may,
        submit=may_take("submit", state, acts) or (is_finished and may),
        recall=may_take("recall", state, acts),
        send_back=may_take("return", state, acts),
        approve=may_take("approve", state, acts) or (is_finished and approves),
        withdraw=approves and is_live,
        archive=may_take("archive", state, acts) and not is_live,
        reopen=may_take("reopen", state, acts),
        discard=is_live and may and not is_finished,
        pin=approves and is_live,
        move=approves and state != State.ARCHIVED,
    )


def console_files() -> str:
    """Where this console serves files, below the address it is mounted at."""
    return get_script_prefix().rstrip("/") + CONSOLE_FILES


def for_staff(html: str, assets: dict[int, Asset]) -> str:
    """A public text whose files are read through the console, where they answer before they are public."""
    for asset in assets.values():
        html = html.replace(f"/tep/{asset.key}/", f"{console_files()}{asset.key}/")
    return html


FACTS = {
    "title": "Tiêu đề",
    "summary": "Tóm tắt",
    "category": "Mục",
    "cover": "Ảnh bìa",
    "cover_caption": "Chú thích ảnh bìa",
    "files": "Tệp đính kèm",
    "author": "Người viết",
    "source": "Nguồn",
    "school_year": "Năm học",
    "starts_at": "Thời gian",
    "place": "Địa điểm",
    "publish_at": "Hẹn đăng lúc",
    "expires_at": "Tự gỡ lúc",
    "ticks": "Đánh dấu",
    "levels": "Dành cho cấp học",
    "targets": "Gửi đến",
    "asks": "Đơn vị cần làm",
    "symbol": "Số, ký hiệu",
    "issuer": "Cơ quan ban hành",
    "days": "Ngày ban hành, có hiệu lực, hết hiệu lực",
    "signer": "Người ký",
    "recipients": "Nơi nhận",
    "relations": "Quan hệ với văn bản khác",
}


def facts(content: Content, assets: dict[int, Asset], categories: dict[int, Category]) -> dict[str, str | list[str]]:
    """A version in words, field by field, for comparing two."""
    made: dict[str, str | list[str]] = {
        "title": content.title,
        "summary": content.summary,
        "category": _named(categories.get(content.category_id or 0)),
        "cover": _named(assets.get(content.cover_id or 0)),
        "cover_caption": content.cover_caption,
        "files": [label or _named(assets.get(pk)) for pk, label in content.files],
        "author": content.author,
        "source": " ".join(filter(None, [content.source_name, content.source_url])),
        "school_year": year_label(content.school_year) if content.school_year else "",
        "starts_at": vn_time(content.starts_at),
        "place": content.place,
        "publish_at": vn_time(content.publish_at),
        "expires_at": vn_time(content.expires_at),
        "ticks": [
            word
            for word, is_set in (("Ghim", content.is_pinned), ("Có hình học sinh", content.shows_children))
            if is_set
        ],
    }
    made |= {
        "levels": Level(content.levels).label,
        "targets": f"{len(content.targets)} nơi được chọn" if content.targets else "",
        "asks": " · hạn ".join(filter(None, [Asks(content.asks).label, vn_time(content.asks_due_at)]))
        if content.asks
        else "",
    }
    register = content.register
    if register is not None:
        days = [vn_date(day) for day in (register.issued_on, register.effective_on, register.expires_on)]
        authority = SigningAuthority(register.signing_authority).value
        made |= {
            "symbol": register.symbol,
            "issuer": register.issuer,
            "days": " – ".join(day or "…" for day in days) if any(days) else "",
            "signer": " ".join(filter(None, [authority, register.signer, register.signer_title])),
            "recipients": list(register.recipients),
            "relations": [f"{RelationKind(row['kind']).label}: {row['symbol']}" for row in register.relations],
        }
    return made


def reading_minutes(words: int) -> int:
    """Whole minutes, at two hundred words each."""
    return max(1, round(words / 200))


def when(post: Post) -> str:
    """What the message after approving says."""
    moment: datetime | None = post.publish_at
    return f"{moment.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}" if moment else ""


def _named(row: Asset | Category | None) -> str:
    return row.name if row is not None else ""
