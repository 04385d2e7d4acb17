"""Say what every row of a workbook would do, and everything that is wrong with it."""

from policytrack.reporting.workbook.planning.whole import Acts, plan

__all__ = ["Acts", "plan"]
