"""Run All Cells in a real JupyterLab, on every notebook as it is handed out, goes to the last cell.

Stubs and the figures that draw what a student wrote raise where nothing is filled in yet; that must
not keep the cells below from running.
"""

import shutil

import pytest
from test_jupyterlab import APPS, READY, ROOT, RUN_ALL, browser_page, pytestmark, server

__all__ = ["pytestmark"]  # skipped where there is no browser

SLUGS = sorted(folder.name for folder in (ROOT / "assignments").iterdir() if folder.is_dir())
# All cells are sent to the kernel at once; one request more is answered when they are done.
RUN_TO_THE_END = f"""async () => {{
  await ({RUN_ALL})();
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  await kernel.requestExecute({{code: '', silent: true}}).done;
}}"""
# Every code cell with something in it: [id, its number, the error it shows, text on stderr, tags].
CELLS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(one => one.model.type === 'code' && one.model.sharedModel.getSource().trim())
  .map(one => {
    const outputs = one.model.sharedModel.outputs.map(output => output.toJSON?.() ?? output);
    return {
      id: one.model.id,
      number: one.model.executionCount,
      errors: outputs.filter(output => output.output_type === 'error').map(output => output.ename),
      warned: outputs.some(output => output.name === 'stderr'),
      mayRaise: (one.model.getMetadata('tags') ?? []).includes('raises-exception')}; })"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A function that opens the notebook of an assignment, its kernel ready."""
    work, home = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "assignments", work, dirs_exist_ok=True)
    opens = APPS["lab"][2]
    with server("lab", work, home) as (base, token), browser_page() as page:

        def opened(slug):
            page.goto(f"{base}/{opens}/{slug}/{slug}.ipynb?token={token}&reset")
            page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context")
            page.evaluate(READY)
            return page

        yield opened


@pytest.mark.parametrize("slug", SLUGS)
def test_every_cell_below_an_unfilled_stub_is_run(lab, slug):
    page = lab(slug)
    page.evaluate(RUN_TO_THE_END)
    cells = page.evaluate(CELLS)
    assert [cell["id"] for cell in cells if cell["number"] is None] == []
    assert [cell["id"] for cell in cells if cell["errors"] and not cell["mayRaise"]] == []
    assert {error for cell in cells for error in cell["errors"]} <= {"NotImplementedError"}
    assert [cell["id"] for cell in cells if cell["warned"]] == []
