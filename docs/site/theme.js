// Charts ask the page as they ask JupyterLab whether it is light.
const told = () => { document.body.dataset.jpThemeLight = String(document.documentElement.dataset.theme !== "dark"); };
document.addEventListener("DOMContentLoaded", told);
new MutationObserver(told).observe(document.documentElement, { attributeFilter: ["data-theme"] });
// A table that is wider than the page is scrolled with keys too.
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll(".text_html, .text_html [id^=table-]")) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }
});
