// Convenience only: every page works without this file.
"use strict";

const results = () => [...document.querySelectorAll(".hit h2 a, a.result")];

function walk(step) {
  const links = results();
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  const link = links[Math.min(links.length - 1, Math.max(0, next))];
  link.focus();
  link.scrollIntoView({ block: "nearest" });
}

const keys = {
  "/": () => {
    const box = document.getElementById("q");
    box?.focus();
    box?.select();
  },
  j: () => walk(1),
  k: () => walk(-1),
  o: () => results().includes(document.activeElement) && document.activeElement.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if (typing && event.key === "Escape") event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

// Fields left empty stay out of the address, so that it is short to share.
document.getElementById("search")?.addEventListener("submit", (event) => {
  for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
});
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("input:disabled")) field.disabled = false;
});
