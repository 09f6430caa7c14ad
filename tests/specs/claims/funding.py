"""Money that a company raises."""

from tests.specs.claims.case import Case, Said

KIND = "funding"
CASES = (
    Case("Cohere has raised $500 million in a round led by Radical Ventures.", (Said(KIND, "Cohere", 500e6),)),
    Case("Mistral AI secures €1.7 billion in Series C funding", (Said(KIND, "Mistral AI", 1.7e9, "EUR"),)),
    Case("Investors including Sequoia handed Harvey $300 million in February.", (Said(KIND, "Harvey", 300e6),)),
    Case("xAI is in talks to raise about $20 billion, people familiar with the matter said.", (Said(KIND, "xAI", 20e9, bound="about", modality="rumoured"),)),
    Case("Scale AI closed a $1 billion Series F round on Tuesday.", (Said(KIND, "Scale AI", 1e9),)),
    Case("Together AI's latest financing brought in $305 million.", (Said(KIND, "Together AI", 305e6),)),
    Case("CoreWeave aims to raise up to $2.7 billion in its initial public offering.", (Said(KIND, "CoreWeave", 2.7e9, bound="at_most", modality="planned"),)),
    Case("A total of $6.6 billion was raised by OpenAI in October.", (Said(KIND, "OpenAI", 6.6e9),)),
    Case("Figure, which builds humanoid robots, has attracted more than $1 billion in venture capital.", (Said(KIND, ..., 1e9, bound="at_least"),)),
    Case("Anthropic denied it was raising $10 billion.", (Said(KIND, "Anthropic", 10e9, modality="denied"),)),
    Case("Cerebras filed to go public but did not say how much it hopes to raise."),
    Case("The fund has $9 billion of assets under management and backs AI start-ups."),
)  # fmt: skip
