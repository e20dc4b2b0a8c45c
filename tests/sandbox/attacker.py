"""Run every attack of the folder beside this file: `python attacker.py bare|numpy|torch`.

Prints, as JSON, what came of each: whether the attack says that it worked, what it harmed, and
whether the other exercise and the process next door still answered. Targets are made anew for
every attack: a file, a folder, a listener, a process.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from grader.exercise import Case, Request
from grader.result import Died, Returned
from grader.sandbox.host import sandbox

HERE = Path(__file__).resolve().parent
MARKER = "GRADER_TEST_MARKER"
WORKED = 42
SUFFIX = "\ndef attacked(x):\n    return x + bool(attack(at))\n"
OTHER = "def other(x):\n    return 2 * x\n"


def attacks():
    return {path.stem: path.read_text() for path in sorted((HERE / "attacks").glob("*.py"))}


def request(name):
    return Request(name, "function", (Case("case 1", ("y",), {"x": np.zeros(1)}),), 5.0)


class Targets:
    """What attacks aim at, and whether they hit."""

    def __init__(self, victim):
        self.victim = victim
        self.folder = Path(tempfile.mkdtemp(prefix="grader-canary-"))
        self.folder.chmod(0o777)
        self.canary = self.folder / "canary"
        self.canary.write_text("canary")
        self.canary.chmod(0o666)
        os.utime(self.canary, (10**9, 10**9))
        self.listeners = self._listen()
        self.before = self._state()

    def _listen(self):
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", tcp.getsockname()[1]))
        path, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        path.bind(str(self.folder / "socket"))
        (self.folder / "socket").chmod(0o666)
        abstract.bind(f"\0{self.folder.name}")
        for one in (path, abstract):
            one.listen()
        return [tcp, udp, path, abstract]

    def _state(self):
        about = self.canary.stat() if self.canary.exists() else None
        words = (about.st_mode, about.st_mtime, about.st_nlink) if about else ()
        text = self.canary.read_text() if about else ""
        return [sorted(os.listdir(self.folder)), list(words), text]

    def as_code(self):
        constants = {
            "canary": str(self.canary),
            "folder": str(self.folder),
            "socket": str(self.folder / "socket"),
            "abstract": self.folder.name,
            "port": self.listeners[0].getsockname()[1],
            "victim": self.victim,
            "host": os.getpid(),
            "marker": MARKER,
            "checkout": str(HERE.parents[1]),
        }
        lines = [f"    {name} = {value!r}\n" for name, value in constants.items()]
        return "class at:\n" + "".join(lines) + "\n"

    def harm(self):
        found = [] if self._state() == self.before else ["files changed"]
        for listener in self.listeners:
            listener.setblocking(False)
            with contextlib.suppress(BlockingIOError, OSError):
                listener.recv(1) if listener.type == socket.SOCK_DGRAM else listener.accept()
                found.append("a listener was reached")
        return found

    def close(self):
        for listener in self.listeners:
            listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def in_the_sandbox(flavour):
    with sandbox(lent=flavour) as place:
        neighbour = place.play([("cell 1", OTHER)], [request("other"), request("other")])
        next(neighbour)
        victim = youngest_child_of(only_child_of(os.getpid()))
        results = {name: _sandboxed(place, source, victim) for name, source in attacks().items()}
        alive = isinstance(next(neighbour).outcomes[0], Returned)
        neighbour.close()
        left = list(children_of(only_child_of(os.getpid())))
        user = place.self_test()
    return {"attacks": results, "neighbour answers": alive, "left": left, "user": user}


def _sandboxed(place, source, victim):
    targets = Targets(victim)
    try:
        cells = [("cell 1", targets.as_code() + source + SUFFIX), ("cell 2", OTHER)]
        attacked, other = place.play(cells, [request("attacked"), request("other")])
        return {
            "worked": _worked(attacked.outcomes[0]),
            "outcome": str(attacked.outcomes[0])[:300],
            "harm": targets.harm(),
            "other answers": isinstance(other.outcomes[0], Returned),
        }
    finally:
        targets.close()


def _worked(outcome):
    if isinstance(outcome, Returned):
        return bool(outcome.arrays["y"][0] == 1)
    return outcome == Died(f"ended its own process with exit code {WORKED}")


def bare():
    """The positive control: the same attacks in a plain Python, those that harm only us."""
    chosen = {name: text for name, text in attacks().items() if "\nNo control:" not in text}
    return {"attacks": {name: _bare(source) for name, source in chosen.items()}}


def _bare(source):
    with subprocess.Popen(["/bin/sleep", "60"], process_group=0) as victim:
        targets = Targets(victim.pid)
        code = targets.as_code() + source + f"\nimport os\nos._exit({WORKED} if attack(at) else 0)"
        try:
            done = subprocess.run(
                [sys.executable, "-c", code],
                check=False,
                capture_output=True,
                timeout=20,
                process_group=0,
            )
            return {
                "worked": done.returncode == WORKED,
                "outcome": done.stderr.decode()[-300:],
                "harm": targets.harm(),
            }
        finally:
            victim.kill()
            targets.close()


def children_of(parent):
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            found = re.match(r"(\d+) \(.*\) \S (\d+)", stat.read_text())
            if found and int(found[2]) == parent:
                yield int(found[1])


def only_child_of(parent):
    (child,) = children_of(parent)
    return child


def youngest_child_of(parent):
    return max(children_of(parent))


if __name__ == "__main__":
    os.environ[MARKER] = "instructor"
    results = bare() if sys.argv[1] == "bare" else in_the_sandbox(sys.argv[1])
    print(json.dumps(results))
