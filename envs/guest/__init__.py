"""What runs inside a desktop machine: the agent, the accessibility relay, and how they get there.

Everything here but `payload` is shipped into the image and runs on the distribution's Python
with msgpack, python-xlib, pyatspi and pyautogui; it imports nothing of ours from outside.
"""
