"""Staff pages of the central host: the person's units, and the operator's work."""

from django.urls import path

from congtruong.console.views import operator, today

app_name = "console"
urlpatterns = [
    path("", today.today, name="today"),
    path("chua-xac-dinh/", operator.unplaced, name="unplaced"),
    path("chua-xac-dinh/ghi/", operator.place, name="place"),
]
