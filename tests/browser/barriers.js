// What barriers.py asks of a page beside axe, which stands before this in the page.

window.barriers = (() => {
  const FIELDS = "textarea, select, input:not([type=hidden], [type=radio], [type=checkbox])";
  const SHOWS_NOTHING = "rgba(0, 0, 0, 0) none 1/";
  let textsByColour = new Map();

  const hasText = (element) => !element.matches("option, title, desc") &&
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  // What only a screen reader finds, or stands above the page until it has the focus, has no look to judge.
  const isShown = (element) => {
    const box = element.getBoundingClientRect();
    const isOnPage = Math.min(box.width, box.height) > 1 && box.bottom + scrollY > 0;
    return isOnPage && !element.closest(".visually-hidden") && element.checkVisibility();
  };
  const all = (selector) => [...document.body.querySelectorAll(selector)];

  // What an element lies on: the grounds of everything around it.
  function groundOf(element, known) {
    if (!element) return "";
    if (!known.has(element)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
      const own = `${backgroundColor} ${backgroundImage.slice(0, 40)} ${opacity}/`;
      known.set(element, (own === SHOWS_NOTHING ? "" : own) + groundOf(element.parentElement, known));
    }
    return known.get(element);
  }

  // All that decides how a text stands out: its colour and size, its ground and, of a link, the text around it.
  function coloursOf(element, known) {
    const { color, fontSize, fontWeight, textDecorationLine } = getComputedStyle(element);
    const around = element.matches("a") ? getComputedStyle(element.parentElement).color + textDecorationLine : "";
    return [color, fontSize, fontWeight, around, groundOf(element, known)].join(" ");
  }

  function colours() {
    const known = new Map();
    textsByColour = new Map();
    for (const element of all("*")) {
      if ((element.matches(FIELDS) || hasText(element)) && isShown(element)) {
        const key = coloursOf(element, known);
        textsByColour.set(key, [...(textsByColour.get(key) ?? []), element]);
      }
    }
    return [...textsByColour.keys()];
  }

  // Lets axe judge the texts of some colours, and tells which of them it has judged.
  async function judge([keys, options]) {
    const include = keys.flatMap((key) => textsByColour.get(key));
    const { violations, passes, incomplete } = await axe.run({ include }, { ...options, elementRef: true });
    const judged = new Set([...passes, ...incomplete].flatMap(({ nodes }) => nodes.map(({ element }) => element)));
    violations.forEach(({ nodes }) => nodes.forEach((node) => delete node.element));
    return { violations, judged: keys.filter((key) => textsByColour.get(key).some((one) => judged.has(one))) };
  }

  // What leaves the page sideways, or the box that would cut it off.
  function cutOff() {
    const { scrollWidth, clientWidth } = document.documentElement;
    const cuts = (each) => ["hidden", "clip"].includes(getComputedStyle(each).overflowX) && isShown(each);
    const leaves = (box, text) => {
      const { left, right } = text.getBoundingClientRect();
      return left < box.left - 1 || right > box.right + 1;
    };
    const cut = all("*").filter(cuts).flatMap((each) => {
      const box = each.getBoundingClientRect();
      return [each, ...each.querySelectorAll("*")].filter((one) => hasText(one) && leaves(box, one));
    });
    return [
      ...(scrollWidth > clientWidth ? [`the page has ${scrollWidth} pixels`] : []),
      ...cut.map((each) => `${each.tagName}.${each.getAttribute("class")}: ${each.textContent.trim().slice(0, 60)}`),
    ];
  }

  // The same with text of other sizes, and as it is.
  function cutOffInSizes(sizes) {
    return [...sizes, ""].flatMap((size) => {
      document.documentElement.style.fontSize = size;
      return cutOff().map((each) => `${size} ${each}`);
    });
  }

  // Where a width shows the same elements as the one before, only some rules can find something else.
  async function look([nShownBefore, everyRule, rulesOfWidth, sizes]) {
    all("details").forEach((each) => { each.open = true; });
    const nShown = all("*").filter((each) => each.checkVisibility()).length;
    const { violations } = await axe.run(nShown === nShownBefore ? rulesOfWidth : everyRule);
    return { nShown, violations, cutOff: cutOffInSizes(sizes) };
  }

  return { look, colours, judge, cutOff };
})();
