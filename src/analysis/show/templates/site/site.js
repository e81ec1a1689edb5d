
"use strict";
(() => {
  const table = document.querySelector("table.programmes");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const heads = [...table.tHead.rows[0].cells];

  const keyOf = (cell, numeric) => (numeric ? Number(cell.dataset.v ?? NaN) : cell.textContent);
  const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));

  function sort(column, direction) {
    const numeric = heads[column].classList.contains("number");
    const keyed = rows.map((row) => [keyOf(row.cells[column], numeric), row]);
    const known = keyed.filter(([key]) => key === key).sort((a, b) => direction * compare(a[0], b[0]));
    const absent = keyed.filter(([key]) => key !== key);
    body.replaceChildren(...known.concat(absent).map(([, row]) => row));
  }

  heads.forEach((head, column) => {
    const name = head.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.title = table.dataset.sort.replace("%c", name);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const first = head.classList.contains("number") ? "descending" : "ascending";
      const second = first === "ascending" ? "descending" : "ascending";
      const now = head.getAttribute("aria-sort") === first ? second : first;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", now);
      sort(column, now === "ascending" ? 1 : -1);
    });
  });

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  let texts = null;

  function search() {
    texts ??= rows.map((row) => plain(`${row.dataset.s} ${row.textContent}`));
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !words.every((word) => texts[index].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    found.textContent = words.length
      ? found.dataset.words.replace("%d", shown).replace("%t", rows.length)
      : "";
  }

  input.closest("p").hidden = false;
  input.addEventListener("input", search);
  if (input.value) search();
})();
