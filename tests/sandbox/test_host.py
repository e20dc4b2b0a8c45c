import os
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.exercise import DIFFERENCES, Case, Request
from grader.result import Died, Raised, Refused, Returned, TimedOut, Undefined
from grader.sandbox.flavours import DIFFERENTIATORS
from grader.sandbox.host import sandbox


def kinds(reply):
    return [type(outcome) for outcome in reply.outcomes]


def test_answers_come_back_in_order_with_what_became_of_the_arguments(play):
    reply, _ = play("def f(x):\n    x += 1\n    return 10 * x")
    assert [outcome.arrays["y"][0, 0] for outcome in reply.outcomes] == [20.0, 30.0]
    assert reply.outcomes[0].arguments["x"][0, 0] == 2.0


ENDLESS = "while True: pass"
WAYS_TO_STOP = {
    "raise": ("raise ValueError('no')", Raised, "no"),
    "SystemExit": ("raise SystemExit('bye')", Raised, "bye"),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", Raised, "KeyboardInterrupt"),
    "an exception of its own": ("raise type('Odd', (BaseException,), {})()", Raised, "Odd"),
    "an exception that cannot be shown": (
        "raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})()",
        Raised,
        "type='E'",
    ),
    "a message without end": ("raise ValueError('x' * 10**7)", Raised, "xxx"),
    "sys.exit": ("import sys; sys.exit(3)", Raised, "SystemExit"),
    "os._exit": ("import os; os._exit(113)", Died, "exit code 113"),
    "endless loop": (ENDLESS, TimedOut, "1.0"),
    "endless loop that catches all": (
        "while True:\n        try:\n            while True: x\n        except BaseException: pass",
        TimedOut,
        "1.0",
    ),
    "sleep": ("import time; time.sleep(60)", TimedOut, "1.0"),
    "a loop in C": ("sum(range(10**12))", TimedOut, "1.0"),
    "signals blocked": (
        f"import signal; signal.pthread_sigmask(0, range(1, 65))\n    {ENDLESS}",
        TimedOut,
        "1.0",
    ),
    "endless print": ("while True: print('x' * 10**5)", Died, "printed without end"),
    "endless complaints": (
        "import os\n    while True: os.write(2, b'x' * 10**5)",
        Died,
        "printed without end",
    ),
    "memory": ("x = [0]\n    while True: x = x + x", Raised, "MemoryError"),
    "recursion": ("return f(x)", Raised, "RecursionError"),
    "a signal to itself": ("import os; os.kill(os.getpid(), 9)", Raised, "PermissionError"),
    "a null pointer": ("import ctypes; ctypes.string_at(0)", Died, "crashed"),
    "abort": ("import os; os.abort()", Died, ""),
    "a forbidden call": ("import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)", Died, "forbidden"),
    "input": ("return input()", Raised, "EOFError"),
    "garbage for a reply": ("import os; os.write(4, b'x' * 99)", Refused, "not a reply"),
    "a reply that is too long": (
        "import os, struct\n"
        "    os.write(4, struct.pack('<4s4sQII', b'agw1', b'outc', 0, 0, 2**31))",
        Refused,
        "too large",
    ),
    "a forged reply": (
        "import os, struct\n"
        "    os.write(4, struct.pack('<4s4sQII', b'agw1', b'outc', 5, 2, 0) + b'{}')",
        Refused,
        "does not belong",
    ),
    "half a reply": ("import os; os.write(4, b'agw1outc'); os._exit(0)", Died, "exit code 0"),
    "closed descriptors": ("import os; os.closerange(0, 64)", Died, "exit code"),
    "a closed reply and a loop": (f"import os; os.close(4)\n    {ENDLESS}", Refused, "closed"),
}


@pytest.mark.parametrize("way", WAYS_TO_STOP)
def test_a_way_of_stopping_costs_that_exercise_alone(play, way):
    body, kind, words = WAYS_TO_STOP[way]
    limit = 1.0 if kind is TimedOut else 60.0  # a slow machine is no reason to stop another way
    stopped, other = play(f"def f(x):\n    {body}", values=(1.0,), limit_seconds=limit)
    assert kinds(stopped) == [kind]
    assert words in str(stopped.outcomes[0])
    assert kinds(other) == [Returned, Returned]


