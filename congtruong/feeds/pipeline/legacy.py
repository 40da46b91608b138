"""TCVN 5712:1993 VN3 ("ABC" fonts): Vietnamese stored as ordinary Latin-1 letters, `Th«ng b¸o`.

No parser or detector can know such text from its bytes; only Vietnamese readers can. It is recognised by letter pairs
that no other language writes, converted with the table of the standard, and never without a note.
"""

import re

_TABLE = str.maketrans(
    dict(
        zip(
            "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
            "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
            strict=True,
        )
    )
)
# Signs, not letters, in Latin-1; glued to a letter they are TCVN3 vowels.
_TELLING = re.compile(r"(?<=[A-Za-z])[¨©ª«¬\xadµ¶·¸¹»¼½¾]|[¨©ª«¬\xad®µ¶·¸¹»¼½¾](?=[a-z])")
_UNICODE_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_LEAST_SIGNS = 3
_LEAST_SHARE = 0.1


def is_tcvn3(text: str) -> bool:
    """Whether the whole text is TCVN3: enough different telling signs, and no Vietnamese letter in Unicode."""
    if _UNICODE_VIETNAMESE.search(text):
        return False
    signs = _TELLING.findall(text)
    others = sum(1 for char in text if ord(char) > 127)
    return len(set(signs)) >= _LEAST_SIGNS and len(signs) >= _LEAST_SHARE * others


def from_tcvn3(text: str) -> str:
    return text.translate(_TABLE)
