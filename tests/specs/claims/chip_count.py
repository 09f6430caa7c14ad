"""GPUs and AI chips."""

from tests.specs.claims.case import Case, Said

KIND = "chip_count"
CASES = (
    Case("Meta will own 600,000 H100 equivalents and 350,000 H100 GPUs by the end of 2024.", (Said(KIND, "Meta", 350_000, modality="planned"), Said(KIND, "Meta", 600_000, modality="planned"))),
    Case("DeepSeek trained V3 on 2,048 H800 GPUs.", (Said(KIND, "DeepSeek", 2048),)),
    Case("Tesla has activated a cluster of about 50,000 Nvidia H100s in Texas.", (Said(KIND, "Tesla", 50_000, bound="about"),)),
    Case("OpenAI will buy up to 10,000 of AMD's MI450 chips.", (Said(KIND, "OpenAI", 10_000, bound="at_most", modality="planned"),)),
    Case("Tens of thousands of Ascend chips have been installed by Huawei.", (Said(KIND, "Huawei", (1e4, 1e5), bound="vague"),)),
    Case("xAI's Colossus runs 200,000 GPUs and should reach a million.", (Said(KIND, "xAI", 200_000), Said(KIND, "xAI", 1_000_000, modality="planned"))),
    Case("The run consumed 1.5 million GPU hours."),
    Case("The chip has 208 billion transistors and draws 1,000 watts."),
    Case("Huawei shipped 200,000 AI chips last year, by the American government's reckoning.", (Said(KIND, "Huawei", 200000),)),
    Case("Each of the two halls in Abilene holds 50,000 GB200s; OpenAI rents them from Oracle.", (Said(KIND, "OpenAI", 50000),)),
    Case("Saudi Arabia's Humain will get 18,000 Blackwell chips from Nvidia, and hopes for several hundred thousand in five years.", (Said(KIND, "Humain", 18000, modality="planned"), Said(KIND, "Humain", (100000, 1e6), bound="vague", modality="planned"))),
    Case("Alibaba strung together 384 of Huawei's Ascend 910C chips, rivals marvelled.", (Said(KIND, "Alibaba", 384),)),
    Case("JUPITER in Jülich boasts 24,000 GH200 superchips.", (Said(KIND, "JUPITER", 24000),)),
    Case("With 100,000 TPUs Apple trained its first models, a paper shows.", (Said(KIND, "Apple", 100000),)),
    Case("Groq sells its own chips. The company says that it has put 100,000 of its LPUs to work, and means to double that.", (Said(KIND, "Groq", 100000),)),
    Case("The chips are called Ironwood. Anthropic will use hundreds of thousands of them from 2026.", (Said(KIND, "Anthropic", (100000, 1e6), bound="vague", modality="planned"),)),
    Case("The centre will draw 1.2 gigawatts and cover 900 acres."),
    Case("Mistral wants 18,000 Grace Blackwell systems for its first data centre.", (Said(KIND, "Mistral AI", 18000, modality="planned"),)),
    Case("Colossus 2 will one day hold 550,000 GB200s and GB300s.", (Said(KIND, "Colossus 2", 550000, modality="planned"),)),
    Case("ByteDance snapped up 230,000 Nvidia chips last year.", (Said(KIND, "ByteDance", 230000),)),
    Case("There is no hoard of 100,000 H200s, Alibaba said.", (Said(KIND, "Alibaba", 1e5, modality="denied"),)),
)  # fmt: skip
