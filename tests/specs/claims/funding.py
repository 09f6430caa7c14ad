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
    Case("A cheque for $3.5 billion arrived at Anthropic from a group led by Lightspeed.", (Said(KIND, "Anthropic", 3.5e9),)),
    Case("Three quarters of a billion dollars was what Stability AI's backers had put in by 2024.", (Said(KIND, "Stability AI", 7.5e8),)),
    Case("Reflection AI gets $2 billion to build America's open models.", (Said(KIND, "Reflection AI", 2e9),)),
    Case("Nscale landed the biggest Series B in Europe's history: $1.1 billion.", (Said(KIND, "Nscale", 1.1e9),)),
    Case("Helsing got €600 million from Spotify's Daniel Ek.", (Said(KIND, "Helsing", 6e8, "EUR"),)),
    Case("Wayve is courting SoftBank and Microsoft for as much as $2 billion.", (Said(KIND, "Wayve", 2e9, bound="at_most", modality="rumoured"),)),
    Case("MiniMax's flotation in Hong Kong brought HK$4.8 billion.", (Said(KIND, "MiniMax", 4.8e9, "HKD"),)),
    Case("Aleph Alpha was once Germany's answer to OpenAI. Its backers had promised it €500 million. In the end little more than €100 million was paid in.", (Said(KIND, "Aleph Alpha", 5e8, "EUR", modality="planned"), Said(KIND, "Aleph Alpha", 1e8, "EUR", bound="at_least"))),
    Case("OpenAI in talks over $40bn loan for data centres", (Said(KIND, "OpenAI", 4e10, modality="rumoured"),)),
    Case("Exclusive: Anthropic nears deal to raise as much as $5bn", (Said(KIND, "Anthropic", 5e9, bound="at_most", modality="rumoured"),)),
    Case("The start-up's fund-raising was oversubscribed four times."),
    Case("Runway has topped up its coffers by $308 million.", (Said(KIND, "Runway", 3.08e8),)),
    Case("Thinking Machines got hold of $2 billion before it had a product.", (Said(KIND, "Thinking Machines Lab", 2e9),)),
    Case("H Company, from Paris, began with $220 million of seed capital.", (Said(KIND, "H Company", 2.2e8),)),
    Case("MiniMax's listing in Hong Kong brought in HK$4.8 billion, and its shares doubled.", (Said(KIND, "MiniMax", 4.8e9, "HKD"),)),
    Case("CoreWeave had planned to raise $4 billion on Nasdaq but shelved its listing.", (Said(KIND, "CoreWeave", 4e9, modality="denied"),)),
    Case("H Company closed a seed round worth $220 million.", (Said(KIND, "H Company", 2.2e8),)),
    Case("Up to $600 million will be needed to finish the model, the start-up's founder says."),
)  # fmt: skip
