// <competency-list>: attributes say what is shown. As a drop-down it is a control of its form, with the code as value.

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLE);
const SHOWN = ["view", "version", "lang", "theme", "dir", "quiet", "search", ...[...FILTERS, ...OWN].map((name) => name.replaceAll("_", "-"))];
const OTHERS = /^(id|class|style|title|name|value|label|slot|part|role|tabindex|hidden|inert|loading|keep|required|disabled|autofocus|form|nonce|(data|aria|on|_ng|v-).*)$/;
const CONTROL = ["required", "value", "label", "aria-label"];

class CompetencyList extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = [...SHOWN, ...CONTROL];

  #internals = this.attachInternals();
  #root = this.attachShadow({ mode: "open", delegatesFocus: true });
  #body = box("div", "embed");
  #watcher;
  #data;
  #select;
  #chosen = "";
  #asked;
  #planned = false;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [SHEET];
    this.#body.append(node("slot"));
    this.#root.append(this.#body);
  }

  // -- when ------------------------------------------------------------------------------------------------------

  connectedCallback() {
    this.#chosen ||= this.getAttribute("value") ?? "";
    this.#hint();
    if (this.getAttribute("loading") === "eager" || this.getAttribute("view") === "select") return this.#plan();
    this.#watcher = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && (this.#watcher.disconnect(), (this.#watcher = undefined), this.#plan()),
      { rootMargin: "300px" },
    );
    this.#watcher.observe(this);
  }

  disconnectedCallback() {
    this.#watcher?.disconnect();
    this.#watcher = undefined;
  }

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.#asked) return;
    if (name === "value") this.value = after ?? "";
    else if (CONTROL.includes(name)) this.#control();
    else this.#plan();
  }

  // Several attributes that change together are one question.
  #plan() {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (this.isConnected) this.#load();
    });
  }

  async #load() {
    const lang = languageOf(this);
    const url = (this.#asked = address(this, lang));
    this.#body.setAttribute("aria-busy", "true");
    try {
      const data = await ask(url);
      if (url !== this.#asked) return;
      this.#show(data);
      if (this.getAttribute("keep") !== "none") keep(url, data);
      this.dispatchEvent(new Event("load"));
    } catch (failure) {
      if (url === this.#asked) this.#fail(url, failure, lang);
    }
  }

  // -- what ------------------------------------------------------------------------------------------------------

  #show(data, ...notices) {
    this.#data = data;
    this.#select = undefined;
    const drawn = data.view === "select" ? this.#dropDown(data) : this.#drawn(data);
    const outside = data.view === "concept" ? [] : [foot(data, this)];
    this.#fill(data.lang, [...drawn, ...notices, ...outside]);
    if (data.view === "concept") this.#body.className = "embed inline";
    this.#control();
  }

  #drawn(data) {
    if (!data.items.length) return [box("p", "message", {}, data.words.empty)];
    const drawn = [DRAWN[data.view](data, this)].flat();
    if (!this.hasAttribute("search") || data.view === "concept") return drawn;
    return [searchBox(data.words, hideOthers(drawn.at(-1))), ...drawn];
  }

  #fill(lang, children) {
    this.#body.lang = lang;
    this.#body.dir = this.getAttribute("dir") ?? "";
    this.#body.className = `embed ${this.getAttribute("theme") ?? ""}`;
    this.#body.removeAttribute("aria-busy");
    this.#body.replaceChildren(...children.filter(Boolean));
  }

  // A failure of the service leaves what was there; one of the page's own line shows what the page says instead.
  #fail(url, { code = "unavailable", detail }, lang) {
    console.warn(`<competency-list>: ${detail ?? code} ${HELP}`);
    this.dispatchEvent(new Event("error"));
    const copy = code === "unavailable" && copies()[url];
    const tag = FAILURES[lang.toLowerCase()] ? lang.toLowerCase() : lang.split("-")[0].toLowerCase();
    const spoken = FAILURES[tag] ? tag : "en";
    if (copy) {
      const date = new Date(copy.at).toLocaleDateString(spoken);
      return this.#show(copy.data, box("p", "note", {}, filled(COPIES[spoken], { date })));
    }
    if (code === "unavailable" && this.#data) return this.#body.removeAttribute("aria-busy");
    this.#fill(spoken, [box("p", "message", { role: "status" }, FAILURES[spoken][code] ?? FAILURES[spoken].unavailable), node("slot")]);
  }

  // A typing slip in an attribute would show everything, in silence.
  #hint() {
    for (const { name } of this.attributes) {
      if (!SHOWN.includes(name) && !OTHERS.test(name)) console.warn(`<competency-list>: there is no attribute "${name}". ${HELP}`);
    }
  }

  // -- a control of a form ---------------------------------------------------------------------------------------

  #dropDown(data) {
    const select = box("select", "select");
    const fill = (items) => {
      const known = items.some((item) => item.code === this.#chosen);
      // a code that is not (or no longer) among them stays chosen: a form must not lose what it was opened with
      const kept = this.#chosen && !known ? [node("option", { value: this.#chosen }, this.#labelOf(this.#chosen))] : [];
      const options = items.map((item) => node("option", { value: item.code, lang: item.label.lang }, item.label.text));
      select.replaceChildren(node("option", { value: "" }, data.words.choose), ...kept, ...options);
      select.value = this.#chosen;
    };
    this.#select = select;
    fill(data.items);
    select.addEventListener("change", () => {
      this.value = select.value;
      this.dispatchEvent(new Event("change", { bubbles: true }));
    });
    if (!this.hasAttribute("search")) return [select];
    const texts = data.items.map((item) => [item, folded(`${item.label.text} ${item.code}`)]);
    const find = (fits) => {
      const found = texts.filter(([, text]) => fits(text)).map(([item]) => item);
      fill(found);
      return { count: found.length, total: texts.length };
    };
    return [searchBox(data.words, find), select];
  }

  #labelOf(code) {
    return this.#data.items.find((item) => item.code === code)?.label.text ?? code;
  }

  #control() {
    const select = this.#select;
    const name = this.getAttribute("name");
    if (!select) return this.#internals.setFormValue(null), this.#internals.setValidity({});
    const labels = [...this.#internals.labels].map((label) => label.textContent.trim());
    select.setAttribute("aria-label", this.getAttribute("aria-label") ?? this.getAttribute("label") ?? (labels.join(" ") || this.#data.title));
    select.required = this.hasAttribute("required");
    select.disabled = this.matches(":disabled");
    select.value = this.#chosen;
    const form = new FormData();
    if (name && this.#chosen) {
      form.set(name, this.#chosen);
      form.set(`${name}-version`, this.#data.version);
    }
    this.#internals.setFormValue(name ? form : null, this.#chosen);
    const isMissing = select.required && !this.#chosen;
    this.#internals.setValidity(isMissing ? { valueMissing: true } : {}, isMissing ? this.#data.words.missing : "", select);
  }

  get value() {
    return this.#chosen;
  }

  set value(code) {
    this.#chosen = String(code ?? "");
    if (this.#data) this.#control();
  }

  // The exact version that is shown, undefined before there is any.
  get shownVersion() {
    return this.#data?.version;
  }

  get form() {
    return this.#internals.form;
  }

  checkValidity() {
    return this.#internals.checkValidity();
  }

  reportValidity() {
    return this.#internals.reportValidity();
  }

  formResetCallback() {
    this.value = this.getAttribute("value") ?? "";
  }

  formStateRestoreCallback(state) {
    if (typeof state === "string") this.value = state;
  }

  formDisabledCallback() {
    if (this.#data) this.#control();
  }
}

if (!customElements.get("competency-list")) customElements.define("competency-list", CompetencyList);
