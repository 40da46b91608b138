"""Bring database and static files up to the present code; quick when nothing changed, safe when run twice at once."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor

# Any number that is ours: the key of the advisory lock that lets one machine migrate at a time.
MIGRATION_LOCK = 7_205_233_610
# A statement that waits longer for a table would hold up every request queued behind it.
LOCK_WAIT_MS = 5_000
STAMP = ".sources"

DATABASE_BUSY = (
    "Chưa cập nhật được cơ sở dữ liệu vì chương trình khác đang giữ khoá quá lâu. "
    "Hãy thử lại sau ít phút hoặc dừng chương trình đang dùng cơ sở dữ liệu."
)


ROLE_TOO_STRONG = (
    "Tài khoản PostgreSQL “{role}” được bỏ qua chính sách theo dòng (SUPERUSER hoặc BYPASSRLS), nên cơ sở dữ liệu "
    "không còn ngăn cách dữ liệu của các đơn vị. Hãy dùng một tài khoản NOSUPERUSER NOBYPASSRLS làm chủ."
)


class NotPrepared(Exception):
    """The product may not start; the text is a Vietnamese sentence that says what to do. Nothing half-done is left."""


class DatabaseBusy(NotPrepared):
    """A table stayed locked for too long."""


class RoleTooStrong(NotPrepared):
    """The role of the database sees past row-level security."""


def prepare() -> None:
    """Migrate and collect static files where needed. Raises `NotPrepared`.

    One preparation at a time on this data folder (file lock) and on this PostgreSQL database (advisory lock; it needs
    a direct connection, not a pool that changes sessions between transactions).
    """
    data_dir = Path(settings.DATA_DIR)
    data_dir.mkdir(parents=True, exist_ok=True)
    refuse_strong_role()
    with _file_lock(data_dir / "prepare.lock"):
        migrate()
        collect_static()
    connections.close_all()


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def refuse_strong_role() -> None:
    """On PostgreSQL, raise `RoleTooStrong` for a role whose rights would silently take the second wall down."""
    if connection.vendor == "postgresql":
        role, sees_past_policies = _role()
        if sees_past_policies:
            raise RoleTooStrong(ROLE_TOO_STRONG.format(role=role))


def _role() -> tuple[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, sees_past_policies = cursor.fetchone()
    return str(name), bool(sees_past_policies)


def migrate() -> bool:
    """Apply missing migrations; False when there were none. Raises `DatabaseBusy`."""
    if not _has_missing_migrations():
        return False
    try:
        with _sole_migrator():
            call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        if _is_lock_timeout(error):
            raise DatabaseBusy(DATABASE_BUSY) from error
        raise
    return True


def _has_missing_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _sole_migrator() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_WAIT_MS}ms"])
    try:
        yield
    finally:
        # Ends the session, and with it both the lock and the time limit, also after a broken connection.
        connection.close()


def _is_lock_timeout(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == "55P03" or "database is locked" in str(error)


def collect_static() -> bool:
    """Collect static files when their sources changed; False when they had not.

    Files of earlier versions stay, because running processes and visitors' pages still name them.
    """
    root = Path(settings.STATIC_ROOT)
    stamp, wanted = root / STAMP, _fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    # Written last: an interrupted collection is repeated.
    stamp.write_text(wanted)
    return True


def _fingerprint() -> str:
    """Changes when a source file is added, removed or written, or when the code that transforms them changes."""
    digest = hashlib.sha256()
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    code = (Path(__file__).with_name("staticfiles.py")).read_bytes()
    digest.update(repr((storage, settings.STATIC_URL, django.VERSION, version("whitenoise"))).encode() + code)
    for finder in finders.get_finders():
        for name, source in finder.list([]):
            stat = Path(source.path(name)).stat()
            digest.update(f"\0{name}\0{stat.st_size}\0{stat.st_mtime_ns}".encode())
    return digest.hexdigest()
