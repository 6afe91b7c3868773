"""The recipes: which distribution, which packages, and what must stay quiet. Data, not code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from infra.errors import NotFound

BASE: Final = (
    "dbus", "dbus-user-session", "dbus-x11", "initramfs-tools", "kmod", "libpam-systemd", "login",
    "passwd", "systemd", "systemd-sysv", "udev", "zstd",
)  # fmt: skip
DISPLAY: Final = (
    "fontconfig", "fonts-dejavu-core", "fonts-wqy-microhei", "gtk-update-icon-cache",
    "libglib2.0-bin", "librsvg2-common", "locales",
    "x11-xserver-utils", "xauth", "xinit", "xkb-data", "xserver-xorg-core",
    "xserver-xorg-input-libinput",
)  # fmt: skip
DESKTOP: Final = (
    "adwaita-icon-theme", "elementary-xfce-icon-theme", "greybird-gtk-theme", "thunar",
    "xfce4-appfinder", "xfce4-panel", "xfce4-session", "xfce4-settings", "xfce4-terminal",
    "xfconf", "xfdesktop4", "xfwm4",
)  # fmt: skip
LOOKS: Final = (
    "arc-theme", "breeze-icon-theme", "culmus", "fonts-cantarell", "fonts-liberation2",
    "fonts-open-sans", "gnome-themes-extra-data", "mate-icon-theme", "materia-gtk-theme",
    "numix-gtk-theme", "tango-icon-theme",
)  # fmt: skip
"""Themes, icon sets and fonts beside those of the desktop."""
ACCESS: Final = (
    "at-spi2-core", "gir1.2-atspi-2.0", "gsettings-desktop-schemas", "python3", "python3-gi",
    "python3-msgpack", "python3-pil", "python3-pyatspi", "python3-xlib",
)  # fmt: skip
PROGRAMS: Final = (
    "atril", "claws-mail", "featherpad", "galculator", "geany", "gnome-font-viewer", "gucharmap",
    "homebank", "libreoffice-calc", "libreoffice-gtk3", "libreoffice-style-colibre",
    "libreoffice-writer", "mousepad", "osmo", "qpdfview", "ristretto", "xarchiver",
    "xfce4-taskmanager",
)  # fmt: skip
MODERN: Final = (
    "dconf-gsettings-backend", "gnome-calculator", "gnome-clocks", "gnome-text-editor",
    "designer-qt6", "qt6ct", "qt6-translations-l10n", "qttranslations5-l10n",
)  # fmt: skip
"""Programs of GTK 4 and Qt 6."""
BROWSER: Final = ("firefox-esr", "firefox-esr-l10n-he", "firefox-esr-l10n-zh-cn")
TRANSLATIONS: Final = ("libreoffice-l10n-he", "libreoffice-l10n-zh-cn")
MASKED: Final = (
    "apt-daily-upgrade.timer", "apt-daily.timer", "dpkg-db-backup.timer", "e2scrub_all.timer",
    "e2scrub_reap.service", "fstrim.timer", "logrotate.timer", "man-db.timer",
    "motd-news.timer", "polkit.service", "rtkit-daemon.service", "serial-getty@ttyS0.service",
    "systemd-networkd.service", "systemd-pstore.service", "systemd-resolved.service",
    "systemd-timesyncd.service", "systemd-tmpfiles-clean.timer", "udisks2.service",
    "update-notifier-download.timer", "upower.service", "accounts-daemon.service",
    "systemd-binfmt.service", "proc-sys-fs-binfmt_misc.automount", "sys-kernel-debug.mount",
    "sys-kernel-tracing.mount", "dev-hugepages.mount", "dev-mqueue.mount", "emergency.service",
    "colord.service", "packagekit.service", "ModemManager.service", "cups.service",
    "avahi-daemon.service", "modprobe@configfs.service", "modprobe@dm_mod.service",
    "modprobe@efi_pstore.service", "modprobe@fuse.service", "modprobe@loop.service",
    "sys-fs-fuse-connections.mount", "sys-kernel-config.mount", "getty@tty2.service", "getty-static.service", "autovt@.service",
)  # fmt: skip
MASKED_USER: Final = (
    "evolution-addressbook-factory.service", "evolution-calendar-factory.service",
    "evolution-source-registry.service", "gvfs-afc-volume-monitor.service",
    "gvfs-goa-volume-monitor.service", "gvfs-gphoto2-volume-monitor.service",
    "gvfs-mtp-volume-monitor.service", "gvfs-udisks2-volume-monitor.service",
    "tumblerd.service", "xfce4-notifyd.service",
)  # fmt: skip
NO_AUTOSTART: Final = (
    "geoclue-demo-agent", "light-locker", "nm-applet", "polkit-gnome-authentication-agent-1",
    "polkit-mate-authentication-agent-1", "print-applet", "user-dirs-update-gtk",
    "xfce4-clipman-plugin-autostart", "xfce4-notifyd", "xfce4-power-manager", "xfce-polkit",
    "xscreensaver",
)  # fmt: skip
DPKG: Final = (
    "force-unsafe-io",  # a build that a power cut ends is begun anew
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
    "path-exclude=/usr/share/help/*",
    "path-exclude=/usr/share/locale/*",
    "path-include=/usr/share/locale/he/*",
    "path-include=/usr/share/locale/zh_CN/*",
    "path-include=/usr/share/locale/locale.alias",
    "path-exclude=/usr/share/qt5/translations/*",
    "path-include=/usr/share/qt5/translations/*_he.qm",
    "path-include=/usr/share/qt5/translations/*_zh_CN.qm",
    "path-exclude=/usr/share/qt6/translations/*",
    "path-include=/usr/share/qt6/translations/*_he.qm",
    "path-include=/usr/share/qt6/translations/*_zh_CN.qm",
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an image is made of; its hash names the image."""

    name: str
    distribution: str
    suite: str
    mirror: str
    components: tuple[str, ...]
    also: tuple[str, ...]
    """Suites beside the main one, each `mirror suite`."""
    keyring: str
    """A keyring of the host, or a key kept beside this module."""
    packages: tuple[str, ...]
    masked: tuple[str, ...] = MASKED
    masked_user: tuple[str, ...] = MASKED_USER
    no_autostart: tuple[str, ...] = NO_AUTOSTART
    dpkg: tuple[str, ...] = DPKG
    """What dpkg leaves out."""
    disk_gib: int = 8
    cmdline: str = (
        "root=/dev/vda rw quiet loglevel=3 console=tty0 console=ttyS0 mitigations=off"
        " nowatchdog no_timer_check tsc=reliable clocksource=tsc systemd.show_status=false"
        " vt.global_cursor_default=0 consoleblank=0 net.ifnames=0 fsck.mode=skip"
        " random.trust_bootloader=on"
    )


