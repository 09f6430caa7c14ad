"""A state restricts or frees exports."""

from tests.specs.claims.case import Case, Said

KIND = "export_control"
CASES = (
    Case("The Netherlands will require licences for exports of ASML's chipmaking tools to China.", (Said(KIND, "Netherlands", modality="planned"),)),
    Case("Washington has barred Nvidia from selling its A100 and H100 chips in China.", (Said(KIND, "United States"),)),
    Case("The US added 42 Chinese companies to its export blacklist over AI chips.", (Said(KIND, "United States"),)),
    Case("The Commerce Department may soon tighten curbs on chip exports to the Middle East, officials said.", (Said(KIND, "United States", modality="planned"),)),
    Case("Nvidia has been allowed to resume sales of H20 chips to China by the Trump administration.", (Said(KIND, "United States"),), gap="what is allowed reads as a plan where the passive names the exporter first"),
    Case("Taiwan restricted shipments of semiconductors to South Africa.", (Said(KIND, "Taiwan"),)),
    Case("Nvidia unveiled a new chip at its conference in Taiwan."),
    Case("OpenAI limits how many pictures a user can make in a day."),
)  # fmt: skip
