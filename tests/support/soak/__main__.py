"""The command of ``make soak``."""

import argparse
import sys
import time
from pathlib import Path

import msgspec

from deploy.devstack.instance import Instance
from deploy.devstack.running import leave_out_impossible
from services.workers.supervisor import stop_on_signals
from tests.support.soak.drawing import drawn
from tests.support.soak.plan import HARMS, plan
from tests.support.soak.report import held, text
from tests.support.soak.running import SERVERS, Wanted, soak
from tests.support.tree import ROOT

EXAMPLES = """\
examples:
  make soak                                             200,000 articles, the whole plan
  make soak SOAK="--articles 8000 --seed 7"             shorter, with other dice
  make soak SOAK="--articles 2000 --faults kill-kafka"  one kind of harm alone

harm:
"""
HELD, FAILED, USAGE, ENDED = 0, 1, 2, 130
HOME = ROOT / ".devstack"


def main() -> int:
    """0 when all held, 1 when something did not, 130 when it was ended early and all held."""
    options = _options()
    try:
        faults = plan(options.articles, options.seed, options.faults)
    except ValueError as error:
        sys.stderr.write(f"soak: --faults: {error}\n")
        return USAGE
    if options.possible and len(leave_out_impossible(Instance(HOME), SERVERS)) < len(SERVERS):
        return HELD
    wanted = Wanted(options.articles, options.seed, tuple(faults), options.outage)
    folder: Path = options.out
    folder.mkdir(parents=True, exist_ok=True)
    stop, began = stop_on_signals(), time.monotonic()

    def tell(line: str) -> None:
        print(f"{time.monotonic() - began:8.0f} s  {line}", file=sys.stderr, flush=True)

    try:
        found, measured = soak(wanted, folder, stop, tell)
    except AssertionError as error:
        sys.stderr.write(f"soak: {error}\n")
        return FAILED
    (folder / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(found)))
    (folder / "report.txt").write_text(text(found) + "\n")
    (folder / "soak.svg").write_text(drawn(found, measured))
    if options.json:
        print((folder / "report.json").read_text())
    else:
        print(text(found))
    tell(f"report, samples, plot and logs are in {folder}")
    if stop.is_set() and not any(one.state == "failed" for one in found.verdicts):
        return ENDED
    return HELD if held(found) else FAILED


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.support.soak",
        description="A long run on real servers of its own, with harm done to all of them.",
        epilog=EXAMPLES + "\n".join(f"  {name:<22} {words}" for name, words in HARMS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--articles", type=_count, default=200_000, help="events to publish (200000)")
    add("--seed", type=int, default=1, help="of articles, harm and victims (1)")
    add("--out", type=Path, default=Path("build/soak"), help="folder of the report (build/soak)")
    add("--outage", type=float, default=20.0, help="seconds that a server stays away (20)")
    add("--possible", action="store_true", help="do nothing where a server cannot run")
    add("--json", action="store_true", help="print the report as JSON")
    add(
        "--faults",
        type=lambda text: [name for name in text.split(",") if name],
        default=[*HARMS],
        metavar="HARM,HARM",
        help="which harm is done (all); '' for none",
    )
    return parser.parse_args()


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{count} is less than 1")
    return count


if __name__ == "__main__":
    sys.exit(main())
