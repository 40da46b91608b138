"""Staff pages of one unit, below /quan-tri/ on its own host and below /tai/<host>/quan-tri/ on the central one."""

from django.urls import path

from congtruong.console.urls import media, posts, site, transfer, visits
from congtruong.console.views import today

app_name = "console"
urlpatterns = [
    path("", today.today, name="today"),
    path("them/", today.more, name="more"),
    *media.urlpatterns,
    *posts.urlpatterns,
    *site.urlpatterns,
    *transfer.urlpatterns,
    *visits.urlpatterns,
]
