"use strict";
(() => {
  const STEP = 100; // rows drawn at once; more as they are scrolled to
  const table = document.querySelector("table.programmes");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const place = new Map(rows.map((row, index) => [row, index]));
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const heads = [...table.tHead.rows[0].cells];
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  const reset = document.getElementById("reset");
  const filters = [...document.querySelectorAll(".search select")];
  const plain = (text) => text.normalize("NFKC").toLowerCase();

  // What is drawn: the first of those that are kept, and more when the end of the table comes near.
  let order = rows;
  let kept = rows;
  let drawn = 0;
  let words = [];
  const end = document.createElement("div");
  table.after(end);
  const watch = new IntersectionObserver(
    (seen) => { if (seen.some((each) => each.isIntersecting)) more(); },
    { rootMargin: "1500px" },
  );

  function more() {
    const next = kept.slice(drawn, drawn + STEP);
    next.forEach((row, index) => {
      row.setAttribute("aria-rowindex", drawn + index + 2);
      tell(row);
    });
    body.append(...next);
    drawn += next.length;
    watch.disconnect();
    if (drawn < kept.length) watch.observe(end);
  }

  function draw() {
    table.setAttribute("aria-rowcount", kept.length + 1);
    drawn = 0;
    body.replaceChildren();
    more();
  }

  function drawAll() {
    while (drawn < kept.length) more();
  }

  addEventListener("beforeprint", drawAll);
  addEventListener("keydown", (event) => {
    // The search of the browser finds only what is drawn.
    if ((event.ctrlKey || event.metaKey) && event.key === "f") drawAll();
  });

  // What is kept: by the filters, and by all words of the search, in the row or in a figure of the place.
  let texts = null;
  let figures = null;
  let figureTexts = null;
  const textOf = (index) => {
    texts ??= rows.map((row) => plain(`${row.dataset.s} ${row.textContent}`));
    return texts[index];
  };

  async function unpack() {
    const packed = document.getElementById("figures").textContent;
    if (!packed || !("DecompressionStream" in window)) return;
    const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const { subjects, rows: lists } = await new Response(stream).json();
    const plainSubjects = subjects.map(plain);
    const pairs = (list, of) =>
      Array.from({ length: list.length / 2 }, (_, n) => of(list[2 * n], list[2 * n + 1]));
    figures = (index) => pairs(lists[index], (printed, subject) => `${printed} ${subjects[subject]}`);
    figureTexts = lists.map((list) =>
      pairs(list, (printed, subject) => `${plain(printed)} ${plainSubjects[subject]}`).join("\n"));
    if (words.length) keep();
  }

  function tell(row) {
    row.querySelector(".hit")?.remove();
    const index = place.get(row);
    const wanted = words.filter((word) => !textOf(index).includes(word));
    if (!wanted.length || !figures) return;
    const hits = figures(index).filter((text) => wanted.some((word) => plain(text).includes(word)));
    const hit = document.createElement("small");
    hit.className = "hit";
    hit.append(...hits.slice(0, 3).flatMap((text) => [text, document.createElement("br")]));
    if (hits.length > 3) hit.append(table.dataset.more.replace("%d", hits.length - 3));
    row.cells[0].append(hit);
  }

  function keep() {
    words = plain(input.value).split(/\s+/).filter(Boolean);
    const chosen = filters.map((filter) => filter.value).filter(Boolean);
    kept = order.filter((row) => {
      if (!chosen.every((code) => row.dataset.f.includes(` ${code} `))) return false;
      const index = place.get(row);
      return words.every((word) => textOf(index).includes(word) || figureTexts?.[index].includes(word));
    });
    const all = !words.length && !chosen.length;
    found.textContent = all ? "" : found.dataset.words.replace("%d", kept.length).replace("%t", rows.length);
    reset.hidden = all;
    draw();
  }

  // The order.
  const keyOf = (cell, numeric) => (numeric ? Number(cell.dataset.v ?? NaN) : cell.textContent);
  const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));

  function sort(column, direction) {
    const numeric = heads[column].classList.contains("number");
    const keyed = rows.map((row) => [keyOf(row.cells[column], numeric), row]);
    const known = keyed.filter(([key]) => key === key).sort((a, b) => direction * compare(a[0], b[0]));
    const absent = keyed.filter(([key]) => key !== key);
    order = known.concat(absent).map(([, row]) => row);
    keep();
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

  input.closest(".search").hidden = false;
  input.addEventListener("input", keep);
  filters.forEach((filter) => filter.addEventListener("change", keep));
  reset.addEventListener("click", () => {
    input.value = "";
    filters.forEach((filter) => { filter.value = ""; });
    keep();
    input.focus();
  });
  keep();
  (window.requestIdleCallback ?? setTimeout)(() => { textOf(0); unpack(); });
})();
