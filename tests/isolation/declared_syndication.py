"""What holds of the addresses by which other programs subscribe to our feeds, and tell us of theirs."""

from tests.isolation.pages import Page, Who

# An empty request asks for nothing.
HUB: list[tuple[str, Page]] = [
    ("syndication:hub", Page(path="/websub/", who=Who.ANYBODY, answers={"POST": 400})),
]
# Whoever does not know the word of a subscription finds nothing there, signed in or not.
HUB_CALLBACK: list[tuple[str, Page]] = [
    (
        "feeds:hub-callback",
        Page(path="/websub/nhan/khonghecokhonghecokhongheco/", who=Who.ANYBODY, answers={"GET": 404, "POST": 404}),
    ),
]
