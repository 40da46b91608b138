"""The public test corpus of feedparser 6.0.14, read by the whole pipeline; grouped as in the notes on feeds."""

import sys
from collections import defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatch

import pytest

from tests.feeds.corpus import Case, cases, passes

pytestmark = pytest.mark.unit

LEAST_SHARE = 0.97
WITHOUT_A_MISS = ("ampersands", "entities", "malformed", "relative URLs")

# Not counted: what the product refuses to do by design.
EXCLUDED = {
    "wellformed/namespace/*svg*": "SVG is never kept: nothing on a portal may run",
    "wellformed/namespace/*mathml*": "MathML is never kept, for the same reason",
    "wellformed/namespace/*xlink*": "links inside SVG",
    "encoding/http_text_*": "text/xml without a charset means us-ascii in RFC 3023, which RFC 7303 withdrew",
}
# Counted as misses; one that starts to pass must leave the list.
MISSES = {
    "encoding/bozo_linenoise.xml": "unguessable bytes; ours are read as the text they nearly are",
    "wellformed/lang/http_content_language.xml": "the header Content-Language is not handed to the pipeline",
}


@dataclass
class Tally:
    total: int = 0
    missed: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    found: dict[str, Tally] = defaultdict(Tally)
    for case in cases():
        if not _is_excluded(case):
            found[case.group].total += 1
            if not passes(case):
                found[case.group].missed.append(case.name)
    return found


def _is_excluded(case: Case) -> bool:
    # The cases of text/xml that name a charset stay.
    is_default = case.checks[0][-1].expected == "us-ascii" and "us-ascii" not in case.content_type
    return any(fnmatch(case.name, pattern) and (is_default or "http_text" not in pattern) for pattern in EXCLUDED)


def test_corpus_is_read_nearly_completely(tallies: dict[str, Tally], capsys: pytest.CaptureFixture[str]) -> None:
    total = sum(one.total for one in tallies.values())
    missed = sum(len(one.missed) for one in tallies.values())
    lines = [f"{group:16} {one.total:4} cases, {one.total - len(one.missed):4} read" for group, one in tallies.items()]
    with capsys.disabled():
        sys.stdout.write("\n".join(("", *sorted(lines), f"{'all':16} {total:4} cases, {total - missed:4} read\n")))

    assert total > 850
    assert (total - missed) / total >= LEAST_SHARE


@pytest.mark.parametrize("group", WITHOUT_A_MISS)
def test_corpus_has_groups_without_any_miss(tallies: dict[str, Tally], group: str) -> None:
    assert tallies[group].total > 0
    assert tallies[group].missed == []


def test_corpus_misses_are_those_that_are_known(tallies: dict[str, Tally]) -> None:
    assert sorted(name for one in tallies.values() for name in one.missed) == sorted(MISSES)
