// Opens the card of a number beside the page; the address keeps which one is open.
function openCards({ words, cards }) {
  const panel = make("aside", "", { className: "grounds", hidden: true, tabIndex: -1 }), content = make("div");
  const back = make("button", words.back, { type: "button" }), close = make("button", words.close, { type: "button" });
  const before = [];
  let opener = null, shown = "";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words.panel);
  const bar = make("p", "", { className: "grounds-bar" });
  bar.append(make("span", words.panel), back, close);
  panel.append(bar, content);
  document.body.append(panel);

  const arm = root => {
    for (const link of root.querySelectorAll("a[data-card]")) link.setAttribute("href", `#${link.dataset.card}`);
  };
  new MutationObserver(changes => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node.querySelectorAll) arm(node);
  }).observe(document.body, { childList: true, subtree: true });
  arm(document.body);

  function show(card) {
    shown = card;
    content.innerHTML = cards[card];
    back.hidden = !before.length;
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
    keepInAddress("card", card);
  }

  function hide() {
    panel.hidden = true;
    before.length = 0;
    shown = "";
    keepInAddress("card", "");
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  }

  function read() {
    const { card } = inAddress();
    if (card && card !== shown && cards[card]) { opener = null; before.length = 0; show(card); }
  }

  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-card]"), card = link?.dataset.card;
    if (!cards[card] || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (panel.contains(link)) before.push(shown);
    else { opener = link; before.length = 0; }
    show(card);
  });
  close.addEventListener("click", hide);
  back.addEventListener("click", () => show(before.pop()));
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape" && !panel.hidden) hide(); });
  addEventListener("hashchange", read);
  read();
}
