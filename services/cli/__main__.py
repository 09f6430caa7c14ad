"""``python -m services.cli``: the command ``beatwire`` without its script."""

from services.cli.app import main

main()
