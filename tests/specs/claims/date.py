"""Foundings and releases."""

from tests.specs.claims.case import Case, Said

KIND = "date"
CASES = (
    Case("Anthropic was founded in 2021 by former OpenAI researchers.", (Said(KIND, "Anthropic", date="2021", object="founded"),)),
    Case("OpenAI released GPT-4 on March 14, 2023.", (Said(KIND, "GPT-4", date="2023-03-14", object="released"),)),
    Case("ChatGPT, launched in November 2022, changed the industry.", (Said(KIND, "ChatGPT", date="2022-11", object="released"),)),
    Case("Founded in 2016, Hugging Face hosts open models.", (Said(KIND, "Hugging Face", date="2016", object="founded"),)),
    Case("Nvidia introduced the H100 in March 2022.", (Said(KIND, "H100", date="2022-03", object="released"),)),
    Case("Qwen3 came out in April 2025.", (Said(KIND, "Qwen3", date="2025-04", object="released"),)),
    Case("Llama 4 will be released in 2026, Meta said.", (Said(KIND, "Llama 4", date="2026", modality="planned"),)),
    Case("Ilya Sutskever left OpenAI in May 2024."),
    Case("The conference took place in Vienna in July 2024."),
)  # fmt: skip
