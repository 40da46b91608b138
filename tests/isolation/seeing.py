"""Which marks a person may meet on a page."""

from tests.isolation.asking import Answer
from tests.isolation.pages import SECRET, Page, Who
from tests.isolation.world import PEOPLE, World

# What a unit wrote or keeps and nobody outside may see, not even an operator.
PRIVATE = {
    "draft",
    "file",
    "image",
    "spare",
    "bare",
    "child",
    "alt",
    "caption",
    "consent",
    "category",
    "import",
    "feed",
}
# What whoever comes with a secret address has to know: who offers which duty where.
_OFFERED = {"name", "invited", "person", "chief"}


def leaks(world: World, role: str, tag: str, page: Page, answer: Answer) -> set[tuple[str, str]]:
    """Marks that this person may not see on a page of this unit; "" is the central host."""
    home = PEOPLE[role][0] if role in PEOPLE else ""
    return {mark for mark in answer.marks() if not _may_see(world, role, tag, page, home, mark)}


def _may_see(world: World, role: str, tag: str, page: Page, home: str, mark: tuple[str, str]) -> bool:
    owner, kind = mark
    if owner == home and kind in {role, "name"}:
        return True
    if kind in page.across and (owner == f"o{tag}" or tag == f"o{owner}"):
        return world.has_desk(role, tag)
    if not tag:
        return kind == "name" and role in page.sees
    if owner == f"o{tag}":
        # Who stands above a unit is public; the trail says so, too.
        return (kind == "name" and world.has_desk(role, tag)) or (SECRET in page.sees and kind in {"name", "public"})
    return owner == tag and _may_see_of_this(world, role, tag, page, kind)


def _may_see_of_this(world: World, role: str, tag: str, page: Page, kind: str) -> bool:
    """Marks of the very unit that was asked."""
    if SECRET in page.sees or (page.who in {Who.PERSON, Who.ANYBODY} and kind in _OFFERED):
        return True
    if not world.has_desk(role, tag):
        return False
    if role == "operator":
        return kind not in PRIVATE or role in page.sees
    return bool(world.acts(role, tag)) or kind in {"name", "public"}
