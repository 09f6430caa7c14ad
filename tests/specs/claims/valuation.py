"""The worth put on a company."""

from tests.specs.claims.case import Case, Said

KIND = "valuation"
CASES = (
    Case("The share sale values OpenAI at $500 billion.", (Said(KIND, "OpenAI", 500e9),)),
    Case("Anthropic's valuation has climbed to $183 billion.", (Said(KIND, "Anthropic", 183e9),)),
    Case("Cohere is now worth $6.8 billion, up from $5.5 billion a year earlier.", (Said(KIND, "Cohere", 6.8e9), Said(KIND, "Cohere", 5.5e9))),
    Case("Databricks could be valued at more than $100 billion in a new round, sources said.", (Said(KIND, "Databricks", 100e9, bound="at_least", modality="rumoured"),)),
    Case("Moonshot AI sought a $4 billion valuation, according to people briefed on the plans.", (Said(KIND, "Moonshot AI", 4e9, modality="rumoured"),)),
    Case("At the top of its price range, Cerebras would be worth $8 billion.", (Said(KIND, "Cerebras", 8e9, modality="planned"),)),
    Case("Nvidia's market value passed $4 trillion on Wednesday."),
    Case("AMD's market capitalisation fell by $30 billion after the results."),
    Case("Nvidia shares closed at $182.70, up 3 percent."),
)  # fmt: skip
