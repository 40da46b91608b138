"""What a visitor's browser may receive of HTML from people and feeds."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from congtruong.core.sanitize import (
    MOST_CHARACTERS,
    MOST_DEPTH,
    Cleaned,
    clean_article,
    clean_html,
    plain_text,
    presentable,
    video_address,
    video_id,
)
from congtruong.core.text import nfc, squeeze

pytestmark = pytest.mark.unit

TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "strong", "b", "em", "i"),
    *("u", "s", "sub", "sup", "a", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure"),
    *("figcaption", "pre", "code"),
}
ATTRIBUTES = {
    ("a", "href"),
    ("a", "title"),
    ("a", "rel"),
    ("th", "scope"),
    ("th", "colspan"),
    ("th", "rowspan"),
    ("td", "colspan"),
    ("td", "rowspan"),
    ("ol", "start"),
}
SCHEMES = {"http", "https", "mailto", "tel"}


class Reader(HTMLParser):
    """Collects what a page would hold that is not on the list."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.refused.append(tag)
        for name, value in attrs:
            if (tag, name) not in ATTRIBUTES:
                self.refused.append(f"{tag} {name}")
            compact = "".join(char for char in (value or "") if char > " ")
            if name == "href" and ":" in compact.split("/")[0] and compact.split(":")[0].lower() not in SCHEMES:
                self.refused.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.refused.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.refused.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.refused.append("instruction")


def refused(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.refused


def test_refused_sees_what_must_not_stand_on_a_page() -> None:
    bad = '<p onclick="x"><script></script><a href=" java\nscript:x">a</a><!-- c --><a href="tel:1">b</a><br></p>'

    assert refused(bad) == ["p onclick", "script", "a href= java\nscript:x", "comment"]


ATTACKS = {
    "script": "<script>alert(1)</script>",
    "script of another host": "<script src=//ke-xau.example/x.js></script>",
    "unclosed script": "<script>alert(1)",
    "nested script": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "script in upper case": "<ScRiPt/x>alert(1)</sCrIpT >",
    "handler": "<p onerror=alert(1) onclick='alert(1)' onmouseover=\"alert(1)\">a</p>",
    "image": "<img src=x onerror=alert(1)>",
    "image with slashes": "<img/src='x'/onerror=alert(1)//",
    "javascript": "<a href='javascript:alert(1)'>a</a>",
    "javascript with references": "<a href='&#106;&#x61;vascript&colon;alert(1)'>a</a>",
    "javascript with white space": "<a href=' java\tscr\nipt:alert(1)'>a</a>",
    "javascript in mixed case": "<a href='JaVaScRiPt:alert(1)'>a</a>",
    "javascript after a control character": "<a href='\x01javascript:alert(1)'>a</a>",
    "vbscript": "<a href='vbscript:msgbox(1)'>a</a>",
    "data": "<a href='data:text/html;base64,PHNjcmlwdD4='>a</a>",
    "svg": "<svg onload=alert(1)><script>alert(1)</script><a xlink:href='javascript:x'>a</a></svg>",
    "svg style": "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "math": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "math href": "<math href='javascript:alert(1)'>a</math>",
    "style": "<style>body{background:url(javascript:alert(1))}</style><p style='position:fixed'>a</p>",
    "noscript": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "template": "<template><script>alert(1)</script></template>",
    "textarea": "<textarea></textarea><script>alert(1)</script>",
    "frame": "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x></object><embed src=x>",
    "form": "<form action='https://ke-xau.example'><input name=p><button formaction='javascript:x'>a</button></form>",
    "base": "<base href='https://ke-xau.example/'><meta http-equiv=refresh content='0;url=//ke-xau.example'>",
    "comment": "<!--><img src=x onerror=alert(1)>--><!--[if IE]><script>alert(1)</script><![endif]-->",
    "cdata": "<![CDATA[<script>alert(1)</script>]]><?xml version='1.0'?><!DOCTYPE html>",
    "identifier": "<p id=noi-dung class=callout name=x data-x=1 aria-label=x role=alert>a</p>",
    "unclosed attribute": "<a href='https://a.vn/ onclick=alert(1)><script>alert(1)</script>",
    "quote in attribute": "<a title='\"><script>alert(1)</script>' href='/'>a</a>",
    "joined to the bracket": "<b>\u0338 onmouseover=alert(1) x</b>",
    "mark written as a reference": "<b>&#824; onmouseover=alert(1) x</b>",
    "null character": "<scr\x00ipt>alert(1)</scr\x00ipt><a href='java\x00script:x'>a</a>",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
@pytest.mark.parametrize("frame", ["{}", "<table><tr><td>{}</td></tr></table>", "<p><b>{}", "<pre>{}</pre>"])
def test_clean_html_leaves_nothing_that_acts(attack: str, frame: str) -> None:
    cleaned = clean_html(frame.format(attack)).html

    assert refused(cleaned) == []
    # Normalising later, in a feed or an export, must not wake anything either.
    assert refused(nfc(cleaned)) == []


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<p>Kính gửi <strong>Quý phụ huynh</strong></p>", "<p>Kính gửi <strong>Quý phụ huynh</strong></p>"),
        ("<H1 class=x>Mùa tri ân</H1>", "<h2>Mùa tri ân</h2>"),
        ("<h1>a</h1><h2>b</h2><h5>c</h5>", "<h2>a</h2><h2>b</h2>c"),
        ("<p>&nbsp;</p><p>a</p><p> <br></p>", "<p>a</p>"),
        ("<div><font color=red>a</font></div>", "a"),
        ("<a href='/tin-tuc/' target=_blank>a</a>", '<a href="/tin-tuc/" rel="noopener">a</a>'),
        ("<a href='tel:0283000'>a</a>", '<a href="tel:0283000" rel="noopener">a</a>'),
        ("<a href='javascript:x'>a</a>", '<a rel="noopener">a</a>'),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<p>a<!-- b -->c</p>", "<p>ac</p>"),
        ("", ""),
    ],
)
def test_clean_html_keeps_what_an_article_needs(source: str, html: str) -> None:
    assert clean_html(source) == Cleaned(html)


