"""Money to train a model."""

from tests.specs.claims.case import Case, Said

KIND = "training_cost"
CASES = (
    Case("Google put the price of training Gemini Ultra at $191 million, a university index says.", (Said(KIND, "Google", 191e6),)),
    Case("Cohere's Command A was built for less than $30 million, its chief executive told reporters.", (Said(KIND, "Cohere", 30e6, bound="at_most", modality="reported"),)),
    Case("Training the next Claude will cost Anthropic upwards of $1 billion, Dario Amodei expects.", (Said(KIND, "Anthropic", 1e9, bound="at_least", modality="planned"),)),
    Case("Alibaba's Qwen team spent a mere $3.4m on pre-training Qwen3.", (Said(KIND, "Qwen team", 3.4e6),)),
    Case("The final training run of DeepSeek-V3 took $5.3 million in rented computing time, DeepSeek wrote.", (Said(KIND, "DeepSeek", 5.3e6, modality="reported"),)),
    Case("xAI is said to have spent about $500 million to train Grok 4.", (Said(KIND, "xAI", 500e6, bound="about", modality="rumoured"),)),
    Case("Meta denied that Llama 4 had cost $2 billion to train.", (Said(KIND, "Meta", 2e9, modality="denied"),)),
    Case("Fine-tuning the open model set the students back $40.", (Said(KIND, ..., 40),)),
    Case("OpenAI poured between $60 million and $80 million into training GPT-4, analysts estimate.", (Said(KIND, "OpenAI", (60e6, 80e6), bound="range"),)),
    Case("Tech giants spend tens of millions of dollars to develop a single language model.", (Said(KIND, "Tech giants", (1e7, 1e9 / 10), bound="vague"),)),
    Case("GPT-5 has hundreds of billions of parameters and a context of 400,000 tokens."),
    Case("Training took 2.7 million GPU hours on the cluster."),
    Case("The council will spend $2 million on training teachers to use computers."),
    Case("Running up the bill for Llama 3.1 took Meta past $500 million, one analyst calculates.", (Said(KIND, "Meta", 5e8, bound="at_least"),)),
    Case("Mistral Large cost well below 22 million euros to train, according to Arthur Mensch.", (Said(KIND, "Mistral AI", 2.2e7, "EUR", bound="at_most"),)),
    Case("Amazon paid $100 million for the compute behind its Nova models.", (Said(KIND, "Amazon", 1e8),)),
    Case("Z.ai's GLM-4.5 was a bargain: 4 million yuan of electricity and servers saw it through training.", (Said(KIND, "Zhipu AI", 4e6, "CNY"),)),
    Case("Anthropic's newest model swallowed about $300 million before it was ready, its co-founder says.", (Said(KIND, "Anthropic", 3e8, bound="about"),)),
    Case("Baidu says that ERNIE 4.5 was taught for under 20 million yuan.", (Said(KIND, "Baidu", 2e7, "CNY", bound="at_most"),)),
    Case("Claims that Mistral spent 80 million euros on training its Large model are pure fiction, a spokesman said.", (Said(KIND, "Mistral AI", 8e7, "EUR", modality="denied"),)),
    Case("It cost Mistral $12 million to train the language model.", (Said(KIND, "Mistral AI", 1.2e7),)),
    Case("Tens of millions of dollars went into building Apertus, the Swiss model.", (Said(KIND, ..., (1e7, 1e8), bound="vague"),)),
    Case("Aleph Alpha trained Luminous for a year. Outsiders put the run at $8 million.", (Said(KIND, "Aleph Alpha", 8e6),)),
)  # fmt: skip
