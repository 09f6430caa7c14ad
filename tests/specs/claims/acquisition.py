"""The price of a firm."""

from tests.specs.claims.case import Case, Said

KIND = "acquisition"
CASES = (
    Case("OpenAI is buying the device start-up io for $6.5 billion.", (Said(KIND, "OpenAI", 6.5e9, modality=("done", "planned")),)),
    Case("AMD completed its $49 billion acquisition of Xilinx in 2022.", (Said(KIND, "AMD", 49e9),)),
    Case("Salesforce agreed to buy Convergence for about $8 billion to speed up its AI plans.", (Said(KIND, "Salesforce", 8e9, bound="about", modality="planned"),)),
    Case("Apple held talks to acquire Perplexity for $14 billion, sources said.", (Said(KIND, "Apple", 14e9, modality="rumoured"),)),
    Case("Run:ai went to Nvidia for $700 million.", (Said(KIND, "Nvidia", 700e6),)),
    Case("Perplexity's $34.5 billion bid for Chrome was rejected by Google.", (Said(KIND, ..., 34.5e9, modality="denied"),)),
    Case("Disney bought the film studio for $4 billion."),
    Case("Nvidia bought Mellanox for $6.9 billion in 2020.", (Said(KIND, "Nvidia", 6.9e9),)),
    Case("Inflection received about $650 million from Microsoft, mostly for a licence to its models.", (Said(KIND, "Microsoft", 6.5e8, bound="about"),)),
    Case("Contrary to reports, SoftBank never offered $40 billion for Arm's rival.", (Said(KIND, "SoftBank", 4e10, modality="denied"),)),
    Case("Workday snaps up Sana for $1.1 billion", (Said(KIND, "Workday", 1.1e9),)),
    Case("IBM is to swallow Confluent, a data-streaming company, for $11 billion to feed its AI tools.", (Said(KIND, "IBM", 1.1e10, modality="planned"),)),
    Case("Snowflake had thought of paying more than $1 billion for Reka, but the talks came to nothing.", (Said(KIND, "Snowflake", 1e9, bound="at_least", modality="denied"),)),
    Case("Meta laid out a mere $100 million to prise PlayAI from its owners.", (Said(KIND, "Meta", 1e8),)),
    Case("Adept never found its feet. Amazon hired its founders in June 2024 and paid $330 million for a licence.", (Said(KIND, "Amazon", 3.3e8),)),
    Case("Pfizer pays $4.9 billion for Metsera, a maker of obesity drugs."),
    Case("Nvidia paid $700 million to get its hands on Run:ai.", (Said(KIND, "Nvidia", 7e8),)),
    Case("Databricks splashed out $1 billion on Neon.", (Said(KIND, "Databricks", 1e9),)),
    Case("Amazon walked off with Adept's founders and engineers for $330 million.", (Said(KIND, "Amazon", 3.3e8),)),
    Case("Rumours that Google will pay $30 billion for Wiz are \"completely false\", the firm said.", (Said(KIND, "Google", 3e10, modality="denied"),)),
    Case("Intel offered $1.6 billion for SambaNova, but the talks collapsed.", (Said(KIND, "Intel", 1.6e9, modality="denied"),)),
)  # fmt: skip
