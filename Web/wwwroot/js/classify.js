// Sends the forms marked with data-swaps in the background and takes the named parts of the answer into the page.
// Without this script the same forms load the whole page.
import { announce, parse, swap } from "./swap.js";

let busy = false;

document.addEventListener("submit", async event => {
  const form = event.target;
  if (!form.dataset.swaps) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  const button = event.submitter ?? form.querySelector("button");
  button?.setAttribute("aria-busy", "true");
  try {
    await send(form, event.submitter);
  } finally {
    busy = false;
    button?.removeAttribute("aria-busy");
  }
});

async function send(form, submitter) {
  const classifies = form.querySelector("#text") !== null;
  let response, page;
  try {
    response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });
    page = parse(await response.text());
  } catch {
    complain(form, "The service cannot be reached. Your text is still here; please try again.");
    return;
  }

  if (!response.ok) {
    const message = page.getElementById("error-message") ?? page.getElementById("form-error");
    complain(form, message?.textContent.trim() || "That did not work.");
    return;
  }

  complain(form, "");
  swap(page, form.dataset.swaps.split(" "));
  // The address is that of the page that a load without script would have ended on.
  history[classifies ? "pushState" : "replaceState"]({}, "", response.url);
  const result = document.getElementById("result");
  if (!result) return;
  const saved = document.getElementById("feedback-saved");
  announce(saved?.textContent ?? `${result.dataset.category}, ${result.querySelector(".sure").textContent}`);
  if (classifies) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    result.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  } else {
    // The button that had the focus is gone.
    result.focus({ preventScroll: true });
  }
}

function complain(form, message) {
  let place = form.querySelector(".problem");
  if (!place && message) {
    place = document.createElement("p");
    place.className = "problem";
    place.setAttribute("role", "alert");
    form.append(place);
  }

  if (place) place.textContent = message;
}

addEventListener("popstate", () => location.reload());

const text = document.getElementById("text");
text?.addEventListener("keydown", event => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    text.form.requestSubmit(document.getElementById("classify"));
  }
});
for (const hint of document.querySelectorAll(".scripted")) hint.hidden = false;
