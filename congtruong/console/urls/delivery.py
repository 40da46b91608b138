"""What comes from above, and what goes to the units below."""

from django.urls import path, re_path

from congtruong.console.views import inbox, outbox, recipients

urlpatterns = [
    path("tu-cap-tren/", inbox.index, name="inbox"),
    path("tu-cap-tren/tai-ve/<str:key>/<str:name>", inbox.file, name="inbox-file"),
    path("tu-cap-tren/<int:entry_id>/", inbox.item, name="inbox-item"),
    path("tu-cap-tren/<int:entry_id>/xac-nhan/", inbox.confirm_read, name="inbox-confirm"),
    path("tu-cap-tren/<int:entry_id>/tra-loi/", inbox.answer, name="inbox-answer"),
    path("tu-cap-tren/<int:entry_id>/ghim/", inbox.pin, name="inbox-pin"),
    path("tu-cap-tren/<int:entry_id>/an/", inbox.hide, name="inbox-hide"),
    path("tu-cap-tren/<int:entry_id>/nhu-da-gui/", inbox.show_as_sent, name="inbox-as-sent"),
    path("tu-cap-tren/<int:entry_id>/tai-ve/lich/", inbox.calendar, name="inbox-calendar"),
    path("da-gui/", outbox.index, name="outbox"),
    path("da-gui/<int:entry_id>/", outbox.board_page, name="outbox-board"),
    re_path(r"^da-gui/(?P<entry_id>[0-9]{1,18})/tai-ve/(?P<form>csv|xlsx)/$", outbox.export, name="outbox-export"),
    path("da-gui/<int:entry_id>/yeu-cau/", outbox.ask_units, name="outbox-ask"),
    path("da-gui/<int:entry_id>/thoi-yeu-cau/", outbox.stop, name="outbox-stop"),
    path("bai-viet/noi-nhan/", recipients.find, name="post-recipients"),
    path("bai-viet/<int:post_id>/noi-nhan/", recipients.find_here, name="post-recipients-here"),
]
