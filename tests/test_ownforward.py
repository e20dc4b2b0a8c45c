from grader.diagnose import diagnose
from grader.judge import judge
from grader.ownforward import with_own_forward

SQUARED = """
class Tanh:
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, upstream):
        return upstream * {slope}
"""


def diagnosed(box, key_of, source):
    key = next(one for one in key_of("layers").exercises if one.exercise.name == "Tanh")
    cells = [("cell 1", source)]
    (reply,) = box.play(cells, [key.request])
    verdict = diagnose(key, reply, judge(key, reply))
    return with_own_forward(key, reply, verdict, lambda one: next(box.play(cells, [one])))


def test_a_backward_that_fits_another_forward_is_told_so(box, key_of):
    verdict = diagnosed(box, key_of, SQUARED.format(slope="2 * self.x"))
    assert verdict.status == "wrong"
    assert verdict.diagnosis.mistake == "right-for-another-forward"


def test_a_backward_that_fits_no_forward_is_not(box, key_of):
    verdict = diagnosed(box, key_of, SQUARED.format(slope="3 * self.x"))
    assert verdict.diagnosis is None or verdict.diagnosis.mistake != "right-for-another-forward"
