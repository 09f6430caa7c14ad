// Convenience only: every page works without this file.
const GOING = 1500;
const results = () => [...document.querySelectorAll(".hit h2 a, a.result")];

function walk(step) {
  const links = results();
  if (!links.length) return;
  const on = links.find((link) => link.closest(".hit")?.contains(document.activeElement));
  const current = on ?? links.find((link) => link === document.activeElement || link.ariaCurrent === "true");
  const at = links.indexOf(current);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  const link = links[Math.min(links.length - 1, Math.max(0, next))];
  link.focus();
  link.scrollIntoView({ block: "nearest" });
  link.dispatchEvent(new Event("walked", { bubbles: true }));
}

function openResult() {
  const links = results();
  const on = links.find((link) => link === document.activeElement || link.closest(".hit")?.contains(document.activeElement));
  const link = on ?? links.find((one) => one.ariaCurrent === "true");
  if (link) location.assign(link.href);
}

function focusOn(id) {
  const field = document.getElementById(id);
  if (!field) return;
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  field.focus();
  field.select?.();
}

let going = 0;

const keys = {
  "/": () => focusOn("q"),
  j: () => walk(1),
  k: () => walk(-1),
  o: openResult,
  s: () => focusOn("save-name"),
  g: () => { going = Date.now() + GOING; },
  "?": () => document.getElementById("keys-dialog")?.showModal(),
};

function go(letter) {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if (typing && event.key === "Escape") event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const second = Date.now() < going;
  going = 0;
  if (second && go(event.key)) event.preventDefault();
  else if (Object.hasOwn(keys, event.key)) {
    event.preventDefault();
    keys[event.key]();
  }
});

// Fields left empty stay out of the address, so that it is short to share.
document.getElementById("search")?.addEventListener("submit", (event) => {
  for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
});
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("input:disabled")) field.disabled = false;
});
