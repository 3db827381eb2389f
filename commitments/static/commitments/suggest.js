// Keys and a running count for the cards of a pasted conversation: nothing that the page cannot do
// without.
(() => {
  const form = document.querySelector("form.paste");
  const cards = [...form.querySelectorAll(".suggestion")];
  const save = form.querySelector(".save button[value=save]");
  if (!save) return;
  form.classList.add("scripted");
  const saves = save.querySelector("[data-save]");
  const said = form.querySelector(".save [role=status]");
  const words = "textarea, select, input:not([type=radio], [type=checkbox])";
  let at = -1;

  const show = (number) => {
    at = Math.max(0, Math.min(number, cards.length - 1));
    cards[at].focus();
    cards[at].scrollIntoView({ block: "nearest" });
  };
  const count = () => {
    const kept = cards.filter((card) => card.querySelector("input[value=yes]").checked);
    const out = cards.length - kept.length;
    const leaves = out ? ` ${out} ${out === 1 ? "is" : "are"} left out.` : "";
    said.textContent = `${kept.length} of ${cards.length} accepted.${leaves}`;
    saves.textContent = `Save ${kept.length} ${kept.length === 1 ? "promise" : "promises"}`
      + (out ? ` · ${out} left out` : "");
    cards.forEach((card) =>
      document.getElementById(`said-${card.id.slice(5)}`)
        .classList.toggle("out", !kept.includes(card)));
  };
  const choose = (value) => {
    cards[at].querySelector(`input[value=${value}]`).checked = true;
    count();
    if (at + 1 < cards.length) show(at + 1);
    else save.focus();
  };
  const edit = () => {
    cards[at].querySelector("details.edit").open = true;
    const field = cards[at].querySelector("[name$=-wording]");
    field.focus();
    field.select();
  };
  const keys = {
    j: () => show(at + 1),
    k: () => show(at - 1),
    a: () => choose("yes"),
    d: () => choose("no"),
    e: edit,
  };

  form.addEventListener("change", count);
  count(); // a browser that comes back to the page keeps what was chosen
  if (!("keys" in form.dataset)) return;
  cards.forEach((card, number) => card.addEventListener("focusin", () => { at = number; }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.requestSubmit(save);
    } else if (event.key === "Escape" && event.target.matches(words) && at >= 0) {
      show(at);
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches(words)) {
      const act = keys[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      at = at < 0 && !"jk".includes(event.key.toLowerCase()) ? 0 : at;
      act();
    }
  });
})();
