# expect: BatchNorm correct 20 / 20
# forward rewritten, running statistics updated in place, a dict of cached values
import numpy as np


class BatchNorm:
    def __init__(self, gamma, beta, eps=1e-5, momentum=0.1):
        self.params = dict(gamma=gamma, beta=beta)
        self.eps, self.momentum = eps, momentum
        self.running_mean, self.running_var = np.zeros_like(gamma), np.ones_like(gamma)

    def forward(self, x, training=True):
        if training:
            mu = x.mean(0)
            d = x - mu
            var = (d**2).mean(0)
            self.running_mean += self.momentum * (mu - self.running_mean)
            self.running_var += self.momentum * (np.var(x, axis=0, ddof=1) - self.running_var)
        else:
            d, var = x - self.running_mean, self.running_var.copy()
        self.cache = d, var, training
        return self.params["gamma"] * d / np.sqrt(var + self.eps) + self.params["beta"]

    def backward(self, upstream):
        d, var, training = self.cache
        inverse = (var + self.eps) ** -0.5
        self.dbeta = upstream.sum(0)
        self.dgamma = (upstream * d * inverse).sum(0)
        dxhat = upstream * self.params["gamma"]
        if not training:
            return dxhat * inverse
        dvar = -0.5 * (dxhat * d).sum(0) * inverse**3
        dd = dxhat * inverse + 2 * d * dvar / len(d)
        return dd - dd.mean(0)
