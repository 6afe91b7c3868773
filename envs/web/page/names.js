// What an element is called and where that came from: accname-1.2's main rules.
// A password's value is never read, here or anywhere.

const FROM_CONTENT = new Set([
  "button", "caption", "cell", "checkbox", "code", "columnheader", "disclosure", "gridcell",
  "heading", "legend", "link", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "radio",
  "row", "rowheader", "switch", "tab", "term", "time", "tooltip", "treeitem", "alert", "status",
]);
const VALUED = new Set(["textbox", "searchbox", "combobox", "spinbutton", "slider", "date"]);
const NESTED = new Set(["group", "menu", "tree"]);  // what an item opens is not what it is called
const INLINE = new Set(["inline", "inline-block", "contents", "inline-flex", "ruby"]);
const protectedFields = new WeakSet();

function isProtected(el) {
  if (el.localName !== "input") return false;
  const completes = (el.getAttribute("autocomplete") ?? "").toLowerCase();
  if (el.type === "password" || completes.includes("password")) protectedFields.add(el);
  return protectedFields.has(el);
}

function tidy(text, most) {
  const short = text.length > most * 4 ? text.slice(0, most * 4) : text;
  return short.replace(/[\s\u00a0]+/g, " ").trim().slice(0, most);
}

function referenced(el, attribute) {
  const root = el.getRootNode();
  const ids = (el.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean).slice(0, 16);
  return ids.map((id) => root.getElementById?.(id)).filter(Boolean);
}

function flatChildren(node) {
  if (node.shadowRoot) return node.shadowRoot.childNodes;
  if (node.localName === "slot") {
    const given = node.assignedNodes();
    if (given.length) return given;
  }
  return node.childNodes;
}

class Text {
  // Collects the text of a subtree, bounded in characters and in nodes.
  constructor(most) {
    this.most = most; this.parts = []; this.length = 0; this.left = 3000; this.called = false;
  }
  add(text) { this.parts.push(text); this.length += text.length; }
  full() { return this.length > this.most * 2 || this.left <= 0; }
  take(node, asked) {
    if (this.full()) return;
    this.left -= 1;
    if (node.nodeType === 3) { this.add(node.data.slice(0, this.most * 2)); return; }
    if (node.nodeType !== 1 || SKIP.has(node.localName)) return;
    if (!asked && node.getAttribute("aria-hidden") === "true") return;
    if (!asked && NESTED.has(node.getAttribute("role"))) return;
    const style = node.ownerDocument.defaultView?.getComputedStyle(node);
    if (!asked && style && (style.display === "none" || style.visibility === "hidden")) return;
    const own = ownText(node, this.most);
    const block = style && !INLINE.has(style.display);
    if (block || node.localName === "br") this.add(" ");
    if (own !== null) { this.called ||= /\S/.test(own); this.add(own); }
    else for (const child of flatChildren(node)) this.take(child, false);
    if (block) this.add(" ");
  }
  result() { return tidy(this.parts.join(""), this.most); }
}

// The name of an element inside another's name, where it is not its content; null where it is.
function ownText(el, most) {
  const label = el.getAttribute("aria-label");
  if (label && label.trim()) return ` ${label} `;
  const tag = el.localName;
  if (tag === "img" || tag === "area") return el.getAttribute("alt") ?? "";
  if (tag === "svg") return svgTitle(el);
  if (tag === "input" || tag === "textarea") return isProtected(el) ? "" : String(el.value).slice(0, most);
  if (tag === "select") return el.selectedOptions[0]?.text ?? "";
  if (tag === "iframe" || tag === "canvas" || tag === "video") return "";
  return null;
}

function svgTitle(svg) {
  for (const child of svg.children) if (child.localName === "title") return child.textContent ?? "";
  return "";
}

function textOf(el, most, asked = true) {
  if (el.nodeType === 1 && asked) {
    const own = ownText(el, most);
    if (own !== null) return tidy(own, most);
  }
  return contentOf(el, most).result();
}

function contentOf(el, most) {
  const text = new Text(most);
  for (const child of flatChildren(el)) text.take(child, false);
  return text;
}

