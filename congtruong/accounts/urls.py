"""Signing in and one's own account, below /quan-tri/tai-khoan/ on every host.

The names are allauth's, because its code asks for them; only the pages in use are listed.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.usersessions import views as sessions
from django.urls import URLPattern, path, re_path

from congtruong.accounts.views import outside, own
from congtruong.accounts.views.page import View, entrance, personal, without_replay

READ, FORM = ("GET",), ("GET", "POST")


def for_all(route: str, view: View, name: str, methods: tuple[str, ...] = FORM) -> URLPattern:
    """Open to who is not signed in; a route that begins with ^ is a pattern."""
    make = re_path if route.startswith("^") else path
    return make(route, entrance(view, methods), name=name)


def mine(route: str, view: View, name: str, methods: tuple[str, ...] = FORM) -> URLPattern:
    """About the person who is signed in."""
    return path(route, personal(view, methods), name=name)


urlpatterns = [
    for_all("dang-nhap/", account.login, "account_login"),
    for_all("dang-xuat/", account.logout, "account_logout"),
    for_all("ngung-dung/", account.account_inactive, "account_inactive", READ),
    for_all("khoa-truy-cap/dang-nhap/", own.login_with_key, "mfa_login_webauthn"),
    for_all("xac-thuc-hai-lop/", mfa.authenticate, "mfa_authenticate"),
    for_all("mat-khau/quen/", account.password_reset, "account_reset_password"),
    for_all("mat-khau/quen/da-gui/", account.password_reset_done, "account_reset_password_done", READ),
    for_all(
        r"^mat-khau/dat-lai/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        "account_reset_password_from_key",
    ),
    for_all(
        "mat-khau/da-dat-lai/",
        account.password_reset_from_key_done,
        "account_reset_password_from_key_done",
        READ,
    ),
    for_all(r"^thu-dien-tu/(?P<key>[-:\w]+)/$", account.confirm_email, "account_confirm_email"),
    for_all("lien-thong/", outside.where_set(social.connections), "socialaccount_connections"),
    for_all("lien-thong/da-dung/", outside.where_set(social.login_cancelled), "socialaccount_login_cancelled", READ),
    for_all("lien-thong/<str:provider_id>/", outside.begin, "openid_connect_login"),
    for_all("lien-thong/<str:provider_id>/tra-loi/", outside.answer, "openid_connect_callback", READ),
    mine("bao-mat/", mfa.index, "mfa_index", READ),
    mine("xac-nhan/", without_replay(account.reauthenticate), "account_reauthenticate"),
    mine("xac-thuc-hai-lop/lai/", without_replay(mfa.reauthenticate), "mfa_reauthenticate"),
    mine("thu-dien-tu/", account.email, "account_email"),
    mine("mat-khau/dat-lan-dau/", own.first_password, "account_first_password"),
    mine("mat-khau/doi/", account.password_change, "account_change_password"),
    mine("mat-khau/dat/", account.password_set, "account_set_password"),
    mine("ung-dung-xac-thuc/bat/", totp.activate_totp, "mfa_activate_totp"),
    mine("ung-dung-xac-thuc/tat/", totp.deactivate_totp, "mfa_deactivate_totp"),
    mine("ma-khoi-phuc/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes", READ),
    mine("ma-khoi-phuc/tao/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    mine("ma-khoi-phuc/tai-ve/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes", READ),
    mine("khoa-truy-cap/", webauthn.list_webauthn, "mfa_list_webauthn", READ),
    mine("khoa-truy-cap/them/", webauthn.add_webauthn, "mfa_add_webauthn"),
    mine("khoa-truy-cap/xac-nhan/", without_replay(webauthn.reauthenticate_webauthn), "mfa_reauthenticate_webauthn"),
    mine("khoa-truy-cap/<int:pk>/bo/", webauthn.remove_webauthn, "mfa_remove_webauthn"),
    mine("khoa-truy-cap/<int:pk>/doi-ten/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
    mine("phien/", sessions.list_usersessions, "usersessions_list"),
]
