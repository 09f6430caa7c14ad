"""The words of a text that its copies keep: without bylines, datelines and credits."""

import re
import unicodedata

WORD = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff]+|[\u3040-\u30ff\u3400-\u9fff]")
"""A run of letters and digits; kana and Han one by one, as ``processors.query.terms`` has them."""
_INSIDE = str.maketrans("", "", "'’\u00ad\u200b")
"""What stands inside a word and is written in one copy and not in another."""
_DATELINE = re.compile(
    r"[A-Z][^.!?;:()\n]{0,60}\([^()\n]{1,40}\)\s*[-–—]+\s+"
    r"|[A-Z]{2}[A-Z .'-]{0,40}(?:, \w+\.?(?: \d{1,2})?)?\s+[-–—]{1,2}\s+"
)
"""``LONDON, March 3 (Meridian Wire) -``, which the wire writes and a paper leaves out."""
_CREDIT = re.compile(
    r"\s*©"
    r"|\W*(?:by|via|source|sources|credit|photo|image|copyright|editing by|compiled by|written by"
    r"|with files from|originally published|first published|published|updated|read more|also read"
    r"|see also|related|this (?:story|article|report)|all rights reserved)\b",
    re.IGNORECASE,
)
_LONGEST_CREDIT = 15
"""Words: a longer line is text, whatever it begins with."""
_REPORTING = re.compile(
    r"\W*(?:additional )?(?:reporting|writing) (?:and \w+ )?by\b", re.IGNORECASE
)


def wording(text: str) -> list[str]:
    """Words in plain lower case; case, punctuation, typography and lines make no difference."""
    return [
        word
        for line in plain(unicodedata.normalize("NFKC", text)).splitlines()
        if not is_credit(line)
        for word in WORD.findall(without_dateline(line).casefold())
    ]


def plain(text: str) -> str:
    """A text without what stands inside of words and is not part of them."""
    return text.translate(_INSIDE)


def is_credit(line: str) -> bool:
    """Whether a line says who wrote, made or owns it, and nothing else."""
    if _REPORTING.match(line):
        return True
    return bool(_CREDIT.match(line)) and len(line.split()) <= _LONGEST_CREDIT


def without_dateline(line: str) -> str:
    """A line without the place, day and agency in front of it."""
    found = _DATELINE.match(line)
    return line[found.end() :] if found else line
