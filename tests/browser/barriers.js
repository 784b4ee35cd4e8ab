// What barriers.py asks of a page beside axe, which comes to the page only where it is needed.

window.barriers ??= (() => {
  const FIELDS = "textarea, select, input:not([type=hidden], [type=radio], [type=checkbox])";
  const WIDGETS = 'a[href], button, summary, select, textarea, input:not([type=hidden]), [tabindex="0"][role]:not([role=region])';
  const TARGET_PIXELS = 24;
  const LANGUAGES = new Set(["en", "fr", "nl", "de"]);
  const REFERENCES = new Set(["id", "for", "aria-labelledby", "aria-describedby", "aria-controls"]);
  const NAMES = ["aria-label", "title", "alt", "placeholder", "label"];
  const VALUES = /^(value|href|src|action|name|datetime|nonce|(data|hx)-.*)$/;
  const MOMENTS = [":checked", ":focus", ":target"];
  const SHOWS_NOTHING = "rgba(0, 0, 0, 0) none 1/";
  let textsByColour = new Map();

  const hasWords = (node) => node?.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
  const hasText = (element) => !element.matches("option, title, desc") && [...element.childNodes].some(hasWords);
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
    write("");
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

  // Whether axe has to look at how large, and how far from each other, the things to touch are, or at a region that
  // scrolls: where this is false, its rules of width find nothing. A target in a sentence may be as low as its line.
  function isTight() {
    const isReached = (one) => one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true });
    const targets = all(`${WIDGETS}, [tabindex]`).filter(isReached);
    const boxes = targets.map((one) => [one, one.getBoundingClientRect()]);
    const isInSentence = (one) => getComputedStyle(one).display === "inline" &&
      (hasWords(one.previousSibling) || hasWords(one.nextSibling));
    const isAround = (other, one) => other.contains(one) && (other === one || !other.matches(WIDGETS));
    const isSmall = ({ width, height }) => Math.min(width, height) < TARGET_PIXELS;
    const squareAround = ({ left, right, top, bottom }, pixels) => {
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      return { left: x - pixels, right: x + pixels, top: y - pixels, bottom: y + pixels };
    };
    const meet = (one, other) => one.left < other.right && other.left < one.right &&
      one.top < other.bottom && other.top < one.bottom;
    const isNear = (box, other) => meet(squareAround(box, TARGET_PIXELS / 2), other) ||
      isSmall(box) && isSmall(other) && meet(squareAround(box, TARGET_PIXELS), squareAround(other, 0));
    const isCrowded = ([one, box]) => one.matches(WIDGETS) && !isInSentence(one) &&
      boxes.some(([other, itsBox]) => !isAround(other, one) && isNear(box, itsBox));
    const isOutOfReach = (one) => /auto|scroll/.test(getComputedStyle(one).overflow) && one.tabIndex < 0 &&
      (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight);
    return boxes.some(isCrowded) || all("*").some(isOutOfReach);
  }

  // How an element is laid out, as far as axe's rules go by it.
  function layoutOf(element) {
    const { display } = getComputedStyle(element);
    return display.replace(/^(flex|grid|list-item)$/, "block").replace(/^inline-(flex|grid)$/, "inline-block");
  }

  // What axe's rules go by, sizes apart: the elements, which of them are shown, and their attributes. Of words and
  // references it counts only whether there are any and which names are the same, so that a page has the same
  // shape in another language, for another person or at another moment.
  function shape() {
    all("details").forEach((each) => { each.open = true; });
    const numbers = new Map();
    const plain = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();
    const sameness = (text) => {
      if (text && !numbers.has(text)) numbers.set(text, numbers.size);
      return text ? numbers.get(text) : "none";
    };
    const reference = (value) => value.split(/\s+/).map((one) => sameness(`#${one}`));
    const names = new Set(
      all(NAMES.map((name) => `[${name}]`)).flatMap((each) => NAMES.map((name) => plain(each.getAttribute(name) ?? ""))),
    );
    const words = (text) => (names.has(plain(text)) ? sameness(plain(text)) : "words");
    const told = (node, { name, value }) => {
      if (name === "lang" && LANGUAGES.has(value)) return "lang";
      if (name === "aria-current" && node.closest(".languages") || name === "style" && !value) return "";
      if (name === "href" && value.startsWith("#")) return `href=${reference(value.slice(1))}`;
      if (REFERENCES.has(name)) return `${name}=${reference(value)}`;
      if (NAMES.includes(name) || node.matches("input[type=submit], input[type=button]") && name === "value") {
        return `${name}=${sameness(plain(value))}`;
      }
      return VALUES.test(name) && !node.matches("link") ? `${name}=${value !== ""}` : `${name}="${value}"`;
    };
    const parts = [];
    const visit = (node) => {
      if (hasWords(node)) parts.push(words(node.data));
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const attributes = [...node.attributes].map((one) => told(node, one)).filter(Boolean).sort();
      const isShown = node.checkVisibility({ visibilityProperty: true });
      const moments = MOMENTS.filter((moment) => node.matches(moment));
      parts.push(`<${node.tagName} ${layoutOf(node)} ${isShown} ${moments} ${attributes}>`);
      if (node.matches("style")) parts.push(node.textContent);
      if (!node.matches("script, style, symbol")) node.childNodes.forEach(visit);
      parts.push("</>");
    };
    visit(document.documentElement);
    return parts.join("\n");
  }

  function write(size) {
    document.documentElement.style.fontSize = size;
  }

  // Looks at the page with its text in one size after the other, one of which is its own, "".
  function look(sizes) {
    const found = { cutOff: [] };
    for (const size of sizes) {
      write(size);
      if (!size) Object.assign(found, { shape: shape(), isTight: isTight() });
      found.cutOff.push(...cutOff().map((each) => `${size} ${each}`));
    }
    return found;
  }

  function ask(options) {
    write("");
    return axe.run(options);
  }

  return { shape, look, ask, colours, judge, cutOff };
})();
