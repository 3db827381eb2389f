// The line in which a promise is logged: a word that begins with @ # > ~ can be completed, and Up
// brings back the last line. The line works without it.
{
  const line = () => document.querySelector("#id_line");
  const hints = () => document.querySelector("#hints");
  const word = () => line().value.slice(0, line().selectionStart)
    .match(/(?:^|\s)([@#>~](?:"[^"]*|\S*))$/)?.[1] ?? "";
  let last = "", more = "";

  const mark = (chosen) => {
    for (const each of hints().children) each.ariaSelected = each === chosen;
    if (chosen) line().setAttribute("aria-activedescendant", chosen.id);
    else line().removeAttribute("aria-activedescendant");
  };
  const offer = (shut) => {
    if (shut || !word() || document.activeElement !== line()) hints().replaceChildren();
    line().ariaExpanded = hints().childElementCount > 0;
    mark();
  };
  const write = (text, from, to) => {
    line().setRangeText(text, from, to, "end");
    line().dispatchEvent(new Event("input", { bubbles: true }));
    offer(true);
  };
  const take = (option) => {
    const end = line().selectionStart;
    write(`${option.dataset.take} `, end - word().length, end);
  };
  const complete = (key) => {
    if (key === "ArrowUp" && !line().value && last) return write(last, 0, 0);
    const found = [...hints().children];
    const at = found.findIndex((each) => each.ariaSelected === "true");
    const by = { ArrowDown: 1, ArrowUp: -1 }[key], places = found.length + 1;
    if (places === 1) return false;
    if (by) mark(found[(at + 1 + by + places) % places - 1]);
    else if (key === "Escape") offer(true);
    else if (found[at] && (key === "Enter" || key === "Tab")) take(found[at]);
    else return false;
  };

  // Before the keys of the page, which would leave the field at Escape.
  document.addEventListener("keydown", (event) => {
    const isPlain = !(event.ctrlKey || event.altKey || event.metaKey || event.isComposing);
    if (event.target !== line() || !isPlain || complete(event.key) === false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("#hints>*");
    if (!option || event.defaultPrevented) return; // loaded twice, where one goes back in history
    event.preventDefault();
    take(option);
  });
  document.addEventListener("focusout", ({ target }) => target === line() && offer(true));
  document.addEventListener("submit", ({ target }) => {
    last = target.elements.line?.value || last;
  });
  // What was typed while the last line was being sent goes on in the next.
  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    if (target.elements?.line !== line()) return;
    const { value } = line();
    more = value.startsWith(last) ? value.slice(last.length) : value;
  });
  document.addEventListener("htmx:load", () => {
    const text = more, end = line()?.value.length;
    more = "";
    if (text) write(text, end, end);
  });
  document.addEventListener("input", ({ target }) => {
    // What was shown is no longer what is written.
    if (target === line()) document.querySelectorAll("#reading [type=hidden]").forEach((each) => each.remove());
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target !== hints()) return;
    event.detail.parameters.word = word();
    if (!word()) offer(true), event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", ({ target }) => target === hints() && offer());
}
