"""Losses, cash burnt and charges."""

from tests.specs.claims.case import Case, Said

KIND = "loss"
CASES = (
    Case("OpenAI lost $5 billion last year.", (Said(KIND, "OpenAI", 5e9, period="last_year"),)),
    Case("Cerebras posted a net loss of $127.2 million in 2023.", (Said(KIND, "Cerebras", 127.2e6),)),
    Case("Nvidia took a $4.5 billion charge on unsold H20 stock.", (Said(KIND, "Nvidia", 4.5e9),)),
    Case("Stability AI was burning through $8 million a month, according to former employees.", (Said(KIND, "Stability AI", 8e6, modality=("reported", "rumoured")),)),
    Case("Anthropic expects to burn about $3 billion in cash this year.", (Said(KIND, "Anthropic", 3e9, bound="about", modality="planned"),)),
    Case("Investors in Nvidia lost $589 billion in market value in one day."),
)  # fmt: skip