def test_clean_html_keeps_tables_with_their_structure() -> None:
    table = (
        "<table><caption>Thực đơn</caption><thead><tr>"
        '<th scope="col" rowspan="2">Thứ</th><th scope="colgroup" colspan="2">Món</th></tr></thead>'
        '<tbody><tr><th scope="row">Hai</th><td colspan="2">Cháo gà</td></tr></tbody></table>'
    )

    assert clean_html(table.replace("<td", '<td style="width:9px" width="9"')) == Cleaned(table)


@pytest.mark.parametrize("source", ["E\u0302\u0301", "E&#770;&#769;", "Ê&#x301;", "E<font>\u0302</font>\u0301"])
def test_clean_html_composes_letters_however_their_marks_are_written(source: str) -> None:
    assert clean_html(f"<p>K{source}</p>").html == "<p>KẾ</p>"


PIECES = (
    "<p>",
    "</p>",
    "<p></p>",
    "<b>",
    "</b>",
    "<a href='/x'>",
    "</a>",
    "<h1>",
    "</h1>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<ul><li>",
    "</ul>",
    "<pre>",
    "\n",
    "</pre>",
    "<br>",
    "<svg>",
    "<math>",
    "</svg>",
    "<script>",
    "</script>",
    "<div>",
    "<!--",
    "-->",
    "<select>",
    "<title>",
    "&nbsp;",
    "&#769;",
    "&lt;",
    "&amp;lt;",
    "\u0338",
    '"',
    "'",
    "<",
    ">",
    " ",
    "Kế hoạch",
)
markup = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=14).map("".join)


@given(markup)
@example("<pre>\n\nx</pre>")
@example("<p>e<font>\u0301</font></p>")
@example("<b>&#824; onclick=1 x</b>")
@example("<p><div></div></p>")
def test_clean_html_twice_changes_nothing(source: str) -> None:
    once = clean_html(source).html

    assert clean_html(once).html == once
    assert nfc(once) == once
    assert refused(once) == []


NESTINGS = {
    "open tags": ("<blockquote>", ""),
    "tags that look closed": ("<div/>", ""),
    "closing tags of something else": ("<blockquote></x>", ""),
    "unknown tags": ("<x-y>", ""),
    "pairs": ("<div>", "</div>"),
}


