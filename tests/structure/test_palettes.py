"""Colours a reader can tell apart: WCAG 2.2 contrast of every palette, computed from the tokens."""

import re
from pathlib import Path

import pytest

from congtruong.units.enums import Theme

pytestmark = pytest.mark.unit

TOKENS = Path(__file__).resolve().parents[2] / "congtruong" / "static" / "css" / "tokens.css"
TEXT = 4.5
FIELD_BORDER = 3.0
STATE = 6.0
THEME_TOKENS = {"brand", "brand-strong", "brand-soft", "brand-tint", "accent", "radius", "radius-btn"}
CONSOLE_PALETTE = "cham"
STATES = ("ok", "warn", "bad", "info", "none")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r"--([a-z0-9-]+):([^;}]+)")


def read_tokens(css: str, selector: str) -> dict[str, str]:
    """Tokens of the first block of a selector."""
    found = re.search(re.escape(selector) + r"\{([^}]*)\}", _COMMENT.sub("", css))
    assert found is not None, selector
    return {name: value.strip() for name, value in _TOKEN.findall(found[1])}


def luminance(colour: str) -> float:
    """Relative luminance of `#rgb` or `#rrggbb`."""
    digits = colour.removeprefix("#")
    assert colour.startswith("#"), colour
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


CSS = TOKENS.read_text(encoding="utf-8")
ROOT_TOKENS = read_tokens(CSS, ":root")
OVERRIDES = {key: read_tokens(CSS, f"[data-theme={key}]") for key in re.findall(r"\[data-theme=([a-z]+)\]", CSS)}
# The first palette stands in :root.
PALETTES = {"phuong": ROOT_TOKENS} | {key: ROOT_TOKENS | tokens for key, tokens in OVERRIDES.items()}


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000", "#fff", 21.0), ("#fff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54), ("#b3261e", "#fff", 6.54)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio
    assert contrast(one, other) == contrast(other, one)


def test_read_tokens_takes_the_block_of_the_selector() -> None:
    assert read_tokens("a{--x:#fff}/* b{--y:1} */b{ --y:#000; --z-1: 2px }", "b") == {"y": "#000", "z-1": "2px"}


def test_every_theme_a_unit_may_choose_has_a_palette() -> None:
    assert set(PALETTES) == set(Theme.values) | {CONSOLE_PALETTE}


@pytest.mark.parametrize("key", OVERRIDES)
def test_palette_changes_theme_tokens_only(key: str) -> None:
    assert set(OVERRIDES[key]) <= THEME_TOKENS
    assert {"brand", "brand-strong", "brand-soft", "brand-tint", "accent"} <= set(OVERRIDES[key])


PAIRS = [
    ("white on brand", "#ffffff", "brand"),
    ("white on strong", "#ffffff", "brand-strong"),
    ("brand on soft", "brand", "brand-soft"),
    ("strong on soft", "brand-strong", "brand-soft"),
    ("brand on tint", "brand", "brand-tint"),
    ("brand on paper", "brand", "paper"),
    ("brand on canvas", "brand", "canvas"),
    ("brand on sunken", "brand", "sunken"),
    ("ink on soft", "ink", "brand-soft"),
    ("ink on tint", "ink", "brand-tint"),
    ("second ink on tint", "ink-2", "brand-tint"),
    ("third ink on tint", "ink-3", "brand-tint"),
]


@pytest.mark.parametrize("key", PALETTES)
@pytest.mark.parametrize(("front", "back"), [pair[1:] for pair in PAIRS], ids=[pair[0] for pair in PAIRS])
def test_palette_can_be_read(key: str, front: str, back: str) -> None:
    palette = PALETTES[key]

    assert contrast(palette.get(front, front), palette[back]) >= TEXT


@pytest.mark.parametrize("surface", ["paper", "canvas", "sunken"])
def test_inks_can_be_read_on_every_surface(surface: str) -> None:
    for ink in ("ink", "ink-2", "ink-3"):
        assert contrast(ROOT_TOKENS[ink], ROOT_TOKENS[surface]) >= TEXT
    assert contrast(ROOT_TOKENS["line-strong"], ROOT_TOKENS[surface]) >= FIELD_BORDER


@pytest.mark.parametrize("state", STATES)
def test_states_can_be_read_on_their_surface(state: str) -> None:
    assert contrast(ROOT_TOKENS[state], ROOT_TOKENS[f"{state}-soft"]) >= STATE
