"""The version of the code that runs, for dead letters, the user agent and ``--version``."""

VERSION = "0.1.0"
