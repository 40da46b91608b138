"""Pictures of entries: AVIF where it exists, what every browser shows beside it."""

import pytest
from django.template.loader import render_to_string

from congtruong.portal.blocks.cards import Picture, picture_of
from congtruong.publication.models import Entry

pytestmark = pytest.mark.unit


def entry(*names: str) -> Entry:
    renditions = [{"name": name, "width": int(name.split(".")[0])} for name in names]
    return Entry(
        image={"key": "k", "alt": "Sân", "caption": "", "width": 1600, "height": 900, "renditions": renditions}
    )


def test_avif_is_offered_beside_what_every_browser_shows() -> None:
    found = picture_of(entry("480.avif", "960.avif", "480.webp", "960.webp", "1600.webp"))

    assert found == Picture(
        src="/tep/k/960.webp",
        srcset="/tep/k/480.webp 480w, /tep/k/960.webp 960w, /tep/k/1600.webp 1600w",
        avif="/tep/k/480.avif 480w, /tep/k/960.avif 960w",
        width=1600,
        height=900,
        alt="Sân",
        caption="",
    )


def test_image_from_before_avif_offers_none() -> None:
    found = picture_of(entry("40.webp"))

    assert found is not None
    assert (found.src, found.srcset, found.avif) == ("/tep/k/40.webp", "/tep/k/40.webp 40w", "")


@pytest.mark.parametrize("image", [None, {}, {"key": "k", "renditions": []}])
def test_entry_without_image_has_no_picture(image: dict[str, object] | None) -> None:
    assert picture_of(Entry(image=image)) is None


@pytest.mark.parametrize(("is_first", "hint"), [(True, 'fetchpriority="high"'), (False, 'loading="lazy"')])
def test_component_names_both_kinds_and_the_size(is_first: bool, hint: str) -> None:
    context = {
        "picture": picture_of(entry("480.avif", "480.webp")),
        "alt": 'Sân "trường"',
        "sizes": "100vw",
        "is_first": is_first,
    }

    html = render_to_string("components/picture.html", context)

    assert '<source type="image/avif" srcset="/tep/k/480.avif 480w" sizes="100vw">' in html
    assert 'src="/tep/k/480.webp" srcset="/tep/k/480.webp 480w" sizes="100vw" alt="Sân &quot;trường&quot;"' in html
    assert f'width="1600" height="900" {hint}>' in html


def test_component_without_avif_names_none() -> None:
    context = {"picture": picture_of(entry("40.webp")), "alt": "", "sizes": "100vw", "is_first": False}

    assert "<source" not in render_to_string("components/picture.html", context)
