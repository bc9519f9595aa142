"""What is handed over: the list with its annex, the briefing, the atlas, forms for teams and villages."""