@pytest.mark.parametrize(("opening", "closing"), NESTINGS.values(), ids=NESTINGS.keys())
def test_clean_html_keeps_only_the_words_of_nesting_that_costs_too_much(opening: str, closing: str) -> None:
    deep = MOST_DEPTH + 1

    assert clean_html(opening * deep + "Xin chào & tạm biệt" + closing * deep) == Cleaned(
        "<p>Xin chào &amp; tạm biệt</p>", flattened=True
    )


def test_clean_html_takes_many_tags_that_are_not_nested() -> None:
    rows = "<tr><td>a<br>b</td></tr>" * (MOST_DEPTH * 2)

    assert clean_html(f"<table><tbody>{rows}</tbody></table>") == Cleaned(f"<table><tbody>{rows}</tbody></table>")


def test_clean_html_keeps_the_words_of_a_text_that_is_too_long() -> None:
    long = "<p>Điều lệ <script>x</script>" + "a " * MOST_CHARACTERS

    cleaned = clean_html(long)

    assert cleaned.flattened
    assert cleaned.html.startswith("<p>Điều lệ a a a")
    assert len(cleaned.html) <= MOST_CHARACTERS


def test_clean_html_of_flattened_text_changes_nothing_the_second_time() -> None:
    flattened = clean_html("<div>" * (MOST_DEPTH + 1) + "Trường \"Hoa\" & 'Phượng' <b>")

    assert flattened == Cleaned("<p>Trường \"Hoa\" &amp; 'Phượng'</p>", flattened=True)
    assert clean_html(flattened.html) == Cleaned(flattened.html)


