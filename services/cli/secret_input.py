"""Passwords as they come to a command: asked for, or on standard input; never an argument."""

import getpass
import sys

from services.errors import UserError

LONGEST = 4096


def read_password(*, from_stdin: bool) -> str:
    """The first line of standard input, or what somebody types twice and nobody sees.

    Raises UserError when there is nobody to ask, or the two differ.
    """
    if from_stdin:
        line = sys.stdin.readline(LONGEST).rstrip("\r\n")
        if not line:
            raise UserError("no password came on standard input")
        return line
    if not sys.stdin.isatty():
        raise UserError("there is no terminal to ask at; give the password with --password-stdin")
    try:
        first = getpass.getpass("Password: ")
        again = getpass.getpass("Once more: ")
    except EOFError:
        raise UserError("no password was typed") from None
    if first != again:
        raise UserError("the two passwords differ; nothing was changed")
    return first
