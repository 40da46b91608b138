"""Packs the test cases of feedparser that concern us into tests/data/feedparser/cases.tar.xz.

    pip download feedparser==6.0.14 --no-deps --no-binary :all: -d /tmp/feedparser
    python tools/pack_feedparser_corpus.py /tmp/feedparser/feedparser-6.0.14.tar.gz

Which folders are left out, and why, stands in tests/data/feedparser/README.md. The archive is the same at every run.
"""

# ruff: noqa: INP001 - a script, no package

import argparse
import io
import tarfile
from pathlib import Path, PurePosixPath

FOLDERS = frozenset(
    {
        *("encoding", "entities", "illformed", "wellformed/amp", "wellformed/atom", "wellformed/atom10"),
        *("wellformed/base", "wellformed/http", "wellformed/lang", "wellformed/namespace"),
        *("wellformed/node_precedence", "wellformed/rdf", "wellformed/rss", "wellformed/sgml", "wellformed/xml"),
    }
)
TARGET = Path(__file__).resolve().parents[1] / "tests" / "data" / "feedparser"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("source", type=Path, help="feedparser-6.0.14.tar.gz")
    with tarfile.open(parser.parse_args().source) as source:
        cases, licence = {}, b""
        for member in source.getmembers():
            path = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            content = source.extractfile(member)
            if content is None:
                continue
            if path.name == "LICENSE":
                licence = content.read()
            elif path.suffix == ".xml" and path.is_relative_to("tests"):
                name = path.relative_to("tests")
                if str(name.parent) in FOLDERS:
                    cases[str(name)] = content.read()
    TARGET.mkdir(exist_ok=True)
    (TARGET / "LICENSE").write_bytes(licence)
    with tarfile.open(TARGET / "cases.tar.xz", "w:xz", preset=9, format=tarfile.USTAR_FORMAT) as packed:
        for case, body in sorted(cases.items()):
            entry = tarfile.TarInfo(case)
            entry.size = len(body)
            packed.addfile(entry, io.BytesIO(body))
    print(f"{len(cases)} cases, {(TARGET / 'cases.tar.xz').stat().st_size // 1024} KiB")  # noqa: T201


if __name__ == "__main__":
    main()
