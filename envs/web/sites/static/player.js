"use strict";
// Every part keeps its insides in an open shadow root.
const path = (d, size = 20, fill = "none") => `<svg width="${size}" height="${size}" viewBox="0 0 24 24" fill="${fill}" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"><path d="${d}"/></svg>`;
const D = { heart: "M12 20S4 15 4 9.2A4.2 4.2 0 0 1 12 7a4.2 4.2 0 0 1 8 2.2C20 15 12 20 12 20z", play: "M8 5l11 7-11 7z", pause: "M8.5 5v14M15.5 5v14", next: "M6 5.5l8.5 6.5L6 18.5zM18 5.5v13", prev: "M18 5.5 9.5 12l8.5 6.5zM6 5.5v13", shuffle: "M4 7h3.5l9 10H20M4 17h3.5M14 7h6M17.5 4.5 20 7l-2.5 2.5M17.5 14.5 20 17l-2.5 2.5", repeat: "M5 11V8.5h13M15.5 5.5l3 3-3 3M19 13v2.5H6M8.5 18.5l-3-3 3-3", volume: "M4 9.5h3.5L12 6v12l-4.5-3.5H4zM15.5 9a4 4 0 0 1 0 6", list: "M8.5 6.5h11M8.5 12h11M8.5 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01" };
const sheet = new CSSStyleSheet();
sheet.replaceSync(`*{box-sizing:border-box}button{font:inherit;color:inherit;background:none;border:0;cursor:pointer;display:inline-grid;place-content:center;padding:6px;border-radius:50%}button:hover{background:var(--tint)}button:focus-visible{outline:2px solid var(--accent)}button[aria-pressed=true]{color:var(--accent)}button[aria-pressed=true] svg{fill:currentColor}.soft{color:var(--soft)}img{display:block}input{accent-color:var(--accent)}`);
const time = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
const escape_ = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const now = { track: null, playing: false };
class Part extends HTMLElement {
  connectedCallback() { if (this.shadowRoot) return; this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet]; this.shadowRoot.innerHTML = this.html(); this.wire?.(this.shadowRoot); }
  say(name) { return escape_(this.getAttribute(name) ?? ""); }
}
customElements.define("love-button", class extends Part {
  html() { return `<button aria-pressed="${this.hasAttribute("loved")}" aria-label="${this.say("label")}">${path(D.heart, 22)}</button>`; }
  wire(root) { root.querySelector("button").addEventListener("click", (e) => e.currentTarget.setAttribute("aria-pressed", String(e.currentTarget.getAttribute("aria-pressed") !== "true"))); }
});
customElements.define("rate-stars", class extends Part {
  html() { return `<style>div{display:flex}div button{font-size:21px;padding:2px;color:var(--line-strong)}div button.on{color:#dd9a1c}</style><div role="radiogroup" aria-label="${this.say("label")}">${[1, 2, 3, 4, 5].map((n) => `<button role="radio" aria-label="${n}" aria-checked="false">★</button>`).join("")}</div>`; }
  wire(root) {
    const all = [...root.querySelectorAll("button")];
    const set = (n) => all.forEach((b, i) => { b.classList.toggle("on", i < n); b.setAttribute("aria-checked", String(i === n - 1)); });
    all.forEach((b, i) => b.addEventListener("click", () => set(i + 1)));
    set(Number(this.getAttribute("value")));
  }
});
customElements.define("track-list", class extends Part {
  html() { const [a, b, c] = this.say("heads").split("|"); return `<style>.head{display:grid;grid-template-columns:44px 56px 1fr 220px 46px 60px;gap:12px;padding:6px 10px;font-size:12.5px;font-weight:700;color:var(--soft);border-bottom:1px solid var(--line)}</style><div role="list" aria-label="${this.say("label")}"><div class="head"><span>#</span><span></span><span>${a}</span><span>${b}</span><span></span><span>${c}</span></div><slot></slot></div>`; }
});
customElements.define("track-row", class extends Part {
  html() {
    const list = this.closest("track-list");
    const n = [...list.querySelectorAll("track-row")].indexOf(this) + 1;
    return `<style>:host{display:block}.row{display:grid;grid-template-columns:44px 56px 1fr 220px 46px 60px;gap:12px;align-items:center;padding:5px 10px;border-radius:8px}.row:hover,:host([on]) .row{background:var(--sunk)}:host([on]) b{color:var(--accent)}img{border-radius:5px}.n{text-align:center}</style><div class="row" role="listitem"><button class="play" aria-label="${list.getAttribute("play")}${this.say("name")}">${n}</button><img src="/art/cover.svg?n=${this.say("cover")}" width="42" height="42" alt=""><b>${this.say("name")}</b><span class="soft">${this.say("band")}</span><love-button label="${list.getAttribute("love")}${this.say("name")}" ${this.hasAttribute("loved") ? "loved" : ""}></love-button><span class="soft">${time(this.getAttribute("seconds"))}</span></div>`;
  }
  wire(root) { root.querySelector(".play").addEventListener("click", () => document.querySelector("play-bar").take(this, true)); root.querySelector(".row").addEventListener("dblclick", () => document.querySelector("play-bar").take(this, true)); }
});
customElements.define("mix-card", class extends Part {
  html() { return `<style>:host{display:block}article{position:relative}img{width:100%;height:auto;border-radius:10px}b{display:block;margin-top:8px}article button{position:absolute;right:8px;top:8px;background:var(--accent);color:var(--on-accent)}.small{font-size:12.5px;color:var(--soft)}</style><article aria-label="${this.say("name")}"><img src="/art/cover.svg?n=${this.say("cover")}" alt="" width="150" height="150"><button aria-label="${this.say("play")}${this.say("name")}">${path(D.play, 18, "currentColor")}</button><b>${this.say("name")}</b><span class="small"><slot name="note"></slot></span></article>`; }
});
customElements.define("play-bar", class extends Part {
  html() {
    const [shuffle, prev, play, next, repeat, position, volume, queue] = this.say("labels").split("|");
    return `<style>:host{display:block}footer{display:grid;grid-template-columns:1fr 1.3fr 1fr;align-items:center;gap:20px;padding:10px 20px;border-top:1px solid var(--line);background:var(--panel)}.now{display:flex;gap:12px;align-items:center;min-width:0}.now img{border-radius:6px}.now div{min-width:0}.mid{display:grid;justify-items:center;gap:2px}.keys{display:flex;gap:8px;align-items:center}footer .big{background:var(--accent);color:var(--on-accent);padding:9px}.big:hover{background:var(--accent)}.time{display:grid;grid-template-columns:40px 1fr 40px;gap:10px;width:100%;font-size:12px;align-items:center}.end{display:flex;gap:8px;justify-content:flex-end;align-items:center}</style><footer><div class="now"><img width="52" height="52" alt=""><div><b id="name"></b><div class="soft" id="band" style="font-size:12.5px"></div></div></div><div class="mid"><div class="keys"><button aria-pressed="false" class="flip" aria-label="${shuffle}">${path(D.shuffle)}</button><button id="prev" aria-label="${prev}">${path(D.prev, 20, "currentColor")}</button><button id="play" class="big" aria-label="${play}">${path(D.play, 22, "currentColor")}</button><button id="next" aria-label="${next}">${path(D.next, 20, "currentColor")}</button><button aria-pressed="false" class="flip" aria-label="${repeat}">${path(D.repeat)}</button></div><div class="time"><span id="at">0:00</span><input type="range" id="pos" min="0" max="200" value="0" aria-label="${position}"><span id="of"></span></div></div><div class="end"><button class="flip" aria-pressed="false" aria-label="${queue}">${path(D.list)}</button>${path(D.volume)}<input type="range" min="0" max="100" value="70" aria-label="${volume}" style="width:110px"></div></footer>`;
  }
  wire(root) {
    for (const flip of root.querySelectorAll(".flip")) flip.addEventListener("click", () => flip.setAttribute("aria-pressed", String(flip.getAttribute("aria-pressed") !== "true")));
    root.getElementById("play").addEventListener("click", () => this.set(!now.playing));
    root.getElementById("prev").addEventListener("click", () => this.step(-1));
    root.getElementById("next").addEventListener("click", () => this.step(1));
    root.getElementById("pos").addEventListener("input", (e) => { root.getElementById("at").textContent = time(e.target.value); });
    this.take(document.querySelector("track-row"), false);
  }
  set(playing) { now.playing = playing; const b = this.shadowRoot.getElementById("play"); const names = this.getAttribute("labels").split("|"); b.innerHTML = path(playing ? D.pause : D.play, 22, "currentColor"); b.setAttribute("aria-label", names[playing ? 8 : 2]); }
  take(row, playing) {
    now.track?.removeAttribute("on");
    now.track = row;
    row.setAttribute("on", "");
    const root = this.shadowRoot;
    root.querySelector("img").src = `/art/cover.svg?n=${row.getAttribute("cover")}`;
    root.getElementById("name").textContent = row.getAttribute("name");
    root.getElementById("band").textContent = row.getAttribute("band");
    root.getElementById("pos").max = row.getAttribute("seconds");
    root.getElementById("pos").value = 0;
    root.getElementById("at").textContent = "0:00";
    root.getElementById("of").textContent = time(row.getAttribute("seconds"));
    this.set(playing);
  }
  step(by) { const all = [...document.querySelectorAll("track-row")]; this.take(all[(all.indexOf(now.track) + by + all.length) % all.length], now.playing); }
});
