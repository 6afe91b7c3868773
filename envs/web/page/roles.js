// What an element is: its explicit ARIA role, else the one HTML implies (HTML-AAM), else "".

const IMPLIED = {
  article: "article", aside: "complementary", blockquote: "blockquote", button: "button",
  canvas: "canvas", caption: "caption", code: "code", datalist: "listbox", dd: "definition",
  details: "group", dialog: "dialog", dt: "term", fieldset: "group", figure: "figure",
  h1: "heading", h2: "heading", h3: "heading", h4: "heading", h5: "heading", h6: "heading",
  hr: "separator", iframe: "iframe", legend: "legend", li: "listitem", main: "main",
  math: "math", menu: "list", meter: "meter", nav: "navigation", ol: "list",
  optgroup: "group", option: "option", output: "status", p: "paragraph", pre: "code",
  progress: "progressbar", search: "search", summary: "disclosure", table: "table",
  textarea: "textbox", time: "time", tr: "row", ul: "list", video: "video", audio: "audio",
};
const INPUTS = {
  button: "button", checkbox: "checkbox", color: "colorwell", date: "date", email: "textbox",
  "datetime-local": "date", file: "file-chooser", image: "button", month: "date",
  number: "spinbutton", password: "textbox", radio: "radio", range: "slider", reset: "button",
  search: "searchbox", submit: "button", tel: "textbox", text: "textbox", time: "date",
  url: "textbox", week: "date",
};
const LANDMARK_BLOCKERS = "article, aside, main, nav, section";
const NONE = new Set(["none", "presentation", "generic"]);

function inputRole(el) {
  const role = INPUTS[el.type] ?? "textbox";
  const listed = el.hasAttribute("list") && (role === "textbox" || role === "searchbox");
  return listed ? "combobox" : role;
}

function cellRole(el) {
  const table = el.closest("table");
  const kind = table?.getAttribute("role");
  return kind === "grid" || kind === "treegrid" ? "gridcell" : "cell";
}

function headerCellRole(el) {
  if (el.scope === "row" || el.scope === "rowgroup") return "rowheader";
  if (el.scope) return "columnheader";
  return el.closest("thead") || !el.parentElement?.querySelector("td") ? "columnheader" : "rowheader";
}

function impliedRole(el) {
  const tag = el.localName;
  switch (tag) {
    case "a": case "area": return el.hasAttribute("href") ? "link" : "";
    case "input": return el.type === "hidden" ? "" : inputRole(el);
    case "select": return el.multiple || el.size > 1 ? "listbox" : "combobox";
    case "img": return el.getAttribute("alt") === "" && !el.title ? "none" : "img";
    case "svg": return "img";
    case "td": return cellRole(el);
    case "th": return headerCellRole(el);
    case "header": return el.closest(LANDMARK_BLOCKERS) ? "" : "banner";
    case "footer": return el.closest(LANDMARK_BLOCKERS) ? "" : "contentinfo";
    case "form": return hasOwnName(el) ? "form" : "";
    case "section": return hasOwnName(el) ? "region" : "";
    default: return IMPLIED[tag] ?? "";
  }
}

function hasOwnName(el) {
  return Boolean(el.getAttribute("aria-label") || el.getAttribute("aria-labelledby") || el.title);
}

function isEditingHost(el) {
  return el.isContentEditable && !(el.parentElement?.isContentEditable);
}

function roleOf(el) {
  for (const word of (el.getAttribute("role") ?? "").toLowerCase().split(/\s+/)) {
    if (/^[a-z]+(-[a-z]+)*$/.test(word) && word.length < 30) return word === "image" ? "img" : word;
  }
  const role = impliedRole(el);
  return role === "" && isEditingHost(el) ? "textbox" : role;
}
