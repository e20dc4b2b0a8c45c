"""What check() shows, in pages that imitate the programs which show it: is its text readable?

VS Code and Colab cannot be run here. Their outputs stand in a page whose colours are set as below;
the answer is given no script, and takes its colours from the text around it. The screenshots in
build/screenshots are there to be looked at.
"""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from grader import check

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium; apt-get install chromium"),
    pytest.mark.xdist_group("browser"),
]

SHOTS = Path(__file__).parent.parent.parent / "build" / "screenshots"
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
AA = 4.5  # WCAG 2.2, 1.4.3: contrast of text and what is behind it
LEGIBLE = 11  # pixels

# By host: html and body tags, and the style that the program brings along.
LAB = "body {{ background: {}; color: {}; font: 13px/1.54 system-ui }}"
CODE = (
    "body {{ --vscode-editor-background: {}; --vscode-editor-foreground: {}; font: 14px sans-serif;"
)
CODE += " background: var(--vscode-editor-background); color: var(--vscode-editor-foreground) }}"
COLAB = "html {{ background: {}; color: {} }} body {{ font: 14px Roboto, sans-serif }}"
HOSTS = {
    "jupyterlab-light": ("<body>", LAB.format("white", "rgba(0, 0, 0, .87)")),
    "jupyterlab-dark": ("<body>", LAB.format("#111", "rgba(255, 255, 255, .87)")),
    "vscode-light": ("<body class=vscode-light>", CODE.format("#fff", "#3b3b3b")),
    "vscode-dark": ("<body class=vscode-dark>", CODE.format("#1f1f1f", "#cccccc")),
    "vscode-contrast": ("<body class=vscode-high-contrast>", CODE.format("#000", "#fff")),
    "vscode-quiet-light": ("<body class=vscode-light>", CODE.format("#f5f5f5", "#333333")),
    "colab-light": ("<html><body>", COLAB.format("white", "#212121")),
    "colab-dark": ("<html theme=dark><body>", COLAB.format("#383838", "#d5d5d5")),
}
PAGE = "<!doctype html>{}<meta charset=utf-8><style>{}</style>{}"

# Every piece of text that is seen: [text, contrast, size]. Colours are painted over one another as
# the browser does it, opacity included.
READ = """() => {
  const pen = Object.assign(document.createElement('canvas'), {width: 1, height: 1})
    .getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255]; };
  const over = ([r, g, b, a], below) =>
    [r, g, b].map((one, at) => one * a + below[at] * (1 - a));
  const light = colour => colour.map(one => one / 255)
    .map(one => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)
    .reduce((sum, one, at) => sum + one * [.2126, .7152, .0722][at], 0);
  const chain = one => one ? [...chain(one.parentElement), one] : [];
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement, style = getComputedStyle(one);
    const text = walk.currentNode.data.trim();
    if (!text || one.closest('style, title, desc') || !one.checkVisibility()) continue;
    let behind = [255, 255, 255], opacity = 1;
    for (const each of chain(one)) {
      behind = over(rgba(getComputedStyle(each).backgroundColor), behind);
      opacity *= getComputedStyle(each).opacity; }
    const [r, g, b, a] = rgba(one.closest('svg') ? style.fill : style.color);
    const pair = [light(over([r, g, b, a * opacity], behind)), light(behind)];
    const low = Math.min(...pair), high = Math.max(...pair);
    found.push([text, (high + .05) / (low + .05), parseFloat(style.fontSize)]); }
  return found; }"""


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW, self.db = self.x.T @ upstream, upstream.mean(axis=0)
        return -upstream @ self.W.T


class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, upstream):
        return upstream * self.mask


class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@pytest.fixture(scope="module")
def shown():
    """An answer of every status: in parts, and summed up with all of its parts open."""
    bundles = [check(what)._repr_mimebundle_() for what in (Affine, ReLU, Tanh, "Softmax")]
    bundles += [check()._repr_mimebundle_(), check("Afine")._repr_mimebundle_()]
    assert {name for bundle in bundles for name in bundle} == {"text/plain", "text/html"}
    return "<hr>".join(one["text/html"] for one in bundles).replace("<details", "<details open")


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        args = ["--no-sandbox"] if IS_ROOT else []
        open_browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        yield open_browser
        open_browser.close()


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("host", HOSTS)
def test_every_text_can_be_read_whatever_the_system_prefers(shown, browser, host, system):
    begin, style = HOSTS[host]
    page = browser.new_page(color_scheme=system, viewport={"width": 760, "height": 1400})
    page.set_content(PAGE.format(begin, style, shown))
    texts = page.evaluate(READ)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"host-{host}.png", full_page=True)
    page.close()
    assert len(texts) > 50
    assert [one for one in texts if one[1] < AA or one[2] < LEGIBLE] == []


def test_nothing_in_it_is_a_script_or_comes_from_elsewhere(shown):
    for word in ("<script", "javascript:", " onclick", " onload", "http://", "https://", "@import"):
        assert word not in shown
    assert "url(" not in shown


def test_its_style_reaches_nothing_but_itself(shown, browser):
    page = browser.new_page()
    outside = "<p class=quiet><code id=out>x</code></p>"
    page.set_content(PAGE.format("<body>", "", outside))
    look = "() => { const one = getComputedStyle(document.getElementById('out')); return "
    look += "[...one].map(name => one.getPropertyValue(name)) }"
    before = page.evaluate(look)
    page.set_content(PAGE.format("<body>", "", outside + shown))
    assert page.evaluate(look) == before
    page.close()
