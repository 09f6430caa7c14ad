"""The style sheet's colours can be read, in both themes; its promises of look.md hold."""

import re
from itertools import product

import pytest

from services.web.assets import FOLDER

SHEET = (FOLDER / "style.css").read_text()
TEXT = ("ink", "dim", "accent", "positive", "negative")
GROUNDS = ("paper", "raised")


def colours(theme: str) -> dict[str, str]:
    """The named colours of a theme; the dark one replaces what it names."""
    light, dark = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    named = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", light))
    return named | dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", dark if theme == "dark" else ""))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("theme", "text", "ground"), [*product(("light", "dark"), TEXT, GROUNDS)])
def test_text_has_the_contrast_of_level_aa(theme: str, text: str, ground: str) -> None:
    named = colours(theme)
    assert contrast(named[text], named[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_highlighted_words_have_the_contrast_of_level_aa(theme: str) -> None:
    named = colours(theme)
    assert contrast(named["ink"], named["mark"]) >= 4.5


def test_both_themes_name_the_same_colours() -> None:
    assert colours("light").keys() == colours("dark").keys()
    assert colours("light") != colours("dark")


def test_colours_stand_in_the_themes_alone() -> None:
    rest = re.sub(r":root \{.*?\}", "", SHEET, flags=re.DOTALL)
    on_screen = rest[: rest.index("@media print")]
    assert not re.search(r"#[0-9a-f]{3,6}\b|rgb\(|hsl\(", on_screen)


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.css")))
def test_nothing_moves(name: str) -> None:
    assert not re.search(r"transition|animation|@keyframes", (FOLDER / name).read_text())


@pytest.mark.parametrize(
    "name", sorted({path.name for path in FOLDER.glob("*.css")} - {"style.css"})
)
def test_other_sheets_take_their_colours_from_the_themes(name: str) -> None:
    sheet = (FOLDER / name).read_text()
    assert not re.search(r"#[0-9a-f]{3,6}\b|rgb\(|hsl\(|prefers-color-scheme", sheet)
    assert {*re.findall(r"var\(--([a-z]+)\)", sheet)} <= {
        *colours("light"),
        "plain",
        "code",
        "text",
        "small",
        "large",
    }


def test_paper_is_light_whatever_the_screen() -> None:
    assert "@media screen and (prefers-color-scheme: dark)" in SHEET
