from django.urls import path

from congtruong.console.views import feeds, sources

urlpatterns = [
    path("nguon-tin/", sources.index, name="sources"),
    path("nguon-tin/them/", sources.new, name="source-new"),
    path("nguon-tin/dung/", sources.use, name="source-use"),
    path("nguon-tin/truc-thuoc/", sources.below, name="sources-below"),
    path("nguon-tin/<int:source_id>/", sources.source, name="source"),
    path("nguon-tin/<int:source_id>/the-loai/", sources.routes, name="source-routes"),
    path("nguon-tin/<int:source_id>/bo/", sources.remove, name="source-remove"),
    path("nguon-tin/kenh/<int:feed_id>/", feeds.feed, name="feed"),
    path("nguon-tin/kenh/<int:feed_id>/sua/", feeds.change, name="feed-change"),
    path("nguon-tin/kenh/<int:feed_id>/doc-thu/", feeds.try_again, name="feed-try"),
    path("nguon-tin/kenh/<int:feed_id>/doc-ngay/", feeds.read, name="feed-read"),
    path("nguon-tin/kenh/<int:feed_id>/tam-dung/", feeds.pause, name="feed-pause"),
    path("nguon-tin/kenh/<int:feed_id>/doc-tiep/", feeds.resume, name="feed-resume"),
    path("nguon-tin/kenh/<int:feed_id>/dia-chi-moi/", feeds.move, name="feed-move"),
    path("nguon-tin/kenh/<int:feed_id>/giu-dia-chi/", feeds.stay, name="feed-stay"),
    path("nguon-tin/kenh/<int:feed_id>/bo/", feeds.remove, name="feed-remove"),
]
