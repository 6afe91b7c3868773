// The console: noVNC over a WebSocket that a one-time ticket opens. What may be pressed is decided in
// the server; here it is only shown, so that nobody types into a picture that does not hear.
import RFB from "../novnc/core/rfb.js";

const place = document.getElementById("console");
const state = document.getElementById("console-state");
const control = document.getElementById("control");
const again = document.getElementById("again");
const whole = document.getElementById("whole");
const machine = place.dataset.machine;
let rfb = null, mode = "view", attempt = 0;

function say(words, shown = mode) {
  state.textContent = words;
  state.dataset.mode = place.dataset.mode = shown;
}

async function ticket(wanted) {
  const answer = await fetch(`/machines/${encodeURIComponent(machine)}/console-ticket`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ control: wanted === "control" }),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error?.message ?? "no ticket was given");
  return said.address;
}

function ended(words) {
  place.replaceChildren();
  say(words, "");
  again.hidden = false;
  again.textContent = mode === "control" ? "Look on again" : "Connect again";
  whole.hidden = true;
  if (control) control.hidden = true;
}

function begun() {
  say(mode === "control" ? "you work on it" : place.dataset.rests ? "it rests" : "you look on");
  whole.hidden = false;
  if (!control) return;
  control.hidden = false;
  control.textContent = mode === "control" ? "Give it back" : "Take control";
}

async function connect(wanted) {
  const mine = (attempt += 1);
  mode = wanted;
  rfb?.disconnect();
  rfb = null;
  again.hidden = true;
  if (control) control.hidden = true;
  say(wanted === "control" ? "waking it" : "connecting", "");
  let address;
  try {
    address = await ticket(wanted);
  } catch (error) {
    if (mine === attempt) ended(error.message);
    return;
  }
  if (mine !== attempt) return;
  place.replaceChildren();
  const socket = new WebSocket(new URL(address, location.href.replace(/^http/, "ws")));
  let why = "";
  socket.addEventListener("close", (event) => { why = event.reason || "the connection broke"; });
  const made = new RFB(place, socket, { shared: true });
  made.viewOnly = wanted !== "control";
  made.scaleViewport = true;
  made.background = "#111";
  made.addEventListener("connect", () => {
    if (made !== rfb) return;
    begun();
    if (wanted === "control") made.focus();
  });
  made.addEventListener("disconnect", () => {
    if (made !== rfb) return;
    rfb = null;
    // the socket's own event, which says why, may come a moment later
    setTimeout(() => { if (mine === attempt) ended(why || "the connection broke"); }, 50);
  });
  rfb = made;
}

control?.addEventListener("click", () => connect(mode === "control" ? "view" : "control"));
again.addEventListener("click", () => connect("view"));
whole.addEventListener("click", () => place.requestFullscreen());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.ctrlKey || !event.altKey || !rfb) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  rfb.blur();
  (control ?? whole).focus();
}, { capture: true });
connect("view");
