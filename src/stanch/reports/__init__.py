"""What leaves stanch: tables, the HTML report, and later the filings of each authority."""
