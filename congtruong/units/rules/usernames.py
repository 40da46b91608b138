"""User names proposed from a person's name: given name, initials, unit. Pure."""

from congtruong.core.text import words_of

_LONGEST = 100


def username_for(full_name: str, host: str) -> str:
    """`Lê Thị Cúc` at thcshoaphuong.hcm.edu.vn → `cuclt.thcshoaphuong`.

    The unit stands in it, so that a taken name says nothing of people in other units.
    """
    words = words_of(full_name)
    if not words:
        return ""
    name = words[-1] + "".join(word[0] for word in words[:-1])
    place = host.partition(".")[0]
    return f"{name}.{place}"[:_LONGEST] if place else name[:_LONGEST]