const BY_ATTRIBUTE = { img: ["alt"], area: ["alt"], optgroup: ["label"], option: ["label"], track: ["label"] };
const BY_CHILD = { fieldset: "legend", table: "caption", figure: "figcaption", details: "summary" };

function nativeName(el, most) {
  const tag = el.localName;
  for (const attribute of BY_ATTRIBUTE[tag] ?? []) {
    const value = tidy(el.getAttribute(attribute) ?? "", most);
    if (value) return [value, attribute];
  }
  if (el.labels?.length) {
    const text = tidy(Array.from(el.labels, (label) => labelText(label, el, most)).join(" "), most);
    if (text) return [text, "label"];
  }
  if (tag === "input" && /^(submit|reset|button)$/.test(el.type)) {
    const text = tidy(el.value || { submit: "Submit", reset: "Reset" }[el.type] || "", most);
    if (text) return [text, "value"];
  }
  if (tag === "input" && el.type === "image" && el.alt) return [tidy(el.alt, most), "alt"];
  if (tag === "svg") {
    const text = tidy(svgTitle(el), most);
    if (text) return [text, "title"];
  }
  if (BY_CHILD[tag]) {
    const child = Array.from(el.children).find((c) => c.localName === BY_CHILD[tag]);
    const text = child ? textOf(child, most) : "";
    if (text) return [text, BY_CHILD[tag]];
  }
  return ["", ""];
}

// A label's text without the value of the very control it labels.
function labelText(label, control, most) {
  const own = label.getAttribute("aria-label");
  if (own) return own;
  const text = new Text(most);
  const take = (node) => {
    if (node === control) return;
    if (node.nodeType === 1 && node.contains(control)) for (const child of node.childNodes) take(child);
    else text.take(node, false);
  };
  for (const child of label.childNodes) take(child);
  return text.result();
}

function nameOf(el, role, most) {
  const by = referenced(el, "aria-labelledby");
  if (by.length) {
    const text = tidy(by.map((other) => textOf(other, most)).join(" "), most);
    if (text) return [text, "labelledby"];
  }
  const label = tidy(el.getAttribute("aria-label") ?? "", most);
  if (label) return [label, "aria-label"];
  const native = nativeName(el, most);
  if (native[0]) return native;
  if (FROM_CONTENT.has(role)) {
    const content = contentOf(el, most), text = content.result();
    if (text) return [text, content.called ? "alt" : "text"];  // a picture's name is not written there
  }
  const title = tidy(el.getAttribute("title") ?? "", most);
  if (title) return [title, "title"];
  const hint = tidy(el.getAttribute("placeholder") ?? el.getAttribute("aria-placeholder") ?? "", most);
  return hint ? [hint, "placeholder"] : ["", ""];
}

function descriptionOf(el, nameSource, most) {
  const by = referenced(el, "aria-describedby");
  if (by.length) return tidy(by.map((other) => textOf(other, most)).join(" "), most);
  const given = el.getAttribute("aria-description") ?? (nameSource === "title" ? "" : el.getAttribute("title"));
  return tidy(given ?? "", most);
}

function valueOf(el, role, most) {
  if (isProtected(el)) return "";
  const tag = el.localName;
  if (tag === "select") return tidy(Array.from(el.selectedOptions, (o) => o.text).join(", "), most);
  if (tag === "textarea") return String(el.value).slice(0, most);
  if (tag === "input") {
    if (role === "checkbox" || role === "radio" || role === "switch" || role === "button") return "";
    if (el.type === "file") return tidy(Array.from(el.files ?? [], (f) => f.name).join(", "), most);
    return String(el.value).slice(0, most);
  }
  if (tag === "progress" || tag === "meter") return String(el.value);
  const shown = el.getAttribute("aria-valuetext") ?? el.getAttribute("aria-valuenow");
  if (shown !== null) return tidy(shown, most);
  if (role === "textbox" && el.isContentEditable) return tidy(el.textContent ?? "", most);
  if (role === "combobox") return textOf(el, most, false);
  return "";
}
