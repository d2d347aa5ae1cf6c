// The keys of the review: one for each label, Enter for the prediction, the full stop to skip, the slash to find a label.
// The parts of the page are swapped with each ticket, so everything is looked up when a key is pressed.
import { announce } from "./swap.js";

const switched = "review-keys";
const keys = document.getElementById("keys-on");

if (keys) {
  // Whoever dictates or has keys of their own turns these off, once for all visits.
  keys.checked = localStorage.getItem(switched) !== "off";
  keys.addEventListener("change", () => localStorage.setItem(switched, keys.checked ? "on" : "off"));
  document.addEventListener("keydown", press);
  document.addEventListener("input", event => {
    if (event.target.id === "label-filter") narrow(event.target.value);
  });
}

function press(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.id === "label-filter") return pressInFilter(event);
  if (!keys.checked || isField(event.target)) return;
  const button = find(event);
  if (button) {
    event.preventDefault();
    button.focus({ preventScroll: true });
    button.click();
  } else if (event.key === "/") {
    const filter = document.getElementById("label-filter");
    if (!filter) return;
    event.preventDefault();
    filter.focus();
  }
}

// On some keyboards, digits and the slash need the shift key: what it makes of a letter or of Enter is no command.
function find({ key, target, shiftKey }) {
  // A focused button or link does with Enter what it says.
  if (key === "Enter") return shiftKey || target.closest("a, button, summary, input") ? null : document.querySelector("#decide .predicted");
  if (key === ".") return document.querySelector("#skip button");
  return key.length === 1 ? choices().find(choice => choice.dataset.key === key) : null;
}

function pressInFilter(event) {
  if (event.key === "Enter") {
    event.preventDefault();
    if (event.target.value.trim()) choices().find(choice => !choice.hidden)?.click();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.target.value = "";
    narrow("");
    document.getElementById("current").focus();
  }
}

function narrow(words) {
  const wanted = words.toLowerCase().split(/[\s_]+/).filter(Boolean);
  let shown = 0;
  for (const choice of choices()) {
    const label = choice.value.toLowerCase();
    choice.hidden = !wanted.every(word => label.includes(word));
    choice.classList.toggle("first", wanted.length > 0 && !choice.hidden && shown === 0);
    if (!choice.hidden) shown++;
  }

  if (wanted.length === 0) return;
  const first = choices().find(choice => !choice.hidden);
  announce(first ? `${shown} ${shown === 1 ? "label" : "labels"}, first ${first.value}` : "No label fits");
}

const choices = () => [...document.querySelectorAll("#decide .choice")];

const isField = target => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
