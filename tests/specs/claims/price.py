"""List prices."""

from tests.specs.claims.case import Case, Said

KIND = "price"
CASES = (
    Case("GPT-5 costs $1.25 per million input tokens and $10 per million output tokens.", (Said(KIND, "OpenAI", 1.25, unit="per_million_tokens"), Said(KIND, "OpenAI", 10, unit="per_million_tokens"))),
    Case("Anthropic charges $20 a month for Claude Pro.", (Said(KIND, "Anthropic", 20, unit="per_month"),)),
    Case("Nvidia's H100 sells for $25,000 to $30,000 per chip.", (Said(KIND, "Nvidia", (25e3, 30e3), bound="range", unit="per_chip"),)),
    Case("DeepSeek cut its API price to $0.28 per million tokens.", (Said(KIND, "DeepSeek", 0.28, unit="per_million_tokens"),)),
    Case("Google offers Gemini Advanced for $19.99 per month.", (Said(KIND, "Google", 19.99, unit="per_month"),)),
    Case("For every million tokens that Grok 4 writes, xAI wants $15.", (Said(KIND, "xAI", 15),)),
    Case("Claude Opus 4 was priced at $15 per million tokens in and $75 per million tokens out.", (Said(KIND, "Anthropic", 15, unit="per_million_tokens"), Said(KIND, "Anthropic", 75, unit="per_million_tokens"))),
    Case("At $200 a month, ChatGPT Pro is not for everyone.", (Said(KIND, "OpenAI", 200, unit="per_month"),)),
    Case("An H100 changes hands for as much as $40,000 on eBay.", (Said(KIND, "H100", 40000, bound="at_most"),)),
    Case("Cursor Ultra sets programmers back $200 a month.", (Said(KIND, "Cursor", 200, unit="per_month"),)),
    Case("DeepSeek slashed its prices in half. A million output tokens are now $0.42.", (Said(KIND, "DeepSeek", 0.42),)),
    Case("Gemini 2.5 Flash comes at 30 cents per million input tokens.", (Said(KIND, "Google", 0.3, unit="per_million_tokens"),)),
    Case("You can rent an H100 for about $2 an hour.", (Said(KIND, "H100", 2, bound="about", unit="per_hour"),)),
    Case("Perplexity Max is $200 a month.", (Said(KIND, "Perplexity AI", 200, unit="per_month"),)),
)  # fmt: skip
