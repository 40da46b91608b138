"""How a feed is doing, in a word, a sentence and what to do about it; pure.

One state is shown at a time, the one a person has to know first. Only some of them need a person: those are alarms.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise

from congtruong.core import clock
from congtruong.feeds.rules.hosts import host_of

# What the Sở publishes is missed on every portal at once; one school's server may be off over a weekend.
AUTHORITY_FAILURES = 3
SCHOOL_FAILING = timedelta(days=3)
# Longer than the holidays around Tết: offices close for at most 9 days, schools for at most 16.
_AUTHORITY_SILENCE, _SCHOOL_SILENCE = timedelta(days=10), timedelta(days=21)
_TIMES_USUAL = 3
_LEAST_GAPS = 4
# Nobody expects anything of a source that publishes a few times a year.
_MOST_USUAL = timedelta(days=45)
_SUMMER, _SCHOOL_AGAIN = (6, 1), (9, 5)
# A person who kept an old address is asked again only then.
ASKED_AGAIN = timedelta(days=180)


class State(Enum):
    """States of a feed, the first that holds is shown."""

    PAUSED = "tam_dung"
    MOVING = "chuyen_dia_chi"
    GONE = "da_ngung"
    EMPTIED = "trong"
    FAILING = "loi"
    STUMBLING = "loi_tam"
    NEVER = "chua_doc"
    OUR_LINE = "duong_truyen"
    QUIET = "im_lang"
    HUB_MISSED = "hub_bo_sot"
    GOOD = "tot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a feed; `move_waits` when a lasting redirect must be confirmed by a person."""

    is_authority: bool
    is_paused: bool = False
    failures: int = 0
    failing_since: datetime | None = None
    error_code: str = ""
    error_message: str = ""
    last_success_at: datetime | None = None
    expected_by: datetime | None = None
    last_change_at: datetime | None = None
    move_waits: bool = False
    moving_to: str = ""
    moving_since: datetime | None = None
    hub_distrusted: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """`tone` is a state of tokens.css. An alarm began at `since`: each is told once."""

    state: State
    tone: str
    icon: str
    word: str
    sentence: str
    advice: str = ""
    is_alarm: bool = False
    since: datetime | None = None


def health(facts: Facts, *, now: datetime) -> Health:
    """How the feed is doing now."""
    if facts.is_paused:
        return Health(
            State.PAUSED,
            "none",
            "half",
            "Tạm dừng",
            "Hệ thống không đọc kênh này. Các tin đã nhận vẫn hiện trên cổng.",
            "Bấm “Đọc tiếp” khi muốn nhận tin trở lại.",
        )
    if facts.move_waits:
        return Health(
            State.MOVING,
            "warn",
            "swap",
            "Đã chuyển địa chỉ",
            f"Nguồn báo đã chuyển hẳn sang {host_of(facts.moving_to)}. "
            "Tên miền khác tên miền cũ nên hệ thống không tự đổi.",
            "Kiểm tra địa chỉ mới có đúng của cơ quan đó không, rồi chọn một trong hai nút.",
            is_alarm=True,
            since=facts.moving_since,
        )
    if facts.failures:
        return _failing(facts, now)
    return _reading(facts, now)


def is_failing_long(facts: Facts, *, now: datetime) -> bool:
    """Three failures in a row of an authority's feed; three days of a school's."""
    if facts.is_authority:
        return facts.failures >= AUTHORITY_FAILURES
    return facts.failures > 0 and facts.failing_since is not None and now - facts.failing_since >= SCHOOL_FAILING


