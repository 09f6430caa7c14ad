"""Losses, cash burnt and charges."""

from tests.specs.claims.case import Case, Said

KIND = "loss"
CASES = (
    Case("OpenAI lost $5 billion last year.", (Said(KIND, "OpenAI", 5e9, period="last_year"),)),
    Case("Cerebras posted a net loss of $127.2 million in 2023.", (Said(KIND, "Cerebras", 127.2e6),)),
    Case("Nvidia booked a $3.2 billion charge for returned H20 boards.", (Said(KIND, "Nvidia", 3.2e9),)),
    Case("Stability AI was burning through $8 million a month, according to former employees.", (Said(KIND, "Stability AI", 8e6, modality=("reported", "rumoured")),)),
    Case("Anthropic expects to burn about $3 billion in cash this year.", (Said(KIND, "Anthropic", 3e9, bound="about", modality="planned"),)),
    Case("Investors in Nvidia lost $589 billion in market value in one day."),
    Case("Intel's foundry arm bled $7 billion in 2023.", (Said(KIND, "Intel", 7e9),)),
    Case("AMD had to write off $800 million of MI308 stock.", (Said(KIND, "AMD", 8e8),)),
    Case("OpenAI is $11.5 billion in the red for the quarter, Microsoft's accounts imply.", (Said(KIND, "OpenAI", 1.15e10),)),
    Case("Bosch's AI unit will make a loss of 200 million euros.", (Said(KIND, "Bosch", 2e8, "EUR", modality="planned"),)),
    Case("xAI is getting through more than $1 billion every month.", (Said(KIND, "xAI", 1e9, bound="at_least"),)),
    Case("Red figures of 180 million euros at Aleph Alpha", (Said(KIND, "Aleph Alpha", 1.8e8, "EUR"),)),
    Case("Cohere burned through $300 million of its cash in the first half.", (Said(KIND, "Cohere", 3e8),)),
    Case("Intel wrote $2.9 billion off the value of its chip plants.", (Said(KIND, "Intel", 2.9e9),)),
    Case("Companies like Nvidia, which supplies most AI chips, saw their stocks sink by $590 billion.", ()),
    Case("Shares in Nvidia, which supplies OpenAI, fell, erasing $593 billion.", ()),
    Case("Nvidia, which supplies the chips, shed $279 billion of value.", ()),
    Case("Nvidia, which makes most AI chips, lost $593 billion in a day.", ()),
)  # fmt: skip
