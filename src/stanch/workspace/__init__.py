"""The folder that holds everything: raw bytes, records, the ledger with its address ids, findings."""
