"""Mistakes in templates that would show only when the page is visited."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.template import Engine, Library, TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import Lexer, Token, TokenType

_FILTER = re.compile(r"\|\s*([A-Za-z_]\w*)")
_NAMED_TEMPLATE = re.compile(r"""^(?:extends|include)\s+["']([^"']+)["']""")


def problems_of(name: str, source: str, engine: Engine) -> list[str]:
    """What is wrong with a template: syntax, loads, names of other templates. English sentences for developers."""
    try:
        engine.from_string(source)
    except TemplateSyntaxError as error:
        return [f"{name}: {error}"]
    tokens = Lexer(source).tokenize()
    found = [*_load_problems(tokens, _libraries(engine)), *_missing_templates(tokens, engine)]
    return [f"{name}:{line}: {text}" for line, text in found]


def own_templates(engine: Engine, package: Path) -> Iterator[tuple[str, str]]:
    """Name and source of every template file that lies in the package."""
    folders = [Path(str(folder)) for loader in engine.template_loaders for folder in _folders(loader)]
    for folder in sorted({folder.resolve() for folder in folders}):
        if not folder.is_relative_to(package):
            continue
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield file.relative_to(folder).as_posix(), file.read_text(encoding="utf-8")


def _folders(loader: object) -> Sequence[object]:
    inner = [folder for each in getattr(loader, "loaders", []) for folder in _folders(each)]
    return inner or list(getattr(loader, "get_dirs", list)())


def _libraries(engine: Engine) -> dict[str, Library]:
    return dict(engine.template_libraries)


def _blocks(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.token_type is TokenType.BLOCK]


def _load_problems(tokens: Sequence[Token], libraries: Mapping[str, Library]) -> Iterator[tuple[int, str]]:
    tags = {token.contents.split()[0] for token in _blocks(tokens)}
    filters = {
        name
        for token in tokens
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}
        for name in _FILTER.findall(token.contents)
    }
    previous = ""
    for token in _blocks(tokens):
        words = token.contents.split()
        if words[0] != "load":
            continue
        line = token.lineno or 0
        if len(words) != 2:
            yield line, "load one library per line"
            continue
        library = words[1]
        if library < previous:
            yield line, f"{library} belongs before {previous}"
        previous = library
        if not (libraries[library].tags.keys() & tags or libraries[library].filters.keys() & filters):
            yield line, f"{library} is loaded and not used"


def _missing_templates(tokens: Sequence[Token], engine: Engine) -> Iterator[tuple[int, str]]:
    for token in _blocks(tokens):
        match = _NAMED_TEMPLATE.match(token.contents)
        if match is None:
            continue
        try:
            engine.get_template(match[1])
        except TemplateDoesNotExist:
            yield token.lineno or 0, f"there is no template {match[1]}"
        except TemplateSyntaxError:
            # Reported for that template itself.
            continue
