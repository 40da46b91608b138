"""Addresses on the central host for other programs."""

from django.urls import re_path

from congtruong.feeds.views import hubs

app_name = "feeds"
urlpatterns = [re_path(r"^websub/nhan/(?P<token>[A-Za-z0-9_-]{20,64})/$", hubs.callback, name="hub-callback")]
