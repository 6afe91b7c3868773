"""The sentences of the template teacher, English and Chinese; each choice says the same.

Braces are filled from the screen before the action. Nothing here promises what an action will
bring, names a pixel, or speaks of pictures and marks.
"""

from __future__ import annotations

from typing import Final

Phrases = dict[str, tuple[str, ...]]

EN: Final[Phrases] = {
    "window": (
        'The "{window}" window is in front.',
        'I am looking at the "{window}" window.',
        '"{window}" is the window in use.',
    ),
    "page": (
        'The page "{window}" is open.',
        'I am on the page "{window}".',
        'I am looking at the page "{window}".',
    ),
    "app": (
        'The program in front is "{app}".',
        'I am in the program "{app}".',
    ),
    "nowhere": ("No window is in front.", "The desktop shows no window in front."),
    "names": (
        "It shows {names}.",
        "I can see {names}.",
        "Among what is visible are {names}.",
    ),
    "more": (
        " In all, {count} elements can be used.",
        " There are {count} elements that can be used.",
    ),
    "target": (
        " The {role}{name} is visible.",
        " The {role}{name} is there.",
    ),
    "why_first": (
        "The {role}{name} has not been tried yet, so using it is a way to learn what it does.",
        "I have not used the {role}{name} so far; trying it shows what it is for.",
        "Of what is visible, the {role}{name} is still untried.",
    ),
    "why_again": (
        "The {role}{name} was used before; using it again shows whether it now behaves differently.",
        "I have already used the {role}{name}; its state may have changed since, so I try it again.",
    ),
    "why_field": (
        "The {role}{name} takes text, so I can enter something in it.",
        "Text can be typed into the {role}{name}, which has room for input.",
    ),
    "why_menu": (
        "A menu lists commands, and the {role}{name} is one I can open.",
        "The {role}{name} holds commands that are not visible until it is opened.",
    ),
    "why_toggle": (
        "The {role}{name} stands for a setting that can be switched.",
        "With the {role}{name} a setting can be turned on or off.",
    ),
    "why_scroll": (
        "There may be more content than fits here, so I scroll to see it.",
        "To look at the part that does not fit in view, I scroll.",
    ),
    "why_keys": (
        "The keyboard is a way to act on what has the focus here.",
        "A key press acts on whatever has the focus now.",
    ),
    "why_drag": (
        "Dragging is a way to move or to select things here.",
        "I can find out by dragging whether this can be moved or selected.",
    ),
    "why_wait": ("The program may still be working, so I give it time.",),
    "why_page": ("I move between pages to see another part of the site.",),
    "why_page_task": ("What I need is on another page, so I go there.",),
    "why_end": ("There is nothing more to do here.", "This is the end of what I set out to do."),
    "why_task": (
        "To get there I use the {role}{name} next.",
        "The {role}{name} is the next thing I need for this.",
        "So I go on with the {role}{name}.",
    ),
    "why_other": ("This is an action that I can take here.",),
    "goal": ("The task is: {goal} ", "I was asked: {goal} ", ""),
    "click": ("Click the {role}{name}.", "Press the {role}{name}.", "Left-click the {role}{name}."),
    "double_click": ("Double-click the {role}{name}.",),
    "triple_click": ("Triple-click the {role}{name}.",),
    "right_click": ("Right-click the {role}{name}.",),
    "middle_click": ("Click the {role}{name} with the middle button.",),
    "move_to": ("Move the pointer to the {role}{name}.", "Hover over the {role}{name}."),
    "drag": ("Drag from the {role}{name}.", "Hold the {role}{name} and drag."),
    "scroll_up": ("Scroll up over the {role}{name}.",),
    "scroll_down": ("Scroll down over the {role}{name}.",),
    "scroll_left": ("Scroll to the left over the {role}{name}.",),
    "scroll_right": ("Scroll to the right over the {role}{name}.",),
    "write": ('Type "{text}" into the {role}{name}.', 'Enter "{text}" in the {role}{name}.'),
    "write_secret": ("Type the protected text into the {role}{name}.",),
    "write_long": ("Type the text into the {role}{name}.",),
    "keys": ("Press {keys}.", "Press {keys} on the keyboard."),
    "select_option": ('Choose "{text}" in the {role}{name}.',),
    "wait": ("Wait for a moment.",),
    "terminate": ("End the task.",),
    "other": ("Do: {verb}.",),
    "goto": ('Open the address "{text}".',),
    "go_back": ("Go back one page.",),
    "go_forward": ("Go forward one page.",),
    "explore": (
        "Explore what is on this screen: use its controls and see what they do.",
        "Find out what can be done here by trying the controls that are visible.",
    ),
}

