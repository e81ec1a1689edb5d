// What a page has been given unpacked, and its address, in which answers and an open card stand side by side.
function make(tag, text = "", given = {}) {
  return Object.assign(document.createElement(tag), { textContent: text }, given);
}

function inAddress() {
  const parts = decodeURIComponent(location.hash.slice(1)).split("&");
  return {
    answers: parts.find(part => part.startsWith("answers=")) ?? "",
    card: parts.find(part => /^(estimate|figure|rests)-/.test(part)) ?? "",
  };
}

function keepInAddress(kind, part) {
  const kept = Object.values({ ...inAddress(), [kind]: part }).filter(Boolean).join("&");
  history.replaceState(null, "", kept ? `#${kept}` : location.pathname + location.search);
}

(async () => {
  if (!globalThis.DecompressionStream) return;
  const packed = Uint8Array.from(atob(document.getElementById("prepared").textContent), each => each.charCodeAt(0));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { answers, cards } = await new Response(plain).json();
  if (answers) followAnswers(answers);
  if (cards) openCards(cards);
})();
