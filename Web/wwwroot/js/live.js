// Follows what happens on the server: feedback of others, a training under way, a new model in service.
import { isHeld, offerPause, showPause } from "./pause.js";
import { follow } from "./stream.js";
import { announce, parse, update } from "./swap.js";

const classifier = document.querySelector("[data-classifier]")?.dataset.classifier;
const figures = "[data-live=operations]";
const pollEvery = 5000;
const feedbackPause = 2000;
const over = new Set(["promoted", "rejected", "failed", "interrupted", "cancelled"]);

if (classifier) {
  // A training may have gone on between the page and the first event.
  let underWay = document.getElementById("training")?.hidden === false;
  // Only who shows figures wants to hear that they may have changed.
  follow(document.querySelector(figures) ? "/events?operations=true" : "/events", {
    ready() {
      if (underWay) refresh();
      underWay = false;
    },
    feedback: ours(event => {
      refreshSoon("[data-live=feedback]");
      const learning = document.getElementById("learning");
      if (!learning || event.unseen === undefined) return;
      const bar = document.getElementById("feedback-progress");
      bar.value = Math.min(event.unseen, bar.max);
      learning.querySelector("[data-unseen]").textContent = event.unseen;
    }),
    run: ours(event => {
      if (!event.run) return;
      if (over.has(event.run.state)) refresh();
      else showRun(event.run);
    }),
    champion: ours(event => {
      announce(`Version ${event.model} is in service.`);
      refresh();
    }),
    classifier: ours(() => refresh()),
    drift: ours(event => {
      if (event.drift === "drifted") announce("What comes in has drifted.");
      refresh();
    }),
    operations() {
      if (!document.hidden) refresh(figures);
    },
  }, () => refresh());
  offerPause(() => refresh(`${figures}, [data-refresh]`));
  // What changes without an event is looked at every now and then, while somebody looks.
  setInterval(() => {
    if (!document.hidden) refresh("[data-refresh]");
  }, pollEvery);
  setInterval(countDown, 1000);
}

function ours(act) {
  return message => {
    const event = JSON.parse(message.data);
    if (event.classifier === classifier) act(event);
  };
}

function showRun(run) {
  const panel = document.getElementById("training");
  if (!panel) return;
  // Where runs are listed or asked for, one that comes or begins is to be seen, too.
  if (panel.dataset.run !== `${run.id}` || panel.dataset.state !== run.state) refresh("[data-live=run]");
  const stage = run.stage ?? "queued";
  if (panel.hidden) announce("A training has begun.");
  panel.hidden = false;
  panel.dataset.state = run.state;
  panel.dataset.run = run.id;
  document.getElementById("training-progress").value = run.progress;
  document.getElementById("cancel-run").value = run.id;
  showAttempt(run);
  let passed = true;
  for (const step of panel.querySelectorAll("[data-stage]")) {
    const now = step.dataset.stage === stage;
    if (now) passed = false;
    step.className = now ? "now" : passed ? "done" : "";
    step.toggleAttribute("aria-current", now);
    if (now) step.setAttribute("aria-current", "step");
  }
}

function showAttempt(run) {
  const place = document.getElementById("training-attempt");
  const again = run.attempt > 1;
  place.hidden = !again;
  if (!again) return;
  place.querySelector("[data-attempt]").textContent = run.attempt;
  const waits = run.state === "queued" && run.not_before;
  place.querySelector("[data-wait]").hidden = !waits;
  if (waits) place.querySelector("[data-starts]").dateTime = run.not_before;
  countDown();
}

function countDown() {
  for (const start of document.querySelectorAll("[data-starts]")) {
    const seconds = Math.ceil((new Date(start.dateTime) - Date.now()) / 1000);
    start.textContent = seconds <= 0 ? "now" : seconds < 90 ? `in ${seconds}\u00a0s` : `in ${Math.ceil(seconds / 60)}\u00a0min`;
  }
}

// Several people may review at the same time: one look serves what all of them say in a moment.
let soon;

function refreshSoon(selector) {
  if (!document.querySelector(selector)) return;
  soon ??= setTimeout(() => {
    soon = undefined;
    refresh(selector);
  }, feedbackPause);
}

// Several events come together at the end of a training: one look at the page serves them all, and one more
// what came meanwhile.
let looking = false;
const wanted = new Set();

async function refresh(selector = "[data-live]") {
  if (parts(selector).length === 0) return;
  wanted.add(selector);
  if (looking) return;
  looking = true;
  try {
    while (wanted.size > 0) {
      const selectors = [...wanted].join();
      wanted.clear();
      const address = location.href;
      const response = await fetch(address, { headers: { Accept: "text/html" } });
      if (!response.ok) {
        if (response.status >= 500) lookAgain();
        break;
      }

      const page = parse(await response.text());
      // A form may have led on to another page meanwhile.
      if (location.href !== address) continue;
      const disabled = document.querySelector("textarea:disabled");
      showPause(page);
      update(page, parts(selectors).map(part => part.id));
      // The first model is there: the form may be used.
      if (disabled && page.querySelector("textarea:enabled")) location.reload();
    }
  } catch {
    lookAgain();
  } finally {
    wanted.clear();
    looking = false;
  }
}

const parts = selector => [...document.querySelectorAll(selector)].filter(part => !isHeld(part));

// What was to be seen is still to be seen when the service is back, whether or not there is another event.
let again;

function lookAgain() {
  again ??= setTimeout(() => {
    again = undefined;
    refresh();
  }, pollEvery);
}
