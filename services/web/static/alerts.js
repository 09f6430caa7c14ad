// Convenience only: how many alerts came since the inbox was open last, beside its name.
// One page of a browser listens for all of its pages; what is known is kept for the next page.
const mark = document.getElementById("new-alerts");
const inbox = document.querySelector("main[data-newest]");
const KEPT = `beatwire-alerts ${mark?.dataset.owner}`;

function known() {
  try {
    const { upto, count } = JSON.parse(localStorage.getItem(KEPT));
    return { upto: Number(upto), count: Number(count) };
  } catch {
    return null;
  }
}

function keep(upto, count) {
  localStorage.setItem(KEPT, JSON.stringify({ upto, count }));
  show();
}

function show() {
  const count = known()?.count ?? 0;
  mark.textContent = count > 99 ? " 99+ new" : ` ${count} new`;
  mark.hidden = !count;
}

// Held for as long as this page is shown; then the next one in line listens.
function listen() {
  return new Promise((done) => {
    const start = known();
    const source = new EventSource(`/live/alerts${start ? `?after=${start.upto}` : ""}`);
    source.addEventListener("here", ({ lastEventId }) => {
      // Less than what was known: these are the alerts of another store.
      const place = Number(lastEventId);
      const before = known();
      keep(place, before && before.upto <= place ? before.count : 0);
    });
    source.addEventListener("alert", ({ lastEventId }) => keep(Number(lastEventId), (known()?.count ?? 0) + 1));
    const leave = () => {
      source.close();
      done();
    };
    window.addEventListener("pagehide", leave, { once: true });
  });
}

function begin() {
  if (inbox) keep(Math.max(known()?.upto ?? 0, Number(inbox.dataset.newest)), 0);
  else show();
  navigator.locks?.request("beatwire-alerts", listen);
}

if (mark) {
  begin();
  window.addEventListener("storage", ({ key }) => key === KEPT && show());
  window.addEventListener("pageshow", (event) => event.persisted && begin());
}
