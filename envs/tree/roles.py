"""AT-SPI's roles by number, and the one place where they become the role names of elements.

An element's role is ARIA's name where one fits, else the toolkit's in lower case with dashes.
"""

from __future__ import annotations

from typing import Final

ATSPI: Final = (
    "invalid", "accelerator-label", "alert", "animation", "arrow", "calendar", "canvas",
    "check-box", "check-menu-item", "color-chooser", "column-header", "combo-box",
    "date-editor", "desktop-icon", "desktop-frame", "dial", "dialog", "directory-pane",
    "drawing-area", "file-chooser", "filler", "focus-traversable", "font-chooser", "frame",
    "glass-pane", "html-container", "icon", "image", "internal-frame", "label", "layered-pane",
    "list", "list-item", "menu", "menu-bar", "menu-item", "option-pane", "page-tab",
    "page-tab-list", "panel", "password-text", "popup-menu", "progress-bar", "push-button",
    "radio-button", "radio-menu-item", "root-pane", "row-header", "scroll-bar", "scroll-pane",
    "separator", "slider", "spin-button", "split-pane", "status-bar", "table", "table-cell",
    "table-column-header", "table-row-header", "tearoff-menu-item", "terminal", "text",
    "toggle-button", "tool-bar", "tool-tip", "tree", "tree-table", "unknown", "viewport",
    "window", "extended", "header", "footer", "paragraph", "ruler", "application",
    "autocomplete", "editbar", "embedded", "entry", "chart", "caption", "document-frame",
    "heading", "page", "section", "redundant-object", "form", "link", "input-method-window",
    "table-row", "tree-item", "document-spreadsheet", "document-presentation", "document-text",
    "document-web", "document-email", "comment", "list-box", "grouping", "image-map",
    "notification", "info-bar", "level-bar", "title-bar", "block-quote", "audio", "video",
    "definition", "article", "landmark", "log", "marquee", "math", "rating", "timer", "static",
    "math-fraction", "math-root", "subscript", "superscript", "description-list",
    "description-term", "description-value", "footnote", "content-deletion",
    "content-insertion", "mark", "suggestion", "push-button-menu",
)  # fmt: skip
"""Names by AT-SPI's number."""

ARIA: Final = {
    "alert": "alertdialog",  # toolkits call their message dialogs so
    "push-button": "button",
    "push-button-menu": "button",
    "check-box": "checkbox",
    "radio-button": "radio",
    "page-tab": "tab",
    "page-tab-list": "tablist",
    "menu-bar": "menubar",
    "menu-item": "menuitem",
    "tearoff-menu-item": "menuitem",
    "check-menu-item": "menuitemcheckbox",
    "radio-menu-item": "menuitemradio",
    "list-item": "listitem",
    "list-box": "list",
    "tree-item": "treeitem",
    "tree-table": "treegrid",
    "table-cell": "cell",
    "table-row": "row",
    "column-header": "columnheader",
    "table-column-header": "columnheader",
    "row-header": "rowheader",
    "table-row-header": "rowheader",
    "scroll-bar": "scrollbar",
    "tool-bar": "toolbar",
    "tool-tip": "tooltip",
    "status-bar": "status",
    "progress-bar": "progressbar",
    "level-bar": "meter",
    "spin-button": "spinbutton",
    "combo-box": "combobox",
    "autocomplete": "combobox",
    "text": "textbox",
    "entry": "textbox",
    "editbar": "textbox",
    "password-text": "textbox",
    "image": "img",
    "block-quote": "blockquote",
    "grouping": "group",
    "frame": "window",
    "document-web": "document",
    "document-frame": "document",
    "document-email": "document",
    "description-term": "term",
    "description-value": "definition",
    "landmark": "region",
    "content-deletion": "deletion",
    "content-insertion": "insertion",
}
PASSWORD: Final = ATSPI.index("password-text")
TEXTUAL: Final = frozenset(
    ATSPI.index(name)
    for name in (
        "text", "entry", "editbar", "autocomplete", "terminal", "paragraph", "heading", "label",
        "document-text", "document-email", "document-web", "spin-button", "static", "link",
        "caption", "comment", "section", "block-quote", "date-editor", "table-cell", "list-item",
    )
)  # fmt: skip
"""Roles whose text is part of what they show."""
NUMERIC: Final = frozenset(
    ATSPI.index(name)
    for name in (
        "slider", "scroll-bar", "spin-button", "progress-bar", "level-bar", "dial", "split-pane",
        "rating",
    )
)  # fmt: skip
"""Roles whose number is part of what they show; LibreOffice gives one to every button."""
NAMED_BY_TEXT: Final = frozenset(
    ATSPI.index(name) for name in ("label", "static", "link", "table-cell", "list-item", "heading")
)
"""Roles whose name already is their text; it is asked only where there is no name."""
LABELLED: Final = frozenset(
    ATSPI.index(name)
    for name in (
        "text", "entry", "editbar", "autocomplete", "password-text", "spin-button", "combo-box",
        "slider", "check-box", "radio-button", "toggle-button", "list", "list-box", "tree",
        "tree-table", "table", "date-editor", "calendar", "color-chooser", "dial",
    )
)  # fmt: skip
"""Roles that another element labels."""
CELL: Final = ATSPI.index("table-cell")
SCROLL_BAR: Final = ATSPI.index("scroll-bar")
APPLICATION: Final = ATSPI.index("application")
TAB: Final = ATSPI.index("page-tab")
TOOL_TIP: Final = ATSPI.index("tool-tip")
DIALOGS: Final = frozenset(ATSPI.index(name) for name in ("dialog", "alert", "file-chooser"))
POPUPS: Final = frozenset(
    ATSPI.index(name) for name in ("menu", "popup-menu", "tool-tip", "window", "notification")
)
"""Roles of toplevels that lie above every managed window."""


def toolkit_name(number: int) -> str:
    """AT-SPI's name of a role, `unknown` for a number it does not have."""
    return ATSPI[number] if 0 <= number < len(ATSPI) else "unknown"


def role_name(number: int) -> str:
    """The role name of an element with that number."""
    name = toolkit_name(number)
    return ARIA.get(name, name)
