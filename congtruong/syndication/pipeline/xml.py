"""XML written piece by piece: text is escaped, in NFC and free of characters that XML forbids."""

from xml.sax.saxutils import escape, quoteattr

from congtruong.core.text import nfc

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_SURROGATES = dict.fromkeys(range(55296, 57344))


def clean(text: str) -> str:
    """NFC, one kind of line ending, nothing that a parser must refuse."""
    return nfc(text.translate(_SURROGATES).replace("\r\n", "\n").replace("\r", "\n"))


def element(name: str, text: str, **attributes: str) -> str:
    """`<name key="value">text</name>`."""
    return f"<{name}{_attributes(attributes)}>{escape(clean(text))}</{name}>\n"


def empty(name: str, **attributes: str) -> str:
    """`<name key="value"/>`; attributes without a value are left out."""
    return f"<{name}{_attributes(attributes)}/>\n"


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(clean(value))}" for name, value in attributes.items() if value)
