"""The monitoring form (绩效目标执行监控表) and its report."""
