from pathlib import Path

import pytest

from congtruong.transfer.pipeline.files import FolderFiles, Index

pytestmark = pytest.mark.unit

NAMES = ["uploads/2025/09/Khai-Giang.JPG", "uploads/2024/09/a.png", "uploads/2025/10/a.png", "bài/ảnh một.png"]


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("https://cu.edu.vn/wp-content/uploads/2025/09/khai-giang.jpg", NAMES[0]),
        ("https://cu.edu.vn/wp-content/uploads/2025/09/khai-giang-1024x683.jpg?x=1", NAMES[0]),
        ("/uploads/2025/10/a.png", NAMES[2]),
        ("/a.png", ""),
        ("https://cu.edu.vn/anh/2024/09/a.png", NAMES[1]),
        ("/b%C3%A0i/%E1%BA%A3nh%20m%E1%BB%99t.png", NAMES[3]),
        ("../../../etc/passwd", ""),
        ("mailto:a@b.vn", ""),
        ("", ""),
    ],
)
def test_files_are_found_by_the_end_of_their_path(reference: str, name: str) -> None:
    assert Index(NAMES).find(reference) == name


def test_folder_does_not_follow_links_out_of_itself(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("x")
    root = tmp_path / "site"
    root.mkdir()
    (root / "a.html").write_text("a")
    (root / "out.html").symlink_to(secret)

    files = FolderFiles(root)

    assert list(files.paths) == ["a.html"]
    assert files.read("a.html") == b"a"
