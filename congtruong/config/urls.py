"""Addresses of a unit's own host. The central host has its own: `central_urls`."""

from django.urls import include, path

urlpatterns = [path("", include("congtruong.portal.urls"))]
handler400 = "congtruong.portal.views.errors.bad_request"
handler403 = "congtruong.portal.views.errors.bad_request"
handler404 = "congtruong.portal.views.errors.not_found"
handler500 = "congtruong.portal.views.errors.server_error"
