import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from congtruong.transfer.pipeline.channels import channel_for, guess
from congtruong.transfer.pipeline.errors import SourceError
from congtruong.transfer.pipeline.model import PAGE, OldPost, Tally
from congtruong.transfer.pipeline.order import parents_first
from congtruong.transfer.pipeline.site import FEED, FOLDER, WORDPRESS, hosts_of, open_file, open_path

pytestmark = pytest.mark.unit

DATA = Path(__file__).resolve().parents[2] / "data" / "transfer"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def zipped(**files: bytes) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return buffer


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [("wordpress.xml", WORDPRESS, 5), ("full-content.xml", FEED, 2), ("trang-cu", FOLDER, 4)],
)
def test_path_is_recognised(name: str, kind: str, count: int) -> None:
    source = open_path(DATA / name)

    assert source.format == kind
    assert len(list(source.posts(now=NOW, tally=Tally()))) == count
    assert len(list(source.posts(now=NOW, tally=Tally()))) == count


def test_export_in_a_zip_finds_its_pictures_beside_it() -> None:
    buffer = zipped(
        export_dot_xml=(DATA / "wordpress.xml").read_bytes(), uploads__2025__09__khai_dot_jpg=b"x", index_dot_html=b"a"
    )

    source = open_file(lambda: io.BytesIO(buffer.getvalue()))

    assert source.format == WORDPRESS
    assert source.files.find("https://a.vn/wp-content/uploads/2025/09/khai.jpg") == "uploads/2025/09/khai.jpg"
    assert len(list(source.posts(now=NOW, tally=Tally()))) == 5


@pytest.mark.parametrize("body", [b"%PDF-1.4", b"", b"<html><body>mot trang</body></html>"])
def test_other_files_are_not_recognised(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        open_file(lambda: io.BytesIO(body))

    assert caught.value.code == "unknown"


def test_zip_without_pages_is_not_recognised() -> None:
    buffer = zipped(anh_dot_png=b"x")

    with pytest.raises(SourceError) as caught:
        open_file(lambda: io.BytesIO(buffer.getvalue()))

    assert caught.value.code == "unknown"


def test_missing_path_is_broken(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        open_path(tmp_path / "khong-co.xml")

    assert caught.value.code == "broken"


def record(key: str, **fields: object) -> OldPost:
    return OldPost(key=key, title=key, body="", **fields)  # type: ignore[arg-type]


def test_records_survive_json() -> None:
    for name in ("wordpress.xml", "full-content.xml", "trang-cu"):
        for post in open_path(DATA / name).posts(now=NOW, tally=Tally()):
            assert OldPost.from_json(post.to_json()) == post


def test_pages_come_after_posts_and_below_their_parents() -> None:
    pages = [
        record("c", kind=PAGE, parent="b"),
        record("b", kind=PAGE, parent="a"),
        record("x"),
        record("a", kind=PAGE),
        record("d", kind=PAGE, parent="e"),
        record("e", kind=PAGE, parent="d"),
        record("f", kind=PAGE, parent="missing"),
    ]

    assert [one.key for one in parents_first(pages)] == ["x", "a", "b", "c", "e", "d", "f"]


@pytest.mark.parametrize(
    ("heading", "channel"),
    [
        ("Thông báo", "thong-bao"),
        ("thong-bao-chung", "thong-bao"),
        ("Tin tức - Sự kiện", "tin-tuc"),
        ("Thư mời", "thu-moi"),
        ("Văn bản chỉ đạo", "thong-bao"),
        ("Tài nguyên dạy học", "tai-nguyen"),
        ("Đoàn đội", None),
    ],
)
def test_headings_are_guessed(heading: str, channel: str | None) -> None:
    assert guess(heading) == channel


def test_channel_follows_the_person_then_the_guess() -> None:
    post = record("a", categories=("Đoàn đội", "Thông báo"))

    assert channel_for(post, {}) == "thong-bao"
    assert channel_for(post, {"Đoàn đội": "tin-tuc"}) == "tin-tuc"
    assert channel_for(post, {"Đoàn đội": ""}) is None
    assert channel_for(record("b"), {}) == "tin-tuc"
    assert channel_for(record("c", kind=PAGE, categories=("Thông báo",)), {"Thông báo": ""}) == "gioi-thieu"


def test_hosts_of_names_the_former_site() -> None:
    posts = [record("a", old_urls=("https://CU.edu.vn/a", "/b")), record("b", old_urls=("http://www.cu.edu.vn:80/",))]

    assert hosts_of(posts) == {"cu.edu.vn", "www.cu.edu.vn"}
