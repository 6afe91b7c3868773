#!/bin/sh
# Runs as root of the namespace the image is built in, after the packages are unpacked.
# $1 is the new root; the files of the skeleton and the payload lie in $TRAWL_OVERLAY.
set -eu
root=$1
inside() { chroot "$root" "$@"; }

cp -R --no-preserve=ownership,timestamps "$TRAWL_OVERLAY/." "$root/"

# What a person's home has, before the user is made from it.
for name in Desktop Documents Downloads Music Pictures Videos; do
    mkdir -p "$root/etc/skel/$name"
done
inside useradd --create-home --uid 1000 --shell /bin/bash --groups video,audio,input user
inside passwd --delete user
inside passwd --lock root
echo trawl >"$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 trawl\n' >"$root/etc/hosts"
printf '/dev/vda / ext4 defaults,noatime 0 1\n' >"$root/etc/fstab"
echo 'LANG=en_US.UTF-8' >"$root/etc/default/locale"
for name in en_US he_IL zh_CN; do inside localedef -i "$name" -f UTF-8 "$name.UTF-8"; done
rm -f "$root/etc/machine-id" "$root/var/lib/dbus/machine-id"
echo 00000000000000000000000000000001 >"$root/etc/machine-id"

inside glib-compile-schemas /usr/share/glib-2.0/schemas
inside fc-cache -s
for theme in "$root"/usr/share/icons/*/index.theme; do
    inside gtk-update-icon-cache -q -f "/usr/share/icons/$(basename "$(dirname "$theme")")"
done
if [ -d "$root/usr/lib/trawl" ]; then inside python3 -m compileall -q /usr/lib/trawl; fi
inside systemctl set-default multi-user.target
for unit in $TRAWL_MASKED; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
for unit in $TRAWL_MASKED_USER; do
    mkdir -p "$root/etc/systemd/user"
    ln -sf /dev/null "$root/etc/systemd/user/$unit"
done
for entry in $TRAWL_NO_AUTOSTART; do
    rm -f "$root/etc/xdg/autostart/$entry.desktop"
done

rm -f "$root"/boot/initrd.img-*
inside update-initramfs -c -k all
cp "$root"/boot/vmlinuz-* "$TRAWL_OUT/vmlinuz"
cp "$root"/boot/initrd.img-* "$TRAWL_OUT/initrd.img"
chmod 644 "$TRAWL_OUT"/vmlinuz "$TRAWL_OUT"/initrd.img
rm -rf "$root"/boot/* "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/*
inside dpkg-query -W -f '${Package} ${Version}\n' >"$TRAWL_OUT/packages"
cp "$root/usr/lib/os-release" "$TRAWL_OUT/os-release"
