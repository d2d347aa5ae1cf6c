// Takes parts of another rendering of a page into this one. The elements themselves stay, so that a screen reader
// goes on listening to them; what is inside them and their attributes are the new page's.

export function swap(page, ids) {
  for (const id of ids) {
    const old = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (!old || !fresh) continue;
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    old.replaceChildren(...fresh.childNodes);
  }
}

export const parse = html => new DOMParser().parseFromString(html, "text/html");

export function announce(text) {
  document.getElementById("announce").textContent = text.replace(/\s+/g, " ").trim();
}
