"""Pages that give another address as their own: how stage ``read`` says so, and who reads it."""

_SAYS = "its own address, as the page gives it: "


def elsewhere_words(url: str) -> str:
    """The reason of an outcome ``read`` whose article has another address than its page."""
    return f"{_SAYS}{url}"


def elsewhere(reason: str) -> str:
    """The address in such a reason; empty in any other."""
    # Reasons may quote what somebody sent: only one that begins so was said by the stage.
    return reason.removeprefix(_SAYS) if reason.startswith(_SAYS) else ""
