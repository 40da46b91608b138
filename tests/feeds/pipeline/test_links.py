import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.pipeline.links import absolute, canonical_link

pytestmark = pytest.mark.unit

URLS = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(
        ["so.example.vn", "SO.Example.vn", "so.example.vn:80", "so.example.vn:8080", "sở.example.vn", "[::1]"]
    ),
    st.text(alphabet="/abcĐ%41f ~.-", max_size=20).map(lambda path: f"/{path}"),
    st.sampled_from(["", "?", "?kt=vb&id=1", "?utm_source=x&id=2", "?id=2&UTM_medium=y", "?q=học kỳ&x=%2f"]),
    st.sampled_from(["", "#dau", "#"]),
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://So.Example.VN:80/a/", "https://so.example.vn/a"),
        ("https://so.example.vn:443", "https://so.example.vn/"),
        ("https://so.example.vn./", "https://so.example.vn/"),
        ("http://so.example.vn:8080/a", "https://so.example.vn:8080/a"),
        ("https://so.example.vn/a#b", "https://so.example.vn/a"),
        ("https://so.example.vn/a?utm_source=rss&kt=tt&ID=7&UTM_x=1", "https://so.example.vn/a?kt=tt&ID=7"),
        ("https://so.example.vn/a?utm_source=rss", "https://so.example.vn/a"),
        ("https://so.example.vn/a.aspx?kt=vb&id=12", "https://so.example.vn/a.aspx?kt=vb&id=12"),
        ("https://ai:mat@so.example.vn/a", "https://so.example.vn/a"),
        ("https://so.example.vn/tin tức/%7ex%2f", "https://so.example.vn/tin%20t%E1%BB%A9c/~x%2F"),
        ("https://so.example.vn/Tin", "https://so.example.vn/Tin"),
        ("ftp://so.example.vn/a", ""),
        ("javascript:alert(1)", ""),
        ("/a", ""),
        ("http://[", ""),
        ("http://a:99999/", ""),
        ("", ""),
    ],
)
def test_canonical_link_drops_what_does_not_identify(url: str, expected: str) -> None:
    assert canonical_link(url) == expected


@given(URLS)
def test_canonical_link_is_stable(url: str) -> None:
    once = canonical_link(url)

    assert once
    assert canonical_link(once) == once


@given(URLS)
def test_canonical_link_ignores_scheme_and_fragment(url: str) -> None:
    rest = url.partition("://")[2].partition("#")[0].rstrip()

    assert canonical_link(url) == canonical_link(f"https://{rest}#khac") == canonical_link(f"http://{rest}")


@given(st.text(max_size=60))
def test_canonical_link_takes_any_text(text: str) -> None:
    assert canonical_link(text) == canonical_link(text.strip())


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("b.html", "https://so.example.vn/tin/b.html"),
        ("/b?x=1&y=2", "https://so.example.vn/b?x=1&y=2"),
        ("//khac.example.vn/b", "https://khac.example.vn/b"),
        ("\\Uploads\\a.pdf?p=\\x", "https://so.example.vn/Uploads/a.pdf?p=\\x"),
        (" https://khac.example.vn/ ", "https://khac.example.vn/"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_absolute_resolves_against_the_base(link: str, expected: str) -> None:
    assert absolute(link, "https://so.example.vn/tin/rss") == expected


@pytest.mark.parametrize("base", ["", "http://[", "ftp://so.example.vn/", "tin/rss"])
def test_absolute_needs_a_base_on_the_web(base: str) -> None:
    assert (absolute("/b", base), absolute("b", base)) == ("", "")
