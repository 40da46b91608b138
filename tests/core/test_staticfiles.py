import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.template import Context, Template, TemplateSyntaxError
from pytest_django import Settings

from congtruong.core.staticfiles import bundle_parts, join_bundles, rebase_urls

pytestmark = pytest.mark.integration

TOKENS = '@font-face { src: url("../fonts/be.woff2") }\n:root { --ink: #123 }\n' + "/* long enough to compress */" * 20
BASE = "body { color: var(--ink) }"
CARD = ".card { background: url(data:image/png;base64,AAAA) }"
PARTS = ["css/tokens.css", "css/base.css", "css/components/card.css"]


@pytest.fixture
def sources(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A folder of static sources, the only one collected from, and the bundling storage."""
    folder = tmp_path / "sources"
    files = {
        "css/tokens.css": TOKENS,
        "css/base.css": BASE,
        "css/components/card.css": CARD,
        "css/bundles.json": json.dumps({"public": PARTS}),
        "fonts/be.woff2": "font",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "congtruong.core.staticfiles.BundledStorage"},
    }
    _forget()
    yield folder
    _forget()


def _forget() -> None:
    finders.get_finder.cache_clear()  # type: ignore[attr-defined]  # an lru_cache, typed as a plain function
    bundle_parts.cache_clear()


def _collect(settings: Settings) -> tuple[Path, str]:
    """Collect; gives the folder and the hashed name of the bundle."""
    call_command("collectstatic", interactive=False, verbosity=0)
    root = Path(settings.STATIC_ROOT)
    manifest = json.loads((root / "staticfiles.json").read_text())["paths"]
    return root, manifest["css/public.css"]


@pytest.mark.usefixtures("sources")
def test_collectstatic_joins_the_parts_in_order(settings: Settings) -> None:
    root, name = _collect(settings)

    css = (root / name).read_text()
    assert re.sub(r"be\.[0-9a-f]{12}\.", "be.HASH.", css) == "\n".join(
        [TOKENS.replace("be.", "be.HASH."), BASE, CARD, ""]
    )
    assert (root / "css" / re.findall(r"\.\./fonts/[^\"]+", css)[0]).read_text() == "font"


@pytest.mark.usefixtures("sources")
def test_collectstatic_compresses_the_bundle(settings: Settings) -> None:
    root, name = _collect(settings)

    css = (root / name).read_bytes()
    assert brotli.decompress((root / f"{name}.br").read_bytes()) == css
    assert gzip.decompress((root / f"{name}.gz").read_bytes()) == css


def test_collectstatic_follows_a_changed_part(sources: Path, settings: Settings) -> None:
    _, before = _collect(settings)
    (sources / "css/base.css").write_text("body { color: red }")

    root, after = _collect(settings)

    assert before != after
    assert (root / after).read_text().splitlines()[-2:] == ["body { color: red }", CARD]
    assert (root / before).exists()


def test_collectstatic_refuses_a_bundle_named_like_a_file(sources: Path, settings: Settings) -> None:
    (sources / "css/bundles.json").write_text(json.dumps({"base": PARTS}))

    with pytest.raises(ImproperlyConfigured, match=r"css/base\.css exists as a file"):
        _collect(settings)


@pytest.mark.usefixtures("sources")
def test_stylesheets_links_the_bundle_when_collected(settings: Settings) -> None:
    _, name = _collect(settings)

    assert _render("public") == f'<link rel="stylesheet" href="/static/{name}">'


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("how", ["plain storage", "debug"])
def test_stylesheets_links_each_part_otherwise(settings: Settings, how: str) -> None:
    if how == "debug":
        settings.DEBUG = True
    else:
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}

    assert _render("public").splitlines() == [f'<link rel="stylesheet" href="/static/{part}">' for part in PARTS]


@pytest.mark.usefixtures("sources")
def test_stylesheets_refuses_an_unknown_bundle() -> None:
    with pytest.raises(TemplateSyntaxError, match="no style sheet bundle 'nothing'"):
        _render("nothing")


def test_bundle_parts_needs_a_description(sources: Path) -> None:
    (sources / "css/bundles.json").unlink()

    with pytest.raises(ImproperlyConfigured, match=r"no static file css/bundles\.json"):
        bundle_parts()


@pytest.mark.parametrize(
    ("url", "rebased"),
    [
        ("url(dot.svg)", 'url("components/dot.svg")'),
        ("url( '../../fonts/a.woff2' )", 'url("../fonts/a.woff2")'),
        ('url("../base.svg#x")', 'url("base.svg#x")'),
        ("url(data:image/svg+xml,x)", "url(data:image/svg+xml,x)"),
        ("url(/static/a.svg)", "url(/static/a.svg)"),
        ("url(#gradient)", "url(#gradient)"),
    ],
)
def test_rebase_urls_keeps_addresses_right(url: str, rebased: str) -> None:
    css = f"a {{ background: {url} }}"

    assert rebase_urls(css, "css/components/a.css", "css/public.css") == f"a {{ background: {rebased} }}"


@pytest.mark.parametrize("rule", ['@import "x.css";', '\n  @charset "utf-8";'])
def test_join_bundles_refuses_rules_that_must_come_first(rule: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"css/a\.css: @import and @charset"):
        join_bundles('{"public": ["css/a.css"]}', lambda _name: rule, taken=())


def _render(bundle: str) -> str:
    return Template(f'{{% load static_bundle %}}{{% stylesheets "{bundle}" %}}').render(Context())
