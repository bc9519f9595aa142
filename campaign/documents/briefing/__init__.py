"""The governor's briefing: note, letter, slides."""