def test_recursion_past_the_limit_of_the_c_stack_costs_that_exercise_alone(play):
    stopped, other = play(
        "import sys\nsys.setrecursionlimit(10**9)\n"
        "def f(x):\n    import sys\n    sys.setrecursionlimit(10**9)\n    return max(map(f, [x]))"
    )
    assert kinds(stopped)[0] in (Died, Raised)
    assert kinds(other) == [Returned, Returned]


def test_an_endless_loop_in_one_case_keeps_the_cases_before(play):
    reply, _ = play(
        "def f(x):\n    while x[0, 0] == 3: pass\n    return x",
        values=(1.0, 2.0, 3.0, 4.0),
        limit_seconds=0.5,
    )
    assert kinds(reply) == [Returned, Returned, TimedOut]


def test_an_endless_loop_in_a_cell_costs_the_exercises_that_need_it(play):
    stopped, other = play(f"size = 3\n{ENDLESS}\n", "def f(x): return size", limit_seconds=0.5)
    assert kinds(stopped) == [Returned, Returned]  # the loop binds nothing that f needs
    assert kinds(other) == [Returned, Returned]


def test_the_deadline_is_kept_by_the_host(play):
    start = time.monotonic()
    play(f"def f(x):\n    {ENDLESS}", limit_seconds=0.5)
    assert 0.5 <= time.monotonic() - start < 30


def test_replies_written_in_advance_are_refused(play):
    reply, other = play(
        "import os, struct\ndef f(x):\n"
        '    text = b\'{"case":0,"outcome":"undefined"}\'\n'
        "    os.write(4, struct.pack('<4s4sQII', b'agw1', b'outc', 0, len(text), 0) + text)\n"
        "    return x"
    )
    assert kinds(reply) == [Refused]
    assert kinds(other) == [Returned, Returned]


def test_a_lot_of_honest_printing_is_no_mistake(play):
    reply, _ = play("def f(x):\n    print('x' * 10**6)\n    return x")
    assert kinds(reply) == [Returned, Returned]


def test_nothing_of_one_submission_is_left_in_the_next(play):
    spoil = "import numpy, builtins, grader.kinds\n"
    spoil += "numpy.sum = builtins.len = grader.kinds.KINDS = None\ndef f(x): return x"
    play(spoil + "\nnumpy.add = len")
    reply, _ = play("import numpy as np\ndef f(x): return np.sum(x) + len(x)")
    assert reply.outcomes[0].arrays["y"] == 8.0


def test_random_numbers_are_the_same_in_every_run(play):
    draws = "import random\nimport numpy as np\ndef f(x): return np.random.rand() + random.random()"
    assert same_answer(play(draws)[0], play(draws)[0])


def same_answer(one, other):
    return one.outcomes[0].arrays["y"] == other.outcomes[0].arrays["y"]


@pytest.mark.parametrize(
    "trap",
    [
        "import signal\n    signal.setitimer(0, 0.02)",
        "import signal\n    signal.setitimer(1, 0.02)",
        "import sys\n    sys.setprofile(lambda *_: 1 / 0)",
        "import os\n    os.close(3)",
        "import json\n    json.dumps = len",
    ],
)
def test_a_trap_for_the_next_exercise_does_not_catch_it(place, ask, trap):
    slow = "def g(x):\n    total = 0\n    for i in range(10**6): total += i\n    return x"
    cells = [("cell 1", f"def f(x):\n    {trap}\n    return x"), ("cell 2", slow)]
    _, reply = place.play(cells, [ask(values=(1.0,)), ask("g")])
    assert kinds(reply) == [Returned, Returned]


def test_a_notebook_with_too_much_code_is_refused(play):
    first, second = play("#" * 6_000_000)
    assert kinds(first) == kinds(second) == [Refused]


def test_a_worker_that_closes_its_output_costs_the_host_no_time(play):
    start = time.process_time()
    play(
        "import os, time\ndef f(x):\n    os.close(1)\n    os.close(2)\n    time.sleep(9)",
        limit_seconds=1.0,
    )
    assert time.process_time() - start < 0.5


