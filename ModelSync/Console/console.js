// Keeps the page as it is on the server: at each event the content is fetched and taken over element by element, so that focus, scroll, selection
// and what was typed stay. Without it the page is the same, only still.
const content = document.getElementById('content');
const live = document.getElementById('live');
const retryAfter = 5000;

let source;
let retry;
let isFetching = false;
let isStale = false;

function say(text) {
  if (live.textContent !== text) live.textContent = text;
}

function takeOver(node, next) {
  if (node.isEqualNode(next)) return;
  if (node.nodeType !== Node.ELEMENT_NODE) {
    node.data = next.data;
    return;
  }
  for (const { name } of [...node.attributes]) if (!next.hasAttribute(name)) node.removeAttribute(name);
  for (const { name, value } of next.attributes) if (node.getAttribute(name) !== value) node.setAttribute(name, value);

  let at = node.firstChild;
  for (const child of [...next.childNodes]) {
    const same = child.id ? [...node.children].find(one => one.id === child.id) : at && !at.id && at.nodeName === child.nodeName ? at : null;
    if (!same) {
      node.insertBefore(child, at);
      continue;
    }
    while (at && at !== same && !stillWanted(at, next)) at = remove(at);
    if (at === same) at = at.nextSibling;
    else node.insertBefore(same, at);
    takeOver(same, child);
  }
  while (at) at = remove(at);
}

function stillWanted(node, next) {
  return node.id && [...next.children].some(one => one.id === node.id);
}

function remove(node) {
  const following = node.nextSibling;
  node.remove();
  return following;
}

async function refresh() {
  isStale = true;
  if (isFetching) return;
  isFetching = true;
  try {
    while (isStale) {
      isStale = false;
      const answer = await fetch(content.dataset.source, { cache: 'no-store', headers: { Accept: 'text/html' } });
      if (!answer.ok) throw new Error(answer.statusText);
      const next = parse(await answer.text());
      takeOver(content, next);
    }
    say('This page shows changes as they happen.');
  } catch {
    say('ModelSync cannot be reached: what is shown may be old.');
  } finally {
    isFetching = false;
  }
}

function parse(text) {
  return new DOMParser().parseFromString(text, 'text/html').getElementById('content');
}

function follow() {
  leave();
  source = new EventSource(content.dataset.events);
  source.addEventListener('changed', refresh);
  source.addEventListener('error', () => {
    say('ModelSync cannot be reached: what is shown may be old.');
    // It comes again by itself after a cut, but not after a refusal.
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(follow, retryAfter);
  });
}

function leave() {
  clearTimeout(retry);
  source?.close();
}

// A page that nobody sees needs no connection.
document.addEventListener('visibilitychange', () => document.hidden ? leave() : follow());
if (!document.hidden) follow();
