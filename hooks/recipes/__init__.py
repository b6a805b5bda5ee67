"""What report modules are written with: rows, columns, tables, charts, contrasts, claims."""
