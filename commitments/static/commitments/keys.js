// Keys, forms in place, and where the focus goes. Pages work without.
const all = (what) => [...document.querySelectorAll(what)];
const one = (what, where = document) => where?.querySelector(what);
const on = addEventListener;
const isField = (at) => at.matches("textarea,select,input:not([type=checkbox],[type=radio])");
const rowOf = (at) => at?.closest(".rows>li,tbody tr");
const inHand = () => rowOf(document.activeElement) ?? document.activeElement?.closest("[id]");
const place = () => one("#place");
const ASKS = "[autofocus],.errs,textarea,input:not([type=hidden]),select,button:not(.vh)";
let before = "", next = [];

// A control names its key: in the row with the focus, else on the page outside its rows.
const press = (name, where) => {
  const what = `[aria-keyshortcuts="${name}"]:not(.paste *)`;
  const found = one(what, where) ?? one(`main ${what}:not(.rows *,td *)`) ?? one(`header ${what}`);
  return found?.[isField(found) ? "focus" : "click"]() ?? !!found;
};
const step = (by) => {
  const links = all(".rows .ttl,td.main>a"), row = rowOf(document.activeElement);
  const at = links.findIndex((each) => rowOf(each) === row);
  links[Math.max(0, Math.min(at + by, links.length - 1))]?.focus();
};
const act = ({ key, target: at, ctrlKey, altKey, metaKey, isComposing }) => {
  if (key === "Escape" && isField(at)) return at.blur(), at.closest("dialog")?.focus();
  if (key === "Enter" && ctrlKey) return press("Control+Enter", at.form);
  if (ctrlKey || altKey || metaKey || isComposing || isField(at)) return false;
  if (document.body.dataset.keys) return false; // off
  const by = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[key];
  if (by && (!key[1] || at.matches(".ttl,.main a"))) return step(by);
  const name = before + (key[1] ? key : key.toUpperCase());
  before = name === "G" ? "G " : "";
  return press(name, rowOf(at) ?? at.closest("dialog"));
};
on("keydown", (event) => act(event) === false || event.preventDefault());

// A list is renewed around what holds the focus; what is ticked or unfolded stays so.
const renew = (list, fresh, held) => {
  for (const { id } of all(".renewed :is(:checked,[open])[id]"))
    Object.assign(one(`#${id}`, fresh) ?? {}, { checked: true, open: true });
  if (!list.contains(held)) return list.replaceChildren(...fresh.childNodes);
  let twin = one(`#${held.id}`, fresh)
    ?? (held.matches(".rows>li") && one(".rows", fresh)?.appendChild(held.cloneNode()));
  for (; twin && held !== list; held = held.parentNode, twin = twin.parentNode) {
    const kin = [...twin.parentNode.childNodes], at = kin.indexOf(twin);
    for (const each of [...held.parentNode.childNodes]) if (each !== held) each.remove();
    held.before(...kin.slice(0, at));
    held.after(...kin.slice(at + 1));
  }
};
on("htmx:beforeRequest", ({ target }) => {
  const rows = all("#day .rows>li"), at = rows.indexOf(rowOf(target));
  if (at >= 0) next = rows.slice(at + 1).map((each) => `#${each.id} .ttl`);
  if (target.matches(".renewed,#results")) target.ariaBusy = "true";
});
on("htmx:afterRequest", ({ target }) => { target.ariaBusy = null; });
on("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.contains(document.activeElement)) detail.shouldSwap = false;
});
on("htmx:beforeSwap", ({ detail }) => {
  const list = detail.target;
  if (!list.matches(".renewed")) return;
  const isDone = detail.requestConfig.elt !== list; // a verb's form was sent
  if (isDone) place().close();
  const page = new DOMParser().parseFromString(detail.serverResponse, "text/html");
  renew(list, one(`#${list.id}`, page), isDone ? null : inHand());
  htmx.process(list);
  if (isDone) one(next.find((each) => one(each)) ?? "#day h2").focus();
  detail.swapOverride = "none"; // but out of band
});
on("htmx:afterSwap", ({ detail }) => {
  if (detail.target !== place() || place().open) return;
  const { title } = document;
  place().showModal();
  one(ASKS, place())?.focus();
  place().onclose = () => { document.title = title; };
});
on("click", (event) => {
  if (event.target.closest("#place [aria-keyshortcuts=Escape]")) place().close(event.preventDefault());
});
on("toggle", ({ target: at }) => {
  if (!at.open || !at.matches(".copy")) return;
  const link = one("input", at);
  link.select();
  navigator.clipboard?.writeText(link.value).then(() => { one("output", at).hidden = false; });
}, true);
// What could not be fetched has a page of its own; what was not sent says so.
const lose = ({ target }) => {
  if (target.href) location = target.href;
  one("[data-lost][hidden]", target)?.toggleAttribute("hidden");
};
on("htmx:sendError", lose);
on("htmx:responseError", lose);
