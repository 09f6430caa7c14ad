"""What an edit changed: title, text, claims, whom an article names. Pure, and bounded in time."""

from processors.revisions.change import Change, Weight, change, in_short
from processors.revisions.claims import ClaimChange, claim_changes
from processors.revisions.text import Piece, diff

__all__ = [
    "Change",
    "ClaimChange",
    "Piece",
    "Weight",
    "change",
    "claim_changes",
    "diff",
    "in_short",
]
