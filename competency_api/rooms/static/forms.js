// The two forms below a ballot: a need that is missing, and a seat at another table.
import { ask, find, isRefusal, language, say, tell } from "./room.js";

/** `here` is the workshop's address, `who` and `topic` tell the token and the chosen topic, `moved` is called at another
 * table. */
export const listen = ({ here, who, topic, moved }) => {
  find("need").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = event.target.elements.text, text = field.value.trim(), place = find("need-told");
    if (!text) return;
    try {
      await ask(`${here}/topics/${encodeURIComponent(topic())}/needs`, { method: "POST", body: { text, language }, who: who() });
      field.value = "";
      tell(place, say("rank.need_sent"), "good");
    } catch (failure) {
      tell(place, isRefusal(failure) ? failure.message : say("rank.need_kept"), "warn");
    }
  });

  find("move").addEventListener("submit", async (event) => {
    event.preventDefault();
    const code = event.target.elements.code.value.toUpperCase().replace(/[\s-]/g, "");
    try {
      await ask(`${here}/participants/me`, { method: "PATCH", body: { code }, who: who() });
      event.target.reset();
      event.target.closest("details").open = false;
      tell(find("move-told"), "");
      moved();
    } catch (failure) {
      tell(find("move-told"), isRefusal(failure) ? failure.message : say("room.offline"), "warn");
    }
  });
};
