"""What the library gives people to do."""

import pytest
from django.urls import reverse

from congtruong.core import clock
from congtruong.media.enums import Consent
from congtruong.media.registry import library_duties
from congtruong.media.services import describe_asset, set_consent
from congtruong.units.models import Unit, User
from congtruong.units.registry import Asked, Duty
from congtruong.units.rules.duties import Act
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_file, make_image, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def asked(unit: Unit, *acts: Act) -> list[Duty]:
    with unit_scope(unit.pk):
        return library_duties(Asked(unit, User(), frozenset(acts), clock.now()))


def test_images_without_description_and_without_papers_are_work_for_writers(unit: Unit) -> None:
    make_image(make_unit())
    make_file(unit)
    assert asked(unit, Act.WRITE) == []
    images = [make_image(unit, f"{colour}.png", colour=colour) for colour in ("red", "blue", "lime")]
    with unit_scope(unit.pk):
        describe_asset(asset=images[0], alt="Sân trường", caption="", is_decorative=False, by=BY)
        set_consent(asset=images[0], consent=Consent.WAITING, note="", by=BY)

    duties = asked(unit, Act.WRITE)

    assert [(duty.title, reverse(duty.url_name, args=duty.url_args), duty.minutes) for duty in duties] == [
        ("2 ảnh thiếu mô tả", "/quan-tri/thu-vien/mo-ta/", 2),
        ("1 ảnh chờ giấy đồng ý", "/quan-tri/thu-vien/cho-dong-y/", None),
    ]
    assert asked(unit, Act.SETTINGS, Act.STRUCTURE) == []
