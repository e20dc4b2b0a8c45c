"""How sure is a threshold? Accuracy over many seeds: of the reference, of right and wrong variants.

    .venv/bin/python benchmarks/training_seeds.py circle --seeds 100
    .venv/bin/python benchmarks/training_seeds.py moons --seeds 100
    .venv/bin/python benchmarks/training_seeds.py iris --seeds 100

A variant is the reference page with one line exchanged. Printed as the tables of docs/training.md
and docs/iris.md: how often it reaches the threshold of the full run, and what the whole assignment
gives it. One process; circle and iris take minutes, moons about an hour. With --keep FILE a run
that was ended goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from grader.assignment import Assignment, load
from grader.exercise import Case, Exercise
from grader.judge import judge
from grader.key import CaseKey, ExerciseKey, Expected, Key
from grader.kinds import KINDS
from grader.oracle import reference_key
from grader.result import Raised, Reply, Returned
from grader.training import learns, share_right

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Variant:
    name: str
    old: str
    new: str
    right: bool = False


@dataclass(frozen=True)
class Tried:
    """accuracies: one per seed; scores: of the whole assignment, one per secret"""

    variant: Variant
    accuracies: np.ndarray
    scores: list[float]


def right(name: str, old: str, new: str) -> Variant:
    return Variant(name, old, new, right=True)


AS_IT_IS = right("the reference", "", "")

CIRCLE_SLOPE = 'dg = np.outer(dz, params["W"]) * (1 - h**2)'
CIRCLE_DZ = "    h, y = forward(X, params)\n    dz = (y - t) / len(t)"
CIRCLE_GRADS = 'grads = {"U": X.T @ dg, "b": dg.sum(axis=0), "W": h.T @ dz, "c": dz.sum()}'
CIRCLE_COPY = "params, losses = {name: np.copy(p) for name, p in params.items()}, []"
CIRCLE_UPDATE = "params[name] -= lr * grads[name]"
CIRCLE_LOOP = "        grads, loss = backprop(X, t, params)\n        losses.append(loss)"


def _circle_grads(**changed: str) -> str:
    parts = {"U": "X.T @ dg", "b": "dg.sum(axis=0)", "W": "h.T @ dz", "c": "dz.sum()"} | changed
    return "grads = {" + ", ".join(f'"{name}": {text}' for name, text in parts.items()) + "}"


def _circle_dz(text: str) -> str:
    return CIRCLE_DZ.replace("(y - t) / len(t)", text)


CIRCLE = (
    AS_IT_IS,
    right(
        "sums from the last point to the first",
        CIRCLE_GRADS,
        _circle_grads(U="X[::-1].T @ dg[::-1]", b="dg[::-1].sum(axis=0)", W="h[::-1].T @ dz[::-1]"),
    ),
    right(
        "einsum",
        CIRCLE_GRADS,
        _circle_grads(U='np.einsum("ni,nj->ij", X, dg)', W='np.einsum("nj,n->j", h, dz)'),
    ),
    right(
        "slope from cosh",
        CIRCLE_SLOPE,
        'dg = np.outer(dz, params["W"]) / np.cosh(X @ params["U"] + params["b"]) ** 2',
    ),
    right(
        "1/N at the end",
        CIRCLE_DZ + "\n    " + CIRCLE_SLOPE + "\n    " + CIRCLE_GRADS,
        _circle_dz("y - t")
        + "\n    "
        + CIRCLE_SLOPE
        + "\n    "
        + CIRCLE_GRADS
        + "\n    grads = {name: g / len(t) for name, g in grads.items()}",
    ),
    right(
        "single precision",
        CIRCLE_COPY,
        CIRCLE_COPY.replace("np.copy(p)", "np.float32(p)") + "\n    X = np.float32(X)",
    ),
    Variant("no 1/N", CIRCLE_DZ, _circle_dz("y - t")),
    Variant("dz of the wrong sign", CIRCLE_DZ, _circle_dz("(t - y) / len(t)")),
    Variant(
        "dz with the slope of sigmoid too", CIRCLE_DZ, _circle_dz("(y - t) * y * (1 - y) / len(t)")
    ),
    Variant("dz twice as large", CIRCLE_DZ, _circle_dz("2 * (y - t) / len(t)")),
    Variant("dz from rounded outputs", CIRCLE_DZ, _circle_dz("((y > 0.5) - t) / len(t)")),
    Variant("no slope of tanh", CIRCLE_SLOPE, 'dg = np.outer(dz, params["W"])'),
    Variant("slope 1 - h", CIRCLE_SLOPE, 'dg = np.outer(dz, params["W"]) * (1 - h)'),
    Variant("slope h**2", CIRCLE_SLOPE, 'dg = np.outer(dz, params["W"]) * h**2'),
    Variant(
        "slope of sigmoid, h (1 - h)", CIRCLE_SLOPE, 'dg = np.outer(dz, params["W"]) * h * (1 - h)'
    ),
    Variant(
        "slope 1 - tanh(h)**2",
        CIRCLE_SLOPE,
        'dg = np.outer(dz, params["W"]) * (1 - np.tanh(h) ** 2)',
    ),
    Variant("not through W", CIRCLE_SLOPE, "dg = dz[:, None] * (1 - h**2)"),
    Variant("dU is 0", CIRCLE_GRADS, _circle_grads(U="0 * X.T @ dg")),
    Variant("dU of the wrong sign", CIRCLE_GRADS, _circle_grads(U="-X.T @ dg")),
    Variant("dU over N once more", CIRCLE_GRADS, _circle_grads(U="X.T @ dg / len(t)")),
    Variant("db is 0", CIRCLE_GRADS, _circle_grads(b="0 * dg.sum(axis=0)")),
    Variant("db is a mean", CIRCLE_GRADS, _circle_grads(b="dg.mean(axis=0)")),
    Variant(
        "db is the same for all units",
        CIRCLE_GRADS,
        _circle_grads(b="dg.sum() + 0 * dg.sum(axis=0)"),
    ),
    Variant("dW is 0", CIRCLE_GRADS, _circle_grads(W="0 * h.T @ dz")),
    Variant("dW with h**2", CIRCLE_GRADS, _circle_grads(W="(h**2).T @ dz")),
    Variant("dW with g", CIRCLE_GRADS, _circle_grads(W='(X @ params["U"] + params["b"]).T @ dz')),
    Variant("dc is 0", CIRCLE_GRADS, _circle_grads(c="0.0")),
    Variant("dc is a mean", CIRCLE_GRADS, _circle_grads(c="dz.mean()")),
    Variant("steps twice as long", CIRCLE_UPDATE, "params[name] -= 2 * lr * grads[name]"),
    Variant("lr not used", CIRCLE_UPDATE, "params[name] -= 0.9 * grads[name]"),
    Variant("uphill", CIRCLE_UPDATE, "params[name] += lr * grads[name]"),
    Variant(
        "only U and b are trained",
        CIRCLE_UPDATE,
        'params[name] -= lr * grads[name] * (name in "Ub")',
    ),
    Variant(
        "weights decay", CIRCLE_UPDATE, "params[name] -= lr * (grads[name] + 1e-4 * params[name])"
    ),
    Variant(
        "momentum",
        CIRCLE_COPY + "\n    for _ in range(steps):\n" + CIRCLE_LOOP,
        CIRCLE_COPY
        + "\n    v = {name: 0.0 for name in params}\n    for _ in range(steps):\n"
        + CIRCLE_LOOP
        + "\n        v = grads = {n: 0.5 * v[n] + grads[n] for n in grads}",
    ),
    Variant(
        "only the sign of the gradient",
        CIRCLE_UPDATE,
        "params[name] -= 0.02 * lr * np.sign(grads[name])",
    ),
    Variant(
        "one step too many",
        "    for _ in range(steps):\n" + CIRCLE_LOOP,
        "    for _ in range(steps + 1):\n" + CIRCLE_LOOP,
    ),
    Variant(
        "one step too few",
        "    for _ in range(steps):\n" + CIRCLE_LOOP,
        "    for _ in range(steps - 1):\n" + CIRCLE_LOOP,
    ),
    Variant("half of the points", CIRCLE_LOOP, CIRCLE_LOOP.replace("X, t,", "X[::2], t[::2],")),
    Variant(
        "one parameter after the other",
        CIRCLE_UPDATE,
        "params[name] -= lr * backprop(X, t, params)[0][name]",
    ),
)

MOONS_W = 'grads[f"W{layer + 1}"] = self.xs[layer].T @ upstream'
MOONS_B = 'grads[f"b{layer + 1}"] = upstream.sum(axis=0)'
MOONS_BACK = "upstream = (upstream @ self.W[layer].T) * (self.xs[layer] > 0)"
MOONS_V = "self.v[name] = self.momentum * self.v[name] + grads[name]"
MOONS_P = "self.params[name] -= self.lr * self.v[name]"
MOONS_LOOP = (
    "    for _ in range(steps):\n        loss, upstream = cross_entropy(model.forward(X), y)"
)
MOONS_STEP = "        optimizer.step(model.backward(upstream))"

MOONS = (
    AS_IT_IS,
    right(
        "sums from the last point to the first",
        MOONS_W,
        MOONS_W.replace("self.xs[layer].T @ upstream", "self.xs[layer][::-1].T @ upstream[::-1]"),
    ),
    right(
        "einsum",
        MOONS_W,
        MOONS_W.replace(
            "self.xs[layer].T @ upstream", 'np.einsum("ni,nj->ij", self.xs[layer], upstream)'
        ),
    ),
    right(
        "lr inside the velocity",
        MOONS_V + "\n            " + MOONS_P,
        MOONS_V.replace("+ grads", "+ self.lr * grads")
        + "\n            "
        + MOONS_P.replace("self.lr * ", ""),
    ),
    right(
        "velocity of the other sign",
        MOONS_V + "\n            " + MOONS_P,
        MOONS_V.replace("+ grads", "- grads") + "\n            " + MOONS_P.replace("-=", "+="),
    ),
    right(
        "single precision",
        MOONS_LOOP,
        "    X = np.float32(X)\n"
        "    model.W, model.b = [[np.float32(p) for p in ps] for ps in (model.W, model.b)]\n"
        "    optimizer = Momentum(model.parameters(), lr, momentum)\n" + MOONS_LOOP,
    ),
    Variant("no ReLU", MOONS_BACK, "upstream = upstream @ self.W[layer].T"),
    Variant(
        "leaky ReLU",
        MOONS_BACK,
        MOONS_BACK.replace("(self.xs[layer] > 0)", "np.where(self.xs[layer] > 0, 1.0, 0.1)"),
    ),
    Variant(
        "ReLU where there is none: at the scores",
        "        grads = {}\n        for layer in rev",
        "        grads = {}\n        upstream = upstream * (self.forward(self.xs[0]) > 0)\n"
        "        for layer in rev",
    ),
    Variant(
        "ReLU of the unit's mean",
        MOONS_BACK,
        MOONS_BACK.replace("self.xs[layer] > 0", "self.xs[layer].mean(axis=0) > 0"),
    ),
    Variant(
        "times the input instead of its sign",
        MOONS_BACK,
        MOONS_BACK.replace("(self.xs[layer] > 0)", "self.xs[layer]"),
    ),
    Variant(
        "only the sign of W",
        MOONS_BACK,
        MOONS_BACK.replace("self.W[layer].T", "np.sign(self.W[layer].T)"),
    ),
    Variant(
        "the gradient stops at the last layer", MOONS_BACK, "upstream = 0 * " + MOONS_BACK[11:]
    ),
    Variant("W over N once more", MOONS_W, MOONS_W + " / len(upstream)"),
    Variant("W twice as large", MOONS_W, MOONS_W.replace("= self", "= 2 * self")),
    Variant("W1 is 0", MOONS_W, MOONS_W + " * (layer > 0)"),
    Variant("W2 is 0", MOONS_W, MOONS_W + " * (layer != 1)"),
    Variant("W3 is 0", MOONS_W, MOONS_W + " * (layer != 2)"),
    Variant("W of the wrong sign", MOONS_W, MOONS_W.replace("= self", "= -self")),
    Variant(
        "W from half of the points",
        MOONS_W,
        MOONS_W.replace("self.xs[layer].T @ upstream", "self.xs[layer][::2].T @ upstream[::2]"),
    ),
    Variant("b is 0", MOONS_B, MOONS_B + " * 0"),
    Variant("b is a mean", MOONS_B, MOONS_B.replace("sum", "mean")),
    Variant(
        "b of the first point", MOONS_B, MOONS_B.replace("upstream.sum(axis=0)", "upstream[0]")
    ),
    Variant("b of the wrong sign", MOONS_B, MOONS_B.replace("= upstream", "= -upstream")),
    Variant(
        "mean of gradients as velocity",
        MOONS_V,
        MOONS_V.replace("+ grads", "+ (1 - self.momentum) * grads"),
    ),
    Variant("no memory", MOONS_V, "self.v[name] = grads[name]"),
    Variant(
        "Nesterov",
        MOONS_P,
        "self.params[name] -= self.lr * (grads[name] + self.momentum * self.v[name])",
    ),
    Variant(
        "the step before the velocity",
        MOONS_V + "\n            " + MOONS_P,
        MOONS_P + "\n            " + MOONS_V,
    ),
    Variant(
        "momentum on the step too",
        MOONS_P,
        "self.params[name] -= self.lr * self.momentum * self.v[name]",
    ),
    Variant("momentum always 0.9", MOONS_V, MOONS_V.replace("self.momentum *", "0.9 *")),
    Variant("steps twice as long", MOONS_P, MOONS_P.replace("self.lr", "2 * self.lr")),
    Variant("uphill", MOONS_P, MOONS_P.replace("-=", "+=")),
    Variant(
        "a new optimizer in every step",
        MOONS_STEP,
        "        optimizer = Momentum(model.parameters(), lr, momentum)\n" + MOONS_STEP,
    ),
    Variant("one step too few", MOONS_LOOP, MOONS_LOOP.replace("steps)", "steps - 1)")),
    Variant("one step too many", MOONS_LOOP, MOONS_LOOP.replace("steps)", "steps + 1)")),
    Variant("half of the points", MOONS_LOOP, "    X, y = X[::2], y[::2]\n" + MOONS_LOOP),
    Variant(
        "the loss after the update",
        "        losses.append(loss)\n" + MOONS_STEP,
        MOONS_STEP + "\n        losses.append(cross_entropy(model.forward(X), y)[0])",
    ),
)

IRIS_SECOND = 'second = (upstream @ self.params["W3"].T) * (self.h2 > 0)'
IRIS_FIRST = 'first = (second @ self.params["W2"].T) * (self.h1 > 0)'
IRIS_UPDATE = "self.params[name] -= self.lr * m / (np.sqrt(v) + self.eps)"
IRIS_M = "self.m[name] = 0.9 * self.m[name] + 0.1 * g"
IRIS_V = "self.v[name] = 0.999 * self.v[name] + 0.001 * g**2"
IRIS_LOOP = (
    "    for _ in range(epochs):\n        loss, upstream = cross_entropy(model.forward(X), y)"
)
IRIS_STEP = "        losses.append(loss)\n        optimizer.step(model.backward(upstream))"
IRIS_GRADS = """            "W1": self.x.T @ first,
            "b1": first.sum(axis=0),
            "W2": self.h1.T @ second,
            "b2": second.sum(axis=0),
            "W3": self.h2.T @ upstream,
            "b3": upstream.sum(axis=0),
