"""The catalogue of what can be wrong with a target document: T001 to T083, stable ids."""

from __future__ import annotations

from monitor.errors import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

NO_PROJECTS = Kind(
    "T001",
    _ERROR,
    "文本中没有找到项目绩效目标表（没有“项目编码”单元格，也没有“……绩效目标表”标题）。",
    "请确认这是绩效目标文本；文本形式（.txt）的单元格须以制表符开头。",
)
YEAR_UNKNOWN = Kind(
    "T002",
    _ERROR,
    "这份文本是哪一年的？{codes}，无法确定预算年度。",
    "请用 --year 指明年度后重新导入。",
)
YEAR_INFERRED = Kind(
    "T003",
    _WARNING,
    "年份由项目编码推定：{year} 年（{evidence}）。",
    "编码中的年份是项目的起始年份；如年度不对，请用 --year 指明。",
)
CODE_LATER_THAN_YEAR = Kind(
    "T004",
    _WARNING,
    "项目编码中的年份是 {code_year} 年，晚于指定的 {year} 年。",
    "请核对年度和项目编码。",
)

LABEL_MISSING = Kind(
    "T010", _ERROR, "这个项目没有“{field}”单元格，不予读入。", "请补上该单元格后重新导入。"
)
LABEL_TWICE = Kind(
    "T011",
    _ERROR,
    "“{field}”在同一项目中出现两次，不知以哪一处为准。",
    "请删去多余的一处；如是两个项目，请补上项目标题和单位行。",
)
VALUE_MISSING = Kind(
    "T012",
    _ERROR,
    "“{field}”之后没有内容单元格，无法分清是空白还是遗漏。",
    "请补上该单元格；没有内容的，留一个空单元格。",
)
VALUE_UNCLEAR = Kind(
    "T013",
    _ERROR,
    "“{field}”处的内容不止一项或混入了其他栏目，无法归位。",
    "请对照原文补上缺少的单元格或删去多余的内容。",
)
UNIT_UNKNOWN = Kind(
    "T014",
    _ERROR,
    "单位行没有读出：应有且仅有一处以 6 位单位编码开头的单位名称。",
    "请按“430001单位名称”的写法更正单位行。",
)
MONEY_UNIT_MISSING = Kind(
    "T015",
    _ERROR,
    "金额单位没有写明，或不是元、千元、万元，金额无法确定。",
    "请在单位行写明“单位：元”或“单位：万元”。",
)
MONEY_UNIT_TWICE = Kind(
    "T016", _ERROR, "金额单位前后不一（{units}），金额无法确定。", "请改为同一个金额单位。"
)
AMOUNT_UNREADABLE = Kind("T017", _ERROR, "“{field}”的内容{reason}。", "请改为数字，如 594100.00。")
AMOUNT_NEGATIVE = Kind("T018", _ERROR, "“{field}”的金额是负数。", "请核对原文。")
VALUE_BLANK = Kind("T019", _WARNING, "“{field}”是空白。", "如属遗漏，请补上后重新导入。")
BUDGET_SUM = Kind(
    "T020",
    _WARNING,
    "预算数 {budget} 元不等于财政资金 {fiscal} 元与其他资金{other}之和。",
    "各数均按原文读入，请核对。",
)

KEY_BLANK = Kind("T021", _ERROR, "“{field}”是空白，这个项目不予读入。", "请补上后重新导入。")
TEXT_IN_PARTS = Kind(
    "T022", _NOTE, "“{field}”的内容分在几个单元格里，已合并读入。", "请核对合并后的内容。"
)

COLUMN_MISSING = Kind(
    "T023", _WARNING, "这个项目没有“{field}”单元格，按空白读入（空白不等于 0）。", "请核对原文。"
)
SHEET_CUT = Kind(
    "T024",
    _ERROR,
    "这个项目既没有绩效目标，也没有绩效指标，文本似在此处中断，金额和计划不可靠。",
    "请用完整的文本重新导入。",
)

CODE_MANGLED = Kind(
    "T030", _ERROR, "项目编码已被电子表格改成科学计数法或 #，原码无法恢复。", "请按文本格式重填。"
)
CODE_LENGTH = Kind(
    "T031", _WARNING, "项目编码有 {length} 位，应为 21 位。", "编码按原文读入，请核对。"
)
CODE_CHECK = Kind(
    "T032",
    _WARNING,
    "项目编码的末位校验字符不符，可能抄错了一位。",
    "编码按原文读入，请与预算系统核对。",
)
CODE_TWICE = Kind(
    "T033",
    _ERROR,
    "同一项目编码在文本中出现 {count} 次（{lines}），这几个项目都不读入。",
    "请改正编码，或删去重复的项目。",
)

