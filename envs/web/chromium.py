"""Which browser is started, and how: found on PATH, sandboxed, silent, walled in.

The wall is Chromium's own resolver: only the named hosts resolve, each to one pinned address,
everything else is "not found" before a socket opens. It holds for scripts, workers, WebSockets,
redirects, preconnects and beacons alike, which interception in the driver does not promise. A
machine with a network reaches hosts by its proxy besides, which resolves them; the wall stays, and
gives the proxy a name that only the browser knows.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from infra.errors import Unavailable

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
QUIET_FEATURES: Final = (
    "AutofillServerCommunication,CertificateTransparencyComponentUpdater,DestroyProfileOnBrowserClose,"
    "DialMediaRouteProvider,GlobalMediaControls,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "InterestFeedContentSuggestions,LensOverlay,MediaRouter,OptimizationHints,PaintHolding,"
    "PrivacySandboxSettings4,RenderDocument,Translate,ThirdPartyStoragePartitioning,"
    "WebRtcHideLocalIpsWithMdns"
)
FLAGS: Final = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-startup-window",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--no-service-autorun",
    "--disable-back-forward-cache",  # a page taken from it never fires the load that is waited for
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-infobars",
    "--disable-ipc-flooding-protection",
    "--disable-popup-blocking",
    "--disable-prompt-on-repost",
    "--disable-quic",
    "--disable-renderer-backgrounding",
    "--disable-search-engine-choice-screen",
    "--disable-smooth-scrolling",
    "--disable-sync",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--enforce-webrtc-ip-permission-check",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    f"--disable-features={QUIET_FEATURES}",
)


EGRESS: Final = "egress.invalid:3128"
"""What the browser calls its proxy: a reserved name, which no page can reach it by."""


def find() -> Path:
    """The browser on this host. Raises Unavailable with the command that installs it."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    raise Unavailable("no Chromium on PATH", "apt-get install chromium", "chromium")


def refuse_root() -> None:
    """Raise Unavailable for root: Chromium keeps its sandbox only for an ordinary user."""
    if os.geteuid() == 0:
        raise Unavailable(
            "Chromium runs with its sandbox only, and so not as root",
            "run as an unprivileged user, e.g. `runuser -u trawl -- trawl …`",
            "chromium",
        )


def wall(hosts: Mapping[str, str]) -> str:
    """The flag that lets only these `host[:port]` patterns resolve, each to its address."""
    rules = [f"MAP {host} {address}" for host, address in hosts.items()]
    return "--host-resolver-rules=" + " , ".join([*rules, "MAP * ~NOTFOUND"])


def way_out(hosts: Mapping[str, str], egress_port: int | None) -> list[str]:
    """The flags of the wall, and of the proxy that listens at that loopback port.

    Hosts on the wall are reached directly; all others, loopback too, are the proxy's to judge.
    """
    if egress_port is None:
        return ["--no-proxy-server", wall(hosts)]
    direct = ";".join(["<-loopback>", *hosts])
    return [
        f"--proxy-server=http://{EGRESS}",
        f"--proxy-bypass-list={direct}",
        wall({**hosts, EGRESS: f"127.0.0.1:{egress_port}"}),
    ]


def arguments(
    profile: Path, hosts: Mapping[str, str], locale: str, egress_port: int | None = None
) -> list[str]:
    """Everything after the browser's name."""
    own = [f"--user-data-dir={profile}", f"--lang={locale}"]
    return [*FLAGS, *own, *way_out(hosts, egress_port)]
