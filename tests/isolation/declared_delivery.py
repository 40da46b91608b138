"""What holds of the pages about things from above, and of what an authority sends to the units below it."""

from typing import Any

from congtruong.units.rules.duties import Act
from tests.isolation.pages import Page

_INBOX, _OUTBOX = "/quan-tri/tu-cap-tren/", "/quan-tri/da-gui/"
# An authority reads which units below it did what, and why one hides something; nothing else of theirs.
_OF_UNITS = ("name", "by", "hidden")
_READ: dict[str, int] = {"GET": 200}
_STEP: dict[str, int] = {"POST": 302}
_BOTH: dict[str, int] = {"GET": 200, "POST": 302}


def _not_in_a_school(answers: dict[str, int]) -> dict[tuple[str, str], int]:
    """A school has nobody below: who may do the work elsewhere finds nothing to do it with."""
    return {(role, method): 404 for role in ("contributor", "editor", "head") for method in answers}


def _inbox(path: str, answers: dict[str, int], body: dict[str, Any] | None = None, **more: Any) -> Page:
    return Page(path=_INBOX + path, who=Act.RECEIVE, answers=answers, body=body or {}, across=("public",), **more)


def _outbox(path: str, answers: dict[str, int], who: Act = Act.FOLLOW, **more: Any) -> Page:
    return Page(path=_OUTBOX + path, who=who, answers=answers, but=_not_in_a_school(answers), across=_OF_UNITS, **more)


DELIVERY: list[tuple[str, Page]] = [
    (
        "console:inbox",
        _inbox("", _READ, more=(f"{_INBOX}?loc=can-xac-nhan", f"{_INBOX}?loc=chua-doc&muc=tin-tuc&trang=2")),
    ),
    ("console:inbox-item", _inbox("{received}/", _READ)),
    ("console:inbox-confirm", _inbox("{received}/xac-nhan/", _STEP)),
    ("console:inbox-answer", _inbox("{invited}/tra-loi/", _STEP, {"answer": "co", "people": "2", "note": "Đúng giờ"})),
    ("console:inbox-pin", _inbox("{received}/ghim/", _STEP)),
    ("console:inbox-hide", _inbox("{hidden_here}/an/", _BOTH, {"reason": "Không thuộc cấp học"})),
    ("console:inbox-as-sent", _inbox("{hidden_here}/nhu-da-gui/", _STEP)),
    ("console:inbox-calendar", _inbox("{invited}/tai-ve/lich/", _READ)),
    ("console:inbox-file", _inbox("tai-ve/{shown_above_key}/40.webp", _READ)),
    ("console:outbox", _outbox("", _READ)),
    (
        "console:outbox-board",
        _outbox("{sent}/", _READ, more=(f"{_OUTBOX}{{sent}}/?loc=tat-ca&q=truong&phuong=1",)),
    ),
    ("console:outbox-export", _outbox("{sent}/tai-ve/csv/", _READ)),
    ("console:outbox-export", _outbox("{sent}/tai-ve/xlsx/", _READ)),
    ("console:outbox-ask", _outbox("{sent}/yeu-cau/", _STEP, Act.SEND, body={"asks": "doc", "due_at": ""})),
    ("console:outbox-stop", _outbox("{sent}/thoi-yeu-cau/", _STEP, Act.SEND)),
    (
        "console:post-recipients",
        Page(
            path="/quan-tri/bai-viet/noi-nhan/?q=truong",
            who=Act.WRITE,
            answers=_READ,
            but=_not_in_a_school(_READ),
        ),
    ),
    (
        "console:post-recipients-here",
        Page(
            path="/quan-tri/bai-viet/{draft}/noi-nhan/",
            who=Act.WRITE,
            answers={"POST": 200},
            body={"has_page": "1", "target_q": "truong"},
            but=_not_in_a_school({"POST": 200}),
        ),
    ),
]
