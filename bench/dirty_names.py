"""Names of units and projects as county offices write them, and how lists spoil them."""

from __future__ import annotations

from random import Random

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LOOK_ALIKE = {"0": "O", "1": "I", "5": "S", "2": "Z", "8": "B"}


def words(text: str) -> tuple[str, ...]:
    """The words of a text, parted by blanks."""
    return tuple(text.split())


ORGANS = words(
    "人民政府办公室 教育和体育局 卫生健康局 民政局 住房和城乡建设局 农业农村局 水务局 交通运输局 "
    "公安局 司法局 财政局 人力资源和社会保障局 自然资源和规划局 市场监督管理局 应急管理局 "
    "文化广电和旅游局 退役军人事务局 残疾人联合会 城市管理综合行政执法局 行政审批局 统计局 审计局 "
    "发展和改革局 科学技术局 生态环境局 医疗保障局 乡村振兴局 林业局 妇女联合会 总工会"
)
PLACES = words(
    "玉田镇 亮甲店镇 鸦鸿桥镇 窝洛沽镇 石臼窝镇 虹桥镇 散水头镇 林南仓镇 林西镇 杨家板桥镇"
)
SCHOOLS = words(
    "第一中学 第二中学 第三中学 第四中学 职业技术教育中心 实验小学 第二实验小学 特殊教育学校"
)
# What is common to many units, and what is one unit's own.
COMMON = words(
    "政府业务费 公务用车运行维护费 劳务派遣人员经费 办公设备购置 物业管理费 法律顾问服务费 "
    "残疾人就业保障金 办公用房维修经费 档案整理经费 网络运行维护费 信息化建设项目 专项业务费 "
    "车辆保险费 冬季取暖费 综合楼水电费 党建工作经费 乡村振兴驻村工作经费 精神文明建设经费 "
    "职工体检费 培训费 会议费 宣传工作经费 印刷费 租赁费 审计服务费"
)
OWN = words(
    "城乡居民基本医疗保险补助资金 城乡居民基本养老保险补助资金 义务教育学校公用经费补助资金 "
    "农村义务教育学生营养改善计划补助资金 普通高中家庭经济困难学生国家助学金 学前教育发展专项资金 "
    "基本公共卫生服务补助资金 重大传染病防控经费 计划生育家庭特别扶助资金 公立医院综合改革补助 "
    "农村厕所改造项目 农村人居环境整治项目 高标准农田建设项目 农业生产社会化服务补助 动物防疫经费 "
    "河道治理工程 农村饮水安全巩固提升工程 小型水库维修养护资金 城区排水管网改造工程 "
    "污水处理运营费 "
    "垃圾清运处置经费 市政道路维修养护经费 路灯维护及电费 园林绿化养护经费 老旧小区改造工程 "
    "农村公路养护工程 公交运营补贴 超限超载治理经费 平安建设视频监控租赁费 辅警人员经费 "
    "社区矫正工作经费 法律援助办案补贴 人民调解员补贴 城乡最低生活保障补助资金 "
    "特困人员救助供养资金 "
    "困难残疾人生活补贴和重度残疾人护理补贴 高龄老人津贴 殡葬服务减免补助 退役士兵安置补助资金 "
    "优抚对象医疗补助 优抚对象生活补助 春节慰问经费 防汛抗旱物资储备经费 森林防火经费 "
    "安全生产监管执法经费 消防站建设项目 食品药品抽检经费 大气污染防治资金 散煤治理补贴 "
    "文物保护单位修缮经费 公共图书馆免费开放补助 送戏下乡演出补助 全民健身器材采购 "
    "国土空间规划编制经费 土地整治项目 不动产登记数据整合经费 政务服务便民热线外包服务 "
    "行政审批系统升级改造 经济普查经费 人口抽样调查经费 科技创新券补助 创业担保贷款贴息 "
    "公益性岗位补贴 职业技能提升行动资金 防范和打击非法集资专项经费 教师培训经费 校舍维修改造资金"
)
_SHORT = {
    "医疗保险": "医保",
    "养老保险": "养老",
    "公务用车": "公车",
    "义务教育": "义教",
    "残疾人就业保障金": "残保金",
    "最低生活保障": "低保",
    "人居环境整治": "人居环境",
    "基本公共卫生服务": "基本公卫",
    "计划生育": "计生",
    "运行维护": "运维",
    "维修养护": "维养",
    "城乡居民": "居民",
    "家庭经济困难学生": "贫困生",
    "城乡": "",
    "农村": "",
    "劳务派遣": "劳务",
    "第一中学": "一中",
    "第二中学": "二中",
    "第三中学": "三中",
    "第四中学": "四中",
    "职业技术教育中心": "职教中心",
    "补助资金": "补助",
    "专项资金": "",
    "项目": "",
    "经费": "",
    "专项": "",
    "基本": "",
    "改造": "",
}
_OTHER = {
    "购置": "采购",
    "维修": "修缮",
    "培训": "轮训",
    "补助": "补贴",
    "补贴": "补助",
    "经费": "支出",
    "资金": "经费",
    "工程": "建设项目",
    "项目": "工程",
    "整治": "治理",
    "治理": "整治",
    "养护": "维护",
    "宣传": "宣传教育",
    "人员": "工作人员",
    "水电": "水费电费",
    "租赁费": "租金",
    "保险费": "保险",
    "取暖费": "采暖费",
    "体检": "健康体检",
    "网络": "网站",
    "运营": "运行",
    "外包": "购买服务",
    "便民热线": "12345热线",
    "驻村": "驻村帮扶",
    "系统": "平台",
}


