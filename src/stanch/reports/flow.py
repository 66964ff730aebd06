"""A trace as a picture: accounts in columns by hops from the theft, ribbons as wide as the tainted value they carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from typing import Any

_WIDTH, _NODE, _GAP, _TOP, _HEIGHT = 1100, 14, 7, 46, 520
#: Width of a character of the labels, in px at their font size: labels are cut to their column.
_CHARACTER = 6.1
_MIN_THICKNESS = 1.5

#: Colour class and legend word by label category; anything else is "unlabelled".
KINDS = {
    "theft": "seed", "sanctioned": "thief", "laundering": "thief", "exchange": "exchange", "mixer": "mixer",
    "bridge": "bridge", "dex": "service", "defi": "service", "payment": "service", "gambling": "service",
    "market": "service", "wallet-service": "service", "miner": "service", "bundle": "bundle",
}  # fmt: skip
LEGEND = {
    "seed": "where the theft arrived",
    "thief": "named as the thief's",
    "exchange": "exchange",
    "mixer": "mixer",
    "bridge": "bridge",
    "service": "other service",
    "other": "unlabelled",
    "bundle": "several accounts",
}


@dataclass(slots=True)
class _Node:
    id: str
    layer: int
    title: str
    kind: str
    inflow: Decimal = Decimal(0)
    outflow: Decimal = Decimal(0)
    y: float = 0.0
    height: float = 0.0
    offset_in: float = 0.0
    offset_out: float = 0.0
    members: int = 1
    order: float = field(default=0.0)

    @property
    def value(self) -> Decimal:
        return max(self.inflow, self.outflow)


def short(address: str) -> str:
    """An address as people quote it: first and last digits."""
    return address if len(address) <= 16 else f"{address[:8]}…{address[-4:]}"


def thousands(amount: Decimal) -> str:
    """An amount for a picture: thousands apart, two digits after the point only when it is small."""
    return f"{amount:,.0f}" if abs(amount) >= 100 else f"{amount:,.2f}"


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: max(letters - 1, 1)].rstrip() + "…"


def flow_svg(asset: Mapping[str, Any], *, policy: str = "haircut", per_column: int = 14, columns: int = 5) -> str:
    """Draw one asset of a trace (as in `stanch trace --format json`) as SVG.

    Each column keeps its `per_column` largest accounts; the rest become one bundle. Hops beyond `columns` fold into the
    last. Value that moves back or sideways is not drawn; the caller's table has every row.
    """
    flows = _aggregate(asset["edges"], policy)
    labels = {holder["address"]: holder for holder in asset["holders"]}
    layers = _layers(flows, columns - 1)
    if not layers:
        return ""
    nodes, links = _build(flows, layers, labels, per_column)
    forward = {
        pair: amount for pair, amount in links.items() if nodes[pair[1]].layer > nodes[pair[0]].layer and amount > 0
    }
    for (sender, receiver), amount in forward.items():
        nodes[sender].outflow += amount
        nodes[receiver].inflow += amount
    shown = {name: node for name, node in nodes.items() if node.value > 0}
    by_layer: dict[int, list[_Node]] = defaultdict(list)
    for node in shown.values():
        by_layer[node.layer].append(node)
    scale = _place(by_layer, forward, shown)
    return _draw(by_layer, forward, shown, scale, str(asset["asset"]))


def _aggregate(edges: Iterable[Mapping[str, Any]], policy: str) -> dict[tuple[str, str], Decimal]:
    flows: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for edge in edges:
        flows[edge["sender"], edge["receiver"]] += Decimal(edge["by_policy"][policy])
    return {pair: amount for pair, amount in flows.items() if pair[0] != pair[1]}


def _layers(flows: Mapping[tuple[str, str], Decimal], last: int) -> dict[str, int]:
    """Hops from the accounts that only send, or else from the largest sender (breadth first)."""
    receivers: dict[str, list[str]] = defaultdict(list)
    balance: dict[str, Decimal] = defaultdict(Decimal)
    for (sender, receiver), amount in flows.items():
        receivers[sender].append(receiver)
        balance[sender] += amount
        balance[receiver] -= amount
    if not balance:
        return {}
    received = {receiver for _, receiver in flows}
    front = [account for account in receivers if account not in received]
    front = front or [max(balance, key=lambda account: (balance[account], account))]
    layers = dict.fromkeys(front, 0)
    depth = 0
    while front:
        depth = min(depth + 1, last)
        front = [new for account in front for new in receivers[account] if new not in layers]
        layers |= dict.fromkeys(front, depth)
        front = list(dict.fromkeys(front))
    return layers


def _build(
    flows: Mapping[tuple[str, str], Decimal],
    layers: Mapping[str, int],
    labels: Mapping[str, Mapping[str, Any]],
    per_column: int,
) -> tuple[dict[str, _Node], dict[tuple[str, str], Decimal]]:
    size: dict[str, Decimal] = defaultdict(Decimal)
    for (sender, receiver), amount in flows.items():
        size[sender] = max(size[sender], amount)
        size[receiver] += amount
    names: dict[str, str] = {}
    nodes: dict[str, _Node] = {}
    members: dict[int, list[str]] = defaultdict(list)
    for account, layer in layers.items():
        members[layer].append(account)
    for layer, accounts in members.items():
        accounts.sort(key=lambda account: (-size[account], account))
        # One account alone is never bundled: "+1 more" tells less than its name.
        keep = accounts if len(accounts) <= per_column + 1 else accounts[:per_column]
        for account in keep:
            holder = labels.get(account, {})
            kind = KINDS.get(str(holder.get("category") or ""), "other")
            if layer == 0:
                kind = "seed"
            names[account] = account
            nodes[account] = _Node(account, layer, str(holder.get("label") or short(account)), kind)
        if rest := accounts[len(keep) :]:
            bundle = f"bundle:{layer}"
            names |= dict.fromkeys(rest, bundle)
            nodes[bundle] = _Node(bundle, layer, f"+{len(rest)} more", "bundle", members=len(rest))
    links: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (sender, receiver), amount in flows.items():
        if sender in names and receiver in names:
            links[names[sender], names[receiver]] += amount
    return nodes, links


def _place(
    by_layer: dict[int, list[_Node]], links: Mapping[tuple[str, str], Decimal], nodes: Mapping[str, _Node]
) -> float:
    tallest = max(sum((node.value for node in layer), Decimal(0)) for layer in by_layer.values())
    most = max(len(layer) for layer in by_layer.values())
    scale = (_HEIGHT - most * _GAP) / float(tallest)
    sources: dict[str, list[tuple[_Node, float]]] = defaultdict(list)
    for (sender, receiver), amount in links.items():
        sources[receiver].append((nodes[sender], float(amount)))
    for layer in sorted(by_layer):
        for node in by_layer[layer]:
            above = sources[node.id]
            weight = sum(amount for _, amount in above)
            node.order = sum(sender.y * amount for sender, amount in above) / weight if weight else 0.0
        by_layer[layer].sort(key=lambda node: (node.kind == "bundle", node.order, -node.value, node.id))
        y = float(_TOP)
        for node in by_layer[layer]:
            node.y, node.height = y, max(_MIN_THICKNESS, float(node.value) * scale)
            y += max(node.height, 9.0) + _GAP
    return scale


def _draw(
    by_layer: Mapping[int, list[_Node]],
    links: Mapping[tuple[str, str], Decimal],
    nodes: Mapping[str, _Node],
    scale: float,
    unit: str,
) -> str:
    pitch = _WIDTH // (max(by_layer) + 1)
    letters = int((pitch - _NODE - 16) / _CHARACTER)
    height = max(node.y + max(node.height, 9.0) for layer in by_layer.values() for node in layer) + 12
    out = [
        f'<svg class="flow" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="Flow of tainted value, left to '
        f'right by hops from the theft; the table below has the same data" xmlns="http://www.w3.org/2000/svg">'
    ]
    for layer in sorted(by_layer):
        word = "the theft" if layer == 0 else f"hop {layer}"
        out.append(f'<text class="hop" x="{layer * pitch}" y="18">{word}</text>')
    for (sender, receiver), flow in sorted(links.items(), key=lambda item: (nodes[item[0][0]].y, nodes[item[0][1]].y)):
        a, b = nodes[sender], nodes[receiver]
        thick = max(_MIN_THICKNESS / 2, float(flow) * scale)
        x0, x1 = a.layer * pitch + _NODE, b.layer * pitch
        y0, y1 = a.y + a.offset_out + thick / 2, b.y + b.offset_in + thick / 2
        a.offset_out += float(flow) * scale
        b.offset_in += float(flow) * scale
        middle = (x0 + x1) / 2
        title = f"{a.title} → {b.title}: {thousands(flow)} {unit}"
        out.append(
            f'<path class="link {b.kind}" stroke-width="{thick:.2f}" d="M{x0},{y0:.1f} C{middle:.0f},{y0:.1f} '
            f'{middle:.0f},{y1:.1f} {x1},{y1:.1f}"><title>{escape(title)}</title></path>'
        )
    for layer in sorted(by_layer):
        for node in by_layer[layer]:
            x = layer * pitch
            title = f"{node.id}: {thousands(node.value)} {unit}" if node.kind != "bundle" else node.title
            value = thousands(node.value)
            text = f"{_cut(node.title, letters - len(value) - 2)}  {value}"
            text_y = node.y + max(node.height, 9) / 2 + 3.5
            out.append(
                f'<g><title>{escape(title)}</title><rect class="{node.kind}" x="{x}" y="{node.y:.1f}" width="{_NODE}" '
                f'height="{node.height:.1f}"/><text x="{x + _NODE + 5}" y="{text_y:.1f}">'
                f"{escape(text)}</text></g>"
            )
    out.append("</svg>")
    return "".join(out)
