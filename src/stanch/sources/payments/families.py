"""Which element of an ISO 20022 payment message is what: the maps of every family and version, as data.

Elements are known by local name, so that all versions (pain.001.001.03 and later, pacs.008.001.02 and later,
camt.053.001.02 and later) and all prefixes read alike. Source: the message schemas of iso20022.org; a test compares
these tables with pain.001.001.09, pacs.008.001.08 and camt.053.001.08.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stanch.sources.payments.records import FieldKind


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of message: its name without version, the elements around a transaction, and the transaction."""

    name: str
    containers: tuple[str, ...]
    unit: str


#: Element under Document → family. A camt entry without transaction details is a transaction itself.
FAMILIES: Mapping[str, Family] = {
    "CstmrCdtTrfInitn": Family("pain.001", ("PmtInf",), "CdtTrfTxInf"),
    "FIToFICstmrCdtTrf": Family("pacs.008", (), "CdtTrfTxInf"),
    "FICdtTrf": Family("pacs.009", (), "CdtTrfTxInf"),
    "FinInstnCdtTrf": Family("pacs.009", (), "CdtTrfTxInf"),
    "BkToCstmrAcctRpt": Family("camt.052", ("Rpt", "Ntry", "NtryDtls"), "TxDtls"),
    "BkToCstmrStmt": Family("camt.053", ("Stmt", "Ntry", "NtryDtls"), "TxDtls"),
    "BkToCstmrDbtCdtNtfctn": Family("camt.054", ("Ntfctn", "Ntry", "NtryDtls"), "TxDtls"),
}
#: The header of a business message around a document (head.001).
ENVELOPE = "AppHdr"

PARTIES: Mapping[str, str] = {
    "InitgPty": "initiating party",
    "Dbtr": "debtor",
    "UltmtDbtr": "ultimate debtor",
    "Cdtr": "creditor",
    "UltmtCdtr": "ultimate creditor",
    "TradgPty": "trading party",
    "Ownr": "account owner",
    "MsgRcpt": "message recipient",
    "Orgtr": "originator",
    "Invcr": "invoicer",
    "Invcee": "invoicee",
    "Grnshee": "garnishee",
    "GrnshmtAdmstr": "garnishment administrator",
}
AGENTS: Mapping[str, str] = {
    "DbtrAgt": "debtor agent",
    "CdtrAgt": "creditor agent",
    "IntrmyAgt1": "intermediary agent 1",
    "IntrmyAgt2": "intermediary agent 2",
    "IntrmyAgt3": "intermediary agent 3",
    "InstgAgt": "instructing agent",
    "InstdAgt": "instructed agent",
    "PrvsInstgAgt": "previous instructing agent 1",
    "PrvsInstgAgt1": "previous instructing agent 1",
    "PrvsInstgAgt2": "previous instructing agent 2",
    "PrvsInstgAgt3": "previous instructing agent 3",
    "InstgRmbrsmntAgt": "instructing reimbursement agent",
    "InstdRmbrsmntAgt": "instructed reimbursement agent",
    "ThrdRmbrsmntAgt": "third reimbursement agent",
    "FwdgAgt": "forwarding agent",
    "ChrgsAcctAgt": "charges account agent",
    "RcvgAgt": "receiving agent",
    "DlvrgAgt": "delivering agent",
    "IssgAgt": "issuing agent",
    "SttlmPlc": "settlement place",
    "Svcr": "account servicer",
    "Agt": "agent",
    "Fr": "sender",
    "To": "receiver",
}
#: Elements that say "party or agent" by what they hold, where no role is given.
OTHER_PARTY = "Pty"
#: Account element → role whose account it is. The accounts of banks (DbtrAgtAcct, SttlmAcct…) are the banks' own
#: books and identify no customer: they are left aside.
ACCOUNTS: Mapping[str, str] = {
    "DbtrAcct": "debtor",
    "UltmtDbtrAcct": "ultimate debtor",
    "CdtrAcct": "creditor",
    "UltmtCdtrAcct": "ultimate creditor",
    "Acct": "account owner",
    "RltdAcct": "account owner",
}
#: Leaf, or parent/leaf, → role of a text.
TEXTS: Mapping[str, str] = {
    "Ustrd": "remittance information",
    "AddtlRmtInf": "remittance information",
    "CdtrRefInf/Ref": "remittance reference",
    "RfrdDocInf/Nb": "remittance reference",
    "InstrForCdtrAgt/InstrInf": "instruction for creditor agent",
    "InstrForNxtAgt/InstrInf": "instruction for next agent",
    "InstrForDbtrAgt": "instruction for debtor agent",
    "InstrForDbtrAgt/InstrInf": "instruction for debtor agent",
    "Purp/Prtry": "purpose",
    "Dtls/Inf": "regulatory reporting",
    "AddtlTxInf": "additional transaction information",
    "AddtlNtryInf": "additional entry information",
    "AddtlStmtInf": "additional statement information",
    "AddtlRptInf": "additional report information",
    "AddtlNtfctnInf": "additional notification information",
    "RtrInf/AddtlInf": "return information",
}
#: Not looked into: tax references, card data, what a scheme adds under a schema of its own, and the addresses of
#: remittance advices.
LEFT_ASIDE = frozenset({"Tax", "TaxRmt", "CardTx", "SplmtryData", "RltdRmtInf", "SgntrList", "Sgntr"})

