// Draws what the server says and sends it keys; every rule about drafts is on the other side.
(() => {
  const { byId, el, request } = Local;
  const HIDDEN = ["source_id", "programme_id", "file", "encoding", "sha256", "paragraphs", "script"];
  // A capital letter leads to a cell of the numeral.
  const COLUMNS = {
    I: "figure_id", Z: "subject_zh", E: "subject", V: "value", N: "unit", Q: "qualifier", P: "period", B: "basis",
    S: "status", Y: "year", H: "year_basis", T: "theme", O: "note_zh",
  };
  const CARDS = ["codings", "choices", "readings", "identities"];
  const ABOUT = ["sources", "programmes"];
  const HELP = [
    ["Enter", "accept_guess"], ["f", "as_figure"], ["1 – 9", "exclude"], ["a", "sure"], ["l", "do_alike"], ["n", "next"],
    ["← →", "move"], ["↑ ↓", "move_paragraph"], ["e", "edit"], ["I … T", "to_cell"], ["s", "split"], ["j", "join"], ["< >", "end_of"], ["{ }", "start_of"], ["g", "chosen"],
    ["o", "card"], ["c", "code"], ["q", "question"], ["d", "about"], ["Del", "remove"], ["t", "take"], ["b", "both"], ["u U", "undo_redo"],
  ];
  let now = null; // the state, as the server last said it
  let at = 0; // the numeral that is looked at
  let open = ""; // the card that is edited
  let splitting = false;
  let queue = Promise.resolve();
  let waiting = 0;

  const word = (key, values = {}) => now.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const button = (key, label, act, properties = {}) =>
    el("button", { type: "button", onclick: () => later(act), ...properties }, key ? el("kbd", {}, key) : "", key ? " " : "", label);

  // Asking the server: one thing after another, in the order of the keys

  function later(act) {
    const root = document.documentElement;
    waiting += 1;
    root.setAttribute("aria-busy", "true");
    queue = queue.then(act).catch((error) => say(`${now?.words.lost ?? "…"} (${error.message})`, true))
      .finally(() => (waiting -= 1) || root.removeAttribute("aria-busy"));
    return queue;
  }

  async function ask(path, body) {
    now = await request(path, body);
    at = Math.max(0, Math.min(at, now.numerals.length - 1));
    document.documentElement.lang = now.language;
    say(now.refused ?? now.said, Boolean(now.refused));
    draw();
    return !now.refused;
  }

  const load = (language) => ask(`state?language=${encodeURIComponent(language)}`);
  const make = (edit, values = {}) => ask("do", { language: now.language, edit, arguments: values });

  function say(text, refused = false) {
    byId("said").textContent = text ?? "";
    byId("said").className = refused ? "refused" : "";
  }

  // Where to go next

  const open_numerals = (test) => {
    const order = [...now.numerals.keys()];
    const turned = [...order.slice(at + 1), ...order.slice(0, at + 1)];
    return turned.filter((row) => now.numerals[row].state === "undecided" && test(now.numerals[row]));
  };
  const isUnsure = (numeral) => Object.keys(numeral.unsure).length + numeral.missing.length > 0;
  const faultsOf = (sheet, row) => now.faults[sheet]?.[row] ?? [];
  const due = (sheet) =>
    [...(now.sheets[sheet] ?? []).keys()].filter((row) => now.sheets[sheet][row].unsure || faultsOf(sheet, row).length);

  function next(unsure = false) {
    const [row] = open_numerals(unsure ? isUnsure : () => true);
    if (row !== undefined) return look(row);
    for (const sheet of [...CARDS, ...ABOUT]) {
      const [waits] = due(sheet);
      if (waits !== undefined) return openCard(sheet, waits);
    }
    const fault = now.numerals.findIndex((numeral) => numeral.state === "fault");
    if (fault >= 0) return look(fault);
    draw();
    byId("accept").focus();
  }

  function look(row) {
    at = Math.max(0, Math.min(row, now.numerals.length - 1));
    splitting = false;
    open = "";
    draw();
  }

  // To the first numeral of the next paragraph that has one, or of the last before.
  function lookDown(by) {
    const places = now.numerals.map((each) => each.paragraph);
    const order = [...new Set(places)];
    const next = order[order.indexOf(places[at]) + by];
    if (next !== undefined) look(places.indexOf(next));
  }

  function openCard(sheet, row, inside = false) {
    open = `${sheet}:${row}`;
    draw();
    if (inside) return enter(document.querySelector(`[data-card="${open}"] :is(input, select)`));
    const fault = faultsOf(sheet, row).find((each) => each.field && field(sheet, row, each.field));
    enter(fault ? field(sheet, row, fault.field) : document.querySelector(`[data-card="${open}"]`));
  }

  // A cell is entered with all that is in it marked, so that typing replaces it.
  function enter(cell) {
    cell?.focus();
    cell?.select?.();
    cell?.scrollIntoView({ block: "nearest" });
  }

  const field = (sheet, row, name) => document.querySelector(`[data-field="${sheet}:${row}:${name}"]`);

  function nextCard() {
    const cards = [...document.querySelectorAll("#side > [data-card]")];
    enter(cards[(cards.indexOf(document.activeElement.closest("[data-card]")) + 1) % cards.length]);
  }

  // What the keys do

  async function accept() {
    const missing = now.numerals[at].missing;
    if (missing.length) return enter(field("numerals", at, missing[0]));
    if (await make("decide", { row: at })) next();
  }

  const exclude = async (code) => (await make("decide", { row: at, reason: code })) && next();

  async function figure() {
    if (now.sheets.numerals[at].reason) await make("set", { table: "numerals", row: at, cells: { reason: "" } });
    await accept();
  }

  function chosen() {
    const { anchorNode, anchorOffset, focusNode, focusOffset, isCollapsed } = getSelection();
    const place = (node, offset) => Number(node?.parentElement?.closest("[data-at]")?.dataset.at ?? NaN) + offset;
    const ends = [place(anchorNode, anchorOffset), place(focusNode, focusOffset)].sort((a, b) => a - b);
    if (isCollapsed || ends.some(Number.isNaN)) return say(word("select_first"), true);
    return make("chosen", { start: ends[0], end: ends[1] });
  }

  const resize = (before, after) => make("resize", { row: at, before, after });
  const KEYS = {
    Enter: accept, f: figure, n: () => next(true), ArrowDown: () => lookDown(1), ArrowUp: () => lookDown(-1),
    ArrowRight: () => look(at + 1), ArrowLeft: () => look(at - 1),
    a: async () => (await make("sure")) && next(), l: async () => (await make("alike", { row: at })) && next(),
    s: () => { splitting = true; draw(); document.querySelector("[data-split]").focus(); },
    j: () => make("join", { row: at }), g: chosen,
    ">": () => resize(0, 1), "<": () => resize(0, -1), "{": () => resize(1, 0), "}": () => resize(-1, 0),
    e: () => enter(field("numerals", at, now.numerals[at].missing[0] ?? Object.keys(now.numerals[at].unsure)[0] ?? "figure_id")),
    c: async () => (await make("code", { row: at })) && openCard("codings", now.sheets.codings.length - 1, true),
    q: async () => (await make("ask", { row: at })) && openCard("choices", now.sheets.choices.length - 1, true),
    d: () => { const [sheet] = ABOUT.filter((name) => due(name).length); openCard(sheet ?? ABOUT[0], 0); },
    o: () => nextCard(), t: () => make("take", { row: at }), b: () => make("both", { row: at }),
    u: () => make("undo"), U: () => make("redo"), "?": () => byId("help").showModal(),
  };

  addEventListener("keydown", (event) => {
    if (!now || event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
    const target = event.target;
    if (target.dataset.split && event.key === "Enter") {
      event.preventDefault();
      return void later(() => { splitting = false; return make("split", { row: at, at: target.selectionStart }); });
    }
    if (target.matches("input, select")) {
      if (event.key === "Escape") later(() => save(target).then(() => { target.blur(); document.activeElement.blur(); look(at); }));
      if (event.key !== "Enter" || !target.dataset.field) return;
      event.preventDefault();
      return void later(() => save(target).then((saved) => saved && after(target.dataset.field)));
    }
    if (target.dataset.card && ["Enter", "Delete", "e"].includes(event.key)) {
      event.preventDefault();
      const [sheet, row] = target.dataset.card.split(":");
      if (event.key === "e") return void later(() => openCard(sheet, Number(row), true));
      const edit = event.key === "Enter" ? "keep" : "remove";
      return void later(async () => (await make(edit, { table: sheet, row: Number(row) })) && next());
    }
    if (target.matches("button, summary, a") && ["Enter", " "].includes(event.key)) return;
    const code = now.reasons[Number(event.key) - 1]?.[0];
    const column = COLUMNS[event.key];
    const act = code ? () => exclude(code) : column ? () => enter(field("numerals", at, column)) : KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    later(act);
  });

  async function save(input) {
    const [sheet, row, name] = input.dataset.field.split(":");
    if (input.value === (now.sheets[sheet][row]?.[name] ?? "")) return true;
    return make("set", { table: sheet, row: Number(row), cells: { [name]: input.value } });
  }

  // After a cell: the next one that is missing, or on.
  function after(place) {
    const [sheet, row] = place.split(":");
    if (sheet === "numerals") return accept();
    const left = faultsOf(sheet, row).find((fault) => fault.field && field(sheet, row, fault.field));
    if (left && `${sheet}:${row}:${left.field}` !== place) return enter(field(sheet, row, left.field));
    if (now.sheets[sheet][row].unsure) return openCard(sheet, Number(row));
    const [more] = ABOUT.includes(sheet) ? ABOUT.filter((each) => due(each).length) : [];
    return more ? openCard(more, due(more)[0]) : next();
  }

  // Drawing

  function draw() {
    const { value: typed, dataset } = document.activeElement ?? {};
    const place = dataset?.field;
    byId("top").replaceChildren(...top());
    byId("text").replaceChildren(...now.paragraphs.map(paragraph));
    byId("side").replaceChildren(...side());
    byId("help").replaceChildren(...help());
    document.title = `${word("title")} – ${now.title}`;
    const [sheet, row, name] = place?.split(":") ?? [];
    const again = place && field(sheet, row, name);
    const mark = document.querySelector("mark[aria-current]");
    if (again) {
      const isSaved = typed === again.value;
      again.value = typed;
      again.focus();
      if (isSaved) again.select?.();
    }
    if (!again && !open) mark?.focus({ preventScroll: true });
    mark?.scrollIntoView({ block: "nearest" });
  }

  function top() {
    const languages = now.languages.map(([code, name]) => el("option", { value: code, selected: code === now.language }, name));
    return [
      el("h1", {}, now.title),
      el("strong", { id: "left" }, now.left),
      button("u", word("undo"), KEYS.u, { disabled: !now.undo }),
      button("U", word("redo"), KEYS.U, { disabled: !now.redo }),
      button("a", word("sure"), KEYS.a),
      button("n", word("next"), KEYS.n),
      button("?", word("keys"), KEYS["?"]),
      el("select", { ariaLabel: word("language"), onchange: (event) => later(() => load(event.target.value)) }, languages),
      now.accepts ? button("", word("accept"), () => make("accept"), { id: "accept", disabled: !now.done }) : el("span", { id: "accept", tabIndex: -1 }),
    ];
  }

  function paragraph({ number, pieces }) {
    const alike = now.numerals[at]?.alike ?? [];
    return el("p", { "data-number": number }, pieces.map((piece) => {
      if (piece.row === undefined) return el("span", { "data-at": piece.at }, piece.text);
      const numeral = now.numerals[piece.row];
      return el("mark", {
        className: `${numeral.state}${alike.includes(piece.row) ? " alike" : ""}`, tabIndex: piece.row === at ? 0 : -1, "data-at": piece.at,
        role: "button", ariaLabel: `${piece.text}: ${numeral.label}`,
        "aria-current": piece.row === at ? "true" : null, onclick: () => later(() => look(piece.row)),
      }, piece.text);
    }));
  }

  function side() {
    const numeral = now.numerals[at];
    const parts = [...stray(), ...(numeral ? current(numeral) : [])];
    const own = numeral?.paragraph;
    const cards = CARDS.filter((sheet) => sheet !== "readings").flatMap((sheet) =>
      [...(now.sheets[sheet] ?? []).keys()].map((row) => ({ sheet, row, here: belongs(sheet, row, own) })));
    const here = cards.filter((each) => each.here || open.startsWith(`${each.sheet}:${each.row}`));
    const rest = cards.filter((each) => !here.includes(each));
    parts.push(el("h3", {}, word("of_paragraph", { number: own ?? "" })),
      el("div", { className: "keys" }, button("c", word("code"), KEYS.c), button("q", word("question"), KEYS.q)),
      ...here.flatMap(cardsOf));
    if (rest.length) {
      const fold = rest.some((each) => open === `${each.sheet}:${each.row}`);
      parts.push(el("details", { open: fold }, el("summary", {}, word("others", { number: rest.length })), ...rest.flatMap(cardsOf)));
    }
    const about = ABOUT.filter((sheet) => now.sheets[sheet]?.length);
    const isDue = about.some((sheet) => due(sheet).length);
    parts.push(el("details", { open: isDue || ABOUT.includes(open.split(":")[0]) },
      el("summary", {}, word("about"), " ", el("kbd", {}, "d")),
      about.flatMap((sheet) => [el("h3", {}, now.names[sheet]), ...now.sheets[sheet].map((_, row) => form(sheet, row, HIDDEN))])));
    return parts;
  }

  // What is wrong in a few words, then as the command says it, which speaks English.
  const wrong = (fault) => el("small", { className: "wrong" }, fault.text, el("span", { className: "soft", lang: "en" }, ` ${fault.detail}`));

  // Faults that stand at no row
  const stray = () => Object.values(now.faults).flatMap((rows) => rows[-1] ?? []).map((fault) => el("p", {}, wrong(fault)));

  function current(numeral) {
    const cells = now.sheets.numerals[at];
    const choose = now.reasons.map(([code, name], place) =>
      button(place + 1, name, () => exclude(code), { ariaPressed: String(cells.reason === code) }));
    const split = splitting && el("p", {}, el("label", {}, word("split_where"), el("input", { value: cells.printed, "data-split": "1" })));
    const alike = numeral.alike.length ? button("l", word("alike", { number: numeral.alike.length }), KEYS.l) : null;
    const own = new Set(now.fields.numerals.map((each) => each.name));
    const faults = numeral.faults.filter((fault) => !own.has(fault.field));
    return [
      el("h2", {}, el("span", { lang: "zh-Hans" }, `“${cells.printed}” `), el("span", { className: "soft" }, `${numeral.label} · ${numeral.kind}`)),
      numeral.unsure.reason ? el("small", {}, numeral.unsure.reason) : "",
      el("div", { className: "keys" }, button("Enter", word("accept_guess"), accept), button("f", word("state_figure"), figure, { ariaPressed: String(!cells.reason) }), choose),
      el("div", { className: "keys" }, alike, button("s", word("split"), KEYS.s), button("j", word("join"), KEYS.j), button("<", "", KEYS["<"], { ariaLabel: word("shorter") }), button(">", "", KEYS[">"], { ariaLabel: word("longer") }), button("g", word("chosen"), KEYS.g)),
      ...(split ? [split] : []),
      ...faults.filter((fault) => fault.field !== "unsure").map((fault) => wrong(fault)),
      ...(numeral.other?.length ? [other(numeral)] : []),
      ...(cells.reason ? [] : [form("numerals", at, [], numeral)]),
    ];
  }

  const other = (numeral) => el("div", { className: "card unsure" },
    el("p", {}, word("other_coder")), numeral.other.map((each) => el("p", {}, `${each.label}: ${each.mine} | ${each.theirs}`)),
    el("div", { className: "keys" }, button("t", word("take"), KEYS.t), button("b", word("both"), KEYS.b)));

  function form(sheet, row, hidden, numeral = null) {
    const cells = now.sheets[sheet][row];
    const faults = numeral?.faults ?? faultsOf(sheet, row);
    return el("div", { className: "fields" }, now.fields[sheet].filter(({ name }) => !hidden.includes(name)).map((each) => {
      const fault = faults.find(({ field: name }) => name === each.name);
      const missing = numeral?.missing.includes(each.name) || fault?.code === "required" || fault?.code === "provisional-id";
      const why = numeral?.unsure[each.name];
      const long = /^(subject|note|question|matter|reason|label|title|figure_id|numerator|denominator|programme_name)/.test(each.name);
      const shade = missing ? "missing" : fault ? "wrong" : why ? "unsure" : "";
      const properties = { "data-field": `${sheet}:${row}:${each.name}`, onchange: (event) => later(() => save(event.target)), required: each.required };
      const value = cells[each.name] ?? "";
      const known = each.known.length ? `${sheet}-${each.name}` : null;
      const input = each.options.length
        ? el("select", properties, [["", ""], ...each.options].map(([code, name]) => el("option", { value: code, selected: code === value }, name || " ")))
        : el("input", { ...properties, value, autocomplete: "off", spellcheck: false });
      if (known) input.setAttribute("list", known);
      const letter = numeral && Object.keys(COLUMNS).find((one) => COLUMNS[one] === each.name);
      return el("label", { className: `${shade}${long ? " wide" : ""}` }, each.label, letter ? [" ", el("kbd", {}, letter)] : null, input,
        known ? el("datalist", { id: known }, each.known.map((code) => el("option", { value: code }))) : null,
        why ? el("small", {}, why) : null, fault && !missing ? wrong(fault) : null);
    }));
  }

  // Cards: codings, questions with their answers, arithmetic

  const mentions = (row, ids) => Object.values(row).some((cell) => ids.some((id) => cell.split(/[^\w.-]+/).includes(id)));
  function belongs(sheet, row, number) {
    const ids = now.sheets.numerals.filter((cells) => Number(cells.paragraph) === number && !cells.reason).map((cells) => cells.figure_id);
    const cells = now.sheets[sheet][row];
    if (mentions(cells, ids)) return true;
    const id = cells.choice_id;
    return sheet === "choices" && (now.sheets.readings.some((each) => each.choice_id === id && mentions(each, ids)) ||
      now.sheets.codings.some((each) => each.when?.includes(`${id}=`) && mentions(each, ids)));
  }

  const cardsOf = ({ sheet, row }) => {
    const id = now.sheets[sheet][row].choice_id;
    const answers = sheet === "choices" ? [...now.sheets.readings.keys()].filter((each) => now.sheets.readings[each].choice_id === id) : [];
    return [card(sheet, row), ...answers.map((each) => card("readings", each))];
  };

  function card(sheet, row) {
    const cells = now.sheets[sheet][row];
    const place = `${sheet}:${row}`;
    const faults = faultsOf(sheet, row).filter((fault) => fault.field !== "unsure");
    const values = now.estimates.filter((each) => sheet === "codings" && each.coding === cells.coding_id);
    const state = faults.length ? "fault" : cells.unsure ? "unsure" : "";
    const edit = { table: sheet, row };
    return el("div", { className: `card ${state}`, tabIndex: 0, "data-card": place, role: "group", ariaLabel: now.names[sheet] },
      el("p", {}, el("span", { className: "soft" }, `${now.names[sheet]} `), summary(sheet, cells)),
      values.map((each) => el("p", {}, el("span", { className: "value" }, each.value), el("span", { className: "soft" }, ` ${[each.year, each.reading].filter(Boolean).join(" · ")}`))),
      cells.unsure ? el("p", { className: "soft" }, cells.unsure) : null,
      open === place ? form(sheet, row, ["programme_id", "source_id"]) : faults.map((fault) => wrong(fault)),
      el("div", { className: "keys" }, cells.unsure ? button("Enter", word("keep"), async () => (await make("keep", edit)) && next()) : null,
        button("", word("edit"), () => openCard(sheet, row, true)), button("Del", word("remove"), () => make("remove", edit))));
  }

  function summary(sheet, cells) {
    const named = Object.fromEntries(now.fields[sheet].map((each) => [each.name, Object.fromEntries(each.options)]));
    const name = (column) => named[column]?.[cells[column]] || cells[column] || "";
    if (sheet === "codings") {
      const what = ["measure", "object", "works", "funder", "place", "post", "stage", "absence"].map(name).filter(Boolean).join(" · ");
      return `${what}: ${cells.numerator}${cells.denominator ? ` ÷ ${cells.denominator}` : ""}${cells.when ? ` (${cells.when})` : ""}`;
    }
    if (sheet === "identities") return `${cells.left} ${cells.relation} ${cells.right}`;
    const chinese = now.language.startsWith("zh") ? "_zh" : "";
    return cells[(sheet === "choices" ? "question" : "label") + chinese] || cells.reading || cells.choice_id;
  }

  const help = () => [
    el("h2", {}, word("keys")),
    el("dl", {}, HELP.flatMap(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, word(what))])),
    el("form", { method: "dialog" }, el("button", {}, word("close"))),
  ];

  addEventListener("focus", () => now && later(() => load(now.language)));
  later(() => load(""));
})();
