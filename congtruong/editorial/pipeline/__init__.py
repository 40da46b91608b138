"""Texts of articles: pure functions on HTML."""
