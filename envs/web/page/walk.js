// Reads the elements that show: one walk through frames of the same origin and open shadow roots.
// Boxes are cut by what clips them (overflow, the frame's edge), never by the viewport.

const SKIP = new Set(["base", "head", "link", "meta", "noscript", "script", "style", "template", "title", "source", "track", "param"]);
const LEAVES = new Set(["svg", "canvas", "img", "video", "audio", "input", "textarea", "meter", "progress", "object", "embed"]);
const CONTAINS_FIXED = /transform|perspective|filter/;
const REACH = { picker: [320, 420], complaint: [340, 110] };
const ids = new WeakMap();
let next = 0;
let prefix = "";
let opaque = new Map();

function idOf(node) {
  let id = ids.get(node);
  if (id === undefined) { next += 1; id = `${prefix}.${next}`; ids.set(node, id); }
  return id;
}

const cut = (a, b) => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
const shows = (r) => r[2] - r[0] >= 1 && r[3] - r[1] >= 1;

function isClippedAway(style) {
  if (style.clip !== "auto" && /^(absolute|fixed)$/.test(style.position)) {
    const sides = style.clip.match(/-?[\d.]+/g)?.map(Number) ?? [];
    if (sides.length === 4 && (sides[1] - sides[3] < 2 || sides[2] - sides[0] < 2)) return true;
  }
  return /^inset\((50%|100%)/.test(style.clipPath) || style.clipPath === "circle(0px)";
}

function deepest(doc, x, y) {
  // The element on top at a point of `doc`'s viewport, through shadow roots and reachable frames.
  let root = doc;
  let found = null;
  for (let depth = 0; depth < 64; depth += 1) {
    const el = root.elementFromPoint(x, y);
    if (!el || el === found) return found;
    found = el;
    const inner = el.localName === "iframe" || el.localName === "frame" ? reachable(el) : null;
    if (inner) {
      const rect = el.getBoundingClientRect();
      const [left, top] = inset(el, el.ownerDocument.defaultView.getComputedStyle(el));
      x -= rect.left + left; y -= rect.top + top;
      root = inner;
    } else if (el.shadowRoot) root = el.shadowRoot;
    else return found;
  }
  return found;
}

function inset(el, style) {
  return [el.clientLeft + parseFloat(style.paddingLeft || 0), el.clientTop + parseFloat(style.paddingTop || 0)];
}

function reachable(frame) {
  try { return frame.contentDocument; } catch { return null; }
}

function flatParent(node) {
  if (node.assignedSlot) return node.assignedSlot;
  const parent = node.parentNode;
  if (parent?.nodeType === 11 && parent.host) return parent.host;
  if (parent?.nodeType !== 9) return parent;
  try { return parent.defaultView?.frameElement ?? null; } catch { return null; }
}

function holds(ancestor, node) {
  for (let at = node, depth = 0; at && depth < 1024; at = flatParent(at), depth += 1) if (at === ancestor) return true;
  return false;
}

class Walk {
  constructor(options) {
    Object.assign(this, options);
    this.out = []; this.frames = []; this.popups = []; this.visited = 0; this.truncated = false;
    this.until = performance.now() + this.budgetMs;
    this.view = [this.dx, this.dy, this.dx + innerWidth, this.dy + innerHeight];
    if (this.clip) this.view = cut(this.view, this.clip);
    opaque = new Map();
  }

  run() {
    const scale = devicePixelRatio;
    const root = document.documentElement;
    if (root) {
      const frame = { dx: this.dx, dy: this.dy, view: this.view, win: window };
      const at = { parent: this.parent, clip: this.view, abs: this.view, fixed: this.view, depth: 0, opacity: 1, pointer: false };
      this.document(document, frame, at);
    }
    const popups = this.popups.map(({ region }) => this.px(region));
    this.cover();
    return { prefix, url: location.href, title: tidy(document.title, this.most), scale, focus: document.hasFocus(),
      truncated: this.truncated, visited: this.visited, ox: this.dx, oy: this.dy, elements: this.out, frames: this.frames, popups };
  }

  document(doc, frame, at) {
    const root = doc.documentElement;
    if (!root) return;
    const id = idOf(doc);
    const box = frame.view;
    const scroller = doc.scrollingElement ?? root;
    const states = ["visible", "showing", "enabled"];
    if (scroller.scrollHeight > scroller.clientHeight + 1) states.push("scrollable");
    this.push([id, at.parent, "document", tidy(doc.title, this.most), doc.title ? "title" : "", "", this.px(box),
      states, states.length > 3 ? ["scroll"] : [], "", shows(box) ? true : null]);
    this.visit(root, frame, { ...at, parent: id });
  }

  popup(el, style, box, id) {
    // The browser draws pickers, lists and complaints of its own over the page, and tells nobody
    // where. What lies within their reach cannot be vouched for.
    const tag = el.localName;
    if (tag !== "input" && tag !== "select" && tag !== "textarea") return;
    const picks = tag !== "textarea" && el.matches(":open") && style.appearance !== "base-select";
    const complains = isFocused(el) && el.willValidate && !el.form?.noValidate && el.matches(":user-invalid");
    if (!picks && !complains) return;
    const [across, down] = picks ? REACH.picker : REACH.complaint;
    this.popups.push({ id, region: [box[0] - across, box[1] - down, box[2] + across, box[3] + down] });
  }

  cover() {
    for (const { id, region } of this.popups) {
      const [l, t, r, b] = this.px(region);
      for (const row of this.out) {
        const [x1, y1, x2, y2] = row[6];
        if (row[10] !== true || row[0] === id || x2 <= l || x1 >= r || y2 <= t || y1 >= b) continue;
        const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
        const small = (x2 - x1) * (y2 - y1) < (r - l) * (b - t);
        if (small || (x > l && x < r && y > t && y < b)) row[10] = false;
      }
    }
  }

  px(rect) {
    return rect.map((v) => Math.round(v * devicePixelRatio));
  }

  push(row) {
    if (this.out.length >= this.maxNodes) this.truncated = true;
    else this.out.push(row);
  }

  spent() {
    if (this.truncated) return true;
    this.visited += 1;
    const late = (this.visited & 127) === 0 && performance.now() > this.until;
    if (late || this.visited > this.maxVisited) this.truncated = true;
    return this.truncated;
  }

  visit(el, frame, at) {
    if (this.spent() || at.depth > this.maxDepth || SKIP.has(el.localName)) return;
    const style = frame.win.getComputedStyle(el);
    if (style.display === "none" || isClippedAway(style)) return;
    if (style.display !== "contents" && !el.checkVisibility()) return;
    const top = el.matches(":modal, :popover-open");
    const opacity = (top ? 1 : at.opacity) * parseFloat(style.opacity);
    if (opacity < 0.05 || el.getAttribute("aria-hidden") === "true") return;
    const clip = this.clipFor(style, frame, at, top);
    const rect = this.rectOf(el, frame, style);
    const inside = this.inner(el, rect, clip, style);
    const pointer = style.cursor === "pointer";
    const known = style.visibility === "visible" && rect !== null && shows(cut(cut(rect, clip), this.view));
    const id = known ? this.element(el, frame, at, cut(rect, clip), style, pointer, clip, rect) : null;
    if (!shows(inside) && style.display !== "contents") return;
    const positioned = style.position !== "static";
    const traps = (style.transform !== "none" || CONTAINS_FIXED.test(style.willChange) || style.filter !== "none");
    this.children(el, frame, { parent: id ?? at.parent, clip: inside, abs: positioned || traps ? inside : top ? this.view : at.abs,
      fixed: traps ? inside : at.fixed, depth: at.depth + 1, opacity, pointer, visible: style.visibility === "visible" });
  }

  clipFor(style, frame, at, top) {
    if (top) return frame.view;
    if (style.position === "fixed") return at.fixed;
    return style.position === "absolute" ? at.abs : at.clip;
  }

  rectOf(el, frame, style) {
    if (style.display === "contents") return null;
    const r = el.getBoundingClientRect();
    return [r.left + frame.dx, r.top + frame.dy, r.right + frame.dx, r.bottom + frame.dy];
  }

  inner(el, rect, clip, style) {
    // What the element's content may show in: the clip, cut by its padding box where it overflows hidden.
    if (rect === null || el === el.ownerDocument.documentElement || el === el.ownerDocument.body) return clip;
    if (style.overflowX === "visible" && style.overflowY === "visible") return clip;
    if (style.display === "inline") return clip;
    const left = rect[0] + el.clientLeft;
    const top = rect[1] + el.clientTop;
    return cut(clip, [left, top, left + el.clientWidth, top + el.clientHeight]);
  }

  element(el, frame, at, box, style, pointer, clip, rect) {
    const role = roleOf(el);
    const focusable = el.tabIndex >= 0 && !el.matches(":disabled");
    const clickable = (pointer && !at.pointer) || (focusable && el.hasAttribute("tabindex")) || el.hasAttribute("onclick");
    const quiet = role === "" || NONE.has(role);
    if (quiet && !(clickable && el !== el.ownerDocument.body)) return null;
    const shown = quiet ? "generic" : role;
    const [name, source] = nameOf(el, quiet && clickable ? "button" : role, this.most);
    const states = statesOf(el, shown, style, focusable);
    if (rect.some((v, i) => Math.abs(v - box[i]) > 0.5)) states.push("clipped");
    const id = idOf(el);
    this.popup(el, style, box, id);
    this.push([id, at.parent, shown, name, source, descriptionOf(el, source, this.most), this.px(box), states,
      actionsOf(el, shown, clickable, states), valueOf(el, shown, this.most),
      style.pointerEvents === "none" ? null : this.hit(el, box)]);
    return id;
  }

  hit(el, box) {
    const [l, t, r, b] = cut(box, this.view);
    const on = deepest(document, (l + r) / 2 - this.dx, (t + b) / 2 - this.dy);
    return on !== null && holds(el, on);
  }

  children(el, frame, at) {
    if (el.localName === "iframe" || el.localName === "frame") { this.frame(el, frame, at); return; }
    if (LEAVES.has(el.localName)) return;
    if (el.localName === "select" && !el.matches(":open") && !el.multiple && el.size <= 1) return;
    const folded = el.localName === "details" && !el.open;
    for (const node of flatChildren(el)) {
      if (this.truncated) return;
      if (folded && node.localName !== "summary") continue;
      if (node.nodeType === 1) this.visit(node, frame, at);
      else if (node.nodeType === 3 && at.visible) this.text(node, frame, at);
    }
  }

  text(node, frame, at) {
    if (!/\S/.test(node.data) || this.spent()) return;
    const range = node.ownerDocument.createRange();
    range.selectNodeContents(node);
    const r = range.getBoundingClientRect();
    const whole = [r.left + frame.dx, r.top + frame.dy, r.right + frame.dx, r.bottom + frame.dy];
    const box = cut(whole, at.clip);
    const view = cut(box, this.view);
    if (!shows(view)) return;
    const on = deepest(document, (view[0] + view[2]) / 2 - this.dx, (view[1] + view[3]) / 2 - this.dy);
    const states = ["visible", "showing", "enabled"];
    if (whole.some((v, i) => Math.abs(v - box[i]) > 0.5)) states.push("clipped");
    this.push([idOf(node), at.parent, "text", tidy(node.data, this.most), "text", "", this.px(box), states, [], "",
      on !== null && on === flatParent(node)]);
  }

  frame(el, frame, at) {
    const style = frame.win.getComputedStyle(el);
    const rect = el.getBoundingClientRect();
    const [left, top] = inset(el, style);
    const dx = rect.left + frame.dx + left;
    const dy = rect.top + frame.dy + top;
    const view = cut(at.clip, [dx, dy, dx + el.clientWidth, dy + el.clientHeight]);
    if (!shows(cut(view, this.view))) return;
    const doc = reachable(el);
    if (doc?.defaultView) {
      const inner = { dx, dy, view, win: doc.defaultView };
      this.document(doc, inner, { ...at, clip: view, abs: view, fixed: view, pointer: false });
    } else if (this.frames.length < this.maxFrames) {
      opaque.set(at.parent, el);
      this.frames.push([at.parent, dx, dy, view]);
    }
  }
}

function textAt(el, x, y) {
  // The text node of `el` drawn at a point of its own document's viewport, else null.
  for (const node of el.childNodes) {
    if (node.nodeType !== 3 || !/\S/.test(node.data)) continue;
    const range = el.ownerDocument.createRange();
    range.selectNodeContents(node);
    for (const r of range.getClientRects()) if (x >= r.left && x < r.right && y >= r.top && y < r.bottom) return node;
  }
  return null;
}

function local(el, x, y) {
  // A point of the top document as one of the document that `el` is in.
  const chain = [];
  for (let win = el.ownerDocument.defaultView; win && win !== window; win = win.parent) chain.unshift(win.frameElement);
  for (const owner of chain) {
    const rect = owner.getBoundingClientRect();
    const [left, top] = inset(owner, owner.ownerDocument.defaultView.getComputedStyle(owner));
    x -= rect.left + left; y -= rect.top + top;
  }
  return [x, y];
}

globalThis.trawlReader = {
  read(options) {
    if (!prefix) prefix = options.prefix;
    return JSON.stringify(new Walk(options).run());
  },
  chain(x, y) {
    // Ids of what is on top at a point, innermost first; nodes never read have none and are left out.
    const el = deepest(document, x, y);
    if (!el) return "[]";
    const node = textAt(el, ...local(el, x, y));
    const found = [];
    for (let at = node ?? el, depth = 0; at && depth < 1024; at = at.nodeType === 3 ? el : flatParent(at), depth += 1) {
      const id = ids.get(at) ?? null;
      if (id) found.push(id);
    }
    const own = ids.get(document);
    if (own) found.push(own);
    return JSON.stringify(found);
  },
  frame(id) { return opaque.get(id) ?? null; },
  uncovered(id, points) {
    const el = opaque.get(id);
    return JSON.stringify(points.map(([x, y]) => el !== undefined && deepest(document, x, y) === el));
  },
  target(x, y) {
    // What pressing a point would give a file or a choice to: its kind and the values it offers.
    const el = deepest(document, x, y);
    if (!el) return "null";
    for (let at = el, depth = 0; at && depth < 8; at = flatParent(at), depth += 1) {
      const control = at.localName === "label" ? at.control : at;
      if (control?.localName === "input" && control.type === "file") return JSON.stringify({ kind: "file", disabled: control.disabled });
      if (control?.localName === "select") {
        const options = Array.from(control.options, (o) => [o.value, o.text, o.disabled]).slice(0, 2000);
        return JSON.stringify({ kind: "select", disabled: control.disabled, options });
      }
    }
    return JSON.stringify({ kind: el.localName.slice(0, 64), disabled: false });
  },
  targetElement(x, y) {
    const el = deepest(document, x, y);
    for (let at = el, depth = 0; at && depth < 8; at = flatParent(at), depth += 1) {
      const control = at.localName === "label" ? at.control : at;
      if (control?.localName === "select" || (control?.localName === "input" && control.type === "file")) return control;
    }
    return null;
  },
};
