"""What people have to do about the sources of their portal."""

from congtruong.core import clock
from congtruong.feeds.queries.health import alarms_of, count_failing_below
from congtruong.units.registry import Asked, Duty, duty_source
from congtruong.units.rules.duties import Act

_MOST_NAMED = 5


@duty_source
def feeds_in_trouble(asked: Asked) -> list[Duty]:
    """The unit's own feeds that wait for a person; one query."""
    if Act.SOURCES not in asked.acts:
        return []
    alarms = alarms_of(asked.unit, now=asked.now)
    duties = [
        Duty(
            title=f"Nguồn “{feed.source.name}” – {feed.get_channel_display()}: {found.word.lower()}",
            text=f"{found.sentence} {found.advice}".rstrip(),
            button="Xem nguồn tin",
            url_name="console:feed",
            url_args=(feed.pk,),
            minutes=10,
            why="Tin của cơ quan cấp trên phải hiện đủ và kịp thời trên cổng (văn bản 2326/GDĐT-THCS).",
        )
        for feed, found in alarms[:_MOST_NAMED]
    ]
    if len(alarms) > _MOST_NAMED:
        duties.append(
            Duty(
                title=f"Và {len(alarms) - _MOST_NAMED} kênh tin khác cần xem",
                text="Các tin đã nhận vẫn hiện trên cổng; tin mới thì chưa.",
                button="Xem danh sách",
                url_name="console:sources",
                minutes=10,
            )
        )
    return duties


@duty_source
def feeds_below_in_trouble(asked: Asked) -> list[Duty]:
    """Feeds of the units below an authority that have been failing for days; three queries."""
    if Act.FOLLOW not in asked.acts or not asked.unit.is_authority:
        return []
    number, since = count_failing_below(asked.unit, now=asked.now, day=clock.day_of(asked.now))
    if not number or since is None:
        return []
    return [
        Duty(
            title=f"{number} nguồn tin của đơn vị trực thuộc không đọc được từ 3 ngày trở lên",
            text=f"Lâu nhất từ {clock.day_of(since):%d/%m/%Y}. Tin của các đơn vị này không về được trang tổng hợp.",
            button="Xem các nguồn",
            url_name="console:sources-below",
            minutes=5,
        )
    ]
