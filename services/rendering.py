"""Whether pages can be rendered as BEATWIRE_RENDER asks for; nothing is started or imported."""

import importlib.util
import shutil

from services.errors import SettingsError
from services.settings import Settings

REMEDY = "pip install 'beatwire[render]'"


def check_renderer(settings: Settings) -> None:
    """Raise SettingsError with what to do unless the browser and Playwright are there, or unset."""
    if not settings.render:
        return
    given = f"BEATWIRE_RENDER={settings.render}"
    if importlib.util.find_spec("playwright") is None:
        raise SettingsError(f"{given}: Playwright is not installed; install it: {REMEDY}")
    if shutil.which(settings.render) is None:
        raise SettingsError(
            f"{given}: there is no such program; install a Chromium, as with: apt-get install "
            "chromium, and name it or its path"
        )
