"""From scores to a plan: request, effort, choice, lottery, schedule, costs."""
