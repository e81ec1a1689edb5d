// Draws a document with its marks, and beside it what rests on the one that is looked at.
(() => {
  const { byId, el, request } = Local;
  const COLOURS = 11;
  let now = null; // what the server says
  let at = -1; // the mark that is looked at
  let theme = ""; // what is kept: of one theme, used or not, with these words
  let use = "";
  let query = "";

  const word = (key, values = {}) => now.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const place = (code) => now.themes.findIndex(([each]) => each === code);
  const letter = (code) => String.fromCharCode(65 + place(code));
  const colour = (code) => `c${place(code) % COLOURS}`;

  async function load(language) {
    try {
      now = await request(`state?language=${encodeURIComponent(language)}`);
    } catch (error) {
      return lost(error);
    }
    document.documentElement.lang = now.language;
    document.title = `${now.title} – ${word("title")}`;
    byId("top").replaceChildren(...top());
    byId("text").replaceChildren(...now.paragraphs.map(paragraph));
    show();
  }

  function isKept(mark) {
    if (theme && (mark.kind !== "figure" || mark.code !== theme)) return false;
    if (use && use !== (mark.kind !== "figure" ? "none" : mark.used ? "used" : "unused")) return false;
    const said = plain([mark.printed, mark.title, mark.id].join(" "));
    return plain(query).split(/\s+/).every((each) => said.includes(each));
  }

  function top() {
    const languages = now.languages.map(([code, name]) => el("option", { value: code, selected: code === now.language }, name));
    const uses = ["", "used", "unused", "none"].map((code) => el("option", { value: code, selected: code === use }, word(`use_${code || "all"}`)));
    const chips = now.themes.map(([code, name, number]) => el("button", {
      type: "button", className: colour(code), ariaPressed: String(code === theme),
      onclick: (event) => {
        theme = theme === code ? "" : code;
        event.target.parentElement.childNodes.forEach((chip, index) => { chip.ariaPressed = String(now.themes[index][0] === theme); });
        show();
      },
    }, `${letter(code)} ${name} (${number})`));
    return [
      el("h1", {}, now.title, " ", el("span", { className: "soft" }, now.about)),
      el("label", {}, word("search"), " ", el("input", { id: "search", type: "search", value: query, autocomplete: "off", spellcheck: false,
        oninput: (event) => { query = event.target.value; at = -1; show(); } })),
      el("label", {}, word("use"), " ", el("select", { id: "use", onchange: (event) => { use = event.target.value; show(); } }, uses)),
      el("select", { ariaLabel: word("language"), onchange: (event) => load(event.target.value) }, languages),
      el("div", { className: "themes", role: "group", ariaLabel: word("themes") }, chips),
    ];
  }

  function paragraph({ number, pieces }) {
    return el("p", { "data-number": number }, pieces.map((piece) => {
      if (piece.row === undefined) return piece.text;
      const mark = now.marks[piece.row];
      const isFigure = mark.kind === "figure";
      return el("mark", {
        role: "button", "data-row": piece.row, "data-letter": isFigure ? letter(mark.code) : null,
        ariaLabel: `${piece.text}: ${isFigure ? [mark.title, now.themes[place(mark.code)][1], mark.used ? "" : word("use_unused")].filter(Boolean).join(", ") : mark.title}`,
        onclick: () => look(piece.row),
      }, piece.text);
    }));
  }

  // What is kept stands out, what is looked at is framed, and the inspector says what rests on it.
  function show() {
    const kept = new Set(now.marks.keys());
    now.marks.forEach((mark, row) => isKept(mark) || kept.delete(row));
    document.querySelectorAll("mark").forEach((each) => {
      const row = Number(each.dataset.row);
      const mark = now.marks[row];
      each.className = [mark.kind, mark.kind === "figure" ? colour(mark.code) : "", mark.kind === "figure" && !mark.used ? "unused" : "", kept.has(row) ? "" : "away"].filter(Boolean).join(" ");
      each.tabIndex = row === (at < 0 ? [...kept][0] : at) ? 0 : -1;
      if (row === at) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    });
    byId("said").textContent = word("found", { number: kept.size, all: now.marks.length });
    byId("side").replaceChildren(...(at < 0 ? list(kept) : head(now.marks[at])));
    if (at >= 0) inspect(at);
  }

  const lost = (error) => { byId("said").textContent = `${now?.words.lost ?? "…"} (${error.message})`; };

  function inspect(row) {
    const asked = { language: now.language, edit: "look", arguments: { mark: row } };
    request("do", asked).then((found) => {
      if (row === at) byId("side").replaceChildren(...head(now.marks[at]), ...inspector(found));
    }).catch(lost);
  }

  function look(row) {
    at = row;
    show();
    const mark = document.querySelector("mark[aria-current]");
    mark?.focus({ preventScroll: true });
    mark?.scrollIntoView({ block: "nearest" });
    byId("side").scrollTop = 0;
  }

  const list = (kept) => [
    el("h2", {}, word("marks")),
    el("ul", { className: "listed" }, [...kept].map((row) => el("li", {}, el("button", { type: "button", onclick: () => look(row) },
      el("span", { className: "value", lang: "zh-Hans" }, now.marks[row].printed), ` ${now.marks[row].title}`)))),
  ];

  const head = (mark) => [
    el("button", { type: "button", onclick: () => { at = -1; show(); } }, word("back")),
    el("h2", {}, el("span", { lang: "zh-Hans" }, `“${mark.printed}” `), mark.title),
    mark.id ? el("p", { className: "soft" }, mark.id) : "",
  ];

  const inspector = ({ facts, sections }) => [
    el("dl", {}, facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    ...sections.flatMap(([heading, lines]) => [
      el("h3", {}, heading),
      el("ul", {}, lines.map((line) => el("li", {}, line.text, (line.below ?? []).map((below) => el("small", { className: "soft" }, below))))),
    ]),
  ];

  // With the arrows from one kept mark to the next.
  addEventListener("keydown", (event) => {
    if (!now || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) {
      const kept = now.marks.map((_, row) => row).filter((row) => isKept(now.marks[row]));
      const next = by > 0 ? kept.find((row) => row > at) : kept.findLast((row) => row < at);
      if (next !== undefined) look(next);
    } else if (event.target.matches("mark") && ["Enter", " "].includes(event.key)) look(Number(event.target.dataset.row));
    else if (event.key === "Escape" && at >= 0) { at = -1; show(); }
    else return;
    event.preventDefault();
  });

  load("");
})();
