"""What holds of the pages about articles and files of a unit."""

from typing import Any

from congtruong.editorial.models import DocumentType
from congtruong.units.rules.duties import Act
from tests.factories import picture
from tests.isolation.asking import upload
from tests.isolation.pages import SECRET, Page, Who

_POSTS, _MEDIA = "/quan-tri/bai-viet/", "/quan-tri/thu-vien/"
_JSON = {"accept": "application/json"}
_FOUND: dict[str, int] = {"POST": 302}
_BOTH: dict[str, int] = {"GET": 200, "POST": 302}


def _image() -> Any:
    return upload("anh-moi.png", picture(colour="yellow"))


def _type() -> str:
    return str(DocumentType.objects.get(name="Công văn").pk)


def written(**more: Any) -> dict[str, Any]:
    """The editor's page of a news draft as its form sends it."""
    return {
        "has_page": "1",
        "version": "1",
        "title": "Tựa mới",
        "summary": "Tóm tắt mới",
        "body": "<p>Nội dung mới.</p>",
        "cover": "{image}",
        "category": "{category2}",
        "has_files": "1",
        "file": ["{file}", "{spare}"],
        "file_label": ["Tệp thứ nhất", "Tệp thứ hai"],
        "when": "ngay",
        "guard_reason": "Đã được đồng ý",
    } | more


_DOCUMENT = {
    "has_page": "1",
    "version": "1",
    "title": "Trích yếu mới",
    "type": _type,
    "issuer": "Trường",
    "issued_on": "2026-09-07",
    "symbol": "99/KH-THCS",
}
_ABOUT = {"has_page": "1", "version": "1", "title": "Trang mới", "body": "<p>Mới.</p>"}


def _step(path: str, act: Act, body: dict[str, Any] | None = None, **more: Any) -> Page:
    """An address that takes one step by POST and leads on."""
    return Page(path=_POSTS + path, who=act, answers=_FOUND, body=body or {}, **more)


