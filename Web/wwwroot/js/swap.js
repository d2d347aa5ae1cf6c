// Takes parts of another rendering of a page into this one, by their ids. The parts themselves stay, so that a screen
// reader goes on listening to them.
import { merge, mergeAttributes } from "./merge.js";

// After a form was sent: what is in the parts is the new page's.
export function swap(page, ids) {
  each(page, ids, (old, fresh) => {
    for (const open of old.querySelectorAll("details[open][id]")) {
      page.getElementById(open.id)?.setAttribute("open", "");
    }

    mergeAttributes(old, fresh);
    old.replaceChildren(...fresh.childNodes);
  });
}

// While somebody looks: what is the same in both stays untouched.
export function update(page, ids) {
  each(page, ids, merge);
}

function each(page, ids, take) {
  reveal(page);
  for (const id of ids) {
    const old = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (!old || !fresh) continue;
    const focused = old.contains(document.activeElement) && document.activeElement !== old ? document.activeElement : null;
    take(old, fresh);
    if (!focused || focused === document.activeElement) continue;
    (focused.isConnected ? focused : focused.id && document.getElementById(focused.id))?.focus?.({ preventScroll: true });
  }
}

// What is of use only where scripts run is hidden at first.
export function reveal(page = document) {
  for (const part of page.querySelectorAll(".scripted")) part.hidden = false;
}

export const parse = html => new DOMParser().parseFromString(html, "text/html");

export function announce(text) {
  document.getElementById("announce").textContent = text.replace(/\s+/g, " ").trim();
}
