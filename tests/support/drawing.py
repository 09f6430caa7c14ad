"""Charts drawn for tests: one macro of ``charts.html`` by itself on a page."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from lxml import html

TEMPLATES = Path(str(files("services.web") / "templates"))


def drawn(macro: str, view: Any) -> html.HtmlElement:
    """What ``charts.MACRO(view)`` draws, under the same strictness as the pages."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = "{% import 'charts.html' as charts %}<body>{{ charts." + macro + "(view) }}</body>"
    return html.document_fromstring(templates.from_string(text).render(view=view))
