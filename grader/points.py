"""Labelled points in the plane, drawn anew for every training run: circle and moons.

The pages of these names show the same generators to students. A sample has one row per point:
x1, x2 and the label, 0 or 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Circle:
    """A disc of radius 2.5, label 1, in a ring of radius 3.5 to 5, label 0; radius and angle are
    uniform.

    axis: the number of points
    exchanged: the labels the other way round
    """

    axis: str
    exchanged: bool = False

    def sample(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> np.ndarray:
        count = sizes[self.axis]
        label = np.arange(count) % 2
        disc, ring = rng.uniform(0.0, 2.5, count), rng.uniform(3.5, 5.0, count)
        radius, angle = np.where(label == 1, disc, ring), rng.uniform(0.0, 2 * np.pi, count)
        columns = radius * np.cos(angle), radius * np.sin(angle), label ^ self.exchanged
        return np.column_stack(columns)


@dataclass(frozen=True)
class Moons:
    """Two half circles that reach into each other, with normal noise, standardised.

    Standardised by mean and deviation of the distribution, not of the sample, so that points
    drawn later are on the same scale.

    axis: the number of points, even
    exchanged: the labels the other way round
    """

    axis: str
    noise: float = 0.2
    exchanged: bool = False

    def sample(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> np.ndarray:
        count = sizes[self.axis]
        angle = np.linspace(0.0, np.pi, count // 2)
        upper = np.column_stack([np.cos(angle), np.sin(angle)])
        X = np.concatenate([upper, [1.0, 0.5] - upper]) + rng.normal(0.0, self.noise, (count, 2))
        label = np.repeat([0, 1], count // 2) ^ self.exchanged
        mean, variance = [0.5, 0.25], np.array([0.75, 0.2442]) + self.noise**2
        rows = np.column_stack([(X - mean) / np.sqrt(variance), label])
        return np.asarray(rng.permutation(rows))