@pytest.mark.parametrize("piece", ["<a", "<a ", "</a", "<!--", "<a href='", "&#769", "<p", "<h1"])
def test_clean_html_ends_on_tags_that_never_close(piece: str) -> None:
    assert refused(clean_html(piece * (20_000 // len(piece))).html) == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Kính gửi</p><p>Quý&nbsp;phụ huynh</p>", "Kính gửi Quý phụ huynh"),
        ("a<script>x</script><style>y</style><title>z</title>b", "a b"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("&amp;lt;script&amp;gt;", "&lt;script&gt;"),
        ("  hai   dòng\n", "hai dòng"),
        ("E\u0302\u0301 <b>E\u0302\u0301</b>", "Ế Ế"),
        ("<p title='<b>'>a</p>", "a"),
        ("", ""),
    ],
)
def test_plain_text_is_the_words_on_one_line(source: str, text: str) -> None:
    assert plain_text(source) == text


@given(markup)
def test_plain_text_is_composed_and_on_one_line(source: str) -> None:
    text = plain_text(source)

    assert text == squeeze(text)


@given(st.text(alphabet=st.characters(exclude_characters="\r", exclude_categories=["Cc", "Cs"])))
def test_plain_text_reads_back_what_was_escaped(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")

    assert plain_text(f"<p>{escaped}</p>") == squeeze(text)


def test_presentable_lets_each_table_scroll_by_itself() -> None:
    table = "<table><tbody><tr><td>a</td></tr></tbody></table>"
    opening = '<div class="table-scroll" role="region" aria-label="Bảng {}" tabindex="0"><table class="table">'
    rest = "<tbody><tr><td>a</td></tr></tbody></table></div>"

    assert presentable(f"<p>x</p>{table}{table}") == f"<p>x</p>{opening.format(1)}{rest}{opening.format(2)}{rest}"


class ArticleReader(Reader):
    """Allows what the texts of staff hold in addition, in the one form in which it is stored."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            source = dict(attrs)["src"] or ""
            if [name for name, _ in attrs] != ["src", "alt"] or not re.fullmatch(
                r"/tep/[\w-]+/\w[\w.-]*", source, re.ASCII
            ):
                self.refused.append(f"img {attrs}")
        elif tag == "oembed":
            if [name for name, _ in attrs] != ["url"] or not re.fullmatch(
                r"https://www\.youtube\.com/watch\?v=[\w-]{11}", attrs[0][1] or "", re.ASCII
            ):
                self.refused.append(f"oembed {attrs}")
        elif tag == "figure" and attrs:
            if attrs[0] not in {("class", name) for name in ("image", "media", "table")} or len(attrs) > 1:
                self.refused.append(f"figure {attrs}")
        else:
            super().handle_starttag(tag, attrs)


def refused_article(html: str) -> list[str]:
    reader = ArticleReader()
    reader.feed(html)
    reader.close()
    return reader.refused


ARTICLE_ATTACKS = ATTACKS | {
    "image of another host": "<img src='https://ke-xau.example/x.png' alt=a>",
    "image without scheme": "<img src='//ke-xau.example/tep/K/1.webp' alt=a>",
    "image with another path": "<img src='/quan-tri/dang-xuat/' alt=a><img src='/tep/K/../../quan-tri/x' alt=a>",
    "image with a query": "<img src='/tep/K/1.webp?x=1' alt=a><img src='/tep/K/1.webp#x' alt=a>",
    "image with dots": "<img src='/tep/K/..' alt=a><img src='/tep/K/%2e%2e' alt=a><img src='/tep/../K/1' alt=a>",
    "image with backslashes": "<img src='/tep/K/..\\..\\x' alt=a><img src='\\tep\\K\\1.webp' alt=a>",
    "image with a handler": "<img src='/tep/K/1.webp' alt='\"><script>x</script>' onerror=alert(1) style=x srcset=y>",
    "image that is a script": "<img src='javascript:alert(1)'><img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "image with two sources": "<img src='/tep/K/1.webp' src='javascript:x' SRC='data:x'>",
    "image named like another": "<image src='/tep/K/1.webp' onerror=alert(1)>",
    "alt that looks like a source": "<img alt=' src=&quot;javascript:x&quot;' src='/tep/K/1.webp'>",
    "video of another host": "<oembed url='https://ke-xau.example/watch?v=dQw4w9WgXcQ'></oembed>",
    "video of a lookalike": "<oembed url='https://youtube.com.ke-xau.example/watch?v=dQw4w9WgXcQ'></oembed>",
    "video as a script": "<oembed url='javascript:alert(1)//youtube.com/watch?v=dQw4w9WgXcQ'></oembed>",
    "video with more": "<oembed url='https://youtu.be/dQw4w9WgXcQ\" onload=x' onclick=alert(1) style=x>a</oembed>",
    "video that never closes": "<figure class=media><oembed url='https://youtu.be/dQw4w9WgXcQ'><script>x</script>",
    "classes": "<figure class='image btn shell-bar'><img src='/tep/K/1.webp' class=x></figure><figure id=x data-y=1>",
    "figure in figure": "<figure><figure class=media onclick=x><figure><img src='/tep/K/1.webp'></figure></figure>",
    "picture": "<picture><source srcset='https://ke-xau.example/x.png'><img src='/tep/K/1.webp'></picture>",
    "video element": "<video src=x onerror=alert(1)></video><audio src=x></audio><track src=x>",
}


@pytest.mark.parametrize("attack", ARTICLE_ATTACKS.values(), ids=ARTICLE_ATTACKS.keys())
@pytest.mark.parametrize(
    "frame",
    ["{}", "<table><tr><td>{}</td></tr></table>", "<p><b>{}", "<pre>{}</pre>", "<figure class=image>{}</figure>"],
)
def test_clean_article_leaves_nothing_that_acts(attack: str, frame: str) -> None:
    cleaned = clean_article(frame.format(attack))

    assert refused_article(cleaned) == []
    assert refused_article(nfc(cleaned)) == []
    assert clean_article(cleaned) == cleaned


IMAGE = '<img src="/tep/K-1_a/960.webp" alt="Sân trường">'
VIDEO = '<oembed url="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></oembed>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (f'<figure class="image">{IMAGE}</figure>', f'<figure class="image">{IMAGE}</figure>'),
        (f"<p>{IMAGE}</p>", f'<figure class="image">{IMAGE}</figure>'),
        (f"<p>a {IMAGE} b</p>", f"<p>a {IMAGE} b</p>"),
        (
            f"<figure class='image big' style='width:50%'>{IMAGE}<figcaption>Sân <b>9</b></figcaption></figure>",
            f'<figure class="image">{IMAGE}<figcaption>Sân <b>9</b></figcaption></figure>',
        ),
        (
            f"<figure><a href='/tin-tuc/'>{IMAGE}</a></figure>",
            f'<figure class="image"><a href="/tin-tuc/" rel="noopener">{IMAGE}</a></figure>',
        ),
        ("<img width=9 src='/tep/K/1.webp'>", '<img src="/tep/K/1.webp" alt="">'),
        ("<p>a</p><figure class=image><img src='https://a.example/x.png'></figure>", "<p>a</p>"),
        (
            "<figure><img src=x><figcaption>Chú thích</figcaption></figure>",
            "<figure><figcaption>Chú thích</figcaption></figure>",
        ),
        (f"<figure class=media>{VIDEO}</figure>", f'<figure class="media">{VIDEO}</figure>'),
        ("<p><oembed url='https://youtu.be/dQw4w9WgXcQ?si=x'></oembed></p>", f'<figure class="media">{VIDEO}</figure>'),
        ("<figure class=media><oembed url='https://vimeo.com/1'></oembed></figure>", ""),
        (
            "<figure class=x><table><tr><td>a</table>b",
            '<figure class="table"><table><tbody><tr><td>a</td></tr></tbody></table>b</figure>',
        ),
        ("<figure>a</figure>", "<figure>a</figure>"),
        ("<h1 class=x>Mùa tri ân</h1><p>&nbsp;</p>", "<h2>Mùa tri ân</h2>"),
    ],
)
def test_clean_article_keeps_files_and_videos_in_one_form(source: str, html: str) -> None:
    assert clean_article(source) == html


def test_clean_article_does_not_lose_the_markup_to_an_image_within_the_text() -> None:
    picture = "<img alt='x' src='data:image/png;base64," + "A" * MOST_CHARACTERS + "'>"

    assert clean_article(f"<p>a</p><p>{picture}</p><p><b>b</b></p>") == "<p>a</p><p><b>b</b></p>"


def test_feeds_hold_neither_images_nor_classes() -> None:
    assert clean_html(f'<figure class="image">{IMAGE}</figure>{VIDEO}').html == "<figure></figure>"


ARTICLE_PIECES = (
    *PIECES,
    *(
        "<figure>",
        "<figure class=image>",
        "</figure>",
        "<figcaption>",
        "</figcaption>",
        IMAGE,
        "<img src='/tep/K/1.webp'",
    ),
    *(VIDEO, "<oembed url='https://youtu.be/dQw4w9WgXcQ'>", "</oembed>", "<img src=x>", " alt='>", "<oembed>"),
)


@given(st.lists(st.sampled_from(ARTICLE_PIECES) | st.text(max_size=4), max_size=14).map("".join))
def test_clean_article_twice_changes_nothing(source: str) -> None:
    once = clean_article(source)

    assert clean_article(once) == once
    assert nfc(once) == once
    assert refused_article(once) == []


@pytest.mark.parametrize(
    "piece", ["<img ", "<img src='data:", " src='data:", "<oembed ", "<figure>", "<p> ", "<figure><a "]
)
def test_clean_article_ends_on_tags_that_never_close(piece: str) -> None:
    assert refused_article(clean_article(piece * (40_000 // len(piece)))) == []


@pytest.mark.parametrize(
    ("address", "video"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("https://youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&t=3s", "dQw4w9WgXcQ"),
        (" https://m.youtube.com/watch?v=dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc", "dQw4w9WgXcQ"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("https://www.youtube.com/live/dQw4w9WgXcQ?feature=share", "dQw4w9WgXcQ"),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQx", None),
        ("https://www.youtube.com/@truong", None),
        ("https://youtube.com.ke-xau.example/watch?v=dQw4w9WgXcQ", None),
        ("https://ke-xau.example/?https://youtu.be/dQw4w9WgXcQ", None),
        ("ftp://youtu.be/dQw4w9WgXcQ", None),
        ("", None),
    ],
)
def test_video_id_is_read_from_addresses_of_youtube_only(address: str, video: str | None) -> None:
    assert video_id(address) == video
    assert video is None or video_id(video_address(video)) == video
