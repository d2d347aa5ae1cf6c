// Follows what happens on the server: feedback of others, a training under way, a new model in service.
import { announce, parse, swap } from "./swap.js";

const classifier = document.querySelector("[data-classifier]")?.dataset.classifier;
const over = new Set(["promoted", "rejected", "failed", "interrupted"]);

if (classifier) {
  const events = new EventSource("/events");
  // What happened while nobody listened: during an interruption, or between the page and the first event.
  let followed = !document.getElementById("training")?.hidden;
  events.addEventListener("open", () => {
    if (followed) refresh();
    followed = true;
  });
  on("feedback", event => {
    const learning = document.getElementById("learning");
    if (!learning || event.unseen === undefined) return;
    const bar = document.getElementById("feedback-progress");
    bar.value = Math.min(event.unseen, bar.max);
    learning.querySelector("[data-unseen]").textContent = event.unseen;
  });
  on("run", event => {
    if (!event.run) return;
    if (over.has(event.run.state)) refresh();
    else showRun(event.run);
  });
  on("champion", event => {
    announce(`Version ${event.model} is in service.`);
    refresh();
  });
  on("classifier", () => refresh());
  addEventListener("pagehide", () => events.close());

  function on(type, act) {
    events.addEventListener(type, message => {
      const event = JSON.parse(message.data);
      if (event.classifier === classifier) act(event);
    });
  }
}

function showRun(run) {
  const panel = document.getElementById("training");
  if (!panel) return;
  const stage = run.stage ?? "queued";
  if (panel.hidden) announce("A training has begun.");
  panel.hidden = false;
  panel.dataset.state = run.state;
  panel.dataset.run = run.id;
  document.getElementById("training-progress").value = run.progress;
  let passed = true;
  for (const step of panel.querySelectorAll("[data-stage]")) {
    const now = step.dataset.stage === stage;
    if (now) passed = false;
    step.className = now ? "now" : passed ? "done" : "";
    step.toggleAttribute("aria-current", now);
    if (now) step.setAttribute("aria-current", "step");
  }
}

// Several events come together at the end of a training: one look at the page serves them all, and one more
// what came meanwhile.
let looking = false;
let again = false;

async function refresh() {
  if (looking) {
    again = true;
    return;
  }

  looking = true;
  try {
    do {
      again = false;
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!response.ok) break;
      const page = parse(await response.text());
      const disabled = document.querySelector("textarea:disabled");
      swap(page, [...document.querySelectorAll("[data-live]")].map(part => part.id));
      // The first model is there: the form may be used.
      if (disabled && page.querySelector("textarea:enabled")) location.reload();
    } while (again);
  } catch {
    // The next event tries again.
  } finally {
    looking = false;
  }
}
