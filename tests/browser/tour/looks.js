/* What a page is asked during the tour. Each answers a list of what is wrong. */
window.tour = {
  name: (each) => each.outerHTML.replace(/\s+/g, " ").slice(0, 110),
  seen: (each) => each.checkVisibility({ visibilityProperty: true }),

  unfold() {
    document.querySelectorAll("details").forEach((each) => (each.open = true));
  },
  fold() {
    document.querySelectorAll("details").forEach((each) => (each.open = false));
  },
  wear(...rules) {
    const worn = new CSSStyleSheet();
    worn.replaceSync(rules.join(" "));
    document.adoptedStyleSheets = [worn];
  },
  undress() {
    document.adoptedStyleSheets = [];
  },
  /* Open menus push away what they would cover, which has its size and its colours nevertheless. */
  layMenusApart() {
    tour.wear(".menu > .sheet { position: static !important }");
  },
  raiseTextSpacing() {
    tour.wear(
      "* { line-height: 1.5 !important; letter-spacing: .12em !important;",
      "word-spacing: .16em !important } p { margin-bottom: 2em !important }",
    );
  },
  wide() {
    const page = document.documentElement;
    if (page.scrollWidth <= innerWidth) return [];
    const most = [...document.querySelectorAll("body *")]
      .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && tour.seen(each));
    return [`${page.scrollWidth} px: ${most.slice(-1).map(tour.name)}`];
  },
  wideHoweverSpaced() {
    const found = tour.wide();
    tour.raiseTextSpacing();
    found.push(...tour.wide());
    tour.undress();
    return found;
  },
  small() {
    const inSentence = "p, .said, .letter-text, .skip, td, dd, pre, label, .crumb, li:not(.rows > li, nav li)";
    return [...document.querySelectorAll("a, button, summary, input, select, textarea")]
      .filter((each) => tour.seen(each) && each.type !== "hidden")
      .filter((each) => each.tagName !== "A" || !each.closest(inSentence))
      .map((each) => [each, (each.closest("label") || each).getBoundingClientRect()])
      .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
      .map(([each, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${tour.name(each)}`);
  },
  stops() {
    const what = "a[href], button, summary, input:not([type=hidden]), select, textarea, [tabindex]";
    return [...document.querySelectorAll(what)].filter(
      (each) => each.tabIndex >= 0 && !each.disabled && tour.seen(each),
    );
  },
  unseenFocus() {
    const bar = document.querySelector(".top");
    const wrong = [];
    for (const each of tour.stops()) {
      each.focus();
      if (document.activeElement !== each) continue;
      const shown = each.matches(".seg input, .rate input, .yn input") ? each.closest("label") : each;
      const outline = getComputedStyle(shown).outlineWidth;
      if (outline !== "3px") wrong.push(`${outline}: ${tour.name(each)}`);
      const under = bar && !each.closest(".top, .skip") &&
        each.getBoundingClientRect().bottom <= bar.getBoundingClientRect().bottom;
      if (under) wrong.push(`under the bar: ${tour.name(each)}`);
    }
    return wrong;
  },
  outOfOrder() {
    const stops = tour.stops().filter((each) => !each.closest(".skip"));
    const boxes = stops.map((each) => each.getBoundingClientRect());
    const ahead = stops.filter((each) => each.tabIndex > 0).map(tour.name);
    const back = stops.filter((each, at) => {
      if (!at) return false;
      const [here, before] = [boxes[at], boxes[at - 1]];
      return here.bottom <= before.top && here.left < before.right;
    });
    return [...ahead, ...back.map((each) => `goes back up: ${tour.name(each)}`)];
  },
  /* Each way a state is shown: its icon and its word, if both can be seen. */
  states() {
    const size = (each) => each.getBoundingClientRect();
    return [...document.querySelectorAll(".st")].filter(tour.seen).map((each) => {
      const icon = each.querySelector("svg");
      const drawn = icon && size(icon).width > 6 && getComputedStyle(icon).stroke !== "none";
      return [drawn ? icon.innerHTML : "", each.innerText.trim()];
    });
  },
};
