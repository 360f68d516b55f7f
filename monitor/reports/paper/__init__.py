"""Documents as values, and the writers of .docx, .xlsx and .pdf; batches of them."""
