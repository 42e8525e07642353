"""Fact sheets: words and formats around the numbers of a plan, never arithmetic of their own."""

from ukraineplan.report.sheet import Sheet, compare_sheet, fact_sheet

__all__ = ["Sheet", "compare_sheet", "fact_sheet"]
