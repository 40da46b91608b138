"""Which pictures a text names, and how it stands with ours in their place."""

from typing import Any

import pytest

from congtruong.feeds.rules.pictures import Kept, addresses_in, card_image, file_name, with_own

pytestmark = pytest.mark.unit

URL = "https://so.example.vn/a.jpg?x=1&y=2"
TAG = '<img src="https://so.example.vn/a.jpg?x=1&amp;y=2" alt="Sân &quot;trường&quot;">'
OWN = Kept(
    1, "khoa", 800, 500, [{"name": "480.avif", "width": 480, "type": "image/avif"}, {"name": "480.webp", "width": 480}]
)


def test_addresses_are_read_as_they_are_meant() -> None:
    assert addresses_in(TAG + TAG + '<img src="data:x"><img alt="">', "https://so.example.vn/bia.png") == [
        "https://so.example.vn/bia.png",
        URL,
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (f"<p>a</p><p>{TAG}</p>", "<p>a</p>"),
        (f"<figure>{TAG}<figcaption>Chú thích</figcaption></figure><p>a</p>", "<p>a</p>"),
        (f'<p><a href="https://so.example.vn/to.jpg" rel="noopener">{TAG}</a></p><p>a</p>', "<p>a</p>"),
        (
            f"<figure><table><tr><td>{TAG}b</td></tr></table></figure>",
            "<figure><table><tr><td>b</td></tr></table></figure>",
        ),
        ("<p>a</p>", "<p>a</p>"),
    ],
)
def test_picture_we_do_not_have_leaves_no_trace(content: str, expected: str) -> None:
    assert with_own(content, {}) == expected


@pytest.mark.parametrize("wrapped", [f"<p>{TAG}</p>", f'<p><a href="https://so.example.vn/to.jpg">{TAG}</a></p>'])
def test_own_picture_stands_in_a_figure_with_its_words(wrapped: str) -> None:
    made = with_own(wrapped, {URL: OWN})

    assert made.startswith('<figure class="image"><picture><source type="image/avif" srcset="/tep/khoa/480.avif 480w"')
    assert 'src="/tep/khoa/480.webp"' in made
    assert 'width="800" height="500" alt="Sân &quot;trường&quot;"' in made
    assert "so.example.vn" not in made


def test_hostile_words_stay_words() -> None:
    made = with_own(
        '<p><img src="https://a.vn/x.png" alt="&quot;&gt;&lt;script&gt;1"></p>', {"https://a.vn/x.png": OWN}
    )

    assert "<script" not in made


@pytest.mark.parametrize(("width", "expected"), [(319, None), (320, "khoa")])
def test_card_needs_a_picture_of_some_width(width: int, expected: Any) -> None:
    kept = {URL: Kept(1, "khoa", width, 200, [])}

    found = card_image(["https://so.example.vn/khac.jpg", URL], kept, {URL: "Sân trường"})

    assert (found and found["key"]) == expected


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.vn/t/S%C3%A2n%20tr%C6%B0%E1%BB%9Dng.JPG?x=1", "Sân trường.JPG"),
        ("https://a.vn/", "anh"),
        ("http://[", "anh"),
    ],
)
def test_file_is_named_after_its_address(address: str, name: str) -> None:
    assert file_name(address) == name
