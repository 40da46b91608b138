"""Addresses of the central host: the directory of all portals."""

from django.urls import path

from congtruong.portal.views.directory import front_door

urlpatterns = [path("", front_door, name="front-door")]
handler404 = "congtruong.portal.views.errors.not_found"
handler500 = "congtruong.portal.views.errors.server_error"
