"""Pictures of training runs. How they look is for people; that they are true is held here."""

import base64
import re
import struct
import zlib
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from grader.report.arrays import ABOVE, BELOW
from grader.report.axes import Axes, logarithmic_ticks, straight_ticks
from grader.report.plots import pictures
from grader.result import Learned, Map

SURE = Map((0.0, 0.0), (3.0, 3.0), ((0, 0, 100, 100),) * 4, ((0.5, 1.0), (2.5, 1.0)))
UNSURE = Map((0.0, 0.0), (3.0, 3.0), ((50, 50, 50, 50),) * 4, SURE.places)
RUN = Learned(0.99, 0.95, 100, (0, 50, 99), (1.0, 0.5, 0.1), (1.0, 0.4), (0, 1), UNSURE, SURE)


def svgs(learned):
    return [ElementTree.fromstring(picture) for picture, _ in pictures(learned)]


def pixels(svg):
    """Of the shades of a map: red, green, blue, alpha."""
    data = base64.b64decode(svg.find("svg/image").get("href").partition("base64,")[2])
    width, height = struct.unpack(">II", data[16:24])
    length = struct.unpack(">I", data[33:37])[0]
    assert zlib.crc32(data[37 : 41 + length]) == struct.unpack(">I", data[41 + length :][:4])[0]
    lines = np.frombuffer(zlib.decompress(data[41 : 41 + length]), np.uint8)
    return lines.reshape(height, 1 + 4 * width)[:, 1:].reshape(height, width, 4)


def test_a_map_has_the_colour_of_the_class_as_strong_as_the_network_is_sure():
    before, after, _ = svgs(RUN)
    assert not pixels(before)[..., 3].any()
    left, right = pixels(after)[0, 0], pixels(after)[0, -1]
    assert [f"#{bytes(one[:3]).hex()}".upper() for one in (left, right)] == [BELOW, ABOVE]
    assert left[3] == right[3] > 100


def test_up_in_a_map_is_up_in_the_picture():
    after = Map((0.0, 0.0), (1.0, 1.0), ((0, 0), (100, 100)), ((0.5, 0.9), (0.5, 0.1)))
    learned = Learned(0.9, 0.8, 2, (0, 1), (1.0, 0.5), (1.0, 0.5), (1, 0), after, after)
    picture, caption = pictures(learned)[1]
    colours = pixels(ElementTree.fromstring(picture))
    assert f"#{bytes(colours[0, 0, :3]).hex()}".upper() == ABOVE
    assert caption.startswith("After 2 steps: 100% of the points")


def test_the_border_runs_where_the_network_does_not_know():
    path = next(one.get("d") for one in svgs(RUN)[1].iter("path") if one.get("fill") == "none")
    place = Axes(300, 290, SURE.low, SURE.high)
    ends = {float(x) for x in re.findall(r"[ML]([\d.]+) ", path)}
    assert ends == {float(f"{place.x(1.5):.1f}")}


def test_each_point_is_drawn_in_the_shape_of_its_class():
    text = pictures(RUN)[0][0]
    assert (text.count("h0"), text.count("m0-3l3 5h-6z")) == (2, 1)


def test_a_curve_that_ends_early_is_as_long_as_it_is():
    lines = [one.get("points").split(" ") for one in svgs(RUN)[-1].iter("polyline")]
    assert sorted(len(line) // 2 for line in lines) == [2, 3]
    caption = pictures(RUN)[-1][1]
    assert caption.startswith("Loss: yours goes from 1 to 0.1, the reference's from 1 to 0.4.")
    assert caption.endswith("Of new points 99.0% are right, 95% are wanted.")


def test_pictures_have_words_and_the_colours_of_the_page():
    drawn = pictures(replace(RUN, latent=SURE))
    assert len({ElementTree.fromstring(picture).get("aria-label") for picture, _ in drawn}) == 4
    for picture, caption in drawn:
        assert picture.startswith('<svg role="img"')
        assert caption.endswith(".")
        assert "currentColor" in picture


def test_pictures_of_two_runs_on_a_page_cannot_disturb_each_other():
    for picture in ElementTree.fromstring(f"<div>{''.join(p for p, _ in pictures(RUN))}</div>"):
        assert not any(one.get("id") or one.get("class") for one in picture.iter())
        assert picture.find(".//style") is None


def test_where_points_lie_in_no_plane_the_curves_are_shown_alone():
    told = replace(RUN, before=None, after=None)
    assert [svg.get("aria-label") for svg in svgs(told)] == ["Loss, yours and the reference's"]


HUGE = 1.7976931348623157e308


@pytest.mark.parametrize(
    "losses",
    [(), (0.0, 0.0), (5.0,), (-1.0, -2.0), (1e-300, 1e300), (HUGE, HUGE), (-HUGE,), (1.0, None)],
)
def test_any_curve_has_a_picture(losses):
    told = Learned(0.9, 0.8, 2, (0, 1), losses, (1.0, 0.5), (0, 1), UNSURE, SURE, SURE)
    assert len(svgs(told)) == 4


@pytest.mark.parametrize("high", [(None, 1.0), (HUGE, 1.0)])
def test_a_map_without_edges_is_left_out(high):
    drawn = svgs(replace(RUN, latent=replace(SURE, high=high)))
    assert len(drawn) == len(svgs(RUN)) == 3


@pytest.mark.parametrize(
    ("ticks", "wanted"),
    [
        (straight_ticks(-5.4, 5.31), [-4, -2, 0, 2, 4]),
        (straight_ticks(0, 999), [0, 200, 400, 600, 800]),
        (straight_ticks(0.0, 0.3), [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]),
        (straight_ticks(2, 2), [2]),
        (logarithmic_ticks(0.02, 0.9), [0.02, 0.05, 0.1, 0.2, 0.5]),
        (logarithmic_ticks(0.5, 2000), [1, 10, 100, 1000]),
        (logarithmic_ticks(1.1, 1.5), []),
    ],
)
def test_ticks_are_round_numbers(ticks, wanted):
    assert ticks == pytest.approx(wanted)
