"""Static files with hashed names, precompressed, with the style sheets of a layout joined into one.

`static/css/bundles.json` names the parts of each bundle in order: `{"public": ["css/tokens.css", …]}` gives
`css/public.css`.
"""

import json
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLES = "css/bundles.json"

_URL = re.compile(r"""url\(\s*(?P<quote>["']?)(?P<url>[^"')]+)(?P=quote)\s*\)""", re.IGNORECASE)
_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|/|#)", re.IGNORECASE)
# Both are only valid at the start of a style sheet, so they would be lost in the middle of a bundle.
_START_ONLY = re.compile(r"^\s*@(?:import|charset)\b", re.IGNORECASE | re.MULTILINE)


class BundledStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise ships no types
    """Adds the bundles while collecting; each gets a hashed name and its Brotli and gzip variants like any file."""

    # Modules import each other by their hashed names, so that none of them outlives an update in a browser.
    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run and BUNDLES in paths:
            for name, content in join_bundles(self._read(BUNDLES), self._read, taken=paths).items():
                self.delete(name)
                self.save(name, ContentFile(content.encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def get_modified_time(self, name: str) -> NoReturn:
        """Not told, so that collecting copies every file: an older version of a file may well be the newer source."""
        raise NotImplementedError(f"time of {name}")

    def _read(self, name: str) -> str:
        return Path(self.path(name)).read_text(encoding="utf-8")


def join_bundles(description: str, read: Callable[[str], str], *, taken: Collection[str]) -> dict[str, str]:
    """File name → text of every bundle of a JSON `description`; `read` gives the text of a static file by name.

    Raises ImproperlyConfigured for a bundle named like one of the files in `taken` or with parts that cannot be joined.
    """
    bundles: dict[str, str] = {}
    for bundle, parts in json.loads(description).items():
        name = bundle_name(bundle)
        if name in taken:
            raise ImproperlyConfigured(f"{BUNDLES}: {name} exists as a file, name the bundle {bundle} differently")
        bundles[name] = "\n".join(rebase_urls(read(part), part, name).rstrip() for part in parts) + "\n"
    return bundles


def bundle_name(bundle: str) -> str:
    return f"css/{bundle}.css"


def rebase_urls(css: str, source: str, target: str) -> str:
    """The style sheet with relative addresses that hold at `source` rewritten to hold at `target`.

    Raises ImproperlyConfigured for @import and @charset.
    """
    if _START_ONLY.search(css):
        raise ImproperlyConfigured(f"{source}: @import and @charset cannot be part of a bundle")

    def rebase(match: re.Match[str]) -> str:
        url = match["url"].strip()
        if _ELSEWHERE.match(url):
            return match[0]
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), url))
        return f'url("{posixpath.relpath(path, posixpath.join("/", posixpath.dirname(target)))}")'

    return _URL.sub(rebase, css)


@lru_cache(maxsize=1)
def bundle_parts() -> dict[str, Sequence[str]]:
    """Bundle → its parts, from the source files. Raises ImproperlyConfigured when there is no description."""
    found = finders.find(BUNDLES)
    if not isinstance(found, str):
        raise ImproperlyConfigured(f"There is no static file {BUNDLES}")
    parts: dict[str, Sequence[str]] = json.loads(Path(found).read_text(encoding="utf-8"))
    return parts
