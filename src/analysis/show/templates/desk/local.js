"use strict";
// What the pages of this machine share: making elements, and asking the server with the token of the address.
const Local = (() => {
  const token = location.hash.slice(1);
  const byId = (id) => document.getElementById(id);

  function el(tag, properties, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties ?? {})) {
      if (name in made) made[name] = value;
      else if (value !== null && value !== false) made.setAttribute(name, value);
    }
    made.append(...children.flat(2).filter((child) => child !== null && child !== ""));
    return made;
  }

  async function request(path, body) {
    const headers = { "X-Desk-Token": token, ...(body ? { "Content-Type": "application/json" } : {}) };
    const answer = await fetch(path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  return { byId, el, request };
})();
