// The form sends itself: what it would show on its own address is fetched, and the result put in place of the old one.
const form = document.getElementById("choice");
const status = Object.assign(document.createElement("p"), { className: "hidden-status" });
status.setAttribute("role", "status");
form.after(status);
let asked;

form.querySelector(".main").hidden = true;
form.addEventListener("change", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
offerCopying();

async function show() {
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...query]) if (!value) query.delete(name);
  const address = (asked = `/embed?${query}`);
  const text = await fetch(address).then((answer) => answer.text(), () => "");
  if (address !== asked || !text) return;
  const made = new DOMParser().parseFromString(text, "text/html").getElementById("result");
  document.getElementById("result").replaceWith(document.importNode(made, true));
  history.replaceState(null, "", address);
  offerCopying();
}

function offerCopying() {
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.onclick = async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
      status.textContent = button.textContent = button.dataset.done;
    };
  }
}
