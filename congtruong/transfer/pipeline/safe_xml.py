"""XML that people upload, as a stream of elements: no entities, no other files, no memory for what was read."""

import codecs
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse as defused
from lxml import etree

from congtruong.transfer.pipeline.errors import SourceError

Open = Callable[[], BinaryIO]

_CONTROLS = bytes({*range(32)} - {0x09, 0x0A, 0x0D})
_BLANKS = re.compile(rb"^(?:\xef\xbb\xbf|\s)+")


class _Tidied:
    """The stream without blanks before the XML declaration, which plugins print there, and without control characters,
    at which even a forgiving parser loses the rest of an element.
    """

    def __init__(self, opened: BinaryIO) -> None:
        self._opened = opened
        self._started = False
        self._is_wide = False

    def read(self, size: int = -1) -> bytes:
        part = self._opened.read(size)
        while not self._started and part:
            part = _BLANKS.sub(b"", part)
            self._started = bool(part)
            self._is_wide = part[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} or b"\x00" in part[:4]
            if not part:
                part = self._opened.read(size)
        tidied = part if self._is_wide else part.translate(None, _CONTROLS)
        # An empty part would mean the end.
        return tidied if tidied or not part else self.read(size)


def elements(open_file: Open, *names: str) -> Iterator[etree._Element]:
    """Elements of these local names at their end, in order; each is emptied after its turn.

    Damaged characters, common in exports, are passed over. Raises SourceError for what is no XML or has a document
    type, which could make entities out of nothing.
    """
    _check_prolog(open_file)
    with open_file() as opened:
        try:
            walk = etree.iterparse(
                _Tidied(opened),
                events=("end",),
                tag=[f"{{*}}{name}" for name in names],
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                recover=True,
            )
            for _, element in walk:
                yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except etree.XMLSyntaxError as problem:
            raise SourceError("broken", str(problem)) from problem


def _check_prolog(open_file: Open) -> None:
    """A strict parser looks as far as the first element, before the forgiving one may look at all."""
    with open_file() as opened:
        try:
            next(iter(defused(_Tidied(opened), events=("start",), forbid_dtd=True)), None)
        except DefusedXmlException as problem:
            raise SourceError("declares_entities", str(problem)) from problem
        except (ParseError, ValueError, LookupError) as problem:
            raise SourceError("broken", str(problem)) from problem
