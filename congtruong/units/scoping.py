"""The one door to a unit's own rows: two walls opened and closed together.

Inside `unit_scope` scoped managers answer for these units only, and on PostgreSQL the session variable that the
row-level policies read holds the same ids. Outside, managers raise and the database shows nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django_scopes import get_scope, scope
from django_scopes.exceptions import ScopeError
from django_scopes.manager import DisabledQuerySet
from psycopg.pq import TransactionStatus

M = TypeVar("M", bound=models.Model)

SESSION_VARIABLE = "congtruong.units"
_EVERYWHERE = "*"


def _closed(self: "ClosedQuerySet[Any]", *_: object, **__: object) -> NoReturn:
    raise ScopeError(f"{self.model.__name__} belongs to units: enter unit_scope() first.")


class ClosedQuerySet(DisabledQuerySet, models.QuerySet[M]):  # type: ignore[misc]
    """What stands for the rows outside a scope: everything that would read or change them raises."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("missing_scopes", {"unit"})
        super().__init__(*args, **kwargs)

    # django-scopes leaves these open; some answer without asking the database.
    contains = _closed
    in_bulk = _closed
    bulk_update = _closed
    __aiter__ = _closed
    aiterator = _closed
    # Every other way to read, alone or inside another query, begins here.
    query = property(_closed)
    resolve_expression = _closed

    def _clone(self) -> "ClosedQuerySet[M]":
        return type(self)(self.model, using=self._db, hints=self._hints)

    def none(self) -> Any:
        return models.QuerySet(self.model, using=self._db, hints=self._hints).none()


class ScopedManager(models.Manager[M]):
    """Rows of the units in scope. Guards reads and bulk changes; services compare units when they write.

    `column` names whose rows they are: `owner` for what an authority may read of the units below it.
    """

    def __init__(self, column: str = "unit") -> None:
        super().__init__()
        self._column = column

    def get_queryset(self) -> models.QuerySet[M]:
        current = get_scope()
        if not current.get("_enabled", True):
            return super().get_queryset()
        if "unit" not in current:
            return ClosedQuerySet(self.model, using=self._db)
        return super().get_queryset().filter(**{f"{self._column}__in": current["unit"]})


@contextmanager
def unit_scope(*unit_ids: int) -> Iterator[None]:
    """Reach the rows of these units, of nobody else."""
    before = _granted()
    with scope(unit=list(unit_ids), _granted=",".join(map(str, unit_ids))):
        _tell_database(_granted())
        try:
            yield
        finally:
            _tell_database(before)


@contextmanager
def everywhere(reason: str) -> Iterator[None]:
    """Reach the rows of all units. Each use is listed, with its reason, in tests/structure/test_scoping.py."""
    if not reason:
        raise ValueError("everywhere() needs a reason")
    before = _granted()
    with scope(_enabled=False, _granted=_EVERYWHERE):
        _tell_database(_EVERYWHERE)
        try:
            yield
        finally:
            _tell_database(before)


def _granted() -> str:
    return str(get_scope().get("_granted", ""))


def _tell_database(granted: str, using: BaseDatabaseWrapper | None = None) -> None:
    wrapper = using or connection
    if wrapper.vendor != "postgresql" or wrapper.needs_rollback or wrapper.closed_in_transaction:
        return
    if using is None and wrapper.connection is None:
        return  # told when it opens
    if wrapper.connection.info.transaction_status == TransactionStatus.INERROR:
        return  # hears nothing more; the rollback takes back what it was told in this transaction
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SESSION_VARIABLE, granted])


def _on_connect(connection: BaseDatabaseWrapper, **_: object) -> None:
    _tell_database(_granted(), using=connection)


connection_created.connect(_on_connect, dispatch_uid="congtruong.units.scoping")
