"""The trail only grows."""

import pytest
from django.db import transaction

from congtruong.core import audit
from congtruong.core.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def write() -> AuditEntry:
    audit.record("units.unit.placed", unit_id=7, subject="Trường A", by="Nguyễn Văn A", by_id=3, kind="quan_ly")
    return AuditEntry.objects.get()


def test_record_keeps_who_did_what_to_which_object() -> None:
    entry = write()

    assert (entry.action, entry.unit_id, entry.subject) == ("units.unit.placed", 7, "Trường A")
    assert (entry.actor, entry.actor_id, entry.detail) == ("Nguyễn Văn A", 3, {"kind": "quan_ly"})
    assert str(entry) == f"{entry.at:%Y-%m-%d %H:%M} units.unit.placed Trường A"


def test_record_cuts_long_names_instead_of_losing_the_line() -> None:
    audit.record("a.b.c", unit_id=None, subject="ế" * 1000, by="ữ" * 1000)

    entry = AuditEntry.objects.get()
    assert (entry.unit_id, entry.subject, entry.actor) == (None, "ế" * 300, "ữ" * 200)


def test_record_goes_with_the_transaction_of_the_caller() -> None:
    with transaction.atomic():
        audit.record("a.b.c", unit_id=None, subject="x", by="y")
        transaction.set_rollback(True)

    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.update(subject="khác"),
        lambda entry: AuditEntry.objects.all().delete(),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["subject"]),
        lambda entry: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"subject": "khác"}),
    ],
    ids=["save", "delete", "bulk update", "bulk delete", "bulk_update", "update_or_create"],
)
def test_entry_is_neither_changed_nor_deleted(change: object) -> None:
    entry = write()
    entry.subject = "khác"

    with pytest.raises(TypeError, match="neither changed nor deleted"):
        change(entry)  # type: ignore[operator]

    assert list(AuditEntry.objects.values_list("subject", flat=True)) == ["Trường A"]


def test_entry_has_no_foreign_keys() -> None:
    assert [field.name for field in AuditEntry._meta.get_fields() if field.is_relation] == []
