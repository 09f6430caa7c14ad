"""The command line: ``devstack VERB``."""

import argparse
import os
import sys
from pathlib import Path

from deploy.devstack.errors import DevstackError
from deploy.devstack.instance import Instance, tell
from deploy.devstack.running import leave_out_impossible, run_with
from deploy.devstack.servers import SERVERS
from deploy.devstack.software import CHECKOUT

EXAMPLES = """\
examples:
  devstack up                          bring up kafka, elasticsearch, postgresql and redis
  eval "$(devstack env)"               let the beatwire command of this shell use them
  eval "$(devstack env --tests)"       let pytest of this shell use them
  devstack run pytest -m connected     run a command with the servers, and stop them after it
  devstack kill kafka; devstack up kafka    an outage: the address stays the same
  devstack --home /tmp/other up redis  another instance, with its own ports and data
  devstack reset                       stop all and delete their data
"""


def parser() -> argparse.ArgumentParser:
    """Verbs and options."""
    top = argparse.ArgumentParser(
        prog="devstack",
        description="Kafka, Elasticsearch, PostgreSQL and Redis on this machine, "
        "on 127.0.0.1 only, without containers.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument(
        "--home",
        type=Path,
        default=CHECKOUT / ".devstack",
        metavar="DIR",
        help="the folder of the instance: ports, data, logs (default: .devstack in the checkout)",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    up = verbs.add_parser("up", help="bring servers up, and wait until they answer")
    up.add_argument("--possible", action="store_true", help="leave out what cannot run here")
    run = verbs.add_parser(
        "run", help="run a command with the servers' variables, then stop what it started"
    )
    run.add_argument("--possible", action="store_true", help="leave out what cannot run here")
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND ...")
    env = verbs.add_parser("env", help="print the variables that name the running servers")
    env.add_argument("--tests", action="store_true", help="those of the tests")
    verbs.add_parser("status", help="say which servers run, and where")
    logs = verbs.add_parser("logs", help="print the end of a server's log")
    logs.add_argument("-n", type=int, default=50, metavar="N", dest="lines", help="lines (50)")
    stop = verbs.add_parser("stop", help="stop servers; their data stays")
    kill = verbs.add_parser("kill", help="end a server as a power cut would (SIGKILL)")
    pause = verbs.add_parser("pause", help="freeze a server (SIGSTOP)")
    resume = verbs.add_parser("resume", help="let a frozen server go on (SIGCONT)")
    verbs.add_parser("reset", help="stop all servers and delete their data")

    for verb in (up, stop):
        verb.add_argument("servers", nargs="*", metavar="SERVER", help="all unless named")
    for verb in (logs, kill, pause, resume):
        verb.add_argument("server", choices=SERVERS, metavar="SERVER", help=", ".join(SERVERS))
    return top


def main(words: list[str] | None = None) -> int:
    """Run one command; 1 where a person has to mend something."""
    # What is fetched and written must be readable for the account of the servers.
    os.umask(0o022)
    given = parser().parse_args(words)
    try:
        return perform(Instance(given.home.absolute()), given)
    except DevstackError as error:
        tell(f"devstack: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        tell(f"devstack: {error.strerror}: {error.filename}")
        return 1


def perform(instance: Instance, given: argparse.Namespace) -> int:
    """Do what the verb says; the exit code."""
    match given.verb:
        case "up":
            up(instance, chosen(given.servers), possible=given.possible)
        case "run":
            return run_with(instance, given.command, possible=given.possible)
        case "env":
            print_exports(instance, "TEST_" if given.tests else "BEATWIRE_")
        case "status":
            for name in SERVERS:
                condition, where = instance.condition(name)
                print(f"{name:14} {condition:14} {where}".rstrip())
        case "logs":
            print(*instance.log_tail(given.server, given.lines), sep="\n")
        case "stop":
            for name in instance.stop(chosen(given.servers)):
                print(f"{name} stopped")
        case "kill":
            instance.kill(given.server)
        case "pause":
            instance.pause(given.server)
        case "resume":
            instance.resume(given.server)
        case "reset":
            instance.reset()
    return 0


def chosen(names: list[str]) -> list[str]:
    """The servers that a command is for: all unless some are named."""
    for name in names:
        if name not in SERVERS:
            raise DevstackError(f"{name!r} is no server; the servers are {', '.join(SERVERS)}")
    return list(dict.fromkeys(names)) or list(SERVERS)


def up(instance: Instance, names: list[str], *, possible: bool) -> None:
    """Bring servers up and say where they are."""
    if possible:
        names = leave_out_impossible(instance, names)
    for name, started in instance.up(names).items():
        _, where = instance.condition(name)
        print(f"{name:14} {'started' if started else 'already there':14} {where}")


def print_exports(instance: Instance, prefix: str) -> None:
    """Lines for ``eval``."""
    exports = instance.exports()
    if not exports:
        raise DevstackError("no server runs; bring them up with: devstack up")
    for name, value in exports.items():
        if name.startswith(prefix):
            sys.stdout.write(f"export {name}={value}\n")
