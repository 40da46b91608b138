from django.urls import path

from congtruong.console.views import access, desk

app_name = "console"
urlpatterns = [
    path("", desk.today, name="today"),
    path("dang-nhap/", access.sign_in, name="sign-in"),
    path("dang-xuat/", access.sign_out, name="sign-out"),
    path("chua-xac-dinh/", desk.unplaced, name="unplaced"),
    path("chua-xac-dinh/ghi/", desk.place, name="place"),
]
