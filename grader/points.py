"""Labelled points, drawn anew for every training run: circle and moons in the plane, and flowers.

A sample has one row per point: x1, x2, ... and the label, counted from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

# Of Fisher's irises, in cm: mean and covariance of sepal length and width, petal length and width
# in each species; setosa, versicolor, virginica.
IRIS_MEANS = np.array(
    [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]]
)
IRIS_COVARIANCES = np.array(
    [
        [
            [0.1242, 0.0992, 0.0164, 0.0103],
            [0.0992, 0.1437, 0.0117, 0.0093],
            [0.0164, 0.0117, 0.0302, 0.0061],
            [0.0103, 0.0093, 0.0061, 0.0111],
        ],
        [
            [0.2664, 0.0852, 0.1829, 0.0558],
            [0.0852, 0.0985, 0.0827, 0.0412],
            [0.1829, 0.0827, 0.2208, 0.0731],
            [0.0558, 0.0412, 0.0731, 0.0391],
        ],
        [
            [0.4043, 0.0938, 0.3033, 0.0491],
            [0.0938, 0.1040, 0.0714, 0.0476],
            [0.3033, 0.0714, 0.3046, 0.0488],
            [0.0491, 0.0476, 0.0488, 0.0754],
        ],
    ]
)


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


@dataclass(frozen=True)
class Iris:
    """Flowers like Fisher's irises: in each species normal, with its means and covariances.

    axis: the number of flowers; a third of each species, in random order
    exchanged: the labels moved on by one species
    """

    axis: str
    exchanged: bool = False

    def sample(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> np.ndarray:
        species = np.arange(sizes[self.axis]) % 3
        roots = np.linalg.cholesky(IRIS_COVARIANCES)[species]
        noise = rng.normal(size=(len(species), 4))
        flowers = IRIS_MEANS[species] + np.einsum("nij,nj->ni", roots, noise)
        rows = np.column_stack([flowers, (species + self.exchanged) % 3])
        return np.asarray(rng.permutation(rows))
