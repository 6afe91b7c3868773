"""What people are asked: queues of subjects, each shown with a question and a few answers.

A queue names its kind, its answers, its subjects and how one is drawn (`queues.Queue`); pages,
keys, undo, order and agreement are the same for all of them.
"""
