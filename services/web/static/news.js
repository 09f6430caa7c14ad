// Convenience only: says when articles came in since the page was made.
// One page of a browser listens for all of its pages, as a host is given six connections at most.
const bar = document.getElementById("news");
const POLL = 30_000;

let latest = null;

function tell(news) {
  latest = news;
  const more = news.articles - Number(bar.dataset.articles);
  if (more <= 0) return;
  const link = bar.firstChild ?? bar.appendChild(document.createElement("a"));
  link.href = location.pathname + location.search;
  link.textContent = `${more.toLocaleString("en")} new ${more === 1 ? "article" : "articles"}`;
  bar.hidden = false;
}

async function poll() {
  const answer = await fetch("/api/v1/stats").catch(() => null);
  if (answer?.ok) tell(await answer.json());
}

const others = new BroadcastChannel("beatwire-news");
others.onmessage = ({ data }) => {
  if (data !== "asked") tell(data);
  else if (latest) others.postMessage(latest);
};

// Held for as long as this page is shown; then the next one in line listens.
function listen() {
  return new Promise((done) => {
    const source = new EventSource("/live");
    let timer = 0;
    source.addEventListener("news", (event) => {
      tell(JSON.parse(event.data));
      others.postMessage(latest);
    });
    source.addEventListener("error", () => {
      // Tried again by the browser itself, unless the server refused.
      if (source.readyState === EventSource.CLOSED && !timer) timer = setInterval(poll, POLL);
    });
    const leave = () => {
      source.close();
      clearInterval(timer);
      done();
    };
    window.addEventListener("pagehide", leave, { once: true });
  });
}

function begin() {
  if (!navigator.locks) return void setInterval(poll, POLL);
  others.postMessage("asked");
  navigator.locks.request("beatwire-news", listen);
}

if (bar) {
  begin();
  window.addEventListener("pageshow", (event) => event.persisted && begin());
}
