"""Payment messages: ISO 20022 (pain.001, pacs.008, pacs.009, camt.052/053/054) and SWIFT MT103, MT202, MT205."""

from stanch.sources.payments.read import is_payment_file, read_payments
from stanch.sources.payments.records import Payment, PaymentField, PaymentPart

__all__ = ["Payment", "PaymentField", "PaymentPart", "is_payment_file", "read_payments"]
