// Sends the forms marked with data-swaps in the background and takes the named parts of the answer into the page.
// Then data-landing is where the focus goes, and what its data-said says is announced.
// Without this script the same forms load the whole page.
import { announce, parse, reveal, swap } from "./swap.js";

let busy = false;

document.addEventListener("submit", async event => {
  const form = event.target;
  if (!form.dataset.swaps) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  const button = event.submitter ?? form.querySelector("button");
  button?.setAttribute("aria-busy", "true");
  form.dispatchEvent(new CustomEvent("sending", { bubbles: true }));
  try {
    await send(form, event.submitter);
  } finally {
    busy = false;
    button?.removeAttribute("aria-busy");
    // The document hears it even if the form was swapped away.
    document.dispatchEvent(new CustomEvent("sent"));
  }
});

async function send(form, submitter) {
  const classifies = form.querySelector("#text") !== null;
  let response, page;
  try {
    response = await request(form, submitter);
    page = parse(await response.text());
  } catch {
    complain(form, "The service cannot be reached. What you entered is still here; please try again.");
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
  history[classifies || form.method === "get" ? "pushState" : "replaceState"]({}, "", response.url);
  const landing = document.getElementById(form.dataset.landing ?? "result");
  if (!landing) return;
  const saying = landing.dataset.said === undefined ? landing.querySelector("[data-said]") ?? landing : landing;
  const saved = document.getElementById("feedback-saved");
  announce(saying.dataset.said ?? saved?.textContent
    ?? `${landing.dataset.category}, ${landing.querySelector(".sure").textContent}`);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (classifies) {
    landing.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  } else {
    // The button that had the focus may be gone; on a phone, what comes next may be above.
    saying.focus({ preventScroll: true });
    if (form.dataset.landing) saying.scrollIntoView({ block: "nearest", behavior: "auto" });
  }
}

function request(form, submitter) {
  const data = new FormData(form, submitter);
  const fields = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  return form.method === "get"
    ? fetch(`${form.action}?${fields}`)
    : fetch(form.action, { method: "POST", body: fields });
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
reveal();