PLAN_MISSING = Kind(
    "T040",
    _WARNING,
    "没有资金支出计划，无法按计划监控这个项目。",
    "如属遗漏，请补上后重新导入。",
)
CHECKPOINTS_UNREADABLE = Kind(
    "T041",
    _ERROR,
    "资金支出计划的时点没有读懂：应为各月底（如 3月底、一季度末），并由先到后排列。",
    "请更正表头。",
)
SHARE_UNREADABLE = Kind(
    "T042", _ERROR, "资金支出计划的比例{reason}。", "请改为百分比，如 25% 或 33.33%。"
)
PLAN_UNALIGNED = Kind(
    "T043",
    _ERROR,
    "资金支出计划有 {months} 个时点、{shares} 个写明的比例，单元格对不齐，无法归位。",
    "请补上缺少的单元格；没有比例的，留一个空单元格。",
)
PLAN_BLANK = Kind(
    "T044", _NOTE, "资金支出计划在{months}是空白，到期时不作判断。", "如属遗漏，请补上。"
)
PLAN_FALLS = Kind(
    "T045", _ERROR, "资金支出计划的比例应是累计数，不能由高到低。", "请改为累计比例。"
)
PLAN_OVER = Kind("T046", _ERROR, "资金支出计划的比例超过 100%。", "请核对原文。")
PLAN_END = Kind("T047", _WARNING, "资金支出计划不是到 12月底为 100%。", "请核对原文。")
PLAN_NOT_CUMULATIVE = Kind(
    "T048",
    _ERROR,
    "资金支出计划各栏相加正好是 100%，似为各期比例，而不是累计比例。",
    "请改为累计比例。",
)
PLAN_FRACTION = Kind(
    "T049",
    _ERROR,
    "资金支出计划的比例没有百分号且以 1 为止，分不清是小数还是百分数。",
    "请写成百分比，如 25%。",
)

PLAN_IN_WORDS = Kind(
    "T035",
    _WARNING,
    "资金支出计划（实施进度）是文字叙述，没有各时点的比例，无法按计划监控这个项目。",
    "如有各时点的累计支出比例，请按表格补上后重新导入。",
)
CHECKPOINTS_DIFFER = Kind(
    "T034",
    _WARNING,
    "资金支出计划的时点是{own}，同一文本的多数项目是{usual}。",
    "请核对是否缺少或多出时点。",
)

INDICATORS_MISSING = Kind("T050", _WARNING, "没有绩效指标。", "如属遗漏，请补上指标表后重新导入。")
HEADER_INCOMPLETE = Kind(
    "T051",
    _ERROR,
    "指标表的表头不全、重复或不认识，指标无法归栏。",
    "表头应有一级指标、二级指标、三级指标、指标值；其他写法请加入 rules/labels.toml。",
)
ROW_UNPLACED = Kind(
    "T052",
    _ERROR,
    "指标表这一行有 {cells} 个单元格，表头有 {columns} 栏，无法归位。",
    "请补上缺少的单元格或删去多余的单元格。",
)
LAST_CELL_MISSING = Kind(
    "T053",
    _WARNING,
    "指标表末行缺少最后一个单元格，按“{column}”为空白读入。",
    "请核对这一行。",
)
CELL_OUTSIDE_COLUMNS = Kind(
    "T054",
    _ERROR,
    "指标表这一格的表头是空白或不认识，其内容不知属于哪一栏。",
    "请将内容移到所属的栏，或补上表头。",
)
TARGET_BLANK = Kind("T055", _WARNING, "绩效指标“{name}”没有指标值。", "请补上指标值。")
LEVEL_MISSING = Kind(
    "T056", _WARNING, "绩效指标缺少{levels}的名称，上方也没有可沿用的名称。", "请补上。"
)
LEVEL_UNUSUAL = Kind(
    "T057",
    _NOTE,
    "这不是常用的{level}名称。",
    "照原文读入；请核对是否错栏，属实的可加入 rules/labels.toml。",
)
INDICATOR_EMPTY = Kind(
    "T058", _NOTE, "这一行只有指标分类，没有指标，已略去。", "如属遗漏，请补上。"
)
INDICATOR_TWICE = Kind(
    "T059", _NOTE, "与{line}的绩效指标完全相同。", "两行都已读入，请核对是否重复。"
)

