"""Reporting: what gathers several features, the workbook first of all."""
