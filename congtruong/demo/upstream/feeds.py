"""The feeds of the demo site, each with the habits of the server it imitates."""

import html
from collections.abc import Sequence
from datetime import UTC, datetime

from congtruong.core import clock
from congtruong.demo.upstream.store import FEED_PATHS, NAME, Published

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TITLES = {"tin-tuc": "Tin tức", "thong-bao": "Thông báo", "van-ban": "Văn bản", "thu-moi": "Thư mời"}


def nukeviet(channel: str, items: Sequence[Published], base: str) -> str:
    """Blank lines before the declaration, titles escaped twice, guids in indented CDATA, minutes that are months."""
    entries = "".join(
        f"""
    <item>
        <title>{html.escape(html.escape(item.title))}</title>
        <link>{html.escape(base + item.path)}</link>
        <guid isPermaLink="false">
            <![CDATA[
                news_{item.number}
            ]]>
        </guid>
        <description><![CDATA[<p>{html.escape(item.summary)}</p>]]></description>
        <content:encoded><![CDATA[{_paragraphs(item)}]]></content:encoded>
        <pubDate>{_month_for_minute(item.instant)}</pubDate>
    </item>"""
        for item in items
    )
    return f"""

<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
    <title>{_TITLES[channel]} - {NAME}</title>
    <link>{base}/</link>
    <atom:link href="{base}{FEED_PATHS[channel]}" rel="self" type="application/rss+xml" />
    <description>{_TITLES[channel]} của {NAME}</description>
    <language>vi</language>{entries}
</channel>
</rss>
"""


def documents(items: Sequence[Published], base: str) -> str:
    """List fields as labelled divs, dates as a Vietnamese Windows writes them, no guid, Windows line ends."""
    entries = "".join(
        f"""<item>
<title>{html.escape(item.title)}</title>
<link>{html.escape(base + item.path)}</link>
<description>{html.escape(_fields(item))}</description>
<pubDate>{_windows_date(item.instant)}</pubDate>
</item>
"""
        for item in items
    )
    text = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0">
<channel>
<title>{_TITLES["van-ban"]} - {NAME}</title>
<link>{base}/</link>
<description>Văn bản của {NAME}</description>
<ttl>60</ttl>
{entries}</channel>
</rss>
"""
    return text.replace("\n", "\r\n")


def invitations(items: Sequence[Published], base: str) -> str:
    """WCF syndication on one line: Atom's `updated` under the prefix a10, and no pubDate."""
    entries = "".join(
        f'<item><guid isPermaLink="false">tm-{item.number}</guid><link>{html.escape(base + item.path)}</link>'
        f"<title>{html.escape(item.title)}</title><description>{html.escape(item.summary)}</description>"
        f"<a10:updated>{item.instant.astimezone(clock.VIETNAM).isoformat(timespec='seconds')}</a10:updated></item>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss xmlns:a10="http://www.w3.org/2005/Atom" version="2.0"><channel>'
        f"<title>{_TITLES['thu-moi']} - {NAME}</title><link>{base}/</link>"
        f"<description>Thư mời của {NAME}</description>{entries}</channel></rss>"
    )


def _paragraphs(item: Published) -> str:
    picture = f'<p><img src="/uploads/{item.photo}" alt="{html.escape(item.photo_alt)}" /></p>' if item.photo else ""
    return picture + "".join(f"<p>{html.escape(one)}</p>" for one in item.body)


def _fields(item: Published) -> str:
    day = item.instant.astimezone(clock.VIETNAM)
    fields = {"Số/Ký hiệu": item.symbol, "Loại văn bản": item.kind, "Ngày ban hành": f"{day:%d/%m/%Y}"}
    fields["Trích yếu"] = item.summary
    return "".join(f"<div><b>{label}:</b> {html.escape(value)}</div>" for label, value in fields.items() if value)


def _month_for_minute(instant: datetime) -> str:
    """The CMS formats hour, month, second: 08:05 in October becomes 08:10."""
    utc = instant.astimezone(UTC)
    day, month = _DAYS[utc.weekday()], _MONTHS[utc.month - 1]
    return f"{day}, {utc:%d} {month} {utc:%Y} {utc:%H}:{utc:%m}:{utc:%S} GMT"


def _windows_date(instant: datetime) -> str:
    local = instant.astimezone(clock.VIETNAM)
    half = "SA" if local.hour < 12 else "CH"
    return f"{local:%d/%m/%Y} {local.hour % 12 or 12}:{local:%M:%S} {half}"
