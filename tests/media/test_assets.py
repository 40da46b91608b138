"""Files and images of a unit: checked by content, stored once under an unguessable key, described, deleted safely."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from congtruong.core.models import AuditEntry
from congtruong.media import errors
from congtruong.media.enums import Consent
from congtruong.media.models import Asset, Usage
from congtruong.media.queries import used_bytes
from congtruong.media.services import add_asset, assets, delete_asset, describe_asset, set_consent, set_usages
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_file, make_image, make_post, make_unit, picture
from tests.media.pictures import claiming, photo

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def add(unit: Unit, body: bytes, name: str = "tep.pdf") -> Asset:
    with unit_scope(unit.pk):
        return add_asset(unit=unit, body=body, name=name, by=BY)


def stored(asset: Asset, name: str) -> bytes:
    with default_storage.open(f"{asset.folder}/{name}") as opened:
        return bytes(opened.read())


def names(asset: Asset) -> list[str]:
    return sorted(default_storage.listdir(asset.folder)[1])


def fresh(asset: Asset) -> Asset:
    with unit_scope(asset.unit_id):
        return Asset.objects.get(pk=asset.pk)


def trail(unit: Unit) -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.filter(unit_id=unit.pk, action__startswith="media.").order_by("pk")
    return list(rows.values_list("action", "subject", "actor"))


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (60 * 1024 * 1024))
    return buffer.getvalue()


# --- Adding -----------------------------------------------------------------------------------------------------------


def test_file_is_stored_as_it_is_under_a_safe_name(unit: Unit) -> None:
    asset = add(unit, b"%PDF-1.4 noi dung", "../../Kế hoạch (bản cuối).PDF")

    assert (asset.name, asset.kind, asset.content_type, asset.size, asset.stored_size) == (
        "ke-hoach-ban-cuoi.pdf",
        Asset.Kind.FILE,
        "application/pdf",
        17,
        17,
    )
    assert (names(asset), stored(asset, asset.name)) == (["ke-hoach-ban-cuoi.pdf"], b"%PDF-1.4 noi dung")
    assert (asset.width, asset.original, asset.renditions, asset.is_public) == (None, None, [], False)
    assert (asset.uploaded_by, asset.consent, asset.scan) == (BY, Consent.NOT_NEEDED, None)
    assert trail(unit) == [("media.asset.added", "ke-hoach-ban-cuoi.pdf", BY)]


def test_image_is_stored_in_its_sizes_only(unit: Unit) -> None:
    asset = add(unit, picture(960, 480), "Sân trường.png")

    assert (asset.name, asset.content_type, asset.width, asset.height) == ("san-truong.png", "image/png", 960, 480)
    assert asset.original is not None
    assert (asset.original["name"], asset.original["width"], asset.original["type"]) == ("goc.webp", 960, "image/webp")
    rows = [(r["name"], r["width"], r["height"], r["type"]) for r in asset.renditions]
    assert rows == [
        ("480.avif", 480, 240, "image/avif"),
        ("960.avif", 960, 480, "image/avif"),
        ("480.webp", 480, 240, "image/webp"),
        ("960.webp", 960, 480, "image/webp"),
    ]
    assert names(asset) == sorted([name for name, *_ in rows] + ["goc.webp"])
    assert sorted(asset.stored_names) == names(asset)
    sizes = {r["name"]: r["size"] for r in [asset.original, *asset.renditions]}
    assert sizes == {name: len(stored(asset, name)) for name in names(asset)}
    assert asset.stored_size == sum(sizes.values())


def test_nothing_stored_of_a_photo_tells_where_it_was_taken(unit: Unit) -> None:
    body = photo()
    assert Image.open(io.BytesIO(body)).getexif().get_ifd(0x8825)

    asset = add(unit, body, "anh.jpg")

    kept = [stored(asset, name) for name in names(asset)]
    assert [dict(Image.open(io.BytesIO(one)).getexif()) for one in kept] == [{}] * 3
    assert body not in kept


@pytest.mark.parametrize(
    "name", ["", ".pdf", "....", "/", "\x00.pdf", "tên " * 100 + ".pdf", "a." + "b" * 300, "CON", "🎉.pdf", "a.html"]
)
def test_any_name_becomes_one_that_can_be_stored(unit: Unit, name: str) -> None:
    asset = add(unit, b"%PDF-1.4", name)

    assert 4 < len(asset.name) <= 120
    assert set(asset.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert asset.name.endswith(".pdf")
    assert stored(asset, asset.name) == b"%PDF-1.4"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("body", "name", "problem"),
    [
        (b"", "rong.pdf", errors.FileEmpty),
        (b"<html><script>alert(1)</script></html>", "van-ban.pdf", errors.HtmlRefused),
        (SVG, "hinh.svg", errors.SvgRefused),
        (SVG, "hinh.png", errors.SvgRefused),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "IMG_0001.jpg", errors.HeicRefused),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "IMG_0002.MOV", errors.VideoRefused),
        (b"MZ\x90\x00", "cai-dat.pdf", errors.FileRefused),
        (b"\x89PNG\r\n\x1a\n khong phai anh", "anh.png", errors.ImageBroken),
        (b"\xff\xd8\xff\xe0 khong phai anh", "anh.jpg", errors.ImageBroken),
        (picture(400, 400)[:200], "anh.png", errors.ImageBroken),
        (claiming(10_000), "bom.png", errors.ImageTooLarge),
        (claiming(60_000), "bom.png", errors.ImageTooLarge),
        (bomb(), "bom.docx", errors.ArchiveTooLarge),
        (b"PK\x03\x04 khong phai zip", "a.zip", errors.ArchiveBroken),
    ],
)
def test_bad_file_is_refused_with_its_own_sentence_and_nothing_is_stored(
    unit: Unit, body: bytes, name: str, problem: type[errors.FileRefused]
) -> None:
    with pytest.raises(errors.FileRefused) as caught:
        add(unit, body, name)

    assert type(caught.value) is problem
    assert caught.value.message.endswith(".")
    with unit_scope(unit.pk):
        assert not Asset.objects.exists()
    assert not default_storage.exists(f"u{unit.pk}")
    assert trail(unit) == []


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.FileRefused) and kind is not errors.QuotaFull
    ]

    assert len({kind.message for kind in kinds}) == len(kinds) >= 12


def test_file_above_the_limit_is_refused(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "MOST_BYTES", 20)

    assert add(unit, b"%PDF-1.4" + b"x" * 12).size == 20
    with pytest.raises(errors.FileTooLarge):
        add(unit, b"%PDF-1.4" + b"x" * 13)


def test_unit_keeps_no_more_than_its_share(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another unit keeps is of no account; what was stored counts, not what was sent."""
    make_file(make_unit(), body=b"%PDF-1.4" + b"x" * 100)
    monkeypatch.setattr(assets, "quota", lambda: 30)

    add(unit, b"%PDF-1.4 1234567", "mot.pdf")
    add(unit, b"%PDF-1.4 12345", "hai.pdf")
    with pytest.raises(errors.QuotaFull) as caught:
        add(unit, b"%PDF-", "ba.pdf")

    with unit_scope(unit.pk):
        assert used_bytes(unit) == 30
    assert "đã đầy (0,0 GB trong 0,0 GB)" in caught.value.message
    # What is there already costs nothing.
    assert add(unit, b"%PDF-1.4 12345", "hai.pdf").name == "hai.pdf"