DEBIAN_12: Final = Recipe(
    name="debian-12",
    distribution="debian",
    suite="bookworm",
    mirror="http://deb.debian.org/debian",
    components=("main",),
    also=(
        "http://deb.debian.org/debian bookworm-updates",
        "http://deb.debian.org/debian-security bookworm-security",
    ),
    keyring="debian-archive-keyring.gpg",
    packages=(
        *BASE,
        "linux-image-amd64",
        *DISPLAY,
        *DESKTOP,
        *LOOKS,
        *ACCESS,
        *PROGRAMS,
        *MODERN,
        *BROWSER,
        *TRANSLATIONS,
    ),
)
UBUNTU_24_04: Final = replace(
    DEBIAN_12,
    name="ubuntu-24.04",
    distribution="ubuntu",
    suite="noble",
    mirror="http://archive.ubuntu.com/ubuntu",
    components=("main", "universe"),
    also=(
        "http://archive.ubuntu.com/ubuntu noble-updates",
        "http://archive.ubuntu.com/ubuntu noble-security",
    ),
    keyring="ubuntu-archive-2018.asc",
    packages=(
        *BASE,
        "linux-image-virtual",
        *DISPLAY,
        *DESKTOP,
        *LOOKS,
        *ACCESS,
        *PROGRAMS,
        *MODERN,
        *TRANSLATIONS,
    ),
)
_RECIPES: Final = {r.name: r for r in (DEBIAN_12, UBUNTU_24_04)}


def recipes() -> tuple[Recipe, ...]:
    """Every recipe, the default first."""
    return tuple(_RECIPES.values())


def recipe(name: str) -> Recipe:
    """The recipe of that name. Raises NotFound with the nearest."""
    if name not in _RECIPES:
        raise NotFound.among("image", name, _RECIPES)
    return _RECIPES[name]
