// Server-sent events that come back. A browser takes up a stream again that has ended, but gives it up for good at any
// answer but 200, as of a proxy while a service is rolled out; and a page that is left and kept in the browser's
// back-forward cache has lost its stream when somebody returns to it.

const firstWait = 3000;
const longestWait = 60_000;

// Each stream begins with "ready". After an interruption, what came before it may have been missed.
export function follow(address, listeners, missed = () => {}) {
  let events, timer;
  let failures = 0;
  let interrupted = false;
  addEventListener("pagehide", close);
  addEventListener("pageshow", event => {
    if (!event.persisted) return;
    interrupted = true;
    open();
  });
  open();

  function open() {
    close();
    const source = events = new EventSource(address);
    for (const [type, act] of Object.entries(listeners)) source.addEventListener(type, act);
    source.addEventListener("open", () => failures = 0);
    source.addEventListener("ready", () => {
      if (interrupted) missed();
      interrupted = false;
    });
    source.addEventListener("error", () => {
      interrupted = true;
      if (source === events && source.readyState === EventSource.CLOSED) timer = setTimeout(open, wait(failures++));
    });
  }

  function close() {
    clearTimeout(timer);
    events?.close();
    events = undefined;
  }
}

// Longer with each failure, and not at the same moment for all who wait.
const wait = failures => Math.min(longestWait, firstWait * 2 ** failures) * (0.5 + Math.random() / 2);
