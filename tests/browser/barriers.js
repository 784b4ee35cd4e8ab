// What barriers.py asks of a page beside axe, which stands before this in the page.

window.barriers = (() => {
  const FIELDS = "textarea, select, input:not([type=hidden], [type=radio], [type=checkbox])";
  const LANGUAGES = new Set(["en", "fr", "nl", "de"]);
  const REFERENCES = new Set(["id", "for", "aria-labelledby", "aria-describedby", "aria-controls"]);
  const WORDS = /^(aria-label|title|alt|placeholder|value|label|href|src|action|name|datetime|nonce|(data|hx)-.*)$/;
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

  // What axe's rules go by, colours and sizes apart: the elements, which of them are shown, and their attributes.
  // Of words and references it counts only whether there are any and which are the same, so that a page has the
  // same shape in another language, for another person or at another moment.
  function shape() {
    all("details").forEach((each) => { each.open = true; });
    const numbers = new Map();
    const sameness = (text) => {
      const plain = text.trim().replace(/\s+/g, " ").toLowerCase();
      if (plain && !numbers.has(plain)) numbers.set(plain, numbers.size);
      return plain ? numbers.get(plain) : "none";
    };
    const told = (node, { name, value }) => {
      if (name === "lang" && LANGUAGES.has(value)) return "lang";
      if (name === "aria-current" && node.closest(".languages") || name === "style" && !value) return "";
      if (REFERENCES.has(name)) return `${name}=${value.split(/\s+/).map((one) => sameness(`#${one}`))}`;
      return WORDS.test(name) ? `${name}=${sameness(value)}` : `${name}="${value}"`;
    };
    const parts = [];
    const visit = (node) => {
      if (node.nodeType === Node.TEXT_NODE && node.data.trim()) parts.push(sameness(node.data));
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const attributes = [...node.attributes].map((one) => told(node, one)).filter(Boolean).sort();
      const isShown = node.checkVisibility({ visibilityProperty: true });
      parts.push(`<${node.tagName} ${getComputedStyle(node).display} ${isShown} ${attributes}>`);
      if (!node.matches("script, style, symbol")) node.childNodes.forEach(visit);
      parts.push("</>");
    };
    visit(document.documentElement);
    return parts.join("\n");
  }

  async function look([rules, sizes]) {
    const { violations } = await axe.run(rules);
    return { violations, cutOff: cutOffInSizes(sizes) };
  }

  return { shape, look, colours, judge, cutOff };
})();
