import pytest

from congtruong.core import clock
from congtruong.demo.services.feed_measuring import feed_figures, vietnamese_rss
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.parse import parse

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("has_content", "kilobytes"), [(False, 0.8), (True, 2.6)])
def test_documents_are_as_portals_write_them(has_content: bool, kilobytes: float) -> None:
    body = vietnamese_rss(has_content=has_content)
    document = parse(decode(body), url="https://so.example.vn/rss", now=clock.now())

    assert round(len(body) / 50 / 1000, 1) == kilobytes
    assert len(document.entries) == 50
    assert document.repairs == ()
    assert all(entry.content and entry.published and entry.image for entry in document.entries)


def test_figures_stand_beside_bare_parsing() -> None:
    figures = list(feed_figures(1))

    assert [figure.compared_with for figure in figures] == ["chỉ phân tích bằng feedparser"] * 2
    assert all(figure.value > 0 and figure.reference > 0 for figure in figures)
