"""Sales, run rates and guidance."""

from tests.specs.claims.case import Case, Said

KIND = "revenue"
CASES = (
    Case("Nvidia reported revenue of $57 billion for the third quarter.", (Said(KIND, "Nvidia", 57e9, period="Q3"),)),
    Case("OpenAI's annualised revenue has passed $13 billion.", (Said(KIND, "OpenAI", 13e9, bound="at_least", period="per_year"),)),
    Case("Sales at Cerebras more than tripled to $78.7 million in 2023.", (Said(KIND, "Cerebras", 78.7e6, period="2023"),)),
    Case("Anthropic expects to generate $26 billion in sales next year.", (Said(KIND, "Anthropic", 26e9, modality="planned", period="next_year"),)),
    Case("AMD forecasts quarterly revenue of about $9.6 billion, plus or minus $300 million.", (Said(KIND, "AMD", 9.6e9, bound="about", modality="planned"),)),
    Case("ElevenLabs has $200 million in annual recurring revenue, its co-founder said.", (Said(KIND, "ElevenLabs", 200e6, modality="reported"),)),
    Case("Midjourney is thought to have earned roughly $300 million in revenue.", (Said(KIND, "Midjourney", 300e6, bound="about", modality="rumoured"),)),
    Case("Replit's run rate stands at $150 million.", (Said(KIND, "Replit", 150e6),)),
    Case("Nvidia earned 81 cents a share before one-off items."),
    Case("Worldwide sales of semiconductors reached $627 billion, a trade body said."),
    Case("ChatGPT has 800 million weekly users."),
)  # fmt: skip
