"""What names are in their sentences; ``[ ]`` marks the names."""

import re

import pytest

from processors.nlp.roles import standings

CASES = [
    ("[Nvidia] said on Monday that it would buy [Intel].", "agent patient"),
    ("In January [Nvidia] sued [AMD] and [Intel].", "agent patient patient"),
    ("[OpenAI], which makes [ChatGPT], raised $6bn from [Microsoft].", "agent patient -"),
    ("[OpenAI]'s sales rose after [Google] cut prices.", "owner agent"),
    ("[Scale AI] was bought by [Meta] last year.", "patient agent"),
    ("Shares in [Nvidia] fell as [DeepSeek] unveiled [R1].", "- agent patient"),
    ("[Jensen Huang], [Nvidia]'s boss, said [AMD] will struggle.", "agent owner agent"),
    ('"We are ready," said [Sam Altman].', "agent"),
    ("[Meta] paid [Scale AI] and [OpenAI] hired its engineers.", "agent patient agent"),
    ("[Google], [Meta] and [Amazon] plan to spend more.", "agent agent agent"),
    ("According to [Bloomberg], [Apple] may buy [Mistral].", "- agent patient"),
    ("[CoreWeave], founded in 2017, rents out [Nvidia] GPUs.", "agent owner"),
    ("Will [Apple] buy [Perplexity]?", "agent patient"),
    ("[Broadcom] wants [OpenAI] to pay more.", "agent patient"),
]


@pytest.mark.parametrize(("marked", "deeds"), CASES, ids=[case[0] for case in CASES])
def test_names_act_or_are_acted_on(marked: str, deeds: str) -> None:
    names: list[tuple[int, int]] = []
    text = ""
    for part in re.split(r"(\[.*?\])", marked):
        name = part.strip("[]") if part.startswith("[") else part
        if part.startswith("["):
            names.append((len(text), len(text) + len(name)))
        text += name
    assert " ".join(one.deed or "-" for one in standings(text, names)) == deeds


def test_names_joined_by_and_are_listed() -> None:
    first, second, third = standings("AMD met Intel and Arm.", [(0, 3), (8, 13), (18, 21)])
    assert (first.listed, second.listed, third.listed) == (False, True, True)
