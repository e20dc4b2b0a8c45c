"""A whole training run with a student's own train."""

from __future__ import annotations

import numpy as np

from grader.calls.modules import model_with
from grader.calls.optimizers import moved
from grader.calls.record import Kind, Namespace, Record, copies
from grader.exercise import Case
from grader.libraries import library_of

RATES = ("lr", "momentum", "steps", "eps")  # in the order in which train takes them


def _play(namespace: Namespace, name: str, case: Case) -> Record:
    """One run of train(X, t, params, ...) or, where options name a model, train(model, X, t, ...).

    losses: the curve it returned
    any other answer: how far the parameters have come from where the case put them
    """
    options, params = case.options, copies(case.params)
    if library := library_of(namespace, name, options.get("model", "")):
        raise ImportError(f"{name} uses {library}; this exercise is about doing it with NumPy")
    X, t = case.inputs["data"][:, :-1].copy(), case.inputs["data"][:, -1].astype(int)
    rates = [options[rate] for rate in RATES if rate in options]
    if "model" in options:
        if (network := options["model"]) not in namespace:
            raise NameError(f"name {network!r} is not defined", name=network)
        model = model_with(namespace[network], params)
        losses = namespace[name](model, X, t, *rates)
        trained = model.parameters()
    else:
        trained, losses = namespace[name](X, t, dict(params), *rates)
    way = moved(trained, case.params)
    answers = {one: losses if one == "losses" else way for one in case.answers}
    return Record(answers, params | {"data": np.column_stack([X, t])})


TRAINING = Kind(_play, is_class=False)
