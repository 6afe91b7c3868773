// Live screens: a frame `<span data-screen="NAME">` gets a picture of that machine, a large one with
// `data-size="large"`. Only frames in view are asked for, all of them in one question and the next a
// second after its answer; a picture is loaded again only where it changed. A machine that shows
// nothing keeps what stands in its frame, with the reason as its title, in a large frame as its text.
const EVERY_MS = 1000, PATIENCE_MS = 8000, MOST = 64;
const inView = new Set(), followed = new WeakSet(), last = new Map();

const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) inView.add(target); else inView.delete(target);
  }
}, { rootMargin: "80px" });

function widthOf(frame) {
  return frame.dataset.size === "large" ? 1280 : 320;
}

function show(frame, told) {
  let image = frame.querySelector("img");
  if (told?.src) {
    if (!image) {
      image = new Image();
      image.alt = `the screen of ${frame.dataset.screen}`;
      frame.append(image);
    }
    if (image.getAttribute("src") !== told.src) image.src = told.src;
    frame.removeAttribute("title");
  } else {
    image?.remove();
    frame.title = told?.failure ?? "nobody answers";
    const off = frame.querySelector(".off");
    if (off && frame.dataset.size === "large") off.textContent = frame.title;
  }
}

/** Follow the frames that are in the page now, with what was seen of them before. */
function follow() {
  for (const frame of document.querySelectorAll("[data-screen]")) {
    if (followed.has(frame)) continue;
    followed.add(frame);
    watcher.observe(frame);
    const known = last.get(`${widthOf(frame)} ${frame.dataset.screen}`);
    if (known?.src) show(frame, known);
  }
}

async function ask(frames, width) {
  const query = new URLSearchParams(frames.map((frame) => ["of", frame.dataset.screen]));
  query.set("width", width);
  let told = {};
  try {
    const answer = await fetch(`/screens?${query}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) told = (await answer.json()).screens;
  } catch { /* nobody answers: the next round asks again */ }
  for (const frame of frames) {
    const one = told[frame.dataset.screen];
    last.set(`${width} ${frame.dataset.screen}`, one);
    show(frame, one);
  }
}

async function look() {
  for (const frame of inView) if (!frame.isConnected) inView.delete(frame);
  if (!document.hidden) {
    for (const width of [320, 1280]) {
      const frames = [...inView].filter((frame) => widthOf(frame) === width).slice(0, MOST);
      if (frames.length) await ask(frames, width);
    }
  }
  setTimeout(look, EVERY_MS);
}

new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
follow();
setTimeout(look, 50);
