"""How reports are rendered: one environment per language, apart from that of the pages."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.i18n import translations

TEMPLATE_DIRECTORY = Path(__file__).parent / "templates"


@cache
def report_environment(locale: str) -> Environment:
    """The reports' templates in one language."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATE_DIRECTORY),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    spoken = translations(locale)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        spoken.gettext, spoken.ngettext, newstyle=True
    )
    return made
