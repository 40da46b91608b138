"""Which channel of the portal the headings of a former site mean."""

from collections.abc import Mapping

from congtruong.core.text import words_of
from congtruong.publication.enums import Channel
from congtruong.transfer.pipeline.model import PAGE, OldPost

# The channels an article of a former site may go to. A document needs register data that no export holds.
TARGETS = (Channel.NEWS, Channel.NOTICE, Channel.INVITATION, Channel.RESOURCE, Channel.PAGE)
# Telling words first: "Thông báo - Thư mời" is an invitation to somebody.
_WORDS: tuple[tuple[str, Channel], ...] = (
    ("thu moi", Channel.INVITATION),
    ("giay moi", Channel.INVITATION),
    ("thu ngo", Channel.NOTICE),
    ("van ban", Channel.NOTICE),
    ("cong van", Channel.NOTICE),
    ("quyet dinh", Channel.NOTICE),
    ("ke hoach", Channel.NOTICE),
    ("cong khai", Channel.NOTICE),
    ("thong bao", Channel.NOTICE),
    ("thong tin tuyen sinh", Channel.NOTICE),
    ("tuyen sinh", Channel.NOTICE),
    ("lich cong tac", Channel.NOTICE),
    ("thuc don", Channel.NOTICE),
    ("tai nguyen", Channel.RESOURCE),
    ("tai lieu", Channel.RESOURCE),
    ("hoc lieu", Channel.RESOURCE),
    ("de thi", Channel.RESOURCE),
    ("giao an", Channel.RESOURCE),
    ("bai giang", Channel.RESOURCE),
    ("tin", Channel.NEWS),
    ("hoat dong", Channel.NEWS),
    ("su kien", Channel.NEWS),
    ("phong trao", Channel.NEWS),
    ("guong", Channel.NEWS),
    ("hinh anh", Channel.NEWS),
    ("video", Channel.NEWS),
)
_OF_DOCUMENTS = ("van ban", "cong van", "quyet dinh")


def guess(category: str) -> Channel | None:
    """The channel a heading means; None when it says nothing we know."""
    words = f" {' '.join(words_of(category))} "
    return next((channel for meant, channel in _WORDS if f" {meant} " in words), None)


def is_of_documents(post: OldPost) -> bool:
    """Whether the former site kept it among official documents."""
    joined = [f" {' '.join(words_of(category))} " for category in post.categories]
    return any(f" {meant} " in words for meant in _OF_DOCUMENTS for words in joined)


def channel_for(post: OldPost, chosen: Mapping[str, str]) -> Channel | None:
    """Where a post goes: as a person `chosen` for one of its headings (an empty text: nowhere), else as guessed."""
    if post.kind == PAGE:
        return Channel.PAGE
    for category in post.categories:
        if category in chosen:
            return Channel(chosen[category]) if chosen[category] else None
    guesses = [found for category in post.categories if (found := guess(category)) is not None]
    others = [found for found in guesses if found != Channel.NEWS]
    return next(iter(others or guesses), Channel.NEWS)
