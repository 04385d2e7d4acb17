"""Exports: tables as JSON, CSV and workbooks, with their sources and the disclaimer."""
