from pathlib import Path

import pytest
from pytest_django import Settings

from congtruong.units.models import Unit
from tests.factories import make_unit


@pytest.fixture(autouse=True)
def _own_folders(settings: Settings, tmp_path: Path) -> None:
    """The storage of the tests lives in memory and would keep the files of units that are gone."""
    settings.STORAGES = {**settings.STORAGES}
    settings.UPLOADS_ROOT = tmp_path / "uploads"


@pytest.fixture
def unit(db: None) -> Unit:
    return make_unit()
