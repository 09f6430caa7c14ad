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
)  # fmt: skip
