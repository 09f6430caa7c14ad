"""Penalties, damages and settlements."""

from tests.specs.claims.case import Case, Said

KIND = "fine"
CASES = (
    Case("Italy's watchdog fined OpenAI €15 million over its handling of personal data.", (Said(KIND, "OpenAI", 15e6, "EUR"),)),
    Case("Meta was fined €200 million by the European Commission for its handling of AI training data.", (Said(KIND, "Meta", 200e6, "EUR"),)),
    Case("Google will pay $700 million to settle claims about its AI assistant.", (Said(KIND, "Google", 700e6, modality="planned"),)),
    Case("A South Korean regulator imposed a penalty of 5 billion won on DeepSeek.", (Said(KIND, "DeepSeek", 5e9, "KRW"),)),
    Case("An appeals court overturned the $30 million fine against Clearview AI.", (Said(KIND, "Clearview AI", 30e6, modality="denied"),)),
    Case("Under the AI Act, regulators may impose fines of up to €35 million."),
    Case("The European Union's privacy regulators made Meta pay 1.2 billion euros.", (Said(KIND, "Meta", 1.2e9, "EUR"),)),
    Case("Anthropic must hand authors at least $1.5 billion, or roughly $3,000 a book.", (Said(KIND, "Anthropic", 1.5e9, bound="at_least"),)),
    Case("Writers get $1.5 billion from Anthropic in piracy case", (Said(KIND, "Anthropic", 1.5e9),)),
    Case("For scraping faces, PimEyes was ordered by a Hamburg court to pay €1 million.", (Said(KIND, "PimEyes", 1e6, "EUR", modality="planned"),)),
    Case("Apple has agreed to a $95 million settlement over Siri's eavesdropping.", (Said(KIND, "Apple", 9.5e7, modality="planned"),)),
    Case("Google settled quietly. The firm will pay Texas $8 million over advertisements for its AI phone.", (Said(KIND, "Google", 8e6, modality="planned"),)),
    Case("Suno makes songs. Music labels want $150,000 for each one it copied."),
    Case("The Irish regulator wants €310 million from LinkedIn for using members' data to train AI.", (Said(KIND, "LinkedIn", 3.1e8, "EUR", modality="planned"),)),
    Case("Clearview AI lost its appeal against a fine of €20 million.", (Said(KIND, "Clearview AI", 2e7, "EUR"),)),
    Case("The regulator found Clearview in breach of the law and took 30 million euros off the company.", (Said(KIND, "Clearview AI", 3e7, "EUR"),)),
    Case("A jury awarded the authors $1.5 billion from Anthropic.", (Said(KIND, "Anthropic", 1.5e9),)),
    Case("Violations of the AI Act may cost a company up to €15 million or 3% of global turnover, whichever is higher."),
    Case("Chips were rented for two months. The sum, the authors calculate, comes to $7 million."),
    Case("The FTC made OpenAI pay $3 million over its handling of data.", (Said(KIND, "OpenAI", 3e6),)),
)  # fmt: skip
