// How an element stands and what it affords, in the words of accessibility trees.

const PRESSED = new Set([
  "button", "checkbox", "colorwell", "combobox", "date", "disclosure", "file-chooser", "link",
  "menuitem", "menuitemcheckbox", "menuitemradio", "option", "radio", "slider", "spinbutton",
  "switch", "tab", "treeitem", "textbox", "searchbox",
]);
const TOGGLES = new Set(["checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"]);
const TYPED = new Set(["textbox", "searchbox", "spinbutton"]);

function ariaTrue(el, attribute) {
  return el.getAttribute(`aria-${attribute}`) === "true";
}

function isDisabled(el) {
  return el.matches(":disabled") || Boolean(el.closest("[aria-disabled=true]"));
}

function isFocused(el) {
  return el.getRootNode().activeElement === el && el.ownerDocument.hasFocus();
}

function isTyped(el, role) {
  if (el.isContentEditable) return role === "textbox" || role === "searchbox";
  if (el.localName === "textarea") return true;
  return el.localName === "input" && (TYPED.has(role) || (role === "combobox"));
}

function checkedState(el, role) {
  if (el.indeterminate === true || el.getAttribute("aria-checked") === "mixed") return "mixed";
  const native = el.localName === "input" && (el.type === "checkbox" || el.type === "radio");
  return (native ? el.checked : ariaTrue(el, "checked")) && TOGGLES.has(role) ? "checked" : "";
}

function expansion(el) {
  if (el.localName === "summary" && el.parentElement?.localName === "details") {
    return el.parentElement.open ? "expanded" : "collapsed";
  }
  const said = el.getAttribute("aria-expanded");
  if (said !== null) return said === "true" ? "expanded" : "collapsed";
  return el.localName === "select" && el.matches(":open") ? "expanded" : "";
}

function scrolls(el, style) {
  const roomY = el.scrollHeight > el.clientHeight + 1 && /auto|scroll/.test(style.overflowY);
  const roomX = el.scrollWidth > el.clientWidth + 1 && /auto|scroll/.test(style.overflowX);
  return roomX || roomY;
}

function statesOf(el, role, style, focusable) {
  const states = ["visible", "showing"];
  const say = (condition, word) => { if (condition) states.push(word); };
  const disabled = isDisabled(el);
  const typed = isTyped(el, role);
  const readOnly = el.readOnly === true || ariaTrue(el, "readonly");
  states.push(disabled ? "disabled" : "enabled");
  say(focusable, "focusable");
  say(focusable && isFocused(el), "focused");
  say(TOGGLES.has(role), "checkable");
  const checked = checkedState(el, role);
  say(checked, checked);
  say(ariaTrue(el, "pressed"), "pressed");
  say(el.localName === "option" ? el.selected : ariaTrue(el, "selected"), "selected");
  const open = expansion(el);
  say(open, "expandable");
  say(open, open);
  say(el.required === true || ariaTrue(el, "required"), "required");
  const invalid = el.getAttribute("aria-invalid");
  say(invalid !== null ? invalid !== "false" : typed && el.matches(":user-invalid"), "invalid");
  say(readOnly, "read-only");
  say(typed && !readOnly && !disabled, "editable");
  say(el.localName === "textarea" || ariaTrue(el, "multiline"), "multi-line");
  say(isProtected(el), "protected");
  say(el.getAttribute("aria-haspopup") && !ariaTrue(el, "haspopup") || ariaTrue(el, "haspopup"), "has-popup");
  say(ariaTrue(el, "modal") || (el.localName === "dialog" && el.matches(":modal")), "modal");
  say(ariaTrue(el, "busy"), "busy");
  say((el.getAttribute("aria-current") ?? "false") !== "false", "current");
  say(el.multiple === true || ariaTrue(el, "multiselectable"), "multi-selectable");
  say(scrolls(el, style), "scrollable");
  say(el.draggable === true && el.localName !== "a" && el.localName !== "img", "draggable");
  return states;
}

function actionsOf(el, role, clickable, states) {
  if (states.includes("disabled")) return [];
  const actions = [];
  if (clickable || PRESSED.has(role)) actions.push("click");
  if (states.includes("editable")) actions.push("set-value");
  if (role === "combobox" && el.localName === "select") actions.push("select-option");
  if (states.includes("scrollable")) actions.push("scroll");
  if (states.includes("draggable")) actions.push("drag");
  return actions;
}
