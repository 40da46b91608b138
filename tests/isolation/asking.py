"""One request of the crawl: who asks, what comes back, what was written, and what it must not hold."""

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import b64_decode
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import set_script_prefix

from congtruong.core.models import AuditEntry
from congtruong.editorial.models import Document, Post, Revision
from congtruong.media.models import Asset
from congtruong.units.models import Membership, Unit, User
from congtruong.units.scoping import unit_scope
from tests.isolation.world import CENTRAL_HOST, Tenant, World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What signing in and being asked writes; no unit's business.
_OWN_BUSINESS = {"django_session", "congtruong_cache", "django_tasks_db_dbtaskresult", "account_emailaddress"}
_WRITE = re.compile(r"(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) \"(\w+)\"")
_CHANGING = (
    (re.compile(rb'(name="csrfmiddlewaretoken" value=")\w+'), rb"\1"),
    (re.compile(rb'(name="once" value=")\w+'), rb"\1"),
    (re.compile(rb'("csrf": ")\w+'), rb"\1"),
)
# What a session is told at the next page travels in this cookie.
_SAID = "messages"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, apart from the address that was asked for; `wrote` counts changes by table."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]
    said: str
    wrote: Counter[str] = field(compare=False)

    def marks(self) -> set[tuple[str, str]]:
        """Tenant and kind of every mark in body, headers and cookies."""
        text = f"{self.body.decode('utf-8', 'replace')} {self.headers!r} {self.said}"
        return set(re.findall(r"mark-([a-z]+)-([a-z]+)", text.lower()))


@dataclass(frozen=True, slots=True)
class Door:
    """A host at which a unit's console stands: the unit's own or, `is_mounted`, the central one."""

    tenant: Tenant | None
    is_mounted: bool = False

    @property
    def host(self) -> str:
        return CENTRAL_HOST if self.tenant is None or self.is_mounted else self.tenant.host

    @property
    def prefix(self) -> str:
        return f"/tai/{self.tenant.host}" if self.is_mounted and self.tenant is not None else ""


def ask(
    world: World,
    role: str,
    door: Door,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Ask and take back what was written; what stands outside the database is the person's own upload."""
    set_script_prefix("/")
    client = _client()
    client.cookies = SimpleCookie()
    if role in world.cookies:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[role]
    written: Counter[str] = Counter()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found and found[1] not in _OWN_BUSINESS:
            written[found[1]] += 1
        return execute(sql, params, many, context)

    sent: dict[str, Any] = {"data": body} if body is not None and method == "POST" else {}
    with connection.execute_wrapper(watch):
        response: Any = getattr(client, method.lower())(
            door.prefix + path, headers={"host": f"{door.host}.localhost", **(headers or {})}, **sent
        )
        content = response.getvalue() if response.streaming else response.content
    set_script_prefix("/")
    said = _said(response.cookies[_SAID].value) if _SAID in response.cookies else ""
    bare = (door.prefix + path).split("?", maxsplit=1)[0]
    texts = [(key, _without(value.encode(), bare).decode()) for key, value in response.headers.items()]
    shown = {"Content-Length", "Date", "Last-Modified"}
    kept = tuple(sorted((key, value) for key, value in texts if key not in shown))
    return Answer(response.status_code, _without(content, bare), kept, said, written)


@cache
def _client() -> Client:
    """One for all: making the chain of middleware costs more than most answers."""
    return Client()


def _said(cookie: str) -> str:
    """The sentences in the cookie, without the time at which it was signed."""
    packed = cookie.split(":", maxsplit=1)[0]
    plain = b64_decode(packed.removeprefix(".").encode())
    return json.dumps(json.loads(zlib.decompress(plain) if packed.startswith(".") else plain), ensure_ascii=False)


def _without(content: bytes, path: str) -> bytes:
    for pattern, kept in _CHANGING:
        content = pattern.sub(kept, content)
    for spelling in (path, quote(path), quote(path, safe="")):
        content = content.replace(spelling.encode(), b"PATH")
    return content


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no row behind."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def upload(name: str, body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


# --- What the database holds ------------------------------------------------------------------------------------------


def unit_models() -> list[Any]:
    """Every table with a unit, private or public."""
    own = [model for model in apps.get_models() if model.__module__.startswith("congtruong.")]
    return [model for model in own if any(one.name == "unit" for one in model._meta.fields)]


def rows_of(tenant: Tenant) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that belongs to a unit, its trail and its people's accounts included."""
    with unit_scope(tenant.unit.pk):
        held = {
            model._meta.label: list(model._base_manager.filter(unit=tenant.unit.pk).order_by("pk").values_list())
            for model in unit_models()
        }
        held["trail"] = list(AuditEntry.objects.filter(unit_id=tenant.unit.pk).order_by("pk").values_list())
        people = User.objects.filter(username__startswith=f"mark-{tenant.tag}-").order_by("pk")
        held["people"] = list(people.values_list("pk", "password", "is_active", "is_staff", "is_superuser", "email"))
    return held


def strangers_in(tenant: Tenant, stranger: Tenant) -> set[str]:
    """Where rows of one unit refer to rows of the other, by foreign key or by an id inside of JSON."""
    found: set[str] = set()
    models = unit_models()
    with unit_scope(tenant.unit.pk, stranger.unit.pk):
        for model in models:
            for column in model._meta.fields:
                if column.is_relation and column.related_model in models:
                    own = model._base_manager.filter(unit=tenant.unit.pk, **{f"{column.name}__isnull": False})
                    if own.exclude(**{f"{column.name}__unit": F("unit")}).exists():
                        found.add(f"{model._meta.label}.{column.name}")
        assets = set(Asset.objects.filter(unit=stranger.unit.pk).values_list("pk", flat=True))
        posts = set(Post.objects.filter(unit=stranger.unit.pk).values_list("pk", flat=True))
        kinds = {"asset": assets, "cover_id": assets, "files": assets, "post": posts, "parent_id": posts}
        for model, column_name in ((Post, "facts"), (Revision, "content"), (Document, "relations")):
            for value in model._base_manager.filter(unit=tenant.unit.pk).values_list(column_name, flat=True):
                found |= {f"{model._meta.label}.{column_name}.{key}" for key in _named(value, kinds)}
    return found


def _named(value: Any, kinds: dict[str, set[int]]) -> set[str]:
    """Keys under which JSON names a row of these."""
    if isinstance(value, list):
        return {key for each in value for key in _named(each, kinds)}
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, each in value.items():
        ids = [file[0] for file in each] if key == "files" else [each]
        if key in kinds and any(isinstance(one, int) and one in kinds[key] for one in ids):
            found.add(key)
        found |= _named(each, kinds)
    return found


def memberships() -> set[tuple[int, int, str]]:
    """Unit, person and role, all over."""
    with unit_scope(*Unit.objects.values_list("pk", flat=True)):
        return set(Membership.objects.values_list("unit_id", "user_id", "role"))


def accounts() -> list[tuple[Any, ...]]:
    """What makes somebody more than he is."""
    return list(User.objects.order_by("pk").values_list("pk", "is_staff", "is_superuser", "is_active"))
