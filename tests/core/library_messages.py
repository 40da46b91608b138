"""Reads the messages of the installed libraries, and the catalogue that says them in Vietnamese."""

import ast
import io
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.utils.translation.template import templatize

FOLDER = Path(__file__).resolve().parents[2] / "congtruong" / "core" / "locale" / "vi" / "LC_MESSAGES"

# Parts of the libraries whose messages reach nobody, each with the reason.
NOT_INSTALLED = {
    "django/contrib/admin/": "there is no model admin",
    "django/contrib/admindocs/": "documents the model admin",
    "django/contrib/flatpages/": "pages are posts of the product",
    "django/contrib/gis/": "there are no maps",
    "django/contrib/postgres/": "the product also runs on SQLite",
    "django/contrib/redirects/": "old addresses are rows of the product",
    "django/contrib/sitemaps/": "the sitemap is a view of the product",
    "django/contrib/sites/": "a host name belongs to a unit",
    "django/contrib/syndication/": "feeds are views of the product",
    "allauth/headless/": "there is no single-page client",
    "allauth/idp/": "the product signs nobody in elsewhere",
}
NEVER_SHOWN = NOT_INSTALLED | {
    "django/conf/global_settings.py": "names of languages; the product speaks one",
    "django/contrib/auth/admin.py": "for the model admin",
    "allauth/account/admin.py": "for the model admin",
    "django/contrib/auth/hashers.py": "parts of a stored password, listed by the model admin",
    "django/contrib/contenttypes/views.py": "the model admin's link to an object",
    "django/views/csrf.py": "replaced by CSRF_FAILURE_VIEW",
    "django/views/generic/": "reasons of a 404, shown on the debug page only",
    "django/views/static.py": "serves files while developing",
    "django/views/templates/": "pages of a new or failing installation under DEBUG",
    "allauth/socialaccount/providers/douban/": "OpenID Connect is the only provider",
    "allauth/socialaccount/providers/dummy/": "OpenID Connect is the only provider",
    "allauth/socialaccount/providers/oauth/": "OpenID Connect is the only provider",
    "allauth/socialaccount/providers/pocket/": "OpenID Connect is the only provider",
    "allauth/templates/idp/": "pages of allauth.idp",
    "allauth/templates/openid/": "pages of the old OpenID",
    "django_tasks_db/models.py": "columns of the job table; no form is made from it",
}

# Numbers of the arguments: context, message, plural.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
# What templatize writes for the tags of a template.
TEMPLATE_KEYWORDS = {
    "_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)
}  # fmt: skip


class Message(NamedTuple):
    context: str | None
    text: str
    plural: str | None = None


def _words(call: ast.Call, at: int | None) -> str | None:
    node = call.args[at] if at is not None and at < len(call.args) else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def messages_of_module(source: str) -> Iterator[Message]:
    """Messages that a Python module gives to Django's translation functions under any name."""
    tree = ast.parse(source)
    names = {name: name for name in FUNCTIONS} | {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.utils.translation")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        places = FUNCTIONS.get(names.get(called, ""))
        if places is None:
            continue
        context, text, plural = (_words(node, at) for at in places)
        if text:
            yield Message(context, text, plural)


def messages_of_template(source: str) -> Iterator[Message]:
    """Messages of `translate`, `blocktranslate` and `_("…")` in a template."""
    calls = "\n".join(line.strip() for line in templatize(source).splitlines())
    for _line, found, _comments, context in extract("python", io.BytesIO(calls.encode()), TEMPLATE_KEYWORDS):
        texts = [text for text in (found if isinstance(found, tuple | list) else [found]) if text]
        if context is not None and texts[0] == context:
            texts = texts[1:]
        yield Message(context, texts[0], texts[1] if len(texts) > 1 else None)


def _packages() -> set[str]:
    installed = {config.name.split(".")[0] for config in apps.get_app_configs()}
    return (installed | {"django", "allauth"}) - {"congtruong"}


def _messages_of(path: Path) -> Iterator[Message]:
    if path.suffix == ".py":
        source = path.read_text(encoding="utf-8")
        # Most modules say nothing.
        if "gettext" in source:
            yield from messages_of_module(source)
    elif path.suffix in {".html", ".txt"}:
        yield from messages_of_template(path.read_text(encoding="utf-8"))


@cache
def all_messages() -> dict[Message, frozenset[str]]:
    """Every message of the libraries in use, with the files that say it."""
    found: dict[Message, set[str]] = {}
    for package in sorted(_packages()):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        root = Path(spec.origin).parent
        for path in sorted(root.rglob("*")):
            for message in _messages_of(path):
                found.setdefault(message, set()).add(path.relative_to(root.parent).as_posix())
    return {message: frozenset(paths) for message, paths in found.items()}


@cache
def shown() -> dict[Message, frozenset[str]]:
    """Messages that a person may meet, with the files that say them."""
    never = tuple(NEVER_SHOWN)
    kept = {
        message: {path for path in paths if not path.startswith(never)} for message, paths in all_messages().items()
    }
    return {message: frozenset(paths) for message, paths in kept.items() if paths}


def _read(name: str, reader: Callable[[io.BytesIO], Catalog]) -> dict[Message, str]:
    texts = {}
    for entry in reader(io.BytesIO((FOLDER / name).read_bytes())):
        if not entry.id:
            continue
        ids = entry.id if isinstance(entry.id, tuple | list) else (entry.id, None)
        written = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
        assert len(written) == 1, entry.id
        assert not entry.fuzzy, entry.id
        # Babel leaves the context of a compiled entry undecoded.
        context: str | bytes | None = entry.context
        context = context.decode() if isinstance(context, bytes) else context
        texts[Message(context, ids[0], ids[1])] = written[0] or ""
    return texts


@cache
def catalogue() -> dict[Message, str]:
    """What is written; contexts, messages and plurals to one Vietnamese sentence each."""
    return _read("django.po", read_po)


def compiled() -> dict[Message, str]:
    """What Django loads."""
    return _read("django.mo", read_mo)


def stub(message: Message, paths: frozenset[str]) -> str:
    """The lines of the catalogue in which a translation is still to be written."""
    lines = [f"#: {path}" for path in sorted(paths)]
    quoted = [("msgctxt", message.context), ("msgid", message.text), ("msgid_plural", message.plural)]
    lines += [f"{word} {_quote(text)}" for word, text in quoted if text is not None]
    return "\n".join([*lines, 'msgstr[0] ""' if message.plural else 'msgstr ""'])


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
