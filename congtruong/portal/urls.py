from django.urls import path, re_path, register_converter

from congtruong.portal.views import channels, directory, entries, fixed, home, machine, register, search


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
        r"^(?P<channel>tin-tuc|thong-bao|thu-moi|van-ban|gioi-thieu)/(?P<slug>[a-z0-9-]+)/$",
        entries.own_page,
        name="entry",
    ),
    path("nguon/<int:entry_id>/<slug:slug>/", entries.source_page, name="source-entry"),
    path("gioi-thieu/", fixed.about_page, name="about"),
    path("lien-he/", fixed.contact_page, name="contact"),
    path("so-do-trang/", fixed.site_map_page, name="site-map"),
    path("tim-kiem/", search.search_page, name="search"),
    path("don-vi/", directory.units_page, name="units"),
    path("tin-don-vi/", directory.news_below_page, name="news-below"),
    path("tin-don-vi/trang/<int:number>/", directory.news_below_page, name="news-below-number"),
    path("rss/", fixed.feeds_page, name="feeds"),
    re_path(r"^rss/(?P<channel>tin-tuc|thong-bao|thu-moi|van-ban|tat-ca)\.xml$", machine.rss, name="rss"),
    path("sitemap.xml", machine.sitemap, name="sitemap"),
    path("robots.txt", machine.robots, name="robots"),
    path("tep/<str:key>/<str:name>", machine.file, name="file"),
]
