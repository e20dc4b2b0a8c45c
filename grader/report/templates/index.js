"use strict";
(() => {
  const table = document.querySelector("#rows"), body = table.tBodies[0];
  const rows = [...body.rows], form = document.querySelector("#filter");
  const said = document.querySelector("#shown");
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const filter = () => {
    const words = form.elements.search.value.toLowerCase().split(/\s+/);
    const slug = form.elements.assignment.value, state = form.elements.state.value;
    let shown = 0;
    rows.forEach((row, n) => {
      const fits = words.every((word) => texts[n].includes(word)) &&
        (!slug || row.dataset.assignment === slug) && (!state || row.dataset.state.split("|").includes(state));
      row.hidden = !fits;
      shown += fits;
    });
    said.textContent = `${shown} of ${rows.length} shown`;
  };
  const key = (row, column) => {
    const cell = row.cells[column];
    return "key" in cell.dataset ? Number(cell.dataset.key) : cell.textContent;
  };
  const compare = (a, b) => typeof a === "number" ? a - b : a.localeCompare(b, undefined, {numeric: true});
  const sort = (head, column) => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const one of table.tHead.rows[0].cells) one.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const order = rows.map((row) => [key(row, column), row]);
    order.sort((a, b) => up ? compare(a[0], b[0]) : compare(b[0], a[0]));
    body.append(...order.map((pair) => pair[1]));
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head, column));
    head.append(button);
  });
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
