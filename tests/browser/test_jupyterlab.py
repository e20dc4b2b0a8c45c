"""A student's hour in a real JupyterLab, and in a real Notebook 7: a wrong backward, a look at what
check says, a right one.

The screenshots in build/screenshots are there to be looked at.
"""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("jupyterlab")
pytest.importorskip("notebook")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium; apt-get install chromium"),
    pytest.mark.xdist_group("browser"),
]

ROOT = Path(__file__).parent.parent.parent
SHOTS = ROOT / "build" / "screenshots"
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
LIMIT_SECONDS = 90
APPS = {  # the command, the class that is configured, where a notebook opens
    "lab": ("lab", "LabApp", "lab/tree"),
    "notebook": ("notebook", "JupyterNotebookApp", "notebooks"),
}
QUIET = '{"fetchNews": "false", "checkForUpdates": false}'
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

STUB = "        raise NotImplementedError"
WRONG = "        self.dW = self.x.T @ upstream\n        self.db = upstream.mean(axis=0)\n"
WRONG += "        return -upstream @ self.W.T"
RIGHT = WRONG.replace("mean", "sum").replace("-upstream", "upstream")
RAISES = "        return upstream * self.mask"

# The page is ready when the kernel has answered; a cell that is run earlier is lost.
READY = """async () => {
  const app = window.jupyterapp; await app.restored;
  const widget = app.shell.currentWidget; await widget.context.ready;
  const session = widget.context.sessionContext; await session.ready;
  const kernel = session.session.kernel; await kernel.info;
  if (kernel.status !== 'idle') await new Promise(done => {
    const look = () => { if (kernel.status === 'idle') {
      kernel.statusChanged.disconnect(look); done(); } };
    kernel.statusChanged.connect(look); });
}"""
# Cells by id, as a student would edit and run them: the body replaces the stub as it was given.
EDIT = """([id, stub, body]) => {
  const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
  const given = (window.given ??= {});
  for (let i = 0; i < cells.length; i++) {
    const shared = cells.get(i).sharedModel;
    if (shared.id === id) {
      given[id] ??= shared.getSource();
      shared.setSource(given[id].replace(stub, body)); } }
}"""
RUN = """async id => {
  const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
  notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.id === id);
  notebook.deselectAll();
  const cell = notebook.activeCell, ran = await app.commands.execute('notebook:run-cell');
  await notebook.scrollToItem(notebook.activeCellIndex, 'center');
  const outputs = cell.model.sharedModel.outputs.map(one => JSON.stringify(one.toJSON?.() ?? one));
  return {id: cell.model.id, ran, outputs: outputs.join('\\n').slice(0, 2000)};
}"""
LAST = """() => {
  const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
  return cells.get(cells.length - 1).sharedModel.id;
}"""
LIGHTNESS = (
    "one => getComputedStyle(one).color.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => +a + +b)"
)
HIDE_FILES = """() => {
  const { commands } = window.jupyterapp, hide = 'application:toggle-left-area';
  if (commands.hasCommand(hide)) return commands.execute(hide);
}"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
# A cell with this text below the last one; returns its id.
INSERT = """text => {
  const shared = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
  return shared.insertCell(shared.cells.length, {cell_type: 'code', source: text}).id;
}"""
DELETE = """id => {
  const shared = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
  shared.deleteCell(shared.cells.findIndex(cell => cell.id === id));
}"""
THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"


def environment(home, token):
    """Settings of its own for JupyterLab, so that a user's stay untouched; news pop-ups off."""
    quiet = home / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(QUIET)
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    settings = {name: str(home / folder) for name, folder in folders.items()}
    return {**os.environ, **settings, "JUPYTER_TOKEN": token}


def command(app, port, work):
    word, configured, _ = APPS[app]
    options = (
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={work}",
        f"--{configured}.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        *(["--allow-root"] if IS_ROOT else []),
    )
    return [sys.executable, "-m", "jupyter", word, *options]


