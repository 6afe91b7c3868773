"""What roles mean: which are pressed, which are read, which only hold others, and their words.

Roles are ARIA's where one fits, else the toolkit's in lower case with dashes; a role that is
not listed here counts as a container, so an unknown toolkit yields less rather than junk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["control", "field", "text", "image", "container", "window", "popup"]


@dataclass(frozen=True, slots=True)
class Role:
    """A role's kind and what people call it in English and Chinese."""

    kind: Kind
    en: str
    zh: str


def _rows(kind: Kind, *rows: tuple[str, str, str]) -> dict[str, Role]:
    return {name: Role(kind, en, zh) for names, en, zh in rows for name in names.split()}


ROLES: Final[dict[str, Role]] = {
    **_rows(
        "control",
        ("button push-button", "button", "按钮"),
        ("toggle-button togglebutton switch", "toggle button", "开关按钮"),
        ("checkbox check-box", "check box", "复选框"),
        ("radio radio-button", "radio button", "单选按钮"),
        ("tab page-tab", "tab", "标签页"),
        ("menu", "menu", "菜单"),
        ("menuitem menu-item", "menu item", "菜单项"),
        ("menuitemcheckbox check-menu-item", "check menu item", "可勾选的菜单项"),
        ("menuitemradio radio-menu-item", "radio menu item", "单选菜单项"),
        ("link", "link", "链接"),
        ("option", "option", "选项"),
        ("listitem list-item", "list item", "列表项"),
        ("treeitem tree-item", "tree item", "树形项目"),
        ("gridcell cell table-cell", "cell", "单元格"),
        ("columnheader column-header table-column-header", "column header", "列标题"),
        ("rowheader row-header table-row-header", "row header", "行标题"),
        ("slider", "slider", "滑块"),
        ("scrollbar scroll-bar", "scroll bar", "滚动条"),
        ("splitter", "splitter", "分隔条"),
        ("disclosure summary", "expander", "展开项"),
        ("color-chooser colorwell", "colour chooser", "颜色选择器"),
        ("dial", "dial", "旋钮"),
        ("calendar", "calendar", "日历"),
    ),
    **_rows(
        "field",
        ("textbox entry text-field", "text field", "文本框"),
        ("searchbox search-box", "search field", "搜索框"),
        ("password password-text", "password field", "密码框"),
        ("combobox combo-box", "combo box", "下拉框"),
        ("date date-editor", "date field", "日期框"),
        ("spinbutton spin-button", "number field", "数值框"),
        ("terminal", "terminal", "终端"),
        ("document-text editor", "text area", "文本区"),
    ),
    **_rows(
        "text",
        ("label static statictext static-text text", "text", "文字"),
        ("paragraph", "paragraph", "段落"),
        ("heading", "heading", "标题"),
        ("caption", "caption", "说明文字"),
        ("code", "code", "代码"),
        ("term definition", "definition", "释义"),
        ("blockquote", "quotation", "引文"),
        ("legend", "legend", "图例"),
        ("time", "time", "时间"),
        ("statusbar status-bar status", "status text", "状态文字"),
        ("alert notification", "notification", "通知"),
    ),
    **_rows(
        "image",
        ("img image graphic", "picture", "图片"),
        ("icon desktop-icon", "icon", "图标"),
        ("canvas", "canvas", "画布"),
        ("meter level-bar", "meter", "计量条"),
        ("progressbar progress-bar", "progress bar", "进度条"),
        ("chart", "chart", "图表"),
        ("video", "video", "视频"),
    ),
    **_rows(
        "popup",
        ("tooltip tool-tip", "tooltip", "提示"),
        ("popup-menu", "pop-up menu", "弹出菜单"),
        ("dialog alertdialog", "dialog", "对话框"),
        ("file-chooser", "file chooser", "文件选择框"),
    ),
    **_rows(
        "window",
        ("window frame internal-frame", "window", "窗口"),
        ("desktop-frame", "desktop", "桌面"),
    ),
}
CONTAINER: Final = Role("container", "area", "区域")
PRESSING: Final = frozenset(
    {"click", "press", "activate", "jump", "open", "toggle", "select", "expand or contract"}
)
"""Actions of an accessibility tree that mean "this can be pressed"."""
WEAK: Final = frozenset(
    [
        "listitem",
        "list-item",
        "treeitem",
        "tree-item",
        "gridcell",
        "cell",
        "table-cell",
        "columnheader",
        "column-header",
        "table-column-header",
        "rowheader",
        "row-header",
        "table-row-header",
        "option",
        "calendar",
    ]
)
"""Controls in a toolkit, often mere layout in a page: pressed only where the source says so."""
CHOOSING: Final = frozenset({"selectable", "focusable", "clickable", "editable", "expandable"})
"""States that make a weak role something a person can press."""
GRABBING: Final = frozenset({"scrollbar", "scroll-bar", "splitter"})
"""Controls that name nothing a person asks for; kept only where they are named."""


def role_of(name: str) -> Role:
    """What a role means; a container where it is not known."""
    return ROLES.get(name, CONTAINER)


def word(name: str, lang: str = "en") -> str:
    """What people call that role in `lang` (`en` or `zh`)."""
    role = role_of(name)
    return role.zh if lang == "zh" else role.en
