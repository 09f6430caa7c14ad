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
    Case("The first Llama dates from February 2023.", (Said(KIND, "Llama", date="2023-02", object="released"),)),
    Case("Nvidia's H200 has been on the market since 2024.", (Said(KIND, "H200", date="2024", object="released"),)),
    Case("Gemini 2.5 Pro arrived in March 2025, a few weeks after Grok 3.", (Said(KIND, "Gemini 2.5 Pro", date="2025-03", object="released"),)),
    Case("Cohere was born in Toronto in 2019.", (Said(KIND, "Cohere", date="2019", object="founded"),)),
    Case("Since its launch in August 2024 Grok 2 has drawn fire.", (Said(KIND, "Grok 2", date="2024-08", object="released"),)),
    Case("Google put Gemma 3 on the web on 12 March 2025.", (Said(KIND, "Gemma 3", date="2025-03-12", object="released"),)),
    Case("Demis Hassabis set up DeepMind with two friends in 2010.", (Said(KIND, "Google DeepMind", date="2010", object="founded"),)),
    Case("Midjourney started in 2021 and has never taken outside money.", (Said(KIND, "Midjourney", date="2021", object="founded"),)),
    Case("DALL-E 3 was shown in September 2023.", (Said(KIND, "DALL-E 3", date="2023-09", object="released"),)),
    Case("Sora has been open to Americans since December 2024.", (Said(KIND, "Sora", date="2024-12", object="released"),)),
    Case("Nvidia's Jensen Huang, born in 1963, speaks of AI chips."),
    Case("DeepSeek came into being in July 2023.", (Said(KIND, "DeepSeek", date="2023-07", object="founded"),)),
    Case("When Mistral started as a three-man venture in April 2023, few took note.", (Said(KIND, "Mistral AI", date="2023-04", object="founded"),)),
    Case("Nvidia's Rubin chips will be in the hands of customers in late 2026.", (Said(KIND, "Rubin", date="2026", object="released", modality="planned"),)),
)  # fmt: skip
