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
    Case("ElevenLabs doubled its valuation to $6.6 billion in a sale of employees' shares.", (Said(KIND, "ElevenLabs", 6.6e9),)),
    Case("Investors reckon Figure AI to be worth $39 billion.", (Said(KIND, "Figure AI", 3.9e10),)),
    Case("Cognition's worth went from $4 billion to $10.2 billion within months.", (Said(KIND, "Cognition", 4e9), Said(KIND, "Cognition", 1.02e10))),
    Case("SoftBank-led round values Wayve at $8bn", (Said(KIND, "Wayve", 8e9),)),
    Case("AI start-up Thinking Machines valued at $12bn without a product", (Said(KIND, "Thinking Machines Lab", 1.2e10),)),
    Case("Larry Ellison was $89 billion richer at the end of the day."),
    Case("The S&P 500 lost $1 trillion in value."),
    Case("CoreWeave's shares were sold at $40 each."),
    Case("Why Nvidia is worth more than Germany's stock market"),
    Case("Alphabet's stock-market value crossed $3 trillion in September."),
    Case("Hugging Face was last valued at $4.5 billion.", (Said(KIND, "Hugging Face", 4.5e9),)),
    Case("At $61.5 billion, Anthropic was worth more than Ford.", (Said(KIND, "Anthropic", 6.15e10),)),
    Case("Harvey's value has risen from $3 billion to $8 billion within a year.", (Said(KIND, "Harvey", 3e9), Said(KIND, "Harvey", 8e9))),
    Case("Zhipu's worth was put at 24 billion yuan when it sold shares on the Hong Kong exchange.", (Said(KIND, "Zhipu AI", 2.4e10, "CNY"),)),
)  # fmt: skip
