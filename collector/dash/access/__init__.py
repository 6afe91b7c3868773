"""Who may do what: tokens, sessions, roles, and the gate that every request goes through.

Nothing is open but the door, what it looks like, and two signs of life. Sessions are signed, not
stored; they end when they are left, and with the token that opened them.
"""

from collector.dash.access.who import ROLES, Role, Who, needs

__all__ = ["ROLES", "Role", "Who", "needs"]
