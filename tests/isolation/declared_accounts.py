"""What holds of the pages of a person's own account; they know no unit.

Everybody in the crawl has given his password a moment ago, so that nothing is hidden behind asking for it again. Nobody
in it has a second factor: `{passkey}` is always somebody else's.
"""

from tests.isolation.pages import Page, Who
from tests.isolation.world import PEOPLE

_AT = "/quan-tri/tai-khoan/"
_SIGNED_IN = (*PEOPLE, "operator")
_SHOWN: dict[str, int] = {"GET": 200}
_FORM: dict[str, int] = {"GET": 200, "POST": 422}
_GONE: dict[str, int] = {"GET": 404, "POST": 404}
_LED_ON: dict[str, int] = {"GET": 302, "POST": 302}
_NO_ENTRY = {(role, method): 302 for role in _SIGNED_IN for method in ("GET", "POST")}


def _page(
    path: str,
    who: Who,
    answers: dict[str, int],
    body: dict[str, str] | None = None,
    but: dict[tuple[str, str], int] | None = None,
) -> Page:
    # Whether anybody has an address of mail is told to nobody: every one is taken the same way.
    refused = (302,) if body and "email" in body else (404, 422)
    return Page(path=_AT + path, who=who, answers=answers, body=body or {}, but=but or {}, refused=refused)


# The provider of outside accounts is not set in tests: its addresses do not exist.
ACCOUNTS: list[tuple[str, Page]] = [
    ("account_login", _page("dang-nhap/", Who.ANYBODY, _FORM, but=_NO_ENTRY)),
    (
        "account_logout",
        _page(
            "dang-xuat/",
            Who.ANYBODY,
            _SHOWN | {"POST": 302},
            but={("anonymous", "GET"): 302},
        ),
    ),
    ("account_inactive", _page("ngung-dung/", Who.ANYBODY, _SHOWN)),
    ("account_reauthenticate", _page("xac-nhan/", Who.PERSON, _FORM)),
    (
        "account_email",
        _page("thu-dien-tu/", Who.PERSON, _SHOWN | {"POST": 302}, {"email": "{email}", "action_remove": "1"}),
    ),
    ("account_confirm_email", _page("thu-dien-tu/MQ:abc/", Who.ANYBODY, _SHOWN | {"POST": 404})),
    ("account_first_password", _page("mat-khau/dat-lan-dau/", Who.PERSON, {"GET": 302, "POST": 302})),
    ("account_change_password", _page("mat-khau/doi/", Who.PERSON, _FORM)),
    ("account_set_password", _page("mat-khau/dat/", Who.PERSON, _LED_ON)),
    ("account_reset_password", _page("mat-khau/quen/", Who.ANYBODY, _FORM | {"POST": 302}, {"email": "{email}"})),
    ("account_reset_password_done", _page("mat-khau/quen/da-gui/", Who.ANYBODY, _SHOWN)),
    (
        "account_reset_password_from_key",
        _page("mat-khau/dat-lai/5-khong-co/", Who.ANYBODY, _FORM),
    ),
    ("account_reset_password_from_key_done", _page("mat-khau/da-dat-lai/", Who.ANYBODY, _SHOWN)),
    ("mfa_index", _page("bao-mat/", Who.PERSON, _SHOWN)),
    ("mfa_authenticate", _page("xac-thuc-hai-lop/", Who.ANYBODY, _LED_ON)),
    ("mfa_reauthenticate", _page("xac-thuc-hai-lop/lai/", Who.PERSON, _LED_ON)),
    ("mfa_activate_totp", _page("ung-dung-xac-thuc/bat/", Who.PERSON, _FORM)),
    ("mfa_deactivate_totp", _page("ung-dung-xac-thuc/tat/", Who.PERSON, _GONE)),
    ("mfa_view_recovery_codes", _page("ma-khoi-phuc/", Who.PERSON, {"GET": 404})),
    ("mfa_generate_recovery_codes", _page("ma-khoi-phuc/tao/", Who.PERSON, _FORM)),
    ("mfa_download_recovery_codes", _page("ma-khoi-phuc/tai-ve/", Who.PERSON, {"GET": 404})),
    ("mfa_list_webauthn", _page("khoa-truy-cap/", Who.PERSON, _SHOWN)),
    ("mfa_add_webauthn", _page("khoa-truy-cap/them/", Who.PERSON, _FORM)),
    (
        "mfa_login_webauthn",
        _page(
            "khoa-truy-cap/dang-nhap/",
            Who.ANYBODY,
            _LED_ON,
            but=_NO_ENTRY,
        ),
    ),
    ("mfa_reauthenticate_webauthn", _page("khoa-truy-cap/xac-nhan/", Who.PERSON, _LED_ON)),
    (
        "mfa_remove_webauthn",
        _page("khoa-truy-cap/{passkey}/bo/", Who.PERSON, _GONE),
    ),
    (
        "mfa_edit_webauthn",
        _page("khoa-truy-cap/{passkey}/doi-ten/", Who.PERSON, _GONE, {"name": "Khóa mới"}),
    ),
    ("usersessions_list", _page("phien/", Who.PERSON, _SHOWN | {"POST": 302})),
    ("socialaccount_connections", _page("lien-thong/", Who.ANYBODY, _GONE)),
    ("socialaccount_login_cancelled", _page("lien-thong/da-dung/", Who.ANYBODY, {"GET": 404})),
    ("openid_connect_login", _page("lien-thong/so/", Who.ANYBODY, _GONE)),
    ("openid_connect_callback", _page("lien-thong/so/tra-loi/", Who.ANYBODY, {"GET": 404})),
]