@contextmanager
def server(app, work, home):
    """On a free port of this machine; gone afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, base = secrets.token_hex(16), f"http://127.0.0.1:{port}"
    log, env = home / "server.log", environment(home, token)
    with log.open("wb") as file:
        process = subprocess.Popen(command(app, port, work), env=env, stdout=file, stderr=file)
        try:
            await_answer(process, f"{base}/api?token={token}", log)
            yield base, token
        finally:
            stop(process)


def stop(process):
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def await_answer(process, address, log):
    give_up = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < give_up:
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"Jupyter did not answer within {LIMIT_SECONDS} s: {log.read_text()[-2000:]}")


@contextmanager
def browser_page():
    with sync_api.sync_playwright() as playwright:
        args = ["--no-sandbox"] if IS_ROOT else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        try:
            viewport = {"width": 1280, "height": 1000}
            context = browser.new_context(viewport=viewport, reduced_motion="reduce")
            context.set_default_timeout(LIMIT_SECONDS * 1000)
            yield context.new_page()
        finally:
            browser.close()


@pytest.fixture(scope="module", params=APPS)
def lab(request, tmp_path_factory):
    """A page with the template of layers open and its kernel ready."""
    work, home = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "assignments" / "layers", work / "layers")
    app, (_, _, opens) = request.param, APPS[request.param]
    with server(app, work, home) as (base, token), browser_page() as page:
        page.app, page.outside, page.errors = app, [], []
        own = (base, base.replace("http", "ws"), "data:", "blob:")
        page.on("request", lambda one: one.url.startswith(own) or page.outside.append(one.url))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(f"{base}/{opens}/layers/layers.ipynb?token={token}&reset")
        page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context")
        page.evaluate(READY)
        page.errors.clear()  # Notebook 7.6 has one of its own when it opens
        page.evaluate(HIDE_FILES)
        page.evaluate(RUN_ALL)
        yield page


def answer(page, name):
    """What check says about one exercise, once its cell has run."""
    return page.locator(
        ".grader-check", has=page.locator(".head .name", has_text=re.compile(f"^{name}$"))
    )


def run(page, name):
    """Run one cell to its end."""
    done = page.evaluate(RUN, name)
    assert (done["id"], done["ran"]) == (name, True), done
    return done


def work(page, exercise, body):
    """Fill the stub of an exercise, run its cell, run its check."""
    page.evaluate(EDIT, [exercise, STUB, body])
    run(page, exercise)
    run(page, f"test_{exercise}")


def photograph(page, shown, name):
    """In both themes; returns how light the text was in each, 0 to 765."""
    lightness = {}
    SHOTS.mkdir(parents=True, exist_ok=True)
    for theme, title in reversed(THEMES.items()):
        page.evaluate(THEME, title)
        page.wait_for_function(f"() => document.body.dataset.jpThemeName === '{title}'")
        page.wait_for_timeout(300)  # the style sheet of the theme comes a little later
        shown.scroll_into_view_if_needed()
        page.screenshot(path=SHOTS / f"{page.app}-{name}-{theme}.png")
        lightness[theme] = shown.evaluate(LIGHTNESS)
    return lightness


def test_a_wrong_backward_is_shown_entry_by_entry_in_light_and_dark(lab):
    work(lab, "Affine", WRONG)
    shown = answer(lab, "Affine")
    shown.get_by_text("2 of 6 points").wait_for()
    assert shown.locator(".chips li").all_inner_texts() == [
        "✗ dx wrong, 0 of 2",
        "✓ dW right, 2 of 2",
        "✗ db wrong, 0 of 2",
    ]
    assert "every entry has the wrong sign" in shown.inner_text()
    assert shown.locator("svg title").first.text_content() == "dx, case 1 (random values)"
    assert shown.locator("svg").first.bounding_box()["width"] > 150
    lightness = photograph(lab, shown, "wrong")
    assert lightness["light"] < 200
    assert lightness["dark"] > 550


def test_a_line_that_raises_is_named_without_a_traceback(lab):
    work(lab, "ReLU", RAISES)
    shown = answer(lab, "ReLU")
    shown.locator(".badge.stopped").wait_for()
    assert "line 14: return upstream * self.mask raised AttributeError" in shown.inner_text()
    assert lab.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    photograph(lab, shown, "raised")


def test_a_right_backward_gets_all_points_and_no_picture(lab):
    work(lab, "Affine", RIGHT)
    shown = answer(lab, "Affine")
    shown.get_by_text("6 of 6 points").wait_for()
    assert shown.locator("svg").count() == 0
    photograph(lab, shown, "right")


def test_the_last_cell_sums_up(lab):
    work(lab, "Affine", RIGHT)
    work(lab, "ReLU", RAISES)
    run(lab, lab.evaluate(LAST))
    shown = answer(lab, "Backward passes of layers")
    shown.get_by_text("6 of 60 points").wait_for()
    assert shown.locator(".row").count() == 8
    shown.locator("summary", has_text="ReLU").click()
    assert shown.get_by_text("has no attribute 'mask'").is_visible()
    photograph(lab, shown, "all")


def test_a_second_definition_is_told_until_its_cell_is_gone(lab):
    work(lab, "Tanh", "        return upstream * self.y")
    second = lab.evaluate(INSERT, "class Tanh:\n    pass")
    run(lab, second)
    lab.evaluate(SAVE)
    run(lab, "test_Tanh")
    shown = answer(lab, "Tanh")
    shown.get_by_text(re.compile("define Tanh differently")).wait_for()
    photograph(lab, shown, "twice")
    lab.evaluate(DELETE, second)
    lab.evaluate(SAVE)
    work(lab, "Tanh", "        return upstream * (1 - self.y**2)")
    shown.get_by_text("8 of 8 points").wait_for()
    assert "define Tanh" not in shown.inner_text()


def test_nothing_was_fetched_from_elsewhere_and_nothing_failed_in_the_page(lab):
    assert (lab.outside, lab.errors) == ([], [])
