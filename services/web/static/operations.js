// Convenience only: looks again from time to time, while somebody can see the page.
const EVERY = 15_000;
const asOf = document.getElementById("as-of");

// The elements themselves stay, so that the verdict is announced when it changes, and only then.
function swap(id, tree) {
  const old = document.getElementById(id);
  const fresh = tree.getElementById(id);
  if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceChildren(...fresh.childNodes);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// What has the focus and no name could not be found again; what is marked would be lost.
function busy() {
  const look = document.getElementById("look");
  const on = document.activeElement;
  return document.hidden || !getSelection().isCollapsed || (look.contains(on) && !on.id);
}

async function again() {
  if (busy()) return;
  const answer = await fetch("/operations", { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) {
    if (!asOf.textContent.includes("could not")) asOf.append(", could not look since");
    return;
  }
  const tree = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!busy()) for (const id of ["as-of", "verdict", "look"]) swap(id, tree);
}

if (asOf) setInterval(again, EVERY);
