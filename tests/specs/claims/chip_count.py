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
)  # fmt: skip
