"""What the person at the keyboard can mend: the input, the reason and the remedy in one line."""


class DevstackError(Exception):
    """Its text is printed after ``devstack: ``, and nothing else is."""
