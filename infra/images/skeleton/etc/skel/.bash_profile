# The first console is the desktop; it comes back when it ends.
if [ "$(tty)" = /dev/tty1 ]; then
    exec startx -- vt1 -nolisten tcp -quiet >"$HOME/.startx.log" 2>&1
fi
. "$HOME/.bashrc"
