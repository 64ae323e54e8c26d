/*
 * What is in each other's way on a page, as sentences: texts that overlap, texts that cross the edge of a box or leave
 * their picture, elements that stick out of the window. One expression, evaluated inside the page; plain JavaScript,
 * because it has to be a text there.
 */
(function collisionsOnPage() {
  /** Pixels by which boxes of text may touch: they are taller than what is drawn. */
  const slack = 2.5;
  const sentences = [];

  function isSeen(element) {
    if (element.getClientRects().length === 0) return false;
    for (let node = element; node; node = node.parentElement) {
      const { visibility, opacity, display } = getComputedStyle(node);
      if (visibility === 'hidden' || display === 'none' || Number(opacity) === 0) return false;
    }
    return true;
  }

  const overlap = (a, b, by) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > by &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > by;

  const isWithin = (inner, outer) =>
    inner.left >= outer.left &&
    inner.right <= outer.right &&
    inner.top >= outer.top &&
    inner.bottom <= outer.bottom;

  const seen = (selector) =>
    [...document.querySelectorAll(selector)].filter(isSeen).map((element) => ({
      name: `${element.tagName.toLowerCase()} "${(element.textContent ?? '').trim().slice(0, 40)}"`,
      rect: element.getBoundingClientRect(),
      element,
    }));

  function among(things) {
    for (const [index, one] of things.entries())
      for (const other of things.slice(index + 1))
        if (!one.element.contains(other.element) && overlap(one.rect, other.rect, slack))
          sentences.push(`${one.name} overlaps ${other.name}`);
  }

  const texts = seen('svg text');
  const boxes = seen('rect.hp-box, rect.hp-idle, rect.hp-router');
  among(texts);
  for (const { name, rect, element } of texts) {
    const picture = element.closest('svg');
    if (!isWithin(rect, picture.getBoundingClientRect())) sentences.push(`${name} leaves its picture`);
    // A number sits on its arrow, which begins at a box.
    if (element.closest('g.hp-number')) continue;
    for (const box of boxes)
      if (picture.contains(box.element) && overlap(rect, box.rect, 1) && !isWithin(rect, box.rect))
        sentences.push(`${name} crosses the edge of a box`);
  }
  among(seen('h1, h2, main p, nav button, .stage, .controls button, #place, dt, dd'));
  for (const { name, rect } of seen('body *'))
    if (rect.right > innerWidth + 0.5 || rect.left < -0.5) sentences.push(`${name} sticks out of the window`);
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth)
    sentences.push(`the page is ${scrollWidth} wide in a window of ${clientWidth}`);
  return sentences;
})();
