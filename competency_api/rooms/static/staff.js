// What facilitator's and projector's pages share: the key, which stays in this tab, and being told of changes.
import { ask, find, isRefusal, keep, recall, repeatedly, say, tell, workshop } from "./room.js";

export const here = `/workshops/${encodeURIComponent(workshop)}`;
const STORED = "key", FALLBACK = 3000, AGAIN = 1000, REFRESH = 20_000, NEXT_STREAM = 15_000;

/** The key from the address's fragment, which no server sees and which leaves the address bar at once; or the kept one. */
const given = () => {
  const fragment = new URLSearchParams(location.hash.slice(1));
  if (fragment.has("key")) {
    keep({ key: fragment.get("key"), table: fragment.get("table") ?? undefined }, STORED, sessionStorage);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return recall(STORED, sessionStorage);
};

export const mine = given();
export const remember = (values) => keep(Object.assign(mine, values), STORED, sessionStorage);
export const who = () => ({ Authorization: `Bearer ${mine.key}` });
export const call = (path, options = {}) => ask(`${here}${path}`, { ...options, who: who() });

/** Asks for a key until one is there, then runs. A key that is refused is asked for again. */
export const withKey = (start) => {
  const form = find("key-form"), page = find("staff");
  const shown = (hasKey) => { form.hidden = hasKey; page.hidden = !hasKey; };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    remember({ key: form.elements.key.value.trim() });
    form.reset();
    shown(true);
    start();
  });
  shown(Boolean(mine.key));
  if (mine.key) start();
};

export const refused = (key = "staff.refused") => {
  keep(null, STORED, sessionStorage);
  delete mine.key;
  find("key-form").hidden = false;
  find("staff").hidden = true;
  tell(find("key-told"), say(key), "warn");
};

/** The events of a stream (text/event-stream) by fetch, which can send a key; EventSource cannot. */
async function* events(signal) {
  const answer = await fetch(`/api/v1${here}/stream`, { headers: { ...who(), Accept: "text/event-stream" }, signal, cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    yield* blocks.filter((block) => /^(data|event):/m.test(block));
  }
}

/** Runs `refresh` now and whenever something changed: by the stream, or by asking every few seconds where there is none. */
export const live = (refresh) => {
  let isLive = false;
  const told = (failure) => {
    if (isRefusal(failure) && [401, 403].includes(failure.status)) return refused();
    return tell(find("connection"), say(isRefusal(failure) ? "staff.problem" : "room.offline"), "warn");
  };
  const wake = repeatedly(async () => {
    if (!mine.key) return REFRESH;
    try {
      await refresh();
      tell(find("connection"), say(isLive ? "staff.live" : "staff.polling"));
    } catch (failure) {
      told(failure);
      return FALLBACK;
    }
    return isLive ? REFRESH : FALLBACK;
  });
  let waiting;
  const soon = () => { waiting ??= setTimeout(() => { waiting = undefined; wake(); }, AGAIN / 2); };
  repeatedly(async () => {
    if (!mine.key) return FALLBACK;
    try {
      for await (const _ of events()) { isLive = true; soon(); }
    } catch {
      isLive = false;
      return NEXT_STREAM;
    }
    return AGAIN;
  });
  return wake;
};
