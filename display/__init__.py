"""Wall boards (综合屏) and window signs (窗口屏)."""
