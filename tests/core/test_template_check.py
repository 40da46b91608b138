from pathlib import Path

import pytest
from django.template import Engine

from congtruong.core.template_check import own_templates, problems_of

pytestmark = pytest.mark.unit


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    (tmp_path / "base.html").write_text("{% block body %}{% endblock %}")
    (tmp_path / "broken.html").write_text("{% if %}")
    libraries = {"static": "django.templatetags.static", "tz": "django.templatetags.tz"}
    return Engine(dirs=[str(tmp_path)], libraries=libraries)


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        ("{% load static %}\n{% load tz %}\n{% static 'a' %}{{ x|localtime }}", []),
        ("{% load tz %}{% if x|utc %}{% endif %}", []),
        ("{% load static %}\n{{ x }}", ["page.html:1: static is loaded and not used"]),
        ("{% load static tz %}{% static x|utc %}", ["page.html:1: load one library per line"]),
        (
            "{% load tz %}\n{% load static %}\n{% static x|utc %}",
            ["page.html:2: static belongs before tz"],
        ),
        ("{% extends 'base.html' %}", []),
        ('\n{% include "none.html" only %}', ["page.html:2: there is no template none.html"]),
        ("{% include 'broken.html' %}{% include name %}", []),
    ],
)
def test_problems_of_names_line_and_mistake(engine: Engine, source: str, problems: list[str]) -> None:
    assert problems_of("page.html", source, engine) == problems


def test_problems_of_reports_syntax_errors(engine: Engine) -> None:
    assert problems_of("page.html", "{% for %}", engine) == [
        "page.html: 'for' statements should have at least four words: for"
    ]


def test_own_templates_finds_files_inside_the_package_only(engine: Engine, tmp_path: Path) -> None:
    assert [name for name, _ in own_templates(engine, tmp_path)] == ["base.html", "broken.html"]
    assert list(own_templates(engine, tmp_path / "elsewhere")) == []
