"""The shell of every page: typography, colours for light and dark, tables, phones and paper. Pages extend page.html.j2."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from sbctl.ui.console import safe


def page(template: str, **values: Any) -> str:
    """A page from a template in ui/templates/. Whatever is no Markup is text, and nothing steers a terminal that shows it."""
    environment = Environment(
        loader=PackageLoader("sbctl.ui"), autoescape=select_autoescape(default=True), undefined=StrictUndefined
    )
    return safe(environment.get_template(template).render(**values))
