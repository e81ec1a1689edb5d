// Charts ask the page as they ask JupyterLab whether it is light.
const told = () => { document.body.dataset.jpThemeLight = String(document.documentElement.dataset.theme !== "dark"); };
document.addEventListener("DOMContentLoaded", told);
new MutationObserver(told).observe(document.documentElement, { attributeFilter: ["data-theme"] });
