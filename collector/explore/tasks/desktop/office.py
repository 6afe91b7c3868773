"""Tasks in LibreOffice: cells and sums in a sheet, sentences and words in a letter."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks import odf, texts
from collector.explore.tasks.intents import Intent, Keys, Pause, Press, Say, Type, WaitFor
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target
from collector.explore.tasks.task import Setting, Values, on_desktop
from envs.ubuntu.documents import BUDGET, LETTER, documents

CALC: Final = "libreoffice-calc.desktop"
WRITER: Final = "libreoffice-writer.desktop"
SAVE: Final = Keys(("ctrl", "s"), "saves the file")
MONTHS: Final = {"B": "January", "C": "February", "D": "March"}
LAST: Final = len(BUDGET)


def window(v: Values) -> Target:
    """The window that shows the file."""
    return Target(("window",), (v["file"],), "has", app="soffice")


def saved(v: Values) -> WaitFor:
    """The button to save is there for what is changed; the file is read when it is written."""
    return WaitFor(window(v))


# --- a sheet -----------------------------------------------------------------------------------


def draw_cell(setting: Setting) -> Values:
    """A cell of the budget and a new number for it."""
    column, row = setting.rng.choice("BCD"), setting.rng.randrange(2, LAST)
    file = texts.names(setting, "ods", 1)[0]
    return {
        "file": file, "cell": f"{column}{row}", "other": f"{column}{row + 1}",
        "item": BUDGET[row - 1][0], "month": MONTHS[column], "amount": setting.rng.randrange(30, 900),
        "files": {file: documents()["budget.ods"]},
    }  # fmt: skip


def go(v: Values, cell: str) -> list[Intent]:
    """Wait for the sheet, then go to a cell by the arrow keys, from the first one."""
    right, down = "ABCD".index(cell[0]), int(cell[1:]) - 1
    return [
        WaitFor(window(v)),
        WaitFor(Target(("menu",), ("Sheet", "工作表"), app="soffice")),
        Pause("lets the sheet be drawn"),
        Keys(("ctrl", "home"), "goes to the first cell"),
        Keys(("down",), f"goes down to row {cell[1:]}", down),
        Keys(("right",), f"goes to column {cell[0]}", right),
    ]


def put(v: Values) -> list[Intent]:
    """The number into the cell, save."""
    typed = Say(str(v["amount"]), f"types {v['amount']}", submit=True)
    return [*go(v, v["cell"]), typed, SAVE, saved(v)]


def sheet(state: State, v: Values) -> dict[str, str]:
    """The cells of the saved file."""
    return odf.cells(state.file(v["file"]) or b"")


def before() -> dict[str, str]:
    """The cells of the budget as it was."""
    return odf.cells(documents()["budget.ods"])


def is_put(state: State, v: Values) -> Verdict:
    """Whether that cell, and no other, has changed."""
    right = {**before(), v["cell"]: f"{v['amount']:g}"}
    found = sheet(state, v)
    changed = sorted(k for k in right.keys() | found.keys() if right.get(k) != found.get(k))
    return verdict(cells_that_are_not_as_asked=(changed, []))


def draw_sum(setting: Setting) -> Values:
    """A month of the budget."""
    column, other = setting.rng.sample("BCD", 2)
    file = texts.names(setting, "ods", 1)[0]
    return {
        "file": file, "cell": f"{column}{LAST + 1}", "first": f"{column}2", "last": f"{column}{LAST}",
        "other": f"{other}{LAST + 1}", "month": MONTHS[column], "column": column,
        "files": {file: documents()["budget.ods"]},
    }  # fmt: skip


def total(v: Values) -> list[Intent]:
    """The formula into the cell below, save."""
    formula = f"=SUM({v['first']}:{v['last']})"
    return [*go(v, v["cell"]), Say(formula, f"types {formula}", submit=True), SAVE, saved(v)]


def is_total(state: State, v: Values) -> Verdict:
    """Whether the cell holds a formula and its value is the sum; the rest as it was."""
    column = "ABCD".index(v["column"])
    right = sum(float(row[column]) for row in BUDGET[1:])
    cell = f"{v['column']}{LAST + 1}"
    found = sheet(state, v)
    said = found.pop(cell, "")
    near = said != "" and _is_near(said, right)
    formula = odf.formulas(state.file(v["file"]) or b"").get(cell, "")
    return verdict(sum=(near, True), formula=(bool(formula), True), rest=(found, before()))


def _is_near(said: str, right: float) -> bool:
    try:
        return abs(float(said) - right) < 0.01
    except ValueError:
        return False


# --- a letter ----------------------------------------------------------------------------------


def draw_line(setting: Setting) -> Values:
    """A sentence to add to the letter."""
    file = texts.names(setting, "odt", 1)[0]
    one, two = texts.english(setting, 2)
    return {
        "file": file, "line": f"PS: please {one}", "other": f"PS: please {two}",
        "files": {file: documents()["letter.odt"]},
    }  # fmt: skip


def begin(v: Values) -> list[Intent]:
    """The letter shows and has the focus."""
    return [
        WaitFor(window(v)),
        WaitFor(Target(("paragraph",), (), app="soffice")),
        Press(Target(("paragraph",), (), app="soffice")),
    ]


def add(v: Values) -> list[Intent]:
    """A new paragraph at the end, save."""
    return [
        *begin(v),
        Keys(("ctrl", "end"), "goes to the end of the letter"),
        Keys(("enter",), "begins a new paragraph"),
        Say(v["line"], f"types {v['line']!r}"),
        SAVE,
        saved(v),
    ]


def is_added(state: State, v: Values) -> Verdict:
    """Whether the letter ends with it and says the rest as before."""
    return verdict(letter=(odf.paragraphs(state.file(v["file"]) or b""), [*LETTER, v["line"]]))


def draw_word(setting: Setting) -> Values:
    """A word of the letter and another for it."""
    file = texts.names(setting, "odt", 1)[0]
    old, new, other = setting.rng.choice(
        [("tour", "walk", "visit"), ("pupils", "children", "guests"), ("Thursday", "Friday", "Monday")]
    )  # fmt: skip
    return {
        "file": file, "old": old, "new": new, "other": other,
        "files": {file: documents()["letter.odt"]},
    }  # fmt: skip


def change(v: Values) -> list[Intent]:
    """Find and replace all, save."""
    dialog = Target(
        ("dialog",),
        ("Find and Replace", "Find & Replace", "查找与替换", "查找和替换"),
        "starts",
        app="soffice",
    )
    field = Target(("textbox",), app="soffice", within=dialog)
    return [
        *begin(v),
        Keys(("ctrl", "h"), "opens find and replace"),
        WaitFor(dialog),
        Type(field, v["old"]),
        Type(field.at(1), v["new"]),
        Press(Target(("button",), ("Replace All", "全部替换"), app="soffice", within=dialog)),
        Press(Target(("button",), ("Close", "关闭"), app="soffice", within=dialog)),
        Press(Target(("paragraph",), (), app="soffice")),
        SAVE,
        saved(v),
    ]  # fmt: skip


def is_changed(state: State, v: Values) -> Verdict:
    """Whether the letter has the new word wherever it had the old one."""
    right = [line.replace(v["old"], v["new"]) for line in LETTER]
    return verdict(letter=(odf.paragraphs(state.file(v["file"]) or b""), right))


TASKS: Final = (
    on_desktop(
        "calc-cell", CALC,
        ("In LibreOffice Calc, set {item} for {month} in {file} to {amount} and save the file.",
         "在 LibreOffice Calc 中，把 {file} 里 {month} 的 {item} 改为 {amount}，然后保存。"),
        draw_cell, put, is_put,
    ),
    on_desktop(
        "calc-total", CALC,
        ("In LibreOffice Calc, put the sum of all amounts of {month} into the cell below them in {file}, as a formula, and save.",
         "在 LibreOffice Calc 中，用公式在 {file} 里 {month} 各项下方的单元格中求和，然后保存。"),
        draw_sum, total, is_total,
    ),
    on_desktop(
        "writer-add", WRITER,
        ("In LibreOffice Writer, add the paragraph “{line}” at the end of {file} and save the file.",
         "在 LibreOffice Writer 中，在 {file} 末尾添加一段“{line}”，然后保存。"),
        draw_line, add, is_added,
    ),
    on_desktop(
        "writer-replace", WRITER,
        ("In LibreOffice Writer, replace “{old}” by “{new}” everywhere in {file} and save the file.",
         "在 LibreOffice Writer 中，把 {file} 里所有的“{old}”替换为“{new}”，然后保存。"),
        draw_word, change, is_changed,
    ),
)  # fmt: skip