GOALS_GAP = Kind("T061", _WARNING, "绩效目标的序号不连续，其间可能缺少目标。", "请对照原文核对。")
GOALS_TWICE = Kind("T060", _NOTE, "绩效目标中有相同的两条。", "两条都已读入，请核对是否重复。")

NATURE_UNREADABLE = Kind(
    "T062",
    _WARNING,
    "“指标性质”不是 ≥、≤、>、<、=、定性或定量，没有并入指标值。",
    "请核对指标值的比较方向。",
)
WEIGHT_UNREADABLE = Kind(
    "T063", _WARNING, "分值（权重）没有读懂，按没有分值读入。", "请改为 0 至 100 的数字，如 10。"
)
WEIGHTS_SUM = Kind(
    "T064", _NOTE, "各指标的分值（权重）合计 {total}，不是 90 或 100。", "请核对各指标的分值。"
)
COLUMNS_UNKEPT = Kind(
    "T065",
    _NOTE,
    "{columns}的内容不在保存之列，没有读入。",
    "无需处理；需要时请查原文。",
)
LEVEL_COLUMN_MISSING = Kind(
    "T066", _NOTE, "指标表没有{levels}栏，按空白读入。", "如属遗漏，请补上该栏后重新导入。"
)
MERGED_DOWN = Kind(
    "T067",
    _NOTE,
    "{columns}有上下合并的单元格，其内容按合并范围内各行共有读入（分值只计在首行）。",
    "请对照原文核对。",
)
UNIT_CODE_MISSING = Kind(
    "T068",
    _ERROR,
    "单位只有名称“{name}”，没有 6 位单位编码，预警无法对应到单位，这个项目不予读入。",
    "请在单位名称前补上单位编码，如“430001单位名称”。",
)

TEXT_UNPLACED = Kind(
    "T070",
    _WARNING,
    "这些文字不属于任何已识别的栏目，没有读入。",
    "请对照原文核对；属于某个单元格的，请移回该单元格。",
)
SECTION_MISSING = Kind(
    "T071", _WARNING, "第一部分没有找到{sections}。", "如属遗漏，请补上标题后重新导入。"
)
PREFACE = Kind("T072", _NOTE, "第一部分标题之前的文字没有读入。", "请核对其中没有绩效目标。")
PAGE_MARK = Kind(
    "T074",
    _WARNING,
    "这一段只有数字，或在几处重复，可能是页码或页眉；已接在它前面的单元格之后读入。",
    "请对照原文核对；是页码或页眉的，请删去后重新导入。",
)
HEADING_NUMBER = Kind(
    "T073",
    _WARNING,
    "项目序号由 {before} 跳到 {after}，其间可能缺少项目。",
    "请对照原文核对项目个数。",
)

TOTAL_DIFFERS = Kind(
    "T080",
    _WARNING,
    "文本写明项目合计 {stated} 元，读入的 {count} 个项目预算数相加是 {added} 元，两者不符。",
    "请核对是否缺少项目，或金额、金额单位有误。",
)
BUDGET_SCALE = Kind(
    "T081",
    _WARNING,
    "预算数 {budget} 元与同一文本其他项目的中位数 {median} 元相差 1 万倍以上，可能把元与万元写错。",
    "请核对金额单位；金额按原文读入。",
)
RATE_ABOVE_WHOLE = Kind(
    "T082", _WARNING, "绩效指标“{name}”是比率，指标值却超过 100%。", "请核对指标值和计量单位。"
)
UNIT_IMPOSSIBLE = Kind(
    "T083", _NOTE, "绩效指标“{name}”的数值与计量单位不相称：{why}。", "请核对指标值。"
)

BUDGETS_HUGE = Kind(
    "T069",
    _WARNING,
    "金额单位是万元，而项目预算数的中位数达 {median} 元，可能实为元。",
    "请核对金额单位；金额按原文读入。",
)

TARGET_KINDS = tuple(kind for kind in list(globals().values()) if isinstance(kind, Kind))
