"""``beatwire config check``: what every setting is now, and whether they go together."""

import typer

from services.cli.output import JSON, print_json, say


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="What is set, and whether it can be."
    )
    group.command()(check)
    app.add_typer(group, name="config")


def check(as_json: JSON = False) -> None:
    """Read all settings, see that they go together, and show them with who said so.

    No server is asked (`beatwire doctor` does that) and no password is shown. What is wrong ends it
    with one line and exit code 78, as it would end a start.

    Example: beatwire config check
    """
    from services import bootstrap
    from services.effective import effective
    from services.rendering import check_renderer
    from services.settings import load_settings

    settings = load_settings()
    bootstrap.check_shared(settings)
    bootstrap.check_mail(settings)
    check_renderer(settings)
    bootstrap.check_names(settings)
    bootstrap.open_site_rules(settings)
    found = effective(settings)
    if as_json:
        print_json({"settings": found})
        return
    width = max(len(each.name) for each in found)
    for each in found:
        line = f"{each.name:<{width}}  {each.value or '(unset)'}  [{each.origin}]"
        say(line)
