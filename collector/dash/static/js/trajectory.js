// One trajectory: steps by arrow keys and by "#step=12", the slider between before and after.

const viewer = document.querySelector(".viewer");
const fetched = new Map();
let wanted = -1;

const step = () => document.getElementById("step");
const shown = () => Number(step().dataset.step);
const many = () => Number(step().dataset.of);

/** The fragment of a step, asked for once. */
function fragment(index) {
  if (!fetched.has(index)) {
    const path = `/trajectories/${encodeURIComponent(viewer.dataset.episode)}/steps/${index}`;
    fetched.set(index, fetch(path).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.text();
    }));
    fetched.get(index).catch(() => fetched.delete(index));
    if (fetched.size > 12) fetched.delete(fetched.keys().next().value);
  }
  return fetched.get(index);
}

/** Load a step's pictures before they are needed, so that a key's answer is at once. */
async function ahead(index) {
  if (index < 0 || index >= many()) return;
  const made = new DOMParser().parseFromString(await fragment(index), "text/html");
  for (const picture of made.querySelectorAll("image")) new Image().src = picture.getAttribute("href");
}

async function go(index) {
  if (!(index >= 0 && index < many()) || index === wanted) return;
  wanted = index;
  step().setAttribute("aria-busy", "true");
  let text;
  try {
    text = await fragment(index);
  } catch {
    location.search = `?step=${index}`;
    return;
  }
  if (wanted !== index) return;
  const open = [...step().querySelectorAll("details")].map((one) => one.open && one.className);
  const made = new DOMParser().parseFromString(text, "text/html").getElementById("step");
  step().replaceWith(made);
  for (const one of made.querySelectorAll("details.raw")) one.open = open.includes("raw");
  document.getElementById("at").textContent = String(index + 1);
  for (const link of viewer.querySelectorAll(".steps a")) {
    const here = Number(link.dataset.step) === index;
    link.toggleAttribute("aria-current", here);
    if (here) {
      link.setAttribute("aria-current", "step");
      show(link);
    }
  }
  history.replaceState(null, "", `${location.pathname}#step=${index}`);
  slide();
  ahead(index + 1).catch(() => undefined);
  ahead(index - 1).catch(() => undefined);
}

/** Bring a step's line into view within the list, without moving the page. */
function show(link) {
  const list = link.closest("ol"), line = link.closest("li");
  list.scrollTo({
    left: line.offsetLeft - list.offsetLeft - (list.clientWidth - line.offsetWidth) / 2,
    top: line.offsetTop - list.offsetTop - (list.clientHeight - line.offsetHeight) / 2,
  });
}

/** Let the later screen begin where the slider stands. */
function slide() {
  const slider = step().querySelector(".slider"), stage = step().querySelector(".stage");
  const set = () => {
    const width = stage.viewBox.baseVal.width, at = (width * Number(slider.value)) / 1000;
    stage.querySelector("#cut").setAttribute("x", at);
    stage.querySelector("#edge").setAttribute("x1", at);
    stage.querySelector("#edge").setAttribute("x2", at);
  };
  slider.hidden = false;
  slider.addEventListener("input", set);
  let held = false;
  const drag = (event) => {
    if (!held) return;
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(stage.getScreenCTM().inverse());
    slider.value = String((1000 * place.x) / stage.viewBox.baseVal.width);
    set();
  };
  stage.addEventListener("pointerdown", (event) => {
    held = document.getElementById("side-both").checked;
    if (held) stage.setPointerCapture(event.pointerId);
    drag(event);
  });
  stage.addEventListener("pointermove", drag);
  stage.addEventListener("pointerup", () => { held = false; });
  set();
}

function fromHash() {
  const said = /^#step=(\d+)$/.exec(location.hash);
  if (said && Number(said[1]) !== shown()) go(Number(said[1]));
}

const LAYERS = ["action", "kept", "tree", "changed"];

document.addEventListener("keydown", (event) => {
  if (!viewer || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("textarea, select, [type=range], [type=search], [type=radio]")) return;
  const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const layer = LAYERS[Number(event.key) - 1];
  if (way) go(Math.max(0, wanted) + way);
  else if (event.key === "Home") go(0);
  else if (event.key === "End") go(many() - 1);
  else if (layer) document.getElementById(`layer-${layer}`).click();
  else if (event.key === "c") document.getElementById(document.getElementById("side-both").checked ? "side-before" : "side-both").click();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-step], a[data-go]");
  if (!viewer || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.dataset.go ? shown() + Number(link.dataset.go) : Number(link.dataset.step));
});

if (viewer) {
  wanted = shown();
  show(viewer.querySelector(".steps a[aria-current]"));
  slide();
  fromHash();
  addEventListener("hashchange", fromHash);
  ahead(shown() + 1).catch(() => undefined);
}