_POSTAL: Mapping[str, FieldKind] = {
    **dict.fromkeys(
        (
            *("CareOf", "Dept", "SubDept", "StrtNm", "BldgNm", "Room", "PstBx", "TwnNm", "TwnLctnNm", "DstrctNm"),
            *("CtrySubDvsn", "AdrLine"),
        ),
        "address",
    ),
    "Ctry": "country",
}

#: Path under a party → what it is.
PARTY_LEAVES: Mapping[str, FieldKind] = {
    "Nm": "name",
    **{f"PstlAdr/{tag}": kind for tag, kind in _POSTAL.items()},
    "CtryOfRes": "country",
    "Id/OrgId/AnyBIC": "bic",
    "Id/OrgId/BICOrBEI": "bic",
    "Id/OrgId/BIC": "bic",
    "Id/OrgId/LEI": "lei",
    "Id/OrgId/Othr/Id": "other-id",
    "Id/PrvtId/DtAndPlcOfBirth/BirthDt": "birth-date",
    "Id/PrvtId/DtAndPlcOfBirth/PrvcOfBirth": "birth-place",
    "Id/PrvtId/DtAndPlcOfBirth/CityOfBirth": "birth-place",
    "Id/PrvtId/DtAndPlcOfBirth/CtryOfBirth": "birth-place",
    "Id/PrvtId/Othr/Id": "document",
    "CtctDtls/Nm": "contact",
    "CtctDtls/PhneNb": "phone",
    "CtctDtls/MobNb": "phone",
    "CtctDtls/EmailAdr": "email",
}
#: Schemes of a private identification that number a customer, not a document.
NO_DOCUMENT = frozenset({"CUST", "EMPL", "POID"})

_INSTITUTION: Mapping[str, FieldKind] = {
    "BICFI": "bic",
    "BIC": "bic",
    "LEI": "lei",
    "Nm": "name",
    "ClrSysMmbId/MmbId": "clearing-id",
    "Othr/Id": "other-id",
    **{f"PstlAdr/{tag}": kind for tag, kind in _POSTAL.items()},
}
#: Path under an agent → what it is.
AGENT_LEAVES: Mapping[str, FieldKind] = {
    **{f"FinInstnId/{path}": kind for path, kind in _INSTITUTION.items()},
    **{f"FinInstnId/CmbndId/{path}": kind for path, kind in _INSTITUTION.items()},
    "BrnchId/Nm": "name",
    "BrnchId/LEI": "lei",
    **{f"BrnchId/PstlAdr/{tag}": kind for tag, kind in _POSTAL.items()},
}
#: Path under an account → what it is. An old version puts the number beside its scheme.
ACCOUNT_LEAVES: Mapping[str, FieldKind] = {
    "Id/IBAN": "iban",
    "Id/Othr/Id": "account",
    "Id/PrtryAcct/Id": "account",
    "Prxy/Id": "account",
    "Nm": "name",
}

#: Where a transaction, or what stands around it, says amount, date and references: the first that is there counts.
AMOUNTS = (
    *("IntrBkSttlmAmt", "Amt/InstdAmt", "Amt/EqvtAmt/Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt", "Amt"),
    "InstdAmt",
)
DATES = (
    *("IntrBkSttlmDt", "ReqdExctnDt/Dt", "ReqdExctnDt/DtTm", "ReqdExctnDt", "RltdDts/IntrBkSttlmDt", "ValDt/Dt"),
    *("ValDt/DtTm", "GrpHdr/IntrBkSttlmDt"),
)
END_TO_END = ("PmtId/EndToEndId", "Refs/EndToEndId")
UETR = ("PmtId/UETR", "Refs/UETR")
