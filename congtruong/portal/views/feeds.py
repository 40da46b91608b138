"""Pages for people about feeds: what there is to follow, and how another site shows it."""

from dataclasses import dataclass
from html import escape

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from congtruong.core.addresses import absolute
from congtruong.portal.views.page import authority_of, host_of, page
from congtruong.publication.enums import FEED_CHANNELS, Channel
from congtruong.units.enums import LEVEL_NAMES, LEVEL_WORDS

_ALL = "tat-ca"
_LEVELS = {_ALL: "Mọi cấp học"} | {code: LEVEL_NAMES[level] for code, level in LEVEL_WORDS.items()}
_CHANNELS = {_ALL: "Tất cả chuyên mục"} | {channel.value: channel.label for channel in FEED_CHANNELS}
# Endings of the addresses of `congtruong.syndication`; a test follows each of them.
_FORMS = (("RSS", "xml"), ("Atom", "atom"), ("JSON Feed", "json"))


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    url: str
    is_current: bool


@require_safe
def feeds_page(request: HttpRequest) -> HttpResponse:
    channels = [(label, f"/rss/{word}") for word, label in _CHANNELS.items()]
    return page(request, "portal/feeds.html", {"channels": channels}, title="Nhận tin qua RSS")


@require_safe
def guide_page(request: HttpRequest, level: str = _ALL, channel: str = _ALL) -> HttpResponse:
    """How a school whose site is hosted elsewhere shows the news of this authority and of those above it."""
    unit, host = authority_of(request), host_of(request)
    feed = absolute(host, f"/kenh/{level}/{channel}")
    what = "Tin" if channel == _ALL else Channel(channel).label
    return page(
        request,
        "portal/guide.html",
        {
            "levels": [Choice(label, f"/kenh/{word}/{channel}/", word == level) for word, label in _LEVELS.items()],
            "channels": [Choice(label, f"/kenh/{level}/{word}/", word == channel) for word, label in _CHANNELS.items()],
            "level": _LEVELS[level],
            "channel": _CHANNELS[channel],
            "block_url": absolute(host, f"/nhung/{level}/{channel}/"),
            # Part of the code that is copied, where a quotation mark would end the attribute.
            "frame_title": escape(f"{what} từ {unit.name}"),
            "forms": [(name, f"{feed}.{ending}") for name, ending in _FORMS],
            "hub_url": absolute(host, "/websub/"),
        },
        title="Lấy tin cho trang của trường",
        description=f"Cách đưa tin, thông báo, văn bản, thư mời của {unit.name} lên trang của trường.",
        canonical="" if request.path == "/kenh/" else absolute(host, "/kenh/"),
        section="/rss/",
    )