ZH: Final[Phrases] = {
    "window": (
        "当前位于前台的是“{window}”窗口。",
        "我正在查看“{window}”窗口。",
        "“{window}”是正在使用的窗口。",
    ),
    "page": ("当前打开的页面是“{window}”。", "我正在浏览页面“{window}”。"),
    "app": ("前台程序是“{app}”。", "我正在使用程序“{app}”。"),
    "nowhere": ("前台没有窗口。", "桌面上没有处于前台的窗口。"),
    "names": ("其中显示了{names}。", "我能看到{names}。", "可见的内容包括{names}。"),
    "more": ("一共有 {count} 个可以使用的元素。", "可以使用的元素共有 {count} 个。"),
    "target": ("{role}{name}是可见的。", "这里有{role}{name}。"),
    "why_first": (
        "{role}{name}还没有试过，使用它可以了解它的作用。",
        "到目前为止我还没有用过{role}{name}，试一试就能知道它的用途。",
        "在可见的元素中，{role}{name}还没有尝试过。",
    ),
    "why_again": (
        "{role}{name}之前用过，再用一次可以看出它的表现是否不同。",
        "我已经用过{role}{name}，它的状态可能已经改变，所以再试一次。",
    ),
    "why_field": ("{role}{name}可以输入文字，我可以在其中输入内容。",),
    "why_menu": (
        "菜单列出命令，而{role}{name}可以打开。",
        "{role}{name}里的命令要打开后才能看到。",
    ),
    "why_toggle": ("{role}{name}代表一个可以切换的设置。",),
    "why_scroll": ("这里的内容可能没有全部显示，所以我滚动查看。",),
    "why_keys": ("可以用键盘操作当前获得焦点的元素。",),
    "why_drag": ("拖动可以移动或选择这里的内容。",),
    "why_wait": ("程序可能仍在处理，所以我稍等一下。",),
    "why_page": ("我在页面之间切换，查看网站的其他部分。",),
    "why_page_task": ("需要的内容在另一个页面上，所以我转到那里。",),
    "why_end": ("这里没有更多要做的事了。",),
    "why_task": (
        "为了完成任务，接下来要用到{role}{name}。",
        "接下来我需要使用{role}{name}。",
    ),
    "why_other": ("这是我在这里可以采取的操作。",),
    "goal": ("任务是：{goal}", "我的任务：{goal}", ""),
    "click": ("点击{role}{name}。", "单击{role}{name}。"),
    "double_click": ("双击{role}{name}。",),
    "triple_click": ("三击{role}{name}。",),
    "right_click": ("右键点击{role}{name}。",),
    "middle_click": ("用中键点击{role}{name}。",),
    "move_to": ("把指针移到{role}{name}上。",),
    "drag": ("从{role}{name}开始拖动。",),
    "scroll_up": ("在{role}{name}上向上滚动。",),
    "scroll_down": ("在{role}{name}上向下滚动。",),
    "scroll_left": ("在{role}{name}上向左滚动。",),
    "scroll_right": ("在{role}{name}上向右滚动。",),
    "write": ("在{role}{name}中输入“{text}”。",),
    "write_secret": ("在{role}{name}中输入受保护的文字。",),
    "write_long": ("在{role}{name}中输入文字。",),
    "keys": ("按下 {keys}。",),
    "select_option": ("在{role}{name}中选择“{text}”。",),
    "wait": ("稍等片刻。",),
    "terminate": ("结束任务。",),
    "other": ("执行：{verb}。",),
    "goto": ("打开地址“{text}”。",),
    "go_back": ("后退一页。",),
    "go_forward": ("前进一页。",),
    "explore": (
        "探索这个屏幕上的内容：使用其中的控件，看看它们的作用。",
        "通过尝试可见的控件，了解在这里可以做什么。",
    ),
}
PHRASES: Final = {"en": EN, "zh": ZH}
