"""Addresses of a unit's own host. The central host has its own: `central_urls`."""

from django.urls import include, path

urlpatterns = [
    path("", include("congtruong.portal.urls")),
    path("", include("congtruong.visits.urls")),
    path("", include("congtruong.syndication.urls")),
    path("quan-tri/tai-khoan/", include("congtruong.accounts.urls")),
    path("quan-tri/", include("congtruong.console.urls")),
]
handler400 = "congtruong.portal.views.errors.bad_request"
handler403 = "congtruong.portal.views.errors.bad_request"
handler404 = "congtruong.portal.views.errors.not_found"
handler500 = "congtruong.portal.views.errors.server_error"
