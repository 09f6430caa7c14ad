"""Charts as plain values: where each bar, dot and label stands. ``charts.html`` draws them.

Across, places are percentages of the chart's width, so a chart fills any column while its text
keeps its size; down, they are pixels.
"""
