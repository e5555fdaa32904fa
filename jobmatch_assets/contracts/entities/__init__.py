"""What the entity contract fixes: tables with their columns, reasons, names that must not be shown."""
