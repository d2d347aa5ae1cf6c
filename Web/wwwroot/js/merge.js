// Makes one tree of elements like another, and keeps the elements that are in both: so what has the focus keeps it, what
// is scrolled, chosen, typed or unfolded stays so, and a screen reader goes on where it reads. An element of the one is
// that of the other with the same id or data-key under the same parent; one without either is the next of its kind.

export function merge(old, fresh) {
  mergeAttributes(old, fresh);
  const chosen = old.value;
  const wanted = new Set([...fresh.children].map(key).filter(Boolean));
  const present = new Map([...old.children].filter(key).map(child => [key(child), child]));
  let next = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const same = key(child) ? present.get(key(child)) : nextLike(child, next, wanted);
    present.delete(key(child));
    if (!same || same.nodeName !== child.nodeName) {
      old.insertBefore(child, next);
      continue;
    }

    while (next !== same && !wanted.has(key(next))) next = remove(next);
    if (next === same) next = next.nextSibling;
    else move(old, same, next);
    if (same.nodeType === Node.ELEMENT_NODE) merge(same, child);
    else if (same.data !== child.data) same.data = child.data;
  }

  while (next) next = remove(next);
  if (old.localName === "select" && [...old.options].some(option => option.value === chosen)) old.value = chosen;
}

export function mergeAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    // What a person has unfolded or folded is theirs.
    if (!fresh.hasAttribute(name) && !(name === "open" && old.localName === "details")) old.removeAttribute(name);
  }

  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

const key = node => node.id || node.dataset?.key;

// Not past an element that is still to come, and text only in its place.
function nextLike(child, next, wanted) {
  if (child.nodeType !== Node.ELEMENT_NODE) return next?.nodeName === child.nodeName ? next : null;
  for (let other = next; other && !wanted.has(key(other)); other = other.nextSibling) {
    if (other.nodeName === child.nodeName && !key(other)) return other;
  }

  return null;
}

function remove(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

// The newer way keeps the focus.
function move(parent, node, before) {
  if (parent.moveBefore) parent.moveBefore(node, before);
  else parent.insertBefore(node, before);
}
