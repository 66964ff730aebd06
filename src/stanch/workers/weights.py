"""What each observation weighs: the one table of likelihood ratios, with where each comes from.

A likelihood ratio says how much more often the observation is made on a worker in disguise than on an ordinary worker
in the same kind of file. No published study measures these, so all of them are estimates of ours, from the two
rates that `basis` states; `low` and `high` span what we would still find believable. They are not fitted to any data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Where a number comes from. A measured or published ratio would name its source here instead.
ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Weight:
    """A likelihood ratio with its believable range, origin and reason.

    `typical` is how many people a ring plausibly has behind one such value; beyond it the value looks like a hub
    (a coworking space, a carrier, a payroll provider) and weighs less, see `shared_by`.
    """

    ratio: float
    low: float
    high: float
    basis: str
    origin: str = ESTIMATE
    typical: int = 0

    @property
    def bits(self) -> float:
        """log2 of the ratio."""
        return math.log2(self.ratio)

    def shared_by(self, people: int) -> Weight:
        """The weight of a value that `people` different people share.

        Hubs have a heavy tail, rings have not: each doubling beyond `typical` halves the ratio, never below 1 (a
        value that everybody shares says nothing, it does not clear anybody).
        """
        if people <= self.typical:
            return self
        factor = self.typical / people
        return Weight(
            max(1.0, self.ratio * factor),
            max(1.0, self.low * factor),
            max(1.0, self.high * factor),
            self.basis,
            self.origin,
            self.typical,
        )


#: Row → weight. Rates in `basis` are "workers in disguise : ordinary workers", per engagement in one file.
WEIGHTS: dict[str, Weight] = {
    "document": Weight(60, 15, 240, "6 % : 0.1 %; ordinary: typing errors, reissued numbers", typical=10),
    "iban": Weight(40, 10, 160, "30 % : 0.75 %; ordinary: couples, agencies, paid through a relative", typical=10),
    "wallet": Weight(40, 10, 160, "30 % : 0.75 %; as a bank account; deposit addresses are personal", typical=10),
    "account": Weight(40, 10, 160, "30 % : 0.75 %; as a bank account", typical=10),
    "device": Weight(40, 10, 160, "20 % : 0.5 %; ordinary: family computers, resold machines", typical=10),
    "email": Weight(20, 6, 60, "10 % : 0.5 %; ordinary: agencies' and families' mailboxes", typical=4),
    "phone": Weight(15, 5, 45, "15 % : 1 %; ordinary: households, agencies, recycled numbers", typical=4),
    "address": Weight(2, 1, 5, "15 % : 7 %; ordinary: flatmates, families, coworking, dormitories", typical=3),
    "ip": Weight(1.5, 1, 3, "20 % : 13 %; ordinary: carriers, VPN exits, offices, households", typical=2),
    "household": Weight(1.2, 1, 3, "shared by two people at one postal address: a couple or a family first of all"),
    "payee-differs": Weight(6, 2, 18, "25 % : 4 %; ordinary: paid through a relative, married names, agents"),
    "crypto-payout": Weight(
        2, 1, 5, "30 % : 15 %; ordinary: common among freelancers, above all where banks fail them"
    ),
    "payout-changes": Weight(3, 1.5, 6, "12 % : 4 %; ordinary: moving country, closing an account"),
    "tainted-wallet": Weight(250, 50, 1000, "5 % : 0.02 %; ordinary: sold coins over the counter, unknowingly"),
    "confirmed-hard": Weight(
        500, 100, 2500, "5 % : 0.01 %; ordinary: resold device, reused account number", typical=10
    ),
    "confirmed-contact": Weight(60, 15, 240, "6 % : 0.1 %; ordinary: recycled number, wrongly copied", typical=4),
    "confirmed-weak": Weight(3, 1, 10, "15 % : 5 %; an address or IP address of a case has neighbours", typical=2),
}

#: An observation at or above this many bits is "strong": two of them from different groups make a finding. The weakest
#: that passes is a shared phone number (15 times as often); estimate.
STRONG_BITS = 3.9

#: Within one group the heaviest observation counts whole and the others together at most this much: they tend to have
#: one cause, and counting a cause twice is how innocent people collect points. Estimate.
GROUP_REST_BITS = 1.0

#: One engagement in 343 before anything is seen, as a screening firm found in its own pipeline; the share in other
#: files is not known. Source: see `docs/methods/workers.md`.
BASE_RATE = 1 / 343

#: Below a finding, an engagement at or above this probability is worth a second look.
WATCH_AT = 0.05
