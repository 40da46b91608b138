from django.urls import path, re_path

from congtruong.syndication.rules.topics import LEVEL_BLOCK, LEVEL_FEED, OWN_FEED
from congtruong.syndication.views import blocks, feeds, hub

app_name = "syndication"
urlpatterns = [
    re_path(rf"^{OWN_FEED}$", feeds.own_feed, name="own-feed"),
    re_path(rf"^{LEVEL_FEED}$", feeds.level_feed, name="level-feed"),
    re_path(rf"^{LEVEL_BLOCK}$", blocks.block, name="block"),
    path("websub/", hub.ask_hub, name="hub"),
]
