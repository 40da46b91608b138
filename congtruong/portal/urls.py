from django.urls import path, re_path, register_converter

from congtruong.portal.views import (
    channels,
    collections,
    directory,
    entries,
    feeds,
    fixed,
    home,
    machine,
    preview,
    register,
    search,
)


class _Word:
    """One of a few words, as it stands in the address."""

    regex = ""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class DatedChannel(_Word):
    """Channels shown as dated lists; Văn bản has its register."""

    regex = "tin-tuc|thong-bao|thu-moi"


class Scope(_Word):
    """Whose entries a list shows."""

    regex = "don-vi|cap-tren"


register_converter(DatedChannel, "dated")
register_converter(Scope, "scope")

app_name = "portal"
urlpatterns = [
    path("", home.home_page, name="home"),
    path("<dated:channel>/", channels.channel_page, name="channel"),
    path("<dated:channel>/trang/<int:number>/", channels.channel_page, name="channel-number"),
    path("<dated:channel>/nguon/<scope:scope>/", channels.channel_page, name="channel-scope"),
    path("<dated:channel>/nguon/<scope:scope>/trang/<int:number>/", channels.channel_page, name="channel-scope-number"),
    path("van-ban/", register.register_page, name="register"),
    re_path(
        r"^(?P<channel>tin-tuc|thong-bao|thu-moi|van-ban|gioi-thieu|hinh-anh|tai-nguyen|hoi-dap|lich-tuan|tkb)"
        r"/(?P<slug>[a-z0-9-]+)/$",
        entries.own_page,
        name="entry",
    ),
    re_path(r"^thu-moi/(?P<slug>[a-z0-9-]+)\.ics$", entries.calendar_file, name="calendar"),
    re_path(
        r"^(?P<channel>tin-tuc|thong-bao|thu-moi|van-ban)/muc/(?P<category>[a-z0-9-]+)/$",
        channels.category_page,
        name="category",
    ),
    re_path(
        r"^(?P<channel>tin-tuc|thong-bao|thu-moi|van-ban)/muc/(?P<category>[a-z0-9-]+)/trang/(?P<number>[0-9]{1,6})/$",
        channels.category_page,
        name="category-number",
    ),
    re_path(r"^xem-thu/(?P<token>[A-Za-z0-9_-]{20,64})/$", preview.preview_page, name="preview"),
    re_path(
        r"^xem-thu/(?P<token>[A-Za-z0-9_-]{20,64})/tep/(?P<key>[A-Za-z0-9_-]{1,64})/(?P<name>[^/]{1,200})$",
        preview.preview_file,
        name="preview-file",
    ),
    path("hinh-anh/", collections.albums_page, name="albums"),
    path("hinh-anh/trang/<int:number>/", collections.albums_page, name="albums-number"),
    path("tai-nguyen/", collections.resources_page, name="resources"),
    path("hoi-dap/", collections.questions_page, name="questions"),
    path("lich-tuan/", collections.week_page, name="week"),
    path("tkb/", collections.timetables_page, name="timetables"),
    path("nguon/<int:entry_id>/<slug:slug>/", entries.source_page, name="source-entry"),
    re_path(
        r"^nguon/(?P<entry_id>[0-9]{1,18})/(?P<slug>[a-z0-9-]+)\.ics$",
        entries.source_calendar_file,
        name="source-calendar",
    ),
    path("gioi-thieu/", fixed.about_page, name="about"),
    path("lien-he/", fixed.contact_page, name="contact"),
    path("so-do-trang/", fixed.site_map_page, name="site-map"),
    path("tim-kiem/", search.search_page, name="search"),
    path("don-vi/", directory.units_page, name="units"),
    path("tin-don-vi/", directory.news_below_page, name="news-below"),
    path("tin-don-vi/trang/<int:number>/", directory.news_below_page, name="news-below-number"),
    path("rss/", feeds.feeds_page, name="feeds"),
    path("kenh/", feeds.guide_page, name="guide"),
    re_path(
        r"^kenh/(?P<level>tat-ca|mam-non|tieu-hoc|thcs|thpt|gdtx)"
        r"/(?P<channel>tat-ca|tin-tuc|thong-bao|thu-moi|van-ban)/$",
        feeds.guide_page,
        name="guide-of",
    ),
    path("sitemap.xml", machine.sitemap, name="sitemap"),
    path("robots.txt", machine.robots, name="robots"),
    path("tep/<str:key>/<str:name>", machine.file, name="file"),
]