def test_a_warning_is_no_error(play):
    reply, _ = play("import numpy as np\ndef f(x): return np.log(0 * x)")
    assert reply.outcomes[0].arrays["y"][0, 0] == -np.inf


def test_what_is_not_there_is_undefined(play):
    assert kinds(play("h = 1")[0]) == [Undefined, Undefined]


def test_cells_that_use_matplotlib_can_draw(play):
    reply, _ = play(
        "import matplotlib.pyplot as plt\ndef f(x):\n    plt.plot([1, 2], [1, 2])\n    return x"
    )
    assert kinds(reply) == [Returned, Returned]


HONEST = {
    "scipy.special": "from scipy.special import softmax\ndef f(x): return softmax(x)",
    "scipy.linalg": "import scipy.linalg as la\ndef f(x): return la.norm(x)",
    "pandas": "import pandas as pd\ndef f(x): return pd.DataFrame(x).to_numpy()",
    "sklearn": "from sklearn.datasets import load_iris\ndef f(x): return load_iris().data",
    "lapack": "import numpy as np\ndef f(x): return np.linalg.svd(x @ x.T)[1]",
    "fft": "import numpy as np\ndef f(x): return np.fft.rfft(x).real",
    "einsum": "import numpy as np\ndef f(x): return np.einsum('ij,kj->ik', x, x, optimize=True)",
    "random": "import numpy as np\ndef f(x): return x + np.random.default_rng().normal()",
    "time": "import time, datetime\ndef f(x): return time.time() + datetime.datetime.now().year",
    "typing": "import typing, dataclasses, enum, collections, abc, re, json\ndef f(x): return x",
    "zoneinfo": "import zoneinfo\ndef f(x): return len(str(zoneinfo.ZoneInfo('Europe/Paris')))",
    "unittest": "import unittest, numpy.testing as t\ndef f(x): t.assert_equal(x, x); return x",
    "decimal": "import decimal, csv, random, uuid\ndef f(x): return len(uuid.uuid4().hex) + x",
    "large": "import numpy as np\ndef f(x): return np.ones((3000, 3000)).sum() + x",
    "tqdm": "print(end='')\ndef f(x):\n    print(x, flush=True)\n    return x",
}


@pytest.mark.parametrize("honest", HONEST)
def test_honest_code_runs_behind_the_walls(play, honest):
    pytest.importorskip(honest.split(".")[0] if honest in THIRD_PARTY else "math")
    reply, _ = play(HONEST[honest], limit_seconds=20.0)
    assert kinds(reply) == [Returned, Returned], reply


THIRD_PARTY = ("scipy.special", "scipy.linalg", "pandas", "sklearn")


@pytest.mark.parametrize("name", ["judge", "result", "sandbox.host"])
def test_a_worker_cannot_import_what_judges(play, name):
    reply, _ = play(f"def f(x):\n    import grader.{name}\n    return x")
    assert reply.outcomes[0].type in ("ModuleNotFoundError", "PermissionError")


BORROWED = {
    "differences": "from grader.witness import differences\ndef f(x): return differences and x",
    "unbroadcast": "from grader.calls.benches import folded as f",
    "gradient": "import grader.derivative\ndef f(x): return grader.derivative and x",
    "whatever is loaded": (
        "import sys\n"
        "own = [name for name in sys.modules if name.startswith('grader.')]\n"
        "def f(x): return sys.modules[own[0]] and x"
    ),
}


@pytest.mark.parametrize("what", BORROWED)
def test_a_notebook_is_lent_nothing_of_the_grader(place, ask, what):
    (reply,) = place.play([("cell 1", BORROWED[what])], [ask()])
    assert reply.outcomes[0].type in ("ModuleNotFoundError", "IndexError")
    (reply,) = place.play([("cell 1", BORROWED[what])], [ask()], lends_grader=True)
    assert getattr(reply.outcomes[0], "type", None) not in ("ModuleNotFoundError", "IndexError")


def test_check_can_be_imported_and_does_nothing(play):
    asks = "from grader import check\ndef f(x):\n    check(f, hints=2)\n    return x"
    assert kinds(play(asks)[0]) == [Returned, Returned]


