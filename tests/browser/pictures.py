"""``python -m tests.browser.pictures FOLDER [NAME ...]``: every page, to be looked at.

Each place of ``places`` (or those that are named) in both themes and at three widths. With
``--at ADDRESS`` of a server that already runs, else of one over the sample newsroom.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.browser.opener import DESK, PHONE, TABLET, THEMES, Opener
from tests.browser.places import PLACES, Place
from tests.support.chromium import running_chromium
from tests.support.read_newsroom import read_newsroom
from tests.support.serving import serving

WIDTHS = (DESK, TABLET, PHONE)


def take(opener: Opener, places: Sequence[Place], folder: Path) -> Iterator[Path]:
    """One file a place, theme and width: ``article-dark-360.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        for width in WIDTHS:
            page = opener.page(theme, width)
            for place in places:
                path = folder / f"{place.name}-{theme}-{width}.png"
                opener.at(place, page).screenshot(path=path, full_page=True)
                yield path


@contextmanager
def address(given: str) -> Iterator[str]:
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="beatwire-pictures-") as folder:
        read_newsroom(Path(folder))
        with serving(Path(folder)) as served:
            yield served


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pictures")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", choices=[[], *(place.name for place in PLACES)])
    parser.add_argument("--at", default="", metavar="ADDRESS")
    asked = parser.parse_args(words)
    places = [place for place in PLACES if not asked.names or place.name in asked.names]
    with (
        address(asked.at) as served,
        running_chromium() as browser,
        Opener(browser, served) as opener,
    ):
        for path in take(opener, places, asked.folder):
            print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
