import dataclasses
import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from grader.exercise import Case, Request
from grader.result import Raised, Returned, Undefined
from grader.sandbox import replies, wire

CASE = Case(
    name="case 1",
    answers=("dx", "dW"),
    inputs={"x": np.arange(6.0).reshape(2, 3), "y": np.array([1, 2])},
    params={"W": np.ones((3, 2), np.float32)},
    upstream=np.full((2, 2), np.nan),
    others={"x": np.zeros((0, 3))},
    options={"stride": (2, 1), "names": ["a", {"b": 1}], "clip": float("inf"), "n": None},
    calls="between",
)
PLAIN = Case("case 2", ("y",), {"x": np.array(3.0)})
REQUEST = Request("Affine", "layer", (CASE, PLAIN), 2.5)
RETURNED = {
    "case": 0,
    "outcome": "returned",
    "answers": 1,
    "arrays": [["dx", "<f8", [2]], ["x", "|b1", [2]]],
    "unusable": {"dW": "None"},
    "matrices": ["dx"],
    "forward_calls": 3,
}
BODY = np.array([1.0, np.inf]).tobytes() + bytes([1, 7])


def frame(message):
    head = wire.header(message[: wire.HEADER_BYTES])
    return wire.unpack(head, message[wire.HEADER_BYTES :])


def told(fields, body=b"", case=0):
    return replies.outcome(frame(wire.pack(wire.OUTCOME, 7, fields, body)), case)


def same(one, other):
    """Equal, with arrays compared by type, shape and bytes."""
    if isinstance(one, np.ndarray):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[name], other[name]) for name in one)
    return one == other and type(one) is type(other)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Case)])
def test_a_request_arrives_as_it_left(field, number):
    received = wire.unpack_request(frame(wire.pack_request(9, REQUEST))).cases[number]
    assert same(getattr(received, field), getattr(REQUEST.cases[number], field))


def test_the_words_of_a_request_arrive():
    received = wire.unpack_request(frame(wire.pack_request(9, REQUEST)))
    assert (received.exercise, received.kind, received.limit_seconds) == ("Affine", "layer", 2.5)


def test_cells_of_any_length_arrive():
    cells = [("cell 1", "x = '\ud800é'\n" * 50_000), ("cell 2", "")]
    assert wire.unpack_cells(frame(wire.pack_cells(0, cells))) == cells


@pytest.mark.parametrize("lends", [False, True])
def test_whether_cells_may_import_the_grader_arrives(lends):
    assert wire.lends_grader(frame(wire.pack_cells(0, [], lends))) is lends


def test_an_outcome_arrives_with_answers_and_arguments_apart():
    outcome = told(RETURNED, BODY)
    assert outcome.arrays["dx"].tolist() == [1.0, np.inf]
    assert (outcome.unusable, outcome.matrices) == ({"dW": "None"}, {"dx"})
    assert list(outcome.arguments) == ["x"]


def test_a_truth_value_is_true_or_false_whatever_its_byte():
    assert told(RETURNED, BODY).arguments["x"].tobytes() == b"\1\1"


def test_a_body_is_copied_so_that_arrays_can_be_written():
    told(RETURNED, BODY).arrays["dx"][:] = 0


def test_text_is_cut_and_loses_what_a_terminal_would_act_on():
    fields = {"type": "E" * 999, "message": "\x1b[31m\u202ered\ud800", "where": "", "source": ""}
    outcome = told({"case": 0, "outcome": "raised", "line": 3, **fields})
    assert outcome == Raised("E" * 99 + "…", " [31m red ", "", 3, "")


def test_nothing_of_that_name_is_an_outcome():
    assert told({"case": 2, "outcome": "undefined"}, case=2) == Undefined()


