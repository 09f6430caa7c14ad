"""List prices."""

from tests.specs.claims.case import Case, Said

KIND = "price"
CASES = (
    Case("GPT-5 costs $1.25 per million input tokens and $10 per million output tokens.", (Said(KIND, "OpenAI", 1.25, unit="per_million_tokens"), Said(KIND, "OpenAI", 10, unit="per_million_tokens"))),
    Case("Anthropic charges $20 a month for Claude Pro.", (Said(KIND, "Anthropic", 20, unit="per_month"),)),
    Case("Nvidia's H100 sells for $25,000 to $30,000 per chip.", (Said(KIND, "Nvidia", (25e3, 30e3), bound="range", unit="per_chip"),)),
    Case("DeepSeek cut its API price to $0.28 per million tokens.", (Said(KIND, "DeepSeek", 0.28, unit="per_million_tokens"),)),
    Case("Google offers Gemini Advanced for $19.99 per month.", (Said(KIND, "Google", 19.99, unit="per_month"),)),
)  # fmt: skip