def _failing(facts: Facts, now: datetime) -> Health:
    # The sentences of fetching and parsing say what to do as well.
    sentence = facts.error_message or "Không đọc được kênh tin này."
    is_long = is_failing_long(facts, now=now)
    since = facts.failing_since
    if facts.error_code == "gone":
        return Health(State.GONE, "bad", "x", "Nguồn đã ngừng kênh", sentence, is_alarm=True, since=since)
    if facts.error_code == "emptied":
        word = "Trống bất thường"
        return Health(State.EMPTIED, "bad", "alert", word, sentence, is_alarm=is_long, since=since)
    if is_long:
        word = f"Lỗi {facts.failures} lần liên tiếp"
        return Health(State.FAILING, "bad", "alert", word, sentence, is_alarm=True, since=since)
    return Health(
        State.STUMBLING,
        "warn",
        "clock",
        "Lỗi tạm thời",
        sentence,
        "Chưa cần làm gì: hệ thống đang tự đọc lại và sẽ báo nếu lỗi kéo dài.",
    )


def _reading(facts: Facts, now: datetime) -> Health:
    if facts.error_code == "own_network":
        return Health(State.OUR_LINE, "info", "info", "Chờ đường truyền", facts.error_message)
    if facts.last_success_at is None:
        return Health(
            State.NEVER, "info", "clock", "Chưa đọc lần nào", "Kênh đang chờ đến lượt, thường không quá vài phút."
        )
    if facts.expected_by is not None and facts.expected_by < now:
        last = f" Tin gần nhất ngày {_day(facts.last_change_at)}." if facts.last_change_at else ""
        return Health(
            State.QUIET,
            "warn",
            "bell",
            "Im lặng bất thường",
            "Nguồn vẫn đọc được nhưng đã lâu không có tin mới, khác với thường lệ." + last,
            "Mở trang nguồn: nếu ở đó có tin mới, có thể nguồn đã đổi kênh RSS. Hãy tìm địa chỉ mới.",
            is_alarm=True,
            since=facts.expected_by,
        )
    if facts.hub_distrusted:
        return Health(
            State.HUB_MISSED,
            "info",
            "info",
            "Báo tin tức thời bị sót",
            "Dịch vụ báo tin tức thời của nguồn đã bỏ sót tin, nên hệ thống tự đọc đều như các kênh khác.",
            "Không cần làm gì.",
        )
    return Health(State.GOOD, "ok", "check", "Đang tốt", "Kênh được đọc đều.")


def is_new_alarm(health: Health, *, alerted_at: datetime | None) -> bool:
    """Whether nobody was told yet of what began at `health.since`."""
    if not health.is_alarm:
        return False
    return alerted_at is None or (health.since is not None and alerted_at < health.since)


def expected_by(moments: Iterable[datetime], *, is_authority: bool) -> datetime | None:
    """Until when a source that publishes regularly should have published again; None when no rhythm can be seen.

    From the days on which the last items appeared: three times the gap that nine in ten stay below, at least longer
    than the holidays around Tết. Days of a school's summer do not count.
    """
    known = list(moments)
    latest = max(known, default=None)
    days = sorted({clock.day_of(moment) for moment in known})
    gaps = sorted(later - sooner for sooner, later in pairwise(days))
    if latest is None or len(gaps) < _LEAST_GAPS:
        return None
    usual = gaps[min(len(gaps) * 9 // 10, len(gaps) - 1)]
    if usual > _MOST_USUAL:
        return None
    least = _AUTHORITY_SILENCE if is_authority else _SCHOOL_SILENCE
    until = latest + max(_TIMES_USUAL * usual, least)
    return until if is_authority else _after_summer(latest, until)


def _after_summer(since: datetime, until: datetime) -> datetime:
    """The days of the summer in between are not waited for."""
    local = since.astimezone(clock.VIETNAM)
    begins = local.replace(month=_SUMMER[0], day=_SUMMER[1], hour=0, minute=0, second=0, microsecond=0)
    ends = begins.replace(month=_SCHOOL_AGAIN[0], day=_SCHOOL_AGAIN[1])
    if local >= ends:
        begins, ends = begins.replace(year=begins.year + 1), ends.replace(year=ends.year + 1)
    if until < begins:
        return until
    return until + (ends - max(begins, local))


def _day(moment: datetime | None) -> str:
    return f"{clock.day_of(moment):%d/%m/%Y}" if moment else ""
