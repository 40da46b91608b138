"""An import killed with -9 at any step: when the next worker is done, nothing is lost and nothing is doubled."""

import json
import signal
from pathlib import Path

import pytest

from tests.feeds.test_killed import Apart, database_url
from tests.transfer.killed_import import STEPS

pytestmark = [pytest.mark.integration]

SETUP = """
import django; django.setup()
import io, sys, zipfile
from congtruong.transfer import services
from congtruong.units.scoping import unit_scope
from tests.factories import make_unit, picture
unit = make_unit("Trường Hoa Phượng (mẫu)", host=sys.argv[1])
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w") as archive:
    archive.write("tests/data/transfer/wordpress.xml", "xuat.xml")
    archive.writestr("uploads/2025/09/khai-giang.jpg", picture())
buffer.seek(0)
with unit_scope(unit.pk):
    job = services.start_reading(unit=unit, file=buffer, name="cu.zip", size=1, by="Thử")
    services.read_site(job_id=job.pk)
    job.refresh_from_db()
    services.start_import(job=job, publish=True, channels={}, by="Thử")
print(job.pk)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_import_loses_and_doubles_nothing(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    apart = Apart(database_url(tmp_path, request), "")
    apart.env["CONGTRUONG_MEDIA_ROOT"] = str(tmp_path / "media")
    apart.must("-m", "django", "migrate", "-v0")
    # Each step kills a worker of the same job, at the record it has reached by then.
    job = apart.must("-c", SETUP, "mot.hcm.edu.vn")
    progress = []
    for step in STEPS:
        killed = apart.run("-m", "tests.transfer.killed_import", step, job)
        assert killed.returncode == -signal.SIGKILL, (step, killed.stdout, killed.stderr)
        progress.append(step)

    state = json.loads(apart.must("-m", "tests.transfer.killed_import", "never", job))

    whole = apart.must("-c", SETUP, "hai.hcm.edu.vn")
    expected = json.loads(apart.must("-m", "tests.transfer.killed_import", "never", whole))
    assert progress == list(STEPS)
    assert state["job"] == ["xong", 5, {"published": 4, "drafts": 1, "known": 0, "skipped": 0, "failed": 0}]
    # The second unit was imported without a death: both together hold everything exactly twice.
    for name in ("posts", "assets", "imported", "entries", "paths", "redirects"):
        assert expected[name] == sorted(state[name] * 2), name
