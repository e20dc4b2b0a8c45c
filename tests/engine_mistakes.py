# ruff: noqa: F811, F821, PLW2901
"""Parts of an engine as students get them wrong, to be run after those of the page.

A cell for each: the exercise and the arrays that it loses, and what is wrong.
"""


# %% Subtract db: a difference adds
class Subtract(Subtract):
    def backward(self, upstream):
        return upstream, upstream


# %% Multiply da db: factors exchanged
class Multiply(Multiply):
    def backward(self, upstream):
        return upstream * self.a, upstream * self.b


# %% Divide db: a quotient without its sign
class Divide(Divide):
    def backward(self, upstream):
        return upstream / self.b, upstream * self.a / self.b**2


# %% Power da: the exponent is kept
class Power(Power):
    def backward(self, upstream):
        return upstream * self.exponent * self.a**self.exponent


# %% ReLU da: passes everything
class ReLU(ReLU):
    def backward(self, upstream):
        return upstream


# %% Sigmoid da: upstream is forgotten
class Sigmoid(Sigmoid):
    def backward(self, upstream):
        return self.out * (1 - self.out)


# %% Mean da: not divided by the number
class Mean(Mean):
    def backward(self, upstream):
        return np.broadcast_to(upstream.reshape(self.kept), self.shape)


# %% Mean da: divided by the number of all entries
class Mean(Mean):
    def backward(self, upstream):
        return np.broadcast_to(upstream.reshape(self.kept), self.shape) / np.prod(self.shape)


# %% Max da: all entries count as the largest
class Max(Max):
    def backward(self, upstream):
        return upstream.reshape(self.largest.shape) * np.ones(self.a.shape)


# %% Transpose da: the same permutation back
class Transpose(Transpose):
    def backward(self, upstream):
        return upstream.transpose(self.axes)


# %% Index da: a repeated index counts once
class Index(Index):
    def backward(self, upstream):
        gradient = np.zeros(self.shape)
        gradient[self.key] += upstream
        return gradient


# %% MatMul da db: matrices not transposed
class MatMul(MatMul):
    def backward(self, upstream):
        return self.b @ upstream, upstream @ self.a


# %% Sum da: the axis that is gone
class Sum(Sum):
    def backward(self, upstream):
        return upstream * np.ones(self.shape)


# %% unbroadcast dx: axes of length one stay
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    return gradient


# %% unbroadcast dx: averaged
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.mean(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.mean(axis=axis, keepdims=True)
    return gradient


# %% topological_order shared: level by level
def topological_order(root):
    found = [root]
    for node in found:
        found += [one for one in node.parents if one not in found]
    return found[::-1]


# %% topological_order shared: a Tensor several times
def topological_order(root):
    found = [root]
    for node in found:
        if len(found) < 20000:
            found += node.parents
    return found[::-1]


# %% topological_order long: calls itself
def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for one in node.parents:
                visit(one)
            order.append(node)

    visit(root)
    return order


# %% topological_order tree shared long: root first
_right = topological_order


def topological_order(root):
    return _right(root)[::-1]


# %% backpropagate shared broadcast accumulated long: a node used again loses
def backpropagate(root, upstream=None):
    order = topological_order(root)
    gradients = {node: np.zeros(node.data.shape) for node in order}
    gradients[root] = np.ones(root.data.shape) if upstream is None else upstream
    for node in reversed(order):
        gradient = gradients[node]
        node.grad = node.grad + gradient
        for parent, handed in zip(node.parents, node.local_gradients(gradient), strict=True):
            gradients[parent] = unbroadcast(handed, parent.data.shape)


# %% backpropagate accumulated: the last pass counts
def backpropagate(root, upstream=None):
    order = topological_order(root)
    gradients = {node: np.zeros(node.data.shape) for node in order}
    gradients[root] = np.ones(root.data.shape) if upstream is None else upstream
    for node in reversed(order):
        gradient = gradients[node]
        node.grad = gradient
        for parent, handed in zip(node.parents, node.local_gradients(gradient), strict=True):
            gradients[parent] = gradients[parent] + unbroadcast(handed, parent.data.shape)


# %% backpropagate broadcast: what was stretched stays so
def backpropagate(root, upstream=None):
    order = topological_order(root)
    gradients = {node: np.zeros(node.data.shape) for node in order}
    gradients[root] = np.ones(root.data.shape) if upstream is None else upstream
    for node in reversed(order):
        gradient = gradients[node]
        node.grad = node.grad + gradient
        for parent, handed in zip(node.parents, node.local_gradients(gradient), strict=True):
            gradients[parent] = gradients[parent] + handed


# %% backpropagate tree shared broadcast accumulated long: upstream taken for ones
def backpropagate(root, upstream=None):
    order = topological_order(root)
    gradients = {node: np.zeros(node.data.shape) for node in order}
    gradients[root] = np.ones(root.data.shape)
    for node in reversed(order):
        gradient = gradients[node]
        node.grad = node.grad + gradient
        for parent, handed in zip(node.parents, node.local_gradients(gradient), strict=True):
            gradients[parent] = gradients[parent] + unbroadcast(handed, parent.data.shape)


# %% backpropagate accumulated: collected in grad
def backpropagate(root, upstream=None):
    root.grad = np.ones(root.data.shape) if upstream is None else upstream
    for node in reversed(topological_order(root)):
        for parent, handed in zip(node.parents, node.local_gradients(node.grad), strict=True):
            parent.grad = parent.grad + unbroadcast(handed, parent.data.shape)


# %% backpropagate shared: one array for two parents
def backpropagate(root, upstream=None):
    order = topological_order(root)
    gradients = {}
    gradients[root] = np.ones(root.data.shape) if upstream is None else upstream
    for node in reversed(order):
        gradient = gradients[node]
        node.grad = node.grad + gradient
        for parent, handed in zip(node.parents, node.local_gradients(gradient), strict=True):
            handed = unbroadcast(handed, parent.data.shape)
            if parent in gradients:
                gradients[parent] += handed
            else:
                gradients[parent] = handed


# %% backpropagate long: every path by itself
def backpropagate(root, upstream=None):
    upstream = np.ones(root.data.shape) if upstream is None else upstream
    root.grad = root.grad + upstream
    for parent, handed in zip(root.parents, root.local_gradients(upstream), strict=True):
        backpropagate(parent, unbroadcast(handed, parent.data.shape))


# %% zero_grad db: the first one alone
def zero_grad(*tensors):
    tensors[0].grad = np.zeros(tensors[0].data.shape)


# %% zero_grad da db: the data instead
def zero_grad(*tensors):
    for tensor in tensors:
        tensor.data = np.zeros(tensor.data.shape)


# %% no_grad da db: an exception is forgotten
@contextmanager
def no_grad():
    before = Tensor.recording
    Tensor.recording = False
    yield
    Tensor.recording = before


# %% no_grad da db: always on afterwards
@contextmanager
def no_grad():
    Tensor.recording = False
    try:
        yield
    finally:
        Tensor.recording = True


# %% no_grad da db: nothing is done
@contextmanager
def no_grad():
    yield


# %% gradients arithmetic functions reductions shapes everything: of the square
def gradients(f, *arrays):
    tensors = [Tensor(array) for array in arrays]
    root = f(*tensors)
    root.backward(root.data)
    return [tensor.grad for tensor in tensors]
