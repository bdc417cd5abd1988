"""Plain text tables."""


def print_table(title, header, rows):
    """Print a table: the first column to the left, figures to the right."""
    widths = [max(len(str(row[column])) for row in [header, *rows]) for column in range(len(header))]
    print(f"\n{title}")
    for row in [header, ["-" * width for width in widths], *rows]:
        cells = [str(cell) for cell in row]
        first = cells[0].ljust(widths[0])
        print("  ".join([first, *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]))
