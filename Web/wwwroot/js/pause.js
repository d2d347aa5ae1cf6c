// The button that holds still what changes every few seconds, until it is pressed again or the tab is closed.

const kept = "updates-paused";
const button = "[data-pause]";
let paused = read();

// True for a part of the page that is not to change now.
export const isHeld = part => paused && part.matches("[data-live=operations], [data-refresh]") && document.querySelector(button) !== null;

export function offerPause(resume) {
  document.addEventListener("click", event => {
    if (!event.target.closest(button)) return;
    paused = !paused;
    keep();
    showPause();
    if (!paused) resume();
  });
  showPause();
}

// As the button stands in a page that has just come.
export function showPause(page = document) {
  for (const one of page.querySelectorAll(button)) one.setAttribute("aria-pressed", `${paused}`);
  for (const note of page.querySelectorAll("[data-paused]")) note.hidden = !paused;
}

// Storage may be forbidden: then it holds for this page only.
function read() {
  try {
    return sessionStorage.getItem(kept) !== null;
  } catch {
    return false;
  }
}

function keep() {
  try {
    if (paused) sessionStorage.setItem(kept, "");
    else sessionStorage.removeItem(kept);
  } catch {
    // As above.
  }
}
