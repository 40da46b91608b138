"""How a staff page is declared, and how its addresses and bodies are filled with ids."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from string import Formatter
from typing import Any

from congtruong.units.rules.duties import Act
from tests.isolation.world import World

# In `Page.sees`: whoever knows the secret address reads what its unit did not publish yet.
SECRET = "whoever knows the address"


class Who(Enum):
    """Who may use a page for which no `Act` is asked."""

    ANYBODY = "anybody, signed in or not"
    PERSON = "whoever is signed in"
    MEMBER = "whoever has a duty in the unit, and operators"
    OPERATOR = "operators"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the console, below one name of the URL configuration.

    `path` and the values of `body` hold placeholders, keys of `Tenant.ids`; every placeholder is an id that the crawl
    puts another unit's in the place of. `answers` gives the status of each method for who may use the page, with own
    objects; other methods get 405. `but` gives other statuses for some roles, `stranger` the one for reading it without
    any duty in the unit. Who may not use the page gets 404.

    `across` names kinds of marks that the page shows of the unit above, or of those below.

    `missing` is the status for an object that does not exist, when its id stands in the path; `refused` are those for a
    foreign id in a body: the person is told, and nothing refers to it. `sees` names roles that may see more.
    """

    path: str
    who: Act | Who
    answers: dict[str, int]
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    but: dict[tuple[str, str], int] = field(default_factory=dict)
    missing: int = 404
    stranger: int | None = None
    refused: tuple[int, ...] = (404, 422)
    is_json: bool = False
    sees: tuple[str, ...] = ()
    across: tuple[str, ...] = ()

    def status(self, world: World, role: str, tag: str, method: str) -> int:
        """What the declaration says."""
        if role == "anonymous" and self.who is not Who.ANYBODY:
            return 401 if self.is_json else 302
        if not self.lets_in(world, role, tag):
            return 404
        if self.stranger is not None and method in self.answers and not world.has_desk(role, tag):
            return self.stranger
        duty = "head" if (role, tag) == ("outsider", "b") else role
        return self.but.get((duty, method), self.answers.get(method, 405))

    def lets_in(self, world: World, role: str, tag: str) -> bool:
        if isinstance(self.who, Act):
            return self.who in world.acts(role, tag)
        return {
            Who.ANYBODY: True,
            Who.PERSON: role != "anonymous",
            Who.MEMBER: world.has_desk(role, tag),
            Who.OPERATOR: role == "operator",
        }[self.who]


@dataclass(frozen=True, slots=True)
class Swap:
    """The page with one id exchanged; `in_path` when it names the object of the page."""

    where: str
    path: str
    body: dict[str, Any]
    in_path: bool = False


def fill(template: Any, ids: dict[str, Any]) -> Any:
    """A text, or texts in lists, with ids in the place of placeholders; a function makes an upload."""
    if isinstance(template, str):
        return template.format(**ids)
    if isinstance(template, list):
        return [fill(each, ids) for each in template]
    return template() if callable(template) else template


def names_in(template: Any) -> list[str]:
    if isinstance(template, list):
        return [name for each in template for name in names_in(each)]
    return [name for _, name, _, _ in Formatter().parse(template) if name] if isinstance(template, str) else []


def own(page: Page, ids: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return fill(page.path, ids), {key: fill(value, ids) for key, value in page.body.items()}


def swaps(page: Page, ids: dict[str, Any], others: dict[str, Any]) -> Iterator[Swap]:
    """Every id of the page's addresses and body, one at a time, as another one."""
    path, body = own(page, ids)
    for template in (page.path, *page.more):
        for name in names_in(template):
            stands_in_path = f"{{{name}}}" in template.split("?")[0]
            yield Swap(f"{template} {name}", fill(template, ids | {name: others[name]}), body, stands_in_path)
    for key, value in page.body.items():
        for name in names_in(value):
            changed = fill(value, ids | {name: others[name]})
            yield Swap(f"{page.path} body {key}", path, body | {key: changed})
