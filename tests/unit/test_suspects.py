"""An event that kills the process it runs in: found by halves; its neighbours go on."""

from pathlib import Path

import pytest

from services.bus import Slice
from services.workers.ends import DEATHS, Job, after_death
from services.workers.suspects import Suspect, Suspects, deaths_of, running


def part(first: int, last: int) -> Slice:
    return Slice("pages", 0, first, last)


@pytest.mark.parametrize(
    ("again", "suspect", "deaths"),
    [
        (part(0, 7), None, 0),
        (part(0, 7), Suspect(part(0, 7), 1), 0),
        (part(0, 7), Suspect(part(0, 7), 2), 1),
        (part(0, 7), Suspect(part(4, 5), 2), 1),
        (part(4, 4), Suspect(part(4, 5), 2), 0),
        (part(0, 3), Suspect(part(4, 5), 9), 0),
        (part(6, 7), Suspect(part(4, 5), 9), 0),
        (part(4, 4), Suspect(part(4, 4), 3), 3),
        (part(4, 3), Suspect(part(4, 4), 3), 0),
    ],
)
def test_a_slice_is_blamed_for_what_it_holds(
    again: Slice, suspect: Suspect | None, deaths: int
) -> None:
    assert deaths_of(again, suspect) == deaths


@pytest.mark.parametrize(
    ("now", "suspect", "noted"),
    [
        (part(0, 7), None, Suspect(part(0, 7), 1)),
        (part(0, 7), Suspect(part(0, 7), 1), Suspect(part(0, 7), 2)),
        (part(8, 9), Suspect(part(0, 7), 2), Suspect(part(8, 9), 1)),
        (part(0, 3), Suspect(part(4, 7), 2), Suspect(part(4, 7), 2)),
        (part(4, 5), Suspect(part(4, 7), 2), Suspect(part(4, 5), 2)),
        (part(4, 3), Suspect(part(4, 4), 2), Suspect(part(4, 4), 2)),
        (part(4, 3), None, None),
    ],
)
def test_what_runs_is_suspected_next(
    now: Slice, suspect: Suspect | None, noted: Suspect | None
) -> None:
    assert running(now, suspect) == noted


@pytest.mark.parametrize("size", [1, 2, 7, 32])
def test_the_event_that_kills_is_found_and_no_other(size: int) -> None:
    for killer in range(size):
        buried, deaths = drained(size, killer)
        assert buried == [killer]
        assert deaths <= 2 + size.bit_length() + DEATHS


def drained(size: int, killer: int) -> tuple[list[int], int]:
    """What is buried of a slice, and how many processes die, where one event kills."""
    suspect: Suspect | None = None
    done, buried, deaths = 0, list[int](), 0
    while done < size:
        jobs, blamed = [Job(part(done, size - 1))], dict[Slice, int]()
        while jobs:
            job = jobs.pop(0)
            if blamed.get(job.part, 0) < deaths_of(job.part, suspect):
                blamed[job.part] = blamed.get(job.part, 0) + (len(job.part) == 1)
                after = after_death(job)
                if after[0].hopeless:
                    buried.append(job.part.first)
                    done = job.part.last + 1
                else:
                    jobs = [*after, *jobs]
                continue
            if job.part.first <= killer <= job.part.last:
                suspect, deaths = running(job.part, suspect), deaths + 1
                break
            done = job.part.last + 1
    return buried, deaths


def test_a_slice_is_suspected_only_while_it_runs(tmp_path: Path) -> None:
    suspects = Suspects(tmp_path / "running", "read")
    with suspects.during(part(0, 7)):
        assert suspects.of(part(0, 7)) == Suspect(part(0, 7), 1)
        assert suspects.of(Slice("pages", 1, 0, 7)) is None
    assert suspects.of(part(0, 7)) is None
    assert list((tmp_path / "running").iterdir()) == []


def test_who_was_suspect_stays_so_until_it_has_run(tmp_path: Path) -> None:
    suspects, before = Suspects(tmp_path, "read"), Suspect(part(4, 7), 2)
    suspects._note(part(4, 7), before)
    for one in (part(0, 3), part(4, 5)):
        with suspects.during(one):
            pass
        assert suspects.of(one) == before
    with suspects.during(part(6, 7)):
        pass
    assert suspects.of(part(6, 7)) is None


def test_what_cannot_be_noted_is_no_suspect(tmp_path: Path) -> None:
    tmp_path.joinpath("file").write_text("not a folder")
    suspects = Suspects(tmp_path / "file", "read")
    with suspects.during(part(0, 7)):
        assert suspects.of(part(0, 7)) is None
    tmp_path.joinpath("read-pages-0.json").write_text('{"part": ')
    assert Suspects(tmp_path, "read").of(part(0, 7)) is None
