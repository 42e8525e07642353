"""Questions asked of a plan: one module a question, each answered by a small frozen dataclass."""
