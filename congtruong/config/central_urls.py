"""Addresses of the central host: the directory of all portals and the staff pages."""

from django.urls import include, path

from congtruong.portal.views.directory import front_door

urlpatterns = [
    path("", front_door, name="front-door"),
    path("", include("congtruong.feeds.urls")),
    path("quan-tri/tai-khoan/", include("congtruong.accounts.urls")),
    path("quan-tri/", include("congtruong.console.urls.central")),
]
handler400 = "congtruong.portal.views.errors.bad_request"
handler403 = "congtruong.portal.views.errors.bad_request"
handler404 = "congtruong.portal.views.errors.not_found"
handler500 = "congtruong.portal.views.errors.server_error"
