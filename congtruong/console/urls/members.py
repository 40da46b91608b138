from django.urls import path

from congtruong.console.views import members

urlpatterns = [
    path("thanh-vien/", members.members, name="members"),
    path("thanh-vien/them/", members.add, name="member-add"),
    path("thanh-vien/moi/", members.invite_person, name="member-invite"),
    path("thanh-vien/loi-moi/<int:invitation_id>/huy/", members.revoke, name="invitation-revoke"),
    path("thanh-vien/<int:user_id>/", members.member, name="member"),
    path("thanh-vien/<int:user_id>/bo/", members.remove, name="member-remove"),
    path("thanh-vien/<int:user_id>/mat-khau/", members.password, name="member-password"),
    path("loi-moi/<str:secret>/", members.invitation, name="invitation"),
]
