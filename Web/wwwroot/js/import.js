// Shows how far a file is read, while the form of the import page is being sent.
import { follow } from "./stream.js";

const form = document.querySelector("#import")?.form;

if (form) {
  const panel = document.getElementById("import-progress");
  let listening = false;
  let sending = false;
  // Listening begins with the choice of a file, so that nothing is missed of a short one.
  form.addEventListener("change", listen);
  form.addEventListener("sending", () => {
    sending = true;
    listen();
    show({ rows: 0, skipped: 0, labels: {} });
    panel.hidden = false;
  });
  document.addEventListener("sent", () => {
    sending = false;
    panel.hidden = true;
  });

  function listen() {
    if (listening) return;
    listening = true;
    follow("/events", {
      // Each event tells all that was read so far: one that is missed is made up for by the next.
      import(message) {
        const event = JSON.parse(message.data);
        if (sending && event.import && event.classifier === form.elements.Name.value.trim()) show(event.import);
      },
    });
  }

  function show({ rows, skipped, labels }) {
    panel.querySelector("[data-rows]").textContent = rows.toLocaleString("en");
    panel.querySelector("[data-skipped]").textContent = skipped.toLocaleString("en");
    const counts = Object.entries(labels).sort((one, other) => other[1] - one[1]);
    panel.querySelector("[data-labels]").replaceChildren(...counts.map(([label, count]) => bar(label, count, counts[0][1])));
  }
}

function bar(label, count, most) {
  const item = document.createElement("li");
  const progress = document.createElement("progress");
  progress.className = "bar small";
  progress.max = most;
  progress.value = count;
  progress.setAttribute("aria-hidden", "true");
  item.append(span(label), progress, span(count.toLocaleString("en"), "number"));
  return item;
}

function span(text, name = "") {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}
