"""What becomes of an event or of a start: each error says it by its class.

The stage runner alone catches ``StageError``s; the command line alone catches ``UserError``s.
Anything else is a bug: retried a few times, then dead-lettered with its class and message.
"""


class StageError(Exception):
    """Base of what a stage may raise on purpose."""


class TryLater(StageError):
    """A server is away or a lock is held: keep the offset, wait, try the same events again."""


class Reject(StageError):
    """This event can never pass: move it to the dead letters with the reason, and go on."""


class UserError(Exception):
    """Something that the person at the command line or in the browser can mend.

    The message names the input, the reason and the remedy; it is shown as it stands, without
    a traceback.
    """

    exit_code = 1


class SettingsError(UserError):
    """A setting is wrong: the start stops with one line."""

    exit_code = 78  # EX_CONFIG of sysexits.h


class LockedError(UserError):
    """Another process holds what only one may hold."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h