POSTS: list[tuple[str, Page]] = [
    (
        "console:posts",
        Page(
            path=_POSTS,
            who=Act.WRITE,
            answers={"GET": 200},
            more=(f"{_POSTS}?q=mark", f"{_POSTS}?tt=nhap&toi=1", f"{_POSTS}?tt=luu-tru&muc=tin-tuc&nam=2026&trang=2"),
        ),
    ),
    ("console:post-new", Page(path=f"{_POSTS}soan/", who=Act.WRITE, answers=_BOTH, body={"channel": "tin-tuc"})),
    (
        "console:post-links",
        Page(path=f"{_POSTS}lien-ket/", who=Act.WRITE, answers={"GET": 200}, more=(f"{_POSTS}lien-ket/?q=mark",)),
    ),
    (
        "console:categories",
        Page(
            path=f"{_POSTS}muc/",
            who=Act.STRUCTURE,
            answers=_BOTH,
            body={"channel": "tin-tuc", "name": "Mục mới"},
        ),
    ),
    ("console:category-rename", _step("muc/{category}/doi-ten/", Act.STRUCTURE, {"name": "Tên mới"})),
    ("console:category-move", _step("muc/{category2}/thu-tu/", Act.STRUCTURE, {"len": "1"})),
    (
        "console:category-delete",
        Page(path=f"{_POSTS}muc/{{category}}/xoa/", who=Act.STRUCTURE, answers=_BOTH),
    ),
    ("console:post-edit", Page(path=f"{_POSTS}{{draft}}/", who=Act.WRITE, answers={"GET": 200})),
    ("console:post-edit", Page(path=f"{_POSTS}{{locked}}/", who=Act.WRITE, answers={"GET": 200})),
    ("console:post-edit", Page(path=f"{_POSTS}{{document}}/", who=Act.WRITE, answers={"GET": 200})),
    ("console:post-edit", Page(path=f"{_POSTS}{{hidden_page}}/", who=Act.WRITE, answers={"GET": 200})),
    ("console:post-edit", Page(path=f"{_POSTS}{{album}}/", who=Act.WRITE, answers={"GET": 200})),
    ("console:post-save", _step("{draft}/luu/", Act.WRITE, written())),
    ("console:post-save", _step("{hidden_page}/luu/", Act.WRITE, _ABOUT | {"parent": "{page}"})),
    # The number of a document is a text: one of another unit's documents is kept as it was written, and leads nowhere.
    (
        "console:post-save",
        _step(
            "{document}/luu/",
            Act.WRITE,
            _DOCUMENT | {"relation_kind": ["can-cu"], "relation_to": ["{symbol}"]},
            refused=(302,),
        ),
    ),
    # So is the address of a picture: it is shown to nobody.
    (
        "console:post-save",
        _step(
            "{draft}/luu/",
            Act.WRITE,
            {
                "has_page": "1",
                "version": "1",
                "title": "Tựa",
                "body": '<figure class="image"><img src="/quan-tri/tep/{image_key}/40.webp" alt="A"></figure>',
            },
            refused=(302,),
        ),
    ),
    (
        "console:post-autosave",
        Page(
            path=f"{_POSTS}{{draft}}/tu-luu/",
            who=Act.WRITE,
            answers={"POST": 200},
            body=written(),
            is_json=True,
        ),
    ),
    (
        "console:post-autosave",
        Page(
            path=f"{_POSTS}{{locked}}/tu-luu/",
            who=Act.WRITE,
            answers={"POST": 200},
            body={"heartbeat": "1", "version": "1", "lock": "{lock}"},
            refused=(409,),
            is_json=True,
        ),
    ),
    (
        "console:post-takeover",
        Page(
            path=f"{_POSTS}{{locked}}/tiep-quan/",
            who=Act.WRITE,
            answers={"POST": 200},
            headers=_JSON,
            is_json=True,
        ),
    ),
    # A lock that is not this post's is left where it is; nothing is said.
    (
        "console:post-release",
        Page(
            path=f"{_POSTS}{{locked}}/nha/",
            who=Act.WRITE,
            answers={"POST": 204},
            body={"lock": "{lock}"},
            refused=(204,),
            is_json=True,
        ),
    ),
    ("console:post-discard", _step("{published}/bo-ban-sua/", Act.WRITE)),
    ("console:post-submit", _step("{draft}/gui-duyet/", Act.WRITE, written())),
    ("console:post-recall", _step("{submitted}/rut-ve/", Act.WRITE)),
    ("console:post-return", _step("{submitted}/tra-lai/", Act.APPROVE, {"reason": "Viết rõ hơn"})),
    ("console:post-approve", _step("{draft}/dang/", Act.APPROVE, written())),
    ("console:post-approve", _step("{submitted}/dang/", Act.APPROVE, {"seen": "1", "guard_reason": "Đã được đồng ý"})),
    ("console:post-accept", _step("{submitted}/duyet/", Act.APPROVE, {"seen": "1", "guard_reason": "Đã được đồng ý"})),
    (
        "console:post-withdraw",
        Page(path=f"{_POSTS}{{published}}/go/", who=Act.APPROVE, answers=_BOTH, body={"reason": "Sai"}),
    ),
    ("console:post-archive", _step("{withdrawn}/luu-tru/", Act.APPROVE)),
    ("console:post-reopen", _step("{archived}/lay-ra/", Act.APPROVE)),
    ("console:post-pin", _step("{published}/ghim/", Act.APPROVE, {"ghim": "1"})),
    (
        "console:post-address",
        Page(path=f"{_POSTS}{{published}}/dia-chi/", who=Act.APPROVE, answers=_BOTH, body={"address": "noi-khac"}),
    ),
    ("console:post-history", Page(path=f"{_POSTS}{{draft}}/lich-su/", who=Act.WRITE, answers={"GET": 200})),
    (
        "console:post-compare",
        Page(path=f"{_POSTS}{{published}}/lich-su/so-sanh/?tu=1&den=0", who=Act.WRITE, answers={"GET": 200}),
    ),
    ("console:post-restore", _step("{draft}/lich-su/1/khoi-phuc/", Act.WRITE)),
    (
        "console:post-preview",
        Page(
            path=f"{_POSTS}{{draft}}/xem-thu/",
            who=Act.WRITE,
            answers=_BOTH,
            body=written(),
            more=(f"{_POSTS}{{draft}}/xem-thu/?ma={{token}}",),
        ),
    ),
    ("console:post-preview-revoke", _step("{draft}/xem-thu/{link}/thu-hoi/", Act.WRITE)),
    ("console:approvals", Page(path="/quan-tri/cho-duyet/", who=Act.APPROVE, answers={"GET": 200})),
    ("console:approval", Page(path="/quan-tri/cho-duyet/{submitted}/", who=Act.APPROVE, answers={"GET": 200})),
    ("console:session", Page(path="/quan-tri/phien/", who=Who.ANYBODY, answers={"GET": 200})),
]

