// What pages can do beyond links and forms. Every page works without it; nothing here asks another host.
(() => {
  "use strict";

  // The search page answers while one types: the same page is fetched, and its results take the place of the old ones.
  const live = (form) => {
    const results = document.getElementById(form.dataset.live);
    const input = form.querySelector("input[type=search]");
    let waiting, asking, shown = input.value.trim();

    const ask = async () => {
      const text = input.value.trim();
      if (text === shown) return;
      shown = text;
      asking?.abort();
      asking = new AbortController();
      const fields = [...new FormData(form)].filter(([, value]) => value.trim());
      const address = `${form.action}${fields.length ? `?${new URLSearchParams(fields)}` : ""}`;
      results.classList.add("is-waiting");
      try {
        const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "text/html" } });
        if (!answer.ok) throw new Error(answer.statusText);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        results.replaceChildren(...page.getElementById(results.id).childNodes);
        document.title = page.title;
        history.replaceState(null, "", address);
        results.classList.remove("is-waiting");
      } catch (failure) {
        if (failure.name === "AbortError") return;
        shown = undefined; // the button still works, and the next letter tries again
        results.classList.remove("is-waiting");
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 180);
    });
  };

  // A button that copies what stands in front of it. Its words come from the page.
  const copying = (source) => {
    const words = document.documentElement.dataset;
    if (!navigator.clipboard || !words.sayCopy) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.sayCopy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = words.sayCopied;
      setTimeout(() => { button.textContent = words.sayCopy; }, 2000);
    });
    source.after(button);
  };

  for (const form of document.querySelectorAll("form[data-live]")) live(form);
  for (const source of document.querySelectorAll("[data-copy]")) copying(source);

  // A menu of links closes as menus do.
  for (const menu of document.querySelectorAll("details.tongues")) {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
    });
  }
})();
