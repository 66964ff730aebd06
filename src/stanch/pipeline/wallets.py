"""The wallets and bank accounts of customers, by which ledgers are watched."""

from __future__ import annotations

from stanch.model import Account, Entity, Subject
from stanch.workspace import Workspace


def watched_wallets(workspace: Workspace) -> dict[Account, Subject]:
    """The wallets and accounts of customers, in normal form, and whose they are."""
    found: dict[Account, Subject] = {}
    for _, (party, *others) in workspace.customers():
        for other in others:
            account = account_of(other) if other.first("holder") in (None, party.id) else None
            if account is not None:
                found[account] = Subject(party.schema, party.id, party.caption)
    return found


def account_of(entity: Entity) -> Account | None:
    """The account that a CryptoWallet or BankAccount entity stands for, where its chain can be told."""
    from stanch.names.identifiers import read_account

    text = entity.first("publicKey") or entity.first("iban") or entity.first("accountNumber")
    if text is None:
        return None
    try:
        return Account(*read_account(text, None))
    except ValueError:
        return None