MEDIA: list[tuple[str, Page]] = [
    (
        "console:media",
        Page(
            path=_MEDIA,
            who=Act.WRITE,
            answers={"GET": 200},
            more=(f"{_MEDIA}?q=mark", f"{_MEDIA}?loc=thieu-mo-ta", f"{_MEDIA}?loai=tep&trang=2"),
        ),
    ),
    (
        "console:media-upload",
        Page(path=f"{_MEDIA}tai-len/", who=Act.WRITE, answers=_BOTH, body={"file": _image}),
    ),
    (
        "console:media-chunk",
        Page(
            path=f"{_MEDIA}tai-len/phan/",
            who=Act.WRITE,
            answers={"POST": 200},
            body={
                "upload": "mottepmoi",
                "offset": "0",
                "total": "100000",
                "name": "tep.pdf",
                "chunk": lambda: upload("phan", b"%PDF-1.4"),
            },
        ),
    ),
    (
        "console:media-picker",
        Page(
            path=f"{_MEDIA}chon/",
            who=Act.WRITE,
            answers={"GET": 200},
            more=(f"{_MEDIA}chon/?q=mark", f"{_MEDIA}chon/?kind=anh&page=1"),
        ),
    ),
    (
        "console:media-alts",
        Page(
            path=f"{_MEDIA}mo-ta/",
            who=Act.WRITE,
            answers=_BOTH,
            body={"asset": "{bare}", "alt": "Sân trường"},
            # A place in the list, no object: any number will do.
            more=(f"{_MEDIA}mo-ta/?sau=999999999",),
        ),
    ),
    (
        "console:media-item",
        Page(path=f"{_MEDIA}{{image}}/", who=Act.WRITE, answers=_BOTH, body={"alt": "Mô tả mới", "caption": "Mới"}),
    ),
    (
        "console:media-consent",
        Page(
            path=f"{_MEDIA}{{child}}/dong-y/",
            who=Act.WRITE,
            answers=_FOUND,
            body={"consent": "ngung", "note": "Phụ huynh yêu cầu"},
        ),
    ),
    ("console:media-waiting", Page(path=f"{_MEDIA}cho-dong-y/", who=Act.WRITE, answers={"GET": 302})),
    ("console:media-delete", Page(path=f"{_MEDIA}{{bare}}/xoa/", who=Act.WRITE, answers=_BOTH)),
    (
        "console:file",
        Page(path="/quan-tri/tep/{image_key}/40.webp", who=Act.WRITE, answers={"GET": 200, "HEAD": 200}),
    ),
    (
        "console:file",
        Page(path="/quan-tri/tep/{file_key}/{file_name}", who=Act.WRITE, answers={"GET": 200, "HEAD": 200}),
    ),
]

# Of the portal, not of the console: who knows the secret address of a draft reads it and its files, no others.
_READ: dict[str, int] = {"GET": 200, "HEAD": 200}
_CLOSED: dict[str, int] = {"GET": 404, "HEAD": 404}


def _secret(path: str, answers: dict[str, int]) -> Page:
    return Page(path=f"/xem-thu/{path}", who=Who.ANYBODY, answers=answers, sees=(SECRET,))


PREVIEWS: list[tuple[str, Page]] = [
    ("portal:preview", _secret("{token}/", _READ)),
    ("portal:preview-file", _secret("{token}/tep/{image_key}/40.webp", _READ)),
    ("portal:preview-file", _secret("{token}/tep/{child_key}/40.webp", _CLOSED)),
    ("visits:note", Page(path="/luot-xem/", who=Who.ANYBODY, answers={"POST": 204})),
]
