// Swaps prepared pieces of the page for those under the answers of the reader; the address keeps the answers.
function followAnswers({ words, questions, pieces }) {
  const place = document.getElementById("answers"), given = new Map(), shown = new Map();
  const options = new Map(questions.map(({ id, readings }) =>
    [id, ["", ...readings.filter(each => each.feasible).map(each => each.id)]]));

  for (const [name, piece] of Object.entries(pieces)) {
    const element = document.querySelector(`[data-piece="${CSS.escape(name)}"]`);
    if (element) { shown.set(name, element); piece.base = element.outerHTML; }
  }

  const number = piece => piece.by.reduce((at, id) => at * options.get(id).length + options.get(id).indexOf(given.get(id) ?? ""), 0);

  function swap(name, piece) {
    const element = shown.get(name), at = piece.at[number(piece)], untouched = piece.by.every(id => !given.get(id));
    if (!element || element.dataset.at === String(at)) return;
    const template = document.createElement("template");
    template.innerHTML = untouched || at < 0 ? piece.base : piece.html[at];
    const next = template.content.firstElementChild;
    next.hidden = at < 0;
    next.dataset.at = at;
    next.classList.toggle("answered", !untouched && at !== piece.at[0]);
    element.replaceWith(next);
    shown.set(name, next);
  }

  function show() {
    for (const [name, piece] of Object.entries(pieces)) swap(name, piece);
    const chosen = [...given.values()].filter(Boolean).length;
    status.hidden = !chosen;
    told.textContent = chosen ? words.chosen[chosen - 1] : "";
    for (const input of place.querySelectorAll("input")) input.checked = (given.get(input.name) ?? "") === input.value;
  }

  function keep() {
    const answers = [...given].filter(([, reading]) => reading).map(pair => pair.join("~"));
    keepInAddress("answers", answers.length ? `answers=${answers.join(",")}` : "");
  }

  function read() {
    const kept = inAddress();
    if (location.hash && !kept.answers && !kept.card) return;
    given.clear();
    for (const [id, reading] of kept.answers.slice(8).split(",").map(pair => pair.split("~")))
      if (options.get(id)?.includes(reading)) given.set(id, reading);
    show();
  }

  function option(question, reading, label, why = "") {
    const line = make("label"), input = make("input", "", { type: "radio", name: question, value: reading, disabled: Boolean(why) });
    line.append(input, " ", label);
    if (why) line.append(" ", make("small", why));
    return line;
  }

  const status = make("p", "", { className: "answers-status", hidden: true }), told = make("span");
  const reset = make("button", words.reset, { type: "button" });
  told.setAttribute("role", "status");
  status.append(told, " ", reset);
  place.append(make("h2", words.title, { id: "answers-title" }), make("p", words.lead));
  for (const { id, question, open, readings } of questions) {
    const group = make("fieldset");
    group.append(make("legend", question), option(id, "", open));
    for (const { id: reading, label, feasible, why } of readings)
      group.append(option(id, reading, label, feasible ? "" : why));
    place.append(group);
  }
  document.body.append(status);
  place.hidden = false;
  place.addEventListener("change", ({ target }) => { given.set(target.name, target.value); show(); keep(); });
  reset.addEventListener("click", () => { given.clear(); show(); keep(); place.querySelector("input").focus(); });
  addEventListener("hashchange", read);
  read();
}