@pytest.mark.parametrize(
    "change",
    [
        {"case": 1},
        {"case": True},
        {"outcome": "correct"},
        {"outcome": None},
        {"answers": 3},
        {"answers": -1},
        {"answers": True},
        {"arrays": None},
        {"arrays": [["dx", "<f8", [2]]]},
        {"arrays": [["dx", "<f8", [-2]], ["x", "|b1", [2]]]},
        {"arrays": [["dx", "<f8", [2.0]], ["x", "|b1", [2]]]},
        {"arrays": [["dx", "<f8", [2**70]], ["x", "|b1", [2]]]},
        {"arrays": [["dx", "<f8", [0, 2**30, 2**30]], ["x", "|b1", [18]]]},
        {"arrays": [["dx", "|O", [2]], ["x", "|b1", [2]]]},
        {"arrays": [["dx", ">f8", [2]], ["x", "|b1", [2]]]},
        {"arrays": [["dx", "<c16", [1]], ["x", "|b1", [2]]]},
        {"arrays": [["dx", "<f8", [1] * 60 + [2]], ["x", "|b1", [2]]]},
        {"arrays": [[["dx"], "<f8", [2]], ["x", "|b1", [2]]]},
        {"arrays": [["d" * 200, "<f8", [2]], ["x", "|b1", [2]]]},
        {"arrays": [["d\x1b", "<f8", [2]], ["x", "|b1", [2]]]},
        {"arrays": [["dx", "<f8", [1]], ["dx", "<f8", [1]], ["x", "|b1", [2]]], "answers": 2},
        {"arrays": [["dx", ["<f8"], [2]], ["x", "|b1", [2]]]},
        {"unusable": ["dW"]},
        {"unusable": {"dW": 3}},
        {"matrices": "dx"},
        {"matrices": [["dx"]]},
        {"matrices": None},
        {"forward_calls": -1},
        {"forward_calls": "3"},
        {"forward_calls": None},
    ],
    ids=str,
)
def test_a_reply_that_means_nothing_is_refused(change):
    with pytest.raises(wire.Malformed):
        told(RETURNED | change, BODY)


@pytest.mark.parametrize("line", [-1, 1.5, True, "3", 10**12])
def test_an_impossible_line_is_refused(line):
    with pytest.raises(wire.Malformed):
        told({"case": 0, "outcome": "raised", "line": line, "type": "", "message": ""})


@pytest.mark.parametrize("fields", [[], 3, None, "x", {"notes": None}, {"notes": [1]}])
def test_notes_that_are_no_list_of_texts_are_refused(fields):
    text = json.dumps(fields).encode()
    with pytest.raises(wire.Malformed):
        replies.notes(wire.unpack(wire.Header(wire.DONE, 0, len(text), 0), text))


@pytest.mark.parametrize(
    "text", [b"{", b"\xff", b"NaN", b"[" * 60_000, b'{"case": ' + b"9" * 5000 + b"}"]
)
def test_text_that_is_no_json_is_refused(text):
    with pytest.raises(wire.Malformed):
        wire.unpack(wire.Header(wire.DONE, 0, len(text), 0), text)


@pytest.mark.parametrize(
    "start",
    [
        struct.pack("<4s4sQII", b"agw1", b"outc", 0, 64 * 1024 + 1, 0),
        struct.pack("<4s4sQII", b"agw1", b"outc", 0, 0, 32 * 1024 * 1024 + 1),
        struct.pack("<4s4sQII", b"agw1", b"evil", 0, 0, 0),
        struct.pack("<4s4sQII", b"\x93NUM", b"outc", 0, 0, 0),
        bytes(24),
    ],
)
def test_a_message_is_refused_by_its_header_before_the_rest_is_read(start):
    with pytest.raises(wire.Malformed):
        wire.header(start)


numbers = st.sampled_from([np.dtype(name) for name in wire.DTYPES])


@given(arrays_of.arrays(numbers, arrays_of.array_shapes(min_dims=0, min_side=0)))
def test_every_array_arrives_bit_for_bit(array):
    listed, body = wire.describe({"a": array})
    ((_, received),) = wire.rebuild(json.loads(json.dumps(listed)), body)
    assert same(received, array)


@given(st.data())
@settings(max_examples=400)
def test_a_mutated_reply_is_an_outcome_or_refused_and_never_an_error(data):
    message = bytearray(wire.pack(wire.OUTCOME, 7, RETURNED, BODY))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(message) - 1))
        message[at] = data.draw(st.integers(0, 255))
    try:
        outcome = replies.outcome(frame(bytes(message)), 0)
    except wire.Malformed:
        return
    assert isinstance(outcome, Returned | Raised | Undefined)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(st.sampled_from(sorted(RETURNED)), json_values)
@settings(max_examples=400)
def test_a_field_may_hold_any_json_without_an_error(name, value):
    text = json.dumps(RETURNED | {name: value}).encode()
    head = wire.Header(wire.OUTCOME, 7, len(text), len(BODY))
    try:
        outcome = replies.outcome(wire.unpack(head, text + BODY), 0)
    except wire.Malformed:
        return
    assert isinstance(outcome, Returned | Raised | Undefined)
