"""The far end of a wire: answers every name and address at port 80, and writes down what it hears.

far.py LOG
"""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGE = """<!doctype html><meta charset=utf-8><title>Far</title><h1>Reached</h1>
<link rel=dns-prefetch href=//prefetched.leak><link rel=preconnect href=http://preconnected.leak>
<link rel=preload as=image href=http://forbidden.example/preload>
<img src=http://forbidden.example/img><img src=http://10.9.0.2/img><img src=http://[fd09::2]/img>
<img src=http://127.0.0.1:8080/img><img src=http://localhost:8080/img>
<img src=http://[::1]:8080/img><img src=http://egress.invalid:3128/img>
<img src='/to?http://10.9.0.2/redirected'><img src='/to?http://forbidden.example/redirected'>
<img src='/to?file:///etc/passwd'><img src=http://inward.allowed.example/img>
<img src=http://allowed.example:8081/img><img src=https://forbidden.example/img>
<iframe src=http://169.254.169.254/latest></iframe><a href=file:///etc/passwd>File</a>
<script>
window.candidates = []; window.done = [];
new WebSocket('ws://allowed.example/socket').onclose = () => done.push('socket');
new WebSocket('ws://forbidden.example/socket');
fetch('http://forbidden.example/fetch', {mode: 'no-cors'}).catch(() => 0);
navigator.sendBeacon('http://forbidden.example/beacon', 'x');
fetch('/seen?own').then(() => done.push('own'));
try { new WebTransport('https://forbidden.example:443/').ready.catch(() => 0); } catch (e) {}
const peer = new RTCPeerConnection({iceServers: [
  {urls: 'stun:93.184.216.35:3478'}, {urls: 'stun:stun.leak:3478'},
  {urls: 'turn:93.184.216.35:3478?transport=tcp', username: 'u', credential: 'c'}]});
peer.createDataChannel('x');
peer.onicecandidate = e => { if (e.candidate) candidates.push(e.candidate.candidate); };
peer.onicegatheringstatechange = () => {
  if (peer.iceGatheringState === 'complete') done.push('gathered'); };
peer.createOffer().then(o => peer.setLocalDescription(o));
</script>"""


class Handler(BaseHTTPRequestHandler):
    """Says the page, or where to go next."""

    log: Path

    def do_GET(self) -> None:
        with self.log.open("a", encoding="utf-8") as out:
            out.write(f"{self.headers['Host']} {self.path}\n")
        leads = self.path.startswith("/to?")
        body = PAGE.encode() if self.path == "/" else b"<h1>Other</h1>"
        self.send_response(302 if leads else 200)
        if leads:
            self.send_header("Location", self.path[4:])
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the base class looks for that name

    def log_message(self, *args: object) -> None:
        pass


if __name__ == "__main__":
    Handler.log = Path(sys.argv[1])
    ThreadingHTTPServer(("", 80), Handler).serve_forever()