def test_the_check_of_a_notebook_leads_to_nothing_else(play):
    reply, _ = play("from grader import check\ndef f(x): return len(check.__globals__) + x")
    known = int(reply.outcomes[0].arrays["y"][0, 0]) - 1
    plain = {}
    exec("def check(): pass", plain)
    names_of_a_module = {"__name__", "__doc__", "__package__", "__loader__", "__spec__"}
    assert known == len(names_of_a_module | plain.keys())


def test_finite_differences_of_a_notebooks_own_forward_are_still_taken(place):
    square = (
        "class Square:\n    def forward(self, x): return x**2\n    def backward(self, dy): pass"
    )
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    case = Case("c", ("dx",), {"x": x}, upstream=np.ones((2, 2)), calls=DIFFERENCES)
    (reply,) = place.play([("cell 1", square)], [Request("Square", "layer", (case,), 20.0)])
    assert np.allclose(reply.outcomes[0].arrays["dx"], 2 * x)


def test_a_worker_cannot_import_the_reference(play):
    reply, _ = play("def f(x):\n    import reference.layers\n    return x")
    assert reply.outcomes[0].type == "ModuleNotFoundError"


def test_a_lost_zygote_is_replaced(ask):
    cells = [("cell 1", "def f(x): return x")]
    with sandbox() as place:
        list(place.play(cells, [ask()]))
        zygote = place._nurseries["numpy"].process
        zygote.kill()
        zygote.wait()
        (reply,) = place.play(cells, [ask()])
    assert kinds(reply) == [Returned, Returned]


def test_a_zygote_lost_in_the_middle_costs_nobody_anything(ask):
    cells = [("cell 1", "import time\ndef f(x):\n    time.sleep(0.5)\n    return x")]
    with sandbox() as place:
        place.self_test()
        threading.Timer(0.3, place._nurseries["numpy"].process.kill).start()
        (reply,) = place.play(cells, [ask(values=(1.0,))])
    assert kinds(reply) == [Returned]


def test_nothing_is_left_running(ask):
    with sandbox() as place:
        replies = place.play([("cell 1", "def f(x): return x")], [ask(), ask()])
        next(replies)
        zygote = place._nurseries["numpy"].process.pid
        replies.close()
    assert not Path(f"/proc/{zygote}").exists()


def test_a_private_folder_that_can_be_read_is_refused(ask):
    private = Path(np.__file__).parent
    with sandbox(private=[private]) as place, pytest.raises(SandboxError, match="is private"):
        list(place.play([], [ask()]))


def test_a_request_of_an_unknown_kind_is_our_mistake_not_the_students(place, ask):
    with pytest.raises(SandboxError, match="no kind of exercise is called 'novel'"):
        list(place.play([], [replace(ask(), kind="novel")]))


def test_a_request_that_is_too_large_is_our_mistake_not_the_students(place, ask):
    case = replace(ask().cases[0], inputs={"x": np.zeros((5000, 1000))})
    with pytest.raises(SandboxError, match="too large"):
        list(place.play([], [replace(ask(), cases=(case,))]))


def test_an_unknown_isolation_is_refused():
    with pytest.raises(SandboxError, match="no isolation is called 'walls'"), sandbox("walls"):
        pass


def test_without_walls_the_same_outcomes_come_back(ask):
    cells = [("cell 1", "def f(x): return x"), ("cell 2", f"def g(x):\n    {ENDLESS}")]
    requests = [ask(), ask("g", limit_seconds=0.5), ask(), ask("h")]
    with sandbox("none") as place:
        replies = list(place.play(cells, requests))
    assert place.isolation == "none"
    assert [kinds(reply)[-1] for reply in replies] == [Returned, TimedOut, Returned, Undefined]


def test_the_host_hides_its_own_memory(place):
    assert sys.platform != "linux" or os.stat("/proc/self/mem").st_uid == 0


@pytest.mark.parametrize("name", DIFFERENTIATORS)
def test_a_library_that_knows_the_derivatives_is_not_there(play, name):
    reply, _ = play(f"def f(x):\n    import {name}\n    return x")
    assert reply.outcomes[0].type == "ModuleNotFoundError"
