// Keys, forms in place, and where the focus goes. Pages work without.
const all = (what) => [...document.querySelectorAll(what)];
const one = (what, where = document) => where?.querySelector(what);
const on = addEventListener;
const isField = (at) => at.matches("textarea,select,input:not([type=checkbox],[type=radio])");
const rowOf = (at) => at?.closest(".rows>li,tbody tr");
const inHand = () => rowOf(document.activeElement) ?? document.activeElement?.closest("[id]");
const place = () => one("#place");
const ASKS = "[autofocus],.errs,textarea,input:not([type=hidden],[type=radio]),fieldset:not(:has(:checked)) input,select:not([name=text])";
const sent = new Map();
let before = "", next = [], held;

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

// A form goes out once. Where that takes more than a moment, the button that was pressed says so.
const free = (form) => {
  clearTimeout(sent.get(form));
  sent.delete(form);
  one("button[aria-busy]", form)?.removeAttribute("aria-busy");
};
on("submit", (event) => {
  const { target: form, submitter } = event;
  if (sent.has(form)) return event.preventDefault(event.stopImmediatePropagation());
  if (form.method !== "post") return;
  overtake(event);
  const button = submitter?.matches(":not(.vh)") ? submitter : one("button:not(.vh)", form);
  sent.set(form, setTimeout(() => button?.setAttribute("aria-busy", true), 300));
  setTimeout(free, 2e4, form); // the browser may have been stopped
}, true);
on("pageshow", () => sent.forEach((_, form) => free(form)));

// Of the answers to what is being written only the newest is shown. What is pressed or holds the
// focus is not replaced: it is asked for again once it is let go.
const overtake = ({ target: at }) => {
  for (const each of (at.form ?? at).querySelectorAll("[hx-trigger*=input]")) htmx.trigger(each, "htmx:abort");
};
const isHeld = ({ target: at }) => one(at.matches(".renewed") ? ":active" : ":active,:focus", at);
const letGo = () => setTimeout(() => {
  if (!held || isHeld(held)) return;
  htmx.trigger(held.requestConfig.elt, "again");
  held = 0;
});
on("input", overtake);
for (const each of ["pointerup", "keyup", "focusout"]) on(each, letGo);
on("htmx:beforeRequest", ({ target }) => {
  const rows = all("#day .rows>li"), at = rows.indexOf(rowOf(target));
  if (at >= 0) next = rows.slice(at + 1).map((each) => `#${each.id} .ttl`);
  if (target.matches(".renewed,#results")) target.ariaBusy = "true";
  if (target.matches("a")) sent.set(target, setTimeout(() => { target.ariaBusy = "true"; }, 300));
});
on("htmx:afterRequest", ({ target }) => {
  target.ariaBusy = null;
  free(target);
});
on("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.contains(document.activeElement)) detail.shouldSwap = false;
});
on("htmx:beforeSwap", ({ detail }) => {
  const list = detail.target, { elt } = detail.requestConfig;
  if (elt.matches("[hx-trigger*=again]") && isHeld(detail)) {
    held = detail;
    return detail.shouldSwap = false;
  }
  if (!list.matches(".renewed")) return;
  const isDone = elt !== list; // a verb's form was sent
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
  (one(ASKS, place()) ?? one("button:not(.vh)", place()))?.focus();
  place().onclose = () => { document.title = title; };
});
on("click", (event) => {
  const { target: at } = event;
  if (at.closest("#place [aria-keyshortcuts=Escape]")) place().close(event.preventDefault());
  if (!at.closest(".shut")) return;
  at.closest(".undo").remove();
  one("#main")?.focus();
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
