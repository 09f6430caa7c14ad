// Convenience only: results that follow the typing, and articles that open beside the list.
// What is fetched is the page of the same address, whole; parts of it take the place of parts here.
const PARTS = ["asked", "count", "order", "alerting", "side", "saving", "found", "pane"];
const PAUSE = 250;
const PATIENCE = 1000;
const SHORTEST = 2;
const WIDE = window.matchMedia("(min-width: 1300px)");

let asking = new AbortController();

// The page of an address, and whether it is no error; nothing when a later question took its place.
async function page(address) {
  asking.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(address, { signal: asking.signal, headers: { accept: "text/html" } });
    const text = await answer.text();
    return { ok: answer.ok, tree: new DOMParser().parseFromString(text, "text/html") };
  } catch {
    return null;
  }
}

// The elements themselves stay, so that what is announced politely still is; folds keep their state.
function swap(id, tree) {
  const old = document.getElementById(id);
  const fresh = tree.getElementById(id);
  if (!old || !fresh) return;
  const open = [...old.querySelectorAll("details[open][id]")].map((fold) => fold.id);
  old.replaceChildren(...fresh.childNodes);
  for (const fold of open) document.getElementById(fold)?.setAttribute("open", "");
}

// --- while typing ---

const form = document.getElementById("search");
const box = document.getElementById("q");
let pause = 0;
let asked = box?.value.trim();

function address() {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(given).toString();
  return form.getAttribute("action") + (query ? `?${query}` : "");
}

async function follow() {
  const now = box.value.trim();
  if (now === asked || (now && now.length < SHORTEST)) return;
  const wanted = address();
  const answer = await page(wanted);
  if (!answer) return;
  if (answer.ok) {
    for (const id of PARTS) swap(id, answer.tree);
    document.title = answer.tree.title;
    history.replaceState(null, "", wanted);
    asked = now;
  } else {
    // A query that is half typed is no sound one yet: only after a while is that worth a word.
    pause = setTimeout(() => {
      swap("asked", answer.tree);
      asked = null;
    }, PATIENCE);
  }
}

function changed(event) {
  clearTimeout(pause);
  if (!event.isComposing) pause = setTimeout(follow, PAUSE);
}

box?.addEventListener("input", changed);
box?.addEventListener("compositionend", changed);
form?.addEventListener("submit", () => clearTimeout(pause));

// --- beside the list ---

function beside(link) {
  const here = new URL(location.href);
  const [, id] = new URL(link.href).pathname.match(/^\/article\/([^/]+)$/) ?? [];
  if (!id) return null;
  here.searchParams.set("read", decodeURIComponent(id));
  here.hash = "";
  return here.pathname + here.search;
}

async function read(link) {
  const wanted = beside(link);
  const answer = wanted && (await page(wanted));
  if (!answer?.ok) return;
  swap("pane", answer.tree);
  history.replaceState(null, "", wanted);
  for (const other of document.querySelectorAll(".hit h2 a[aria-current]")) other.removeAttribute("aria-current");
  link.closest(".hit")?.querySelector("h2 a")?.setAttribute("aria-current", "true");
  const pane = document.getElementById("pane");
  pane.scrollTop = 0;
  const { hash } = new URL(link.href);
  if (hash) location.replace(hash);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".hit h2 a, .hit .chips a");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || !WIDE.matches) return;
  event.preventDefault();
  read(link);
});

// Walking through results with j and k (keys.js) opens each where one stops.
let walking = 0;
document.addEventListener("walked", (event) => {
  clearTimeout(walking);
  if (WIDE.matches && event.target.closest(".hit")) walking = setTimeout(() => read(event.target), 150);
});
