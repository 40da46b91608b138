from django.urls import path

from congtruong.console.views import media, uploads

urlpatterns = [
    path("thu-vien/", media.index, name="media"),
    path("thu-vien/tai-len/", uploads.upload, name="media-upload"),
    path("thu-vien/tai-len/phan/", uploads.chunk, name="media-chunk"),
    path("thu-vien/chon/", media.picker, name="media-picker"),
    path("thu-vien/mo-ta/", media.alts, name="media-alts"),
    path("thu-vien/cho-dong-y/", media.waiting, name="media-waiting"),
    path("thu-vien/<int:asset_id>/", media.item, name="media-item"),
    path("thu-vien/<int:asset_id>/dong-y/", media.consent, name="media-consent"),
    path("thu-vien/<int:asset_id>/xoa/", media.delete, name="media-delete"),
    path("tep/<str:key>/<str:name>", media.file, name="file"),
]
