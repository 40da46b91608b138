"""What holds of the pages about items of a unit's sources."""

from congtruong.units.rules.duties import Act
from tests.isolation.pages import Page

_ITEMS = "/quan-tri/tin-tu-nguon/"
_BOTH: dict[str, int] = {"GET": 200, "POST": 302}

# `item` is an item of the unit that is shown and was changed once, `item_gone` one that was withdrawn.
ITEMS: list[tuple[str, Page]] = [
    (
        "console:items",
        Page(
            path=_ITEMS,
            who=Act.SOURCES,
            answers={"GET": 200},
            more=(f"{_ITEMS}?q=mark", f"{_ITEMS}?tt=da-go&muc=tin-tuc", f"{_ITEMS}?nguon={{source}}&trang=2"),
        ),
    ),
    ("console:item", Page(path=f"{_ITEMS}{{item}}/", who=Act.SOURCES, answers={"GET": 200})),
    ("console:item", Page(path=f"{_ITEMS}{{item_gone}}/", who=Act.SOURCES, answers={"GET": 200})),
    (
        "console:item-withdraw",
        Page(path=f"{_ITEMS}{{item}}/go/", who=Act.SOURCES, answers=_BOTH, body={"reason": "Đăng nhầm"}),
    ),
    (
        "console:item-restore",
        Page(path=f"{_ITEMS}{{item_gone}}/dang-lai/", who=Act.SOURCES, answers=_BOTH, body={"reason": "Đúng rồi"}),
    ),
    (
        "console:item-channel",
        Page(
            path=f"{_ITEMS}{{item}}/chuyen-muc/", who=Act.SOURCES, answers={"POST": 302}, body={"channel": "thong-bao"}
        ),
    ),
    ("console:item-compare", Page(path=f"{_ITEMS}{{item}}/so-sanh/1/", who=Act.SOURCES, answers={"GET": 200})),
]
