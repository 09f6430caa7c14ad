"""An e-mail as it travels: headers that nothing in a text can add to, and two parts in ASCII."""

from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy, compat32
from email.utils import format_datetime, parseaddr
from typing import Any

from services.alerts.letter import Letter, html, text
from services.answers.clean import one_line

HEADERS = (
    *("Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted"),
    *("List-Unsubscribe", "List-Unsubscribe-Post"),
    *("Content-Type", "MIME-Version"),
)


class _AsGiven(EmailPolicy):
    """Headers as they are made here.

    The library would decode what looks encoded in them, which lets a headline bring headers of its
    own (CVE-2024-6923), and would fold an address so that no mail program finds it.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        line = str(value)
        if not line.isascii() or any(ord(each) < 32 for each in line.replace("\r\n ", "")):
            raise ValueError(f"a header {name} that is no plain text")
        return name, line


_POLICY = _AsGiven(refold_source="none", linesep="\r\n", cte_type="7bit")


def enveloped(said: Letter, *, id: str, to: str, sender: str, at: datetime) -> bytes:
    """A letter to ``to`` (a plain address) from ``sender`` (which may have a name before it).

    ``id`` is the message's: with the sender's domain it makes the Message-ID, so that the same
    message has the same one however often it is sent. Lines are 7-bit, and below 998 bytes.
    """
    name, address = parseaddr(sender)
    domain = address.rpartition("@")[2]
    made = EmailMessage(policy=_POLICY)
    made["Message-ID"] = f"<{id}@{domain}>"
    made["Date"] = format_datetime(at)
    made["From"] = _from(name, address)
    made["To"] = to
    made["Subject"] = _encoded(said.subject)
    made["Auto-Submitted"] = "auto-generated"
    made["List-Unsubscribe"] = f"<{said.unsubscribe}>"
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(text(said), cte="quoted-printable")
    made.add_alternative(html(said), subtype="html", cte="quoted-printable")
    made.set_boundary(f"={id}=")
    sent = made.as_bytes(policy=_POLICY)
    _check(sent)
    return sent


def _from(name: str, address: str) -> str:
    if name.isascii() and "=?" not in name:
        return str(Address(one_line(name), addr_spec=address))
    return f"{_encoded(name)} <{address}>"


def _encoded(words: str) -> str:
    """One header's text; encoded where it is not ASCII, or only looks as if it were encoded."""
    line = one_line(words)
    if line.isascii() and "=?" not in line:
        return line
    return Header(line, "utf-8", maxlinelen=70).encode(linesep="\r\n")


def _check(sent: bytes) -> None:
    """Read the headers as a mail program does. Raises ValueError when one is not ours."""
    found = BytesHeaderParser(policy=compat32).parsebytes(sent).keys()
    if sorted(found) != sorted(HEADERS):
        raise ValueError(f"an e-mail with the headers {', '.join(found)}")
