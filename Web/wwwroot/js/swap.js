// Takes parts of another rendering of a page into this one. The elements themselves stay, so that a screen reader
// goes on listening to them; what is inside them and their attributes are the new page's. What a person has
// unfolded or is about to press stays so, if it has an id and is there still.

export function swap(page, ids) {
  for (const id of ids) {
    const old = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (!old || !fresh) continue;
    const focused = old.contains(document.activeElement) && document.activeElement !== old ? document.activeElement.id : "";
    for (const open of old.querySelectorAll("details[open][id]")) {
      page.getElementById(open.id)?.setAttribute("open", "");
    }

    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    old.replaceChildren(...fresh.childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  reveal();
}

// What is of use only where scripts run is hidden at first.
export function reveal() {
  for (const part of document.querySelectorAll(".scripted")) part.hidden = false;
}

export const parse = html => new DOMParser().parseFromString(html, "text/html");

export function announce(text) {
  document.getElementById("announce").textContent = text.replace(/\s+/g, " ").trim();
}
