"""Which library does the work: told of code that uses one, and of no code that does not."""

import types

import pytest

from grader.libraries import library_of

torch = types.ModuleType("torch")  # stands for the real one, which is slow to import
torch.nn = types.ModuleType("torch.nn")
torch.nn.Module = type("Module", (), {"__module__": "torch.nn.modules.module"})
scaler = type("StandardScaler", (), {"__module__": "sklearn.preprocessing"})()

HONEST = {
    "another function uses it": "def plot(x): return torch.tensor(x)\ndef train(x): return x",
    "an attribute has its name": "def train(x): return x.torch + x.autograd",
    "an attribute is called like an object": "def train(x):\n    x.scaler = 1\n    return x.scaler",
    "a local variable has its name": "def train(jax):\n    torch = jax\n    return torch",
    "a text has its name": "def train(x):\n    'like torch'\n    return print('torch')",
    "a name that begins with it": "torch_like = 1\ndef train(x): return torch_like",
    "a number has its name": "autograd = False\ndef train(x): return autograd",
    "a class of one's own to inherit from": (
        "class Part:\n    torch = 1\nclass Net(Part): pass\ndef train(x): return Net().torch"
    ),
    "itself": "def train(x): return train(x[1:])",
}
BORROWED = {
    "module": ("def train(x): return torch.tensor(x)", "torch"),
    "alias": ("th = torch\ndef train(x): return th.tensor(x)", "torch"),
    "submodule": ("nn = torch.nn\ndef train(x): return nn.Linear(2, 2)", "torch"),
    "object": ("def train(x): return scaler.fit(x)", "sklearn"),
    "import inside": ("def train(x):\n    from sklearn.svm import SVC\n    return SVC", "sklearn"),
    "helper": ("def fit(x): return torch.ones(x)\ndef train(x): return fit(x)", "torch"),
    "nested": ("def train(x): return [torch.ones(n) for n in x]", "torch"),
    "method": (
        "class Net:\n    def run(self): return torch.ones(1)\ndef train(x): return Net()",
        "torch",
    ),
    "static method": (
        "class Net:\n    @staticmethod\n    def run(): return torch.ones(1)\n"
        "def train(x): return Net.run()",
        "torch",
    ),
    "inherited": (
        "class Net:\n    def run(self): return torch.ones(1)\nclass Mine(Net): pass\n"
        "def train(x): return Mine()",
        "torch",
    ),
    "inherited from it": (
        "class Net(torch.nn.Module): pass\ndef train(x): return Net()",
        "torch",
    ),
}


def used(source):
    namespace = {"torch": torch, "scaler": scaler}
    exec(source, namespace)
    return library_of(namespace, "train")


@pytest.mark.parametrize("source", HONEST.values(), ids=HONEST)
def test_who_uses_none_is_told_of_none(source):
    assert used(source) is None


@pytest.mark.parametrize(("source", "library"), BORROWED.values(), ids=BORROWED)
def test_the_library_that_does_the_work_is_named(source, library):
    assert used(source) == library
