package usher.launcher;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells in aligned columns, two spaces apart, without spaces at a line's end. */
final class Table {
    private final Paint paint;
    private final List<Row> rows = new ArrayList<>();

    private record Row(List<String> cells, Paint.Colour colour, int painted) {}

    Table(Paint paint) {
        this.paint = paint;
    }

    Table header(String... cells) {
        rows.add(new Row(List.of(cells), Paint.Colour.BOLD, -1));
        return this;
    }

    Table row(String... cells) {
        return row(Paint.Colour.PLAIN, 0, cells);
    }

    /** A row of which one cell has a colour; -1 means all of them. */
    Table row(Paint.Colour colour, int painted, String... cells) {
        rows.add(new Row(List.of(cells), colour, painted));
        return this;
    }

    /** All lines, each with its end. */
    String text() {
        List<Integer> widths = widths();
        StringBuilder out = new StringBuilder();
        for (Row row : rows) {
            int last = row.cells.size() - 1;
            while (last > 0 && row.cells.get(last).isEmpty()) {
                last--;
            }
            for (int column = 0; column <= last; column++) {
                String cell = row.cells.get(column);
                boolean painted = row.painted == column || row.painted < 0;
                out.append(painted ? paint.paint(row.colour, cell) : cell);
                if (column < last) {
                    out.append(" ".repeat(widths.get(column) - width(cell) + 2));
                }
            }
            out.append('\n');
        }
        return out.toString();
    }

    private List<Integer> widths() {
        List<Integer> widths = new ArrayList<>();
        for (Row row : rows) {
            for (int column = 0; column < row.cells.size(); column++) {
                int width = width(row.cells.get(column));
                if (column == widths.size()) {
                    widths.add(width);
                } else if (widths.get(column) < width) {
                    widths.set(column, width);
                }
            }
        }
        return widths;
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
