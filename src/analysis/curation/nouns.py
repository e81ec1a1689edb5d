"""Nouns that are counted, by the unit they stand for, and verbs that say what was done with them."""

from __future__ import annotations

import re

# What a unit code is called in a text; the longer word wins where two end at the same place.
NOUNS = {
    "village-or-community": r"村（社区）|村\(社区\)|村和社区|村、社区|村居",
    "branch": "党支部|支部",
    "organisation": r"党组织|党总支|党委|党（工）委|党\(工\)委|党小组|联盟|专责组|工作组|专班|合作社|组织"
    "|(?:整治|整顿)对象",
    "venue": "活动场所|场所|阵地|活动室|党群服务中心|服务站|服务中心|驿站",
    "facility": "设施|安心工程",
    "village": "行政村|示范村|薄弱村|重点村|难点村|自然村|村",
    "community": "社区",
    "household": "户",
    "project": "项目|工程",
    "problem": "问题|短板",
    "measure": "措施|举措",
    "area-of-work": "方面|工作",
    "document": "办法|制度|清单|文件|通知|方案|章程|规约|村规民约",
    "course": "培训班|轮训班|培训|轮训",
    "session": "党课|讲座|课堂|活动",
    "issue": "通报|简报",
    "copy": "宣传册|宣传单|资料|手册|书籍|读本|图书|日志|指南",
    "proposal": "建议|意见|提案|诉求",
    "case": "案件|案|矛盾|纠纷|信访",
    "service": "事项|实事|代办",
    "person": "党员|干部|书记|委员|主任|人员|队员|人才|骨干|代表|群众|教师|领导|能手",
    "post-type": "岗位",
    "road": "道路|主干道|公路",
}
VERBS = re.compile(
    "(?:新建|改造提升|改扩建|改建|扩建|修缮|提升|改造|建成|建设|撤销|撤并|合并|新成立|成立|新组建|组建|设立|整顿|整改|选派|下派|派驻"
    "|选举产生|培养|轮训|培训|举办|召开|开展|制定|印发|出台|表彰|评选|创建|打造|排查|查摆|化解|调处|调解|接待|代办|发展|清理|调整"
    "|取消|储备|回引|招募|升格|购置|消除|建立|配备|招录|吸纳|聘任|走访|慰问|帮扶|协调|解决|办理|实施)"
)
