"""What a portal arranges for itself."""

import pytest

from congtruong.portal.models import QuickLink
from congtruong.portal.queries import quick_links
from congtruong.portal.services import MOST_QUICK, set_quick_links
from tests.factories import make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_quick_links_are_kept_in_order_and_replaced_as_a_whole() -> None:
    unit = make_unit()
    set_quick_links(unit=unit, links=[("Cũ", "news", "/tin-tuc/")])

    set_quick_links(unit=unit, links=[("Văn bản", "file", "/van-ban/"), ("Liên hệ", "phone", "/lien-he/")])

    assert [(link.label, link.icon, link.path) for link in quick_links(unit)] == [
        ("Văn bản", "file", "/van-ban/"),
        ("Liên hệ", "phone", "/lien-he/"),
    ]


def test_quick_links_are_at_most_six() -> None:
    unit = make_unit()

    made = set_quick_links(unit=unit, links=[(f"Việc {n}", "file", f"/{n}/") for n in range(9)])

    assert (len(made), [link.label for link in quick_links(unit)]) == (MOST_QUICK, [f"Việc {n}" for n in range(6)])


def test_quick_link_with_an_unknown_icon_changes_nothing() -> None:
    unit = make_unit()
    set_quick_links(unit=unit, links=[("Cũ", "news", "/tin-tuc/")])

    with pytest.raises(ValueError, match="unknown icons"):
        set_quick_links(unit=unit, links=[("Mới", "file", "/a/"), ("Lạ", "khong-co", "/b/")])

    assert [link.label for link in quick_links(unit)] == ["Cũ"]


def test_quick_links_of_other_units_stay() -> None:
    unit, other = make_unit(), make_unit()
    set_quick_links(unit=other, links=[("Của bạn", "file", "/van-ban/")])

    set_quick_links(unit=unit, links=[("Của tôi", "file", "/van-ban/")])
    set_quick_links(unit=unit, links=[])

    assert list(QuickLink.objects.values_list("unit", "label")) == [(other.pk, "Của bạn")]
