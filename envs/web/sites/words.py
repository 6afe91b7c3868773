"""Words our sites are written with: each entry in English and in Chinese, side by side."""

from __future__ import annotations

from typing import Final

Pair = tuple[str, str]


def _pairs(text: str) -> tuple[Pair, ...]:
    rows = (line.split("|") for line in text.strip().splitlines())
    return tuple((en.strip(), zh.strip()) for en, zh in rows)


GIVEN_NAMES: Final = _pairs(
    """
Amelia|雨桐\nNoah|子轩\nPriya|欣怡\nMateo|浩然\nIngrid|思远\nKwame|明哲\nHana|诗涵\nLuca|俊杰
Zofia|佳琪\nOmar|天宇\nClara|梦洁\nTheo|博文\nNadia|婉清\nElias|志强\nMei|雪梅\nRuben|国栋
Freya|静怡\nTomas|家豪\nAisha|晓彤\nJonas|伟东\nLeila|若曦\nVictor|建华\nSofia|丽娟\nArjun|昊天
""".replace("\\n", "\n")
)
FAMILY_NAMES: Final = _pairs(
    """
Whitfield|王\nOkafor|李\nLindqvist|张\nMarchetti|刘\nHaddad|陈\nNakamura|杨\nPetrov|赵\nAlvarez|黄
Brennan|周\nDubois|吴\nKowalski|徐\nSharma|孙\nEriksen|胡\nTanaka|朱\nMoreau|高\nIbrahim|林
Castillo|何\nNovak|郭\nBergström|马\nOsei|罗
""".replace("\\n", "\n")
)
CITIES: Final = _pairs(
    """
Bristol|杭州\nLisbon|成都\nOslo|苏州\nKyoto|西安\nTrieste|青岛\nHalifax|厦门\nGhent|大理\nPorto|昆明
Bergen|南京\nSeville|桂林\nRiga|武汉\nAdelaide|长沙\nGdańsk|天津\nBologna|重庆\nTurku|洛阳\nCork|珠海
""".replace("\\n", "\n")
)
GOODS: Final[dict[str, tuple[Pair, ...]]] = {
    "mug": _pairs(
        "Stoneware mug|粗陶马克杯\nEnamel camping mug|搪瓷露营杯\nDouble-wall glass cup|双层玻璃杯"
    ),
    "lamp": _pairs(
        "Linen table lamp|亚麻布台灯\nReading lamp with dimmer|可调光阅读灯\nRice-paper lamp|宣纸灯"
    ),
    "chair": _pairs(
        "Oak lounge chair|橡木休闲椅\nStackable café chair|可叠放餐椅\nWool desk chair|羊毛办公椅"
    ),
    "book": _pairs(
        "Cloth-bound notebook|布面笔记本\nField guide to birds|野鸟观察手册\nThe slow kitchen|慢厨房"
    ),
    "headphones": _pairs(
        "Wireless headphones|无线头戴耳机\nStudio headphones|录音室监听耳机\nSleep headband|助眠耳机"
    ),
    "backpack": _pairs(
        "Canvas day pack|帆布双肩包\nRoll-top backpack|卷口防水背包\nChildren's rucksack|儿童书包"
    ),
    "watch": _pairs(
        "Field watch|野外腕表\nSolar sports watch|太阳能运动手表\nSquare dress watch|方形正装表"
    ),
    "plant": _pairs(
        "Potted calathea|盆栽竹芋\nSnake plant, small|小号虎尾兰\nOlive tree in terracotta|陶盆橄榄树"
    ),
    "keyboard": _pairs(
        "Compact mechanical keyboard|紧凑型机械键盘\nLow-profile keyboard|矮轴键盘\nSplit keyboard|分体键盘"
    ),
    "bottle": _pairs(
        "Insulated bottle 750 ml|保温瓶 750 毫升\nGlass carafe|玻璃水瓶\nCycling bottle|骑行水壶"
    ),
    "camera": _pairs(
        "Pocket film camera|口袋胶片相机\nInstant camera|拍立得相机\nMirrorless camera body|微单机身"
    ),
    "shoe": _pairs(
        "Trail running shoe|越野跑鞋\nCanvas sneaker|帆布鞋\nLeather walking shoe|真皮健步鞋"
    ),
    "teapot": _pairs(
        "Cast-iron teapot|铸铁茶壶\nPorcelain gongfu set|瓷质功夫茶具\nGlass teapot with infuser|带滤芯玻璃壶"
    ),
    "phone": _pairs(
        "Refurbished handset|翻新手机\nSenior phone, large keys|大字老人机\nRugged outdoor phone|户外三防手机"
    ),
}
MATERIALS: Final = _pairs(
    "recycled cotton|再生棉\nbrushed steel|拉丝不锈钢\nsolid oak|实木橡木\nborosilicate glass|高硼硅玻璃\nmerino wool|美利奴羊毛\nglazed clay|釉面陶土\nvegetable-tanned leather|植鞣皮\nFSC birch|FSC 桦木"
)
COLOURS: Final = _pairs(
    "Moss|苔绿\nInk|墨蓝\nClay|陶土\nOat|燕麦\nSlate|石板灰\nPlum|梅紫\nSaffron|藏红\nMist|雾灰"
)
REVIEWS: Final = _pairs("""
Exactly as pictured, and the weight feels right in the hand.|和图片一样，拿在手里分量正合适。
Arrived a day early. The packaging had no plastic in it.|提前一天送到，包装里没有塑料。
The colour is a little darker than on my screen, still lovely.|颜色比屏幕上略深一点，依然很好看。
I bought a second one for my sister.|又给妹妹买了一个。
After three months of daily use there is not a scratch.|每天用了三个月，一点划痕都没有。
Smaller than I expected; check the measurements first.|比想象中小，建议先看清尺寸。
""")
SUBJECTS: Final = _pairs("""
Agenda for Thursday's planning meeting|周四规划会议议程
Your order has left the warehouse|您的订单已出库
Draft of the annual report for comments|年度报告初稿，请提意见
Photos from the hike|徒步的照片
Invoice no. 20418 is due next week|20418 号发票下周到期
Can we move the call to 15:30?|通话能改到下午三点半吗？
New sign-in to your account|您的账号有新的登录
Reminder: library books due on Monday|提醒：周一应还图书
Choir rehearsal moved to the town hall|合唱团排练改在市民礼堂
Results of the customer survey|客户问卷结果
Lease renewal: please read and sign|续租合同：请阅读并签字
Recipe you asked for|你要的菜谱
Server maintenance on Saturday night|周六夜间服务器维护
Welcome to the neighbourhood garden|欢迎加入社区菜园
Minutes of the works council|职工委员会会议纪要
Two tickets for the matinee|两张日场演出票
Feedback on the second prototype|对第二版样机的反馈
School trip: consent form attached|学校春游：附同意书
""")
SENTENCES: Final = _pairs("""
Thank you for the quick answer; that settles the open question about the delivery date.|谢谢您这么快回复，交货日期的问题就这样定了。
I have gone through the figures once more and marked the three rows that do not add up.|我又核对了一遍数字，把对不上的三行标了出来。
If the weather holds we will start from the old bridge at nine and be back before dark.|如果天气好，我们九点从老桥出发，天黑前回来。
Please bring the signed copy with you, the scanned one was cut off at the bottom.|请带上签好字的原件，扫描件下边被截掉了。
The supplier asks whether the second pallet can wait until the end of the month.|供应商问第二批货能不能等到月底。
Nobody has used the small meeting room since spring, so we can have it for the workshop.|小会议室春天以后没人用过，可以拿来办工作坊。
I attach the plan of the ground floor with the changes in red.|附上一层平面图，改动处已用红色标出。
Let me know by Wednesday if that does not suit you.|如果不合适，请在周三之前告诉我。
The caretaker will leave the key with the bakery next door.|管理员会把钥匙放在隔壁面包店。
We counted forty-two visitors on the first day, more than in the whole of last week.|第一天来了四十二位参观者，比上周一整周还多。
""")
TASKS: Final = _pairs(
    """
Write the release notes|撰写发布说明\nFix the rounding of totals|修正合计的四舍五入\nInterview three new customers|访谈三位新客户
Redraw the empty states|重画空白状态页\nMeasure start-up time|测量启动时间\nTranslate the help pages|翻译帮助页面
Replace the search index|更换搜索索引\nOrder badges for the fair|订购展会胸牌\nReview the privacy text|审阅隐私条款
Clean up the old accounts|清理旧账号\nPrepare the quarterly figures|准备季度数据\nSketch the new onboarding|设计新用户引导
Move the backups to the new host|把备份迁到新主机\nAnswer the audit questions|回复审计问题\nPlan the team day|筹划团队活动
""".replace("\\n", "\n")
)
EVENTS: Final = _pairs(
    """
Stand-up|晨会\nDentist|看牙医\nDesign review|设计评审\nLunch with Hana|与诗涵午餐\nPiano lesson|钢琴课
Budget meeting|预算会议\nSchool play|学校演出\nTrain to Ghent|去大理的火车\nYoga|瑜伽\nParents' evening|家长会
Deadline: grant proposal|截止：项目申请书\nBirthday party|生日聚会\nInterview|面试\nCar service|汽车保养
""".replace("\\n", "\n")
)
HEADLINES: Final = _pairs("""
Night trains return to the coast line after nineteen years|停运十九年后，夜班列车重返海滨线
City library opens its reading rooms until midnight|市图书馆阅览室延长开放至午夜
Fishermen and scientists count the bay's seahorses together|渔民与科学家联手清点海湾里的海马
Old gasworks to become a park with a swimming pond|旧煤气厂将改建为带天然泳池的公园
A school without bells: what one village learnt in a year|一所没有铃声的学校：一个村庄一年的经验
Rain gardens keep cellars dry in the lower town|雨水花园让老城低洼处的地下室不再进水
Museum finds a lost map in the back of a picture frame|博物馆在画框背后发现失传地图
Bakers switch to evening shifts as flour prices settle|面粉价格趋稳，面包师改上晚班
Volunteers repair four hundred bicycles for pupils|志愿者为学生修好四百辆自行车
The quiet return of the corner shop|街角小店悄然回归
Astronomers name a faint comet after a night watchman|天文学家以一位夜间看守人的名字命名暗弱彗星
Bridge closes for eight weeks: these are the detours|大桥封闭八周：绕行路线一览
""")
PARAGRAPHS: Final = _pairs("""
On the first evening the platform was full long before departure. Some had brought folding chairs, others a thermos and a pack of cards, and when the carriages rolled in, freshly painted dark green, there was applause as at a theatre.|首个夜晚，列车还没发车，站台上早已站满了人。有人带了折叠椅，有人带了保温壶和扑克牌。当刷成墨绿色的车厢缓缓驶入时，人群像在剧院里一样鼓起掌来。
The council had discussed the matter for three years. In the end a calculation by two pupils of the technical school decided it: the repair would cost less than the fence around the ruin had cost since 2011.|市议会为此讨论了三年。最后起决定作用的是职业学校两名学生的一份计算：修缮的费用比二〇一一年以来围栏的开销还要低。
Not everyone is convinced. The owner of the kiosk opposite fears for her parking spaces, and the tenants' association wants to see the noise measurements before it agrees to anything.|并不是所有人都信服。对面售货亭的店主担心没有停车位，租户协会则要求先看到噪声测量结果，再决定是否同意。
Those who work there describe it soberly. The days are long, the pay is fair, and since the new rota was introduced hardly anyone has left. What is missing, they say, is a proper canteen.|在那里工作的人说得很平实：工作时间长，报酬公道，自从实行新的排班表以后几乎没有人离职。他们说，唯一缺的是一个像样的食堂。
The figures are small but they point in one direction. Four hundred in the first month, six hundred in the second, and by the summer the organisers hope for a thousand a week.|数字不大，方向却很清楚：第一个月四百人，第二个月六百人，主办方希望到夏天每周能有一千人。
What happens next depends on the weather, on a delivery of steel from the north, and on whether the two ministries can agree who is responsible for the lock.|接下来会怎样，取决于天气，取决于从北方运来的一批钢材，也取决于两个部门能否就船闸由谁负责达成一致。
An inspection in autumn found the foundations sound. Only the eastern wall, where ivy had grown into the joints, had to be taken down and rebuilt stone by stone.|秋天的检查表明地基完好，只有东墙因常春藤长进石缝，不得不拆下来一块一块重新砌好。
""")
ARTICLES: Final = _pairs(
    "Green tea|绿茶\nSuspension bridge|悬索桥\nBarn owl|仓鸮\nPaper|纸\nLighthouse|灯塔\nBamboo|竹\nWind turbine|风力发电机\nGrand Canal|大运河"
)
SECTIONS: Final = _pairs(
    "Etymology|名称\nHistory|历史\nDescription|特征\nDistribution|分布\nProduction|制作\nUses|用途\nIn culture|文化\nConservation|保护\nSee also|参见"
)
FACTS: Final = _pairs("""
The earliest written mention dates from the eighth century, in a travel diary kept by a monk who crossed the mountains in late autumn.|最早的文字记载见于公元八世纪，出自一位僧人深秋翻山时所写的行记。
Several regional forms are distinguished, and their names often refer to the colour or to the place where they were first described.|各地形态有别，名称多取自颜色或最初被描述的地点。
Until the nineteenth century knowledge of the process was passed on orally; the first illustrated manual appeared in 1837 and was reprinted eleven times.|直到十九世纪，有关工艺一直靠口耳相传；第一部带插图的手册出版于一八三七年，先后重印十一次。
Measurements vary with age and season, which is why older handbooks give ranges rather than single values.|测量值随年份和季节而变化，因此早期手册多给出范围而非单一数值。
A change in trade routes after 1860 moved the centre of activity from the river towns to the coast.|一八六〇年以后商路改变，中心从沿河市镇移到了沿海。
Modern surveys rely on photographs taken from the air, which are compared with maps of the previous decade.|现代调查主要依靠航拍照片，并与十年前的地图对照。
Critics have pointed out that the figures of the early surveys cannot be compared directly, since different methods of counting were used.|有评论指出，早期调查的计数方法各不相同，数据不能直接比较。
In several provinces it is listed among the protected cultural goods, and festivals are held in its honour every spring.|它在多个省份被列为保护对象，每年春天还会举办相关的节庆。
""")
TRACKS: Final = _pairs(
    "Harbour lights|港口灯火\nTwo left shoes|两只左脚鞋\nPaper boats|纸船\nSlow river|慢河\nAfter the rain|雨后\nNorthern line|北线\nMorning market|早市\nLanterns|灯笼\nUmbrella weather|带伞的天气\nKites over the dunes|沙丘上的风筝\nLast tram home|末班电车\nSalt and honey|盐与蜜"
)
BANDS: Final = _pairs(
    "The Night Porters|夜班门房\nGlass Orchard|玻璃果园\nMira & the Tides|米拉与潮汐\nBrass Cartel|铜管俱乐部\nOld Ferry|旧渡口\nQuiet Engines|安静引擎"
)
DEPARTMENTS: Final = _pairs(
    "Sales|销售部\nLogistics|物流部\nFinance|财务部\nSupport|客服部\nResearch|研发部\nPurchasing|采购部"
)
ROLES: Final = _pairs("Owner|所有者\nAdministrator|管理员\nEditor|编辑\nViewer|访客")
STATUS: Final = _pairs("Active|正常\nInvited|已邀请\nSuspended|已停用\nPending|待审核")
FILES: Final[dict[str, tuple[Pair, ...]]] = {
    "file": _pairs(
        "Contract draft.pdf|合同草案.pdf\nReading list.docx|书单.docx\nTravel costs.xlsx|差旅费用.xlsx\nRead me.txt|说明.txt\nTimetable.pdf|时间表.pdf\nSpeech notes.docx|发言提纲.docx"
    ),
    "image": _pairs(
        "Harbour at dusk.jpg|黄昏港口.jpg\nFloor plan.png|平面图.png\nPoster final.png|海报终稿.png\nPicnic.jpg|野餐.jpg"
    ),
    "music": _pairs("Rehearsal 3.mp3|排练三.mp3\nInterview.m4a|采访.m4a"),
    "video": _pairs("Product demo.mp4|产品演示.mp4\nGarden timelapse.mp4|花园延时.mp4"),
    "folder": _pairs(
        "Invoices|发票\nHoliday 2026|2026 假期\nManuscript|书稿\nOld computer|旧电脑\nShared with team|团队共享\nReceipts|收据"
    ),
}
