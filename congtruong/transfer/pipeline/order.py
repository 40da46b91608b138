"""The order in which records come in."""

from collections.abc import Iterable, Iterator

from congtruong.transfer.pipeline.model import PAGE, OldPost


def parents_first(records: Iterable[OldPost]) -> Iterator[OldPost]:
    """Posts as they come, then the pages, each after the page it stands below. A circle of pages is opened."""
    pages: dict[str, OldPost] = {}
    for record in records:
        if record.kind == PAGE:
            pages.setdefault(record.key, record)
        else:
            yield record
    given: set[str] = set()
    for page in pages.values():
        yield from _with_parents(page, pages, given)


def _with_parents(page: OldPost, pages: dict[str, OldPost], given: set[str]) -> Iterator[OldPost]:
    line: list[OldPost] = []
    step: OldPost | None = page
    while step is not None and step.key not in given:
        given.add(step.key)
        line.append(step)
        step = pages.get(step.parent)
    yield from reversed(line)
