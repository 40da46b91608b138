"""Staff pages of one unit, below /quan-tri/ on its own host and below /tai/<host>/quan-tri/ on the central one."""

from django.urls import path

from congtruong.console.urls import delivery, items, media, posts, site, sources, transfer, visits
from congtruong.console.views import today

app_name = "console"
urlpatterns = [
    path("", today.today, name="today"),
    path("them/", today.more, name="more"),
    *delivery.urlpatterns,
    *items.urlpatterns,
    *media.urlpatterns,
    *posts.urlpatterns,
    *site.urlpatterns,
    *sources.urlpatterns,
    *transfer.urlpatterns,
    *visits.urlpatterns,
]
