"""Parts of screens that several scenes share: buttons, stars, goals, plots, the line map."""