def test_share_is_a_setting(unit: Unit, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_QUOTA_GB = 3
    monkeypatch.setattr(assets, "used_bytes", lambda _: 3 * 1024**3)

    with pytest.raises(errors.QuotaFull) as caught:
        add(unit, b"%PDF-1.4")

    assert "(3,0 GB trong 3,0 GB)" in caught.value.message


def test_same_bytes_under_the_same_name_are_stored_once(unit: Unit) -> None:
    first, again = add(unit, b"%PDF-1.4 a", "mot.pdf"), add(unit, b"%PDF-1.4 a", "Một.pdf")
    other_name, other_bytes = add(unit, b"%PDF-1.4 a", "hai.pdf"), add(unit, b"%PDF-1.4 b", "mot.pdf")

    assert again.pk == first.pk
    assert len({first.pk, other_name.pk, other_bytes.pk}) == 3
    with unit_scope(unit.pk):
        assert Asset.objects.count() == 3
    assert len(default_storage.listdir(f"u{unit.pk}")[0]) == 3


def test_file_that_another_request_has_just_stored_is_that_file(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    faster: dict[str, Asset | None] = {}

    def check_room(**_: object) -> None:
        """Between the look for the same file and its insertion another request stores it."""
        if not faster:
            faster["asset"] = None
            faster["asset"] = add(unit, b"%PDF-1.4 a", "mot.pdf")

    monkeypatch.setattr(assets, "check_room", check_room)

    asset = add(unit, b"%PDF-1.4 a", "mot.pdf")

    assert asset == faster["asset"]
    assert [default_storage.listdir(f"u{unit.pk}/{key}")[1] for key in default_storage.listdir(f"u{unit.pk}")[0]] in (
        [["mot.pdf"], []],
        [[], ["mot.pdf"]],
    )


def test_two_units_never_share_a_stored_file(unit: Unit) -> None:
    other = make_unit()
    mine, theirs = make_file(unit), make_file(other)

    assert (mine.sha256, mine.name) == (theirs.sha256, theirs.name)
    assert (mine.pk != theirs.pk, mine.key != theirs.key, mine.folder != theirs.folder) == (True, True, True)


def test_keys_cannot_be_guessed(unit: Unit) -> None:
    keys = [add(unit, b"%%PDF-1.4 %d" % number, f"{number}.pdf").key for number in range(20)]

    assert len(set(keys)) == 20
    # 128 random bits in base64.
    assert {len(key) for key in keys} == {22}
    assert len({key[0] for key in keys}) > 3


def test_photo_of_children_waits_for_their_consent(unit: Unit) -> None:
    with unit_scope(unit.pk):
        asset = add_asset(unit=unit, body=picture(), name="lop.png", shows_children=True, by="Cô C")

    kept = fresh(asset)
    assert (kept.consent, kept.consent_by, kept.consent_at is not None) == (Consent.WAITING, "Cô C", True)
    assert (kept.shows_children, kept.is_blocked) == (True, True)


# --- Describing and consent -------------------------------------------------------------------------------------------


def test_describing_an_image_is_kept_and_recorded(unit: Unit) -> None:
    asset = make_image(unit)
    assert asset.lacks_alt

    with unit_scope(unit.pk):
        describe_asset(asset=asset, alt="  Sân\ntrường ", caption="Lễ khai giảng", is_decorative=False, by="Cô C")

    kept = fresh(asset)
    assert (kept.alt, kept.caption, kept.is_decorative, kept.lacks_alt) == ("Sân trường", "Lễ khai giảng", False, False)
    assert trail(unit)[1:] == [("media.asset.described", "anh.png", "Cô C")]


def test_decorative_image_needs_no_words(unit: Unit) -> None:
    asset = make_image(unit, alt="cũ")
    with unit_scope(unit.pk):
        describe_asset(asset=asset, alt="mới", caption="", is_decorative=True, by=BY)

    kept = fresh(asset)
    assert (kept.alt, kept.is_decorative, kept.lacks_alt) == ("", True, False)


def test_consent_needs_a_paper(unit: Unit) -> None:
    asset = make_image(unit)
    with unit_scope(unit.pk):
        with pytest.raises(errors.ConsentNoteMissing):
            set_consent(asset=asset, consent=Consent.GIVEN, note="  ", by=BY)
        set_consent(asset=asset, consent=Consent.GIVEN, note="Giấy của 14 em lớp 6/2", by="Cô C")

    kept = fresh(asset)
    assert (kept.consent, kept.consent_note, kept.consent_by, kept.consent_at is not None) == (
        Consent.GIVEN,
        "Giấy của 14 em lớp 6/2",
        "Cô C",
        True,
    )
    assert (kept.shows_children, kept.is_blocked) == (True, False)
    assert trail(unit)[1:] == [("media.asset.consent_set", "anh.png", "Cô C")]


@pytest.mark.parametrize("consent", [Consent.STOPPED, Consent.WAITING])
def test_withdrawn_consent_hides_the_photo_at_once_wherever_it_stands(unit: Unit, consent: Consent) -> None:
    photo_of_children, other = make_image(unit), make_image(unit, "khac.png", colour="blue")
    pks = [photo_of_children.pk, other.pk]
    with unit_scope(unit.pk):
        for number in (1, 2):
            set_usages(unit=unit, kind="post", object_id=number, label="Bài", assets=pks, live=pks)
        set_consent(asset=photo_of_children, consent=consent, note="Phụ huynh gọi điện 23/11", by="Cô C")
        rows = sorted(Usage.objects.values_list("object_id", "asset", "is_live"))

    assert rows == sorted(
        [(1, pks[0], False), (1, pks[1], True), (2, pks[0], False), (2, pks[1], True)],
    )
    assert [fresh(asset).is_public for asset in (photo_of_children, other)] == [False, True]
    detail = AuditEntry.objects.get(action="media.asset.consent_set").detail
    assert detail == {
        "asset_id": pks[0],
        "before": "khong-can",
        "after": str(consent),
        "note": "Phụ huynh gọi điện 23/11",
        "hidden_in": 2,
    }


# --- Deleting ---------------------------------------------------------------------------------------------------------


def test_unused_file_is_deleted_with_its_bytes_after_commit(
    unit: Unit, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    asset, kept = make_image(unit), make_file(unit)
    with unit_scope(unit.pk), django_capture_on_commit_callbacks(execute=False) as callbacks:
        delete_asset(asset=asset, by="Cô C")
        assert list(Asset.objects.all()) == [kept]
    assert len(names(asset)) == 3

    for callback in callbacks:
        callback()

    assert names(asset) == []
    assert stored(kept, kept.name) == b"%PDF-1.4 thu"
    assert trail(unit)[-1] == ("media.asset.deleted", "anh.png", "Cô C")


def test_used_file_is_not_deleted_and_the_places_are_named(unit: Unit) -> None:
    asset = make_file(unit)
    with unit_scope(unit.pk):
        for number in range(1, 8):
            set_usages(unit=unit, kind="post", object_id=number, label=f"Bài {number}", assets=[asset.pk])
        with pytest.raises(errors.AssetInUse) as caught:
            delete_asset(asset=asset, by=BY)

    assert "đang dùng ở: Bài 1, Bài 2, Bài 3, Bài 4, Bài 5, …." in caught.value.message
    assert fresh(asset) == asset
    assert names(asset) == ["van-ban.pdf"]


def test_file_that_only_a_foreign_key_knows_is_not_deleted(unit: Unit) -> None:
    asset = make_image(unit)
    make_post(unit, cover=asset, publish=False)
    with unit_scope(unit.pk):
        Usage.objects.all().delete()
        with pytest.raises(errors.AssetInUse):
            delete_asset(asset=asset, by=BY)

    assert fresh(asset) == asset
    assert len(names(asset)) == 3


def test_storage_that_fails_keeps_nobody_from_deleting(
    unit: Unit,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    asset = make_file(unit)

    class Away:
        def delete(self, _: str) -> None:
            raise OSError("storage is away")

    monkeypatch.setattr(assets, "default_storage", Away())
    with unit_scope(unit.pk), django_capture_on_commit_callbacks(execute=True):
        delete_asset(asset=asset, by=BY)

    with unit_scope(unit.pk):
        assert not Asset.objects.exists()
    assert [record.getMessage() for record in caplog.records] == [f"Could not delete {asset.folder}/van-ban.pdf"]


def test_describing_costs_the_same_queries_whatever_the_unit_keeps(
    unit: Unit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asset = make_image(unit)
    for number in range(3):
        make_file(unit, f"{number}.pdf")
    with unit_scope(unit.pk), django_assert_num_queries(4):
        # Savepoint, update, trail, release.
        describe_asset(asset=asset, alt="a", caption="", is_decorative=False, by=BY)