def abbreviated(name: str, random: Random) -> str:
    """As a hurried clerk shortens it; '' where there is nothing to shorten."""
    inside = [long for long in _SHORT if long in name]
    short = name
    for long in random.sample(inside, min(len(inside), random.randint(1, 3))):
        short = short.replace(long, _SHORT[long])
    return short if short != name and len(short) > 2 else ""


def renamed(name: str, random: Random) -> str:
    """With other words for the same; '' where there are none."""
    inside = [old for old in _OTHER if old in name]
    new = name
    for old in random.sample(inside, min(len(inside), random.randint(1, 2))):
        new = new.replace(old, _OTHER[old], 1)
    return new if new != name else ""


def decorated(name: str, unit: str, random: Random) -> str:
    """With a year, a batch, a month or the unit before or behind it."""
    return random.choice(
        (
            f"2025年{name}",
            f"2025年度{name}",
            f"{name}（第二批）",
            f"{name}(第3批)",
            f"{name}（1-6月）",
            f"{name}（追加）",
            f"{unit}{name}",
            f"关于下达{name}的通知",
            f"{name}尾款",
        )
    )


def retold(name: str, unit: str, random: Random) -> str:
    """Shortened, told in other words and adorned, all at once; '' where too little is left."""
    told = abbreviated(name, random) or name
    told = renamed(told, random) or told
    if random.random() < 0.5:
        told = decorated(told, unit, random)
    elif len(told) > 6:
        cut = random.randrange(len(told) - 2)
        told = told[:cut] + told[cut + 2 :]
    return told if told != name else ""


def restyled(text: str, random: Random) -> str:
    """The same to anyone who reads it: full width, blanks, case."""
    wide = text.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})
    half = len(text) // 2
    return random.choice((text, text, f" {text}\t", wide, f"{text[:half]} {text[half:]}"))


def slipped(code: str, random: Random) -> tuple[str, str]:
    """One of the four slips, anywhere in the code."""
    n = random.randrange(len(code) - 1)
    kind = random.choice(("错一位", "缺一位", "重一位", "换位"))
    if kind == "错一位":
        new = random.choice((_LOOK_ALIKE.get(code[n], "7"), random.choice(ALPHABET)))
        return kind, code[:n] + new + code[n + 1 :]
    if kind == "缺一位":
        return kind, code[:n] + code[n + 1 :]
    if kind == "重一位":
        return kind, code[: n + 1] + code[n:]
    return kind, code[:n] + code[n + 1] + code[n] + code[n + 2 :]