"""
IRIS_BACK = (
    f"        {IRIS_SECOND}\n        {IRIS_FIRST}\n        return {{\n{IRIS_GRADS}        }}"
)


def _iris_grads(*pairs: tuple[str, str]) -> str:
    text = IRIS_GRADS
    for old, new in pairs:
        text = text.replace(old, new)
    return text


IRIS = (
    AS_IT_IS,
    right(
        "sums from the last flower to the first",
        IRIS_GRADS,
        _iris_grads(
            ("self.x.T @ first", "self.x[::-1].T @ first[::-1]"),
            ("self.h1.T @ second", "self.h1[::-1].T @ second[::-1]"),
            ("first.sum", "first[::-1].sum"),
        ),
    ),
    right(
        "einsum",
        IRIS_GRADS,
        _iris_grads(
            ("self.x.T @ first", 'np.einsum("ni,no->io", self.x, first)'),
            ("self.h1.T @ second", 'np.einsum("ni,no->io", self.h1, second)'),
        ),
    ),
    right(
        "a loop over the layers",
        IRIS_BACK,
        """        grads = {}
        for n, x in ((3, self.h2), (2, self.h1), (1, self.x)):
            grads[f"W{n}"], grads[f"b{n}"] = x.T @ upstream, upstream.sum(axis=0)
            upstream = (upstream @ self.params[f"W{n}"].T) * (x > 0)
        return grads""",
    ),
    right("moments in another order", IRIS_M, "self.m[name] += 0.1 * (g - self.m[name])"),
    right(
        "single precision",
        IRIS_LOOP,
        "    X = np.float32(X)\n    for name, p in model.params.items():\n"
        "        model.params[name] = np.float32(p)\n"
        "    optimizer = Adam(model.parameters(), lr, eps)\n" + IRIS_LOOP,
    ),
    Variant(
        "no ReLU",
        IRIS_BACK,
        IRIS_BACK.replace(" * (self.h2 > 0)", "").replace(" * (self.h1 > 0)", ""),
    ),
    Variant("no ReLU in the second layer", IRIS_SECOND, IRIS_SECOND[: -len(" * (self.h2 > 0)")]),
    Variant("no ReLU in the first layer", IRIS_FIRST, IRIS_FIRST[: -len(" * (self.h1 > 0)")]),
    Variant(
        "leaky ReLU",
        IRIS_FIRST,
        IRIS_FIRST.replace("(self.h1 > 0)", "np.where(self.h1 > 0, 1, 0.1)"),
    ),
    Variant("times h instead of its sign", IRIS_SECOND, IRIS_SECOND.replace("h2 > 0", "h2")),
    Variant(
        "ReLU of the unit's mean",
        IRIS_FIRST,
        IRIS_FIRST.replace("self.h1 > 0", "self.h1.mean(axis=0) > 0"),
    ),
    Variant(
        "ReLU of what comes back",
        IRIS_SECOND,
        'second = np.maximum(0, upstream @ self.params["W3"].T)',
    ),
    Variant(
        "only the sign of W",
        IRIS_FIRST,
        IRIS_FIRST.replace('self.params["W2"].T', 'np.sign(self.params["W2"].T)'),
    ),
    Variant("the gradient stops at the last layer", IRIS_SECOND, "second = 0 * " + IRIS_SECOND[9:]),
    Variant("everything twice as large", IRIS_SECOND, f"upstream = 2 * upstream; {IRIS_SECOND}"),
    Variant(
        "everything a hundred times as large",
        IRIS_SECOND,
        f"upstream = 100 * upstream; {IRIS_SECOND}",
    ),
    Variant(
        "everything over N once more",
        IRIS_SECOND,
        f"upstream = upstream / len(upstream); {IRIS_SECOND}",
    ),
    Variant("everything of the wrong sign", IRIS_SECOND, f"upstream = -upstream; {IRIS_SECOND}"),
    *(
        Variant(f"{name} is 0", IRIS_GRADS, _iris_grads((f'"{name}": ', f'"{name}": 0 * ')))
        for name in ("W1", "W2", "W3", "b1", "b2", "b3")
    ),
    *(
        Variant(
            f"{name} of the wrong sign", IRIS_GRADS, _iris_grads((f'"{name}": ', f'"{name}": -'))
        )
        for name in ("W1", "W2", "b2")
    ),
    Variant("b is a mean", IRIS_GRADS, _iris_grads((".sum(", ".mean("))),
    Variant("b of the first flower", IRIS_GRADS, _iris_grads((".sum(axis=0)", "[0]"))),
    Variant(
        "W1 from half of the flowers",
        IRIS_GRADS,
        _iris_grads(("self.x.T @ first", "self.x[::2].T @ first[::2]")),
    ),
    Variant("steps twice as long", IRIS_UPDATE, IRIS_UPDATE.replace("self.lr", "2 * self.lr")),
    Variant("uphill", IRIS_UPDATE, IRIS_UPDATE.replace("-=", "+=")),
    Variant("no memory of squares", IRIS_V, "self.v[name] = 0.001 * g**2"),
    Variant("no momentum", IRIS_M, "self.m[name] = 0.1 * g"),
    Variant(
        "eps in the root",
        IRIS_UPDATE,
        IRIS_UPDATE.replace("np.sqrt(v) + self.eps", "np.sqrt(v + self.eps)"),
    ),
    Variant("eps not used", IRIS_UPDATE, IRIS_UPDATE.replace("self.eps", "1e-8")),
    Variant(
        "a new optimizer in every epoch",
        IRIS_STEP,
        IRIS_STEP.replace(
            "        optimizer",
            "        optimizer = Adam(model.parameters(), lr, eps)\n        optimizer",
        ),
    ),
    Variant("one epoch too few", IRIS_LOOP, IRIS_LOOP.replace("epochs)", "epochs - 1)")),
    Variant("one epoch too many", IRIS_LOOP, IRIS_LOOP.replace("epochs)", "epochs + 1)")),
    Variant("half of the flowers", IRIS_LOOP, "    X, y = X[::2], y[::2]\n" + IRIS_LOOP),
    Variant(
        "the loss after the update",
        IRIS_STEP,
        "        optimizer.step(model.backward(upstream))\n"
        "        losses.append(cross_entropy(model.forward(X), y)[0])",
    ),
)

SHORT = 10  # steps
VARIANTS = {"circle": CIRCLE, "moons": MOONS, "iris": IRIS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("slug", choices=VARIANTS)
    parser.add_argument("--seeds", type=int, default=100, help="for the accuracy, each one run")
    parser.add_argument("--secrets", type=int, default=3, help="for the score of the assignment")
    parser.add_argument("--keep", type=Path, help="a file of what has been measured, to go on from")
    parser.add_argument("--short", action="store_true", help="differences in short runs, no more")
    asked = parser.parse_args()
    page = load(ROOT / "reference" / f"{asked.slug}.py")
    if asked.short:
        _short(page)
        return
    kept = _kept(asked.keep)
    tried = list(_all(page, asked, kept))
    _tables(page, tried, kept["graded"])


def _short(page: Assignment) -> None:
    """The largest relative difference of each variant in runs of one step and of ten."""
    exercise = page.exercises[-1]
    numbers = [n for n, one in enumerate(exercise.variations) if one.options["steps"] <= SHORT]
    cases = [exercise.case(number, "short") for number in numbers]
    expected = [_play("training", dict(page.namespace), exercise.name, case) for case in cases]
    for variant in VARIANTS[page.slug]:
        namespace, differences = namespace_of(page, variant), [0.0]
        with np.errstate(all="ignore"):
            for case, want in zip(cases, expected, strict=True):
                got = _play("training", namespace, exercise.name, case)
                differences += [_difference(got[name], want[name]) for name in want]
        kind = "right" if variant.right else "wrong"
        print(f"| {kind} | {variant.name} | {max(differences):.0e} |")


def _difference(got: Any, want: Any) -> float:
    if np.shape(got) != np.shape(want):
        return float("inf")
    return float(np.abs(np.subtract(got, want)).max() / np.abs(want).max())


def _all(page: Assignment, asked: argparse.Namespace, kept: dict[str, list]) -> Iterator[Tried]:
    """Measure what is not yet in kept, and keep it."""
    keys: list[Key] = []
    for at in range(len(kept.setdefault("graded", [])), asked.seeds):
        _keep(asked.keep, kept, "graded", _is_graded(page, at))
    for variant in VARIANTS[page.slug]:
        namespace, name = namespace_of(page, variant), variant.name
        with np.errstate(all="ignore"):
            for at in range(len(kept.setdefault(name, [])), asked.seeds):
                _keep(asked.keep, kept, name, _accuracy(page, namespace, at))
            for at in range(len(kept.setdefault(f"{name}, score", [])), asked.secrets):
                keys += [reference_key(page, f"secret {n}") for n in range(len(keys), at + 1)]
                _keep(asked.keep, kept, f"{name}, score", score(namespace, keys[at]))
        yield Tried(variant, np.array(kept[name]), kept[f"{name}, score"])


def _kept(path: Path | None) -> dict[str, list]:
    kept: dict[str, list] = {}
    for line in path.read_text().splitlines() if path and path.exists() else []:
        name, value = json.loads(line)
        kept.setdefault(name, []).append(value)
    return kept


def _keep(path: Path | None, kept: dict[str, list], name: str, value: float | bool) -> None:
    kept[name].append(value)
    if path:
        with path.open("a") as file:
            file.write(json.dumps([name, value]) + "\n")


def namespace_of(page: Assignment, variant: Variant) -> dict:
    if page.source.count(variant.old or page.source) != 1:
        raise ValueError(f"{variant.name}: its line is not in {page.path.name}, or not once")
    source = page.source.replace(variant.old, variant.new) if variant.old else page.source
    namespace: dict = {"__name__": "variant"}
    exec(compile(source, variant.name, "exec"), namespace)
    return namespace


def _is_graded(page: Assignment, seed: int) -> bool:
    """Whether the seed would be taken for grading."""
    exercise, number, secret = _full_run(page, seed)
    case = exercise.case(number, secret)
    answers = _play(exercise.kind, dict(page.namespace), exercise.name, case)
    expected = {name: Expected(np.asarray(array), 1.0) for name, array in answers.items()}
    key = CaseKey(case, expected, exercise.fresh(number, secret))
    return learns(key)


def _accuracy(page: Assignment, namespace: dict, seed: int) -> float:
    """Of one full run, whose data and initial parameters are drawn with the seed."""
    exercise, number, secret = _full_run(page, seed)
    case, fresh = exercise.case(number, secret), exercise.fresh(number, secret)
    moved = _play(exercise.kind, namespace, exercise.name, case)["accuracy"]
    return share_right(case, np.asarray(moved), np.asarray(fresh))


def _full_run(page: Assignment, seed: int) -> tuple[Exercise, int, str]:
    exercise = page.exercises[-1]
    return exercise, len(exercise.variations) - 1 - seed % 2, f"seed {seed}"  # both in turn


def _play(kind: str, namespace: dict, name: str, case: Case) -> Mapping[str, Any]:
    return KINDS[kind].play(namespace, name, case).answers


def score(namespace: dict, key: Key) -> float:
    """Points for the whole assignment."""
    return sum(judge(one, _reply(namespace, one)).score for one in key.exercises)


def _reply(namespace: dict, key: ExerciseKey) -> Reply:
    outcomes = []
    for one in key.cases:
        try:
            answers = _play(key.exercise.kind, namespace, key.exercise.name, one.case)
            outcomes.append(
                Returned({n: np.asarray(a) for n, a in answers.items() if a is not None})
            )
        except Exception as error:
            outcomes.append(Raised(type(error).__name__, str(error)))
    return Reply(tuple(outcomes))


def _row(tried: Tried, page: Assignment, chosen: list[bool]) -> str:
    options = page.exercises[-1].variations[-1].options
    reached = tried.accuracies >= options["threshold"]
    graded = np.array(chosen[: len(reached)])
    low, middle = np.percentile(tried.accuracies, [5, 50])
    return (
        f"{low:.3f} | {middle:.3f} | {reached.sum()} of {len(reached)} "
        f"| {reached[graded].sum()} of {graded.sum()} | {min(tried.scores):g} to "
        f"{max(tried.scores):g} of {page.max_score}"
    )


def _tables(page: Assignment, tried: list[Tried], chosen: list[bool]) -> None:
    head = (
        "accuracy, 5th percentile | median | threshold reached | on graded seeds | whole assignment"
    )
    for title, wanted in (("right", True), ("wrong", False)):
        print(f"\n| {page.slug}, {title} | {head} |\n|---|---|---|---|---|---|")
        for one in tried:
            if one.variant.right is wanted:
                print(f"| {one.variant.name} | {_row(one, page, chosen)} |")
    wrong = [one for one in tried if not one.variant.right]
    full = [one for one in wrong if max(one.scores) == page.max_score]
    refused = [one for one in tried if one.variant.right and min(one.scores) < page.max_score]
    print(f"\nright variants refused: {len(refused)} of {len(tried) - len(wrong)}; ", end="")
    print(f"wrong variants with full marks: {len(full)} of {len(wrong)}")


if __name__ == "__main__":
    main()
