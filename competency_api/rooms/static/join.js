// Joining: a code and, if one likes, a role. No name, no address.
import { ask, find, keep, language, recall, Refused, say, tell } from "./room.js";

const form = find("join");
const told = find("told");

const AGAIN = 4, PAUSE = 1000;

/** A whole room joins at once: a service that is busy is asked again. */
const patiently = async (send, times = AGAIN) => {
  try {
    return await send();
  } catch (failure) {
    if (failure.status !== 503 || !times) throw failure;
    await new Promise((done) => { setTimeout(done, PAUSE * (1 + Math.random())); });
    return patiently(send, times - 1);
  }
};

const join = async (event) => {
  event.preventDefault();
  const code = form.elements.code.value.toUpperCase().replace(/[\s-]/g, "");
  const role = form.elements.role.value;
  if (!code) return;
  tell(told, say("join.asking"));
  try {
    const { body } = await patiently(() => ask("/workshops/participants", { method: "POST", body: role ? { code, role } : { code } }));
    const before = recall(body.workshop);
    keep({ ...before, token: body.token, table: body.table }, body.workshop);
    location.assign(`/${language}/workshops/${encodeURIComponent(body.workshop)}/rank`);
  } catch (failure) {
    if (!(failure instanceof Refused)) tell(told, say("room.offline"), "warn");
    else if (failure.status === 404) tell(told, say("join.unknown"), "warn");
    else if (failure.status === 409) tell(told, say("join.not_open"), "warn");
    else if (failure.status === 429) tell(told, say("join.too_often"), "warn");
    else tell(told, failure.message, "warn");
    form.elements.code.focus();
  }
};

form.addEventListener("submit", join);
