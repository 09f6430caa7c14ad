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
)  # fmt: skip
