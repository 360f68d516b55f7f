"""The workbook in which a unit fills its forms: out, back, and landed."""
