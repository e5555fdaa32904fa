"""The part of a parsed dbt project that an invocation needs.

dbt looks through all nodes for each name that it is asked for, and describes the whole graph, at each start:
with hundreds of nodes that takes longer than a small build.
"""

import copy
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jobmatch_assets.pipeline.steps.macros_in_reach import macros_in_reach

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

ASKED_FOR = "asked_for"
"""The tag of what an invocation is about."""


def part_of(manifest: "Manifest", names: Collection[str]) -> "Manifest":
    """The nodes of these names, what they read, what lies between them, and the macros that they may call.

    Args:
        manifest: The whole project; it stays as it is.
        names: Names of models, tests and analyses. They carry the tag `ASKED_FOR` in the part.
    """
    wanted = set(names)
    asked = {unique_id for unique_id, node in manifest.nodes.items() if node.name in wanted}
    parents = {unique_id: node.depends_on_nodes for unique_id, node in manifest.nodes.items()}
    read = {parent for unique_id in asked for parent in parents[unique_id]}
    # The order of two that are asked for may come from one that is not.
    between = _reached(parents, asked) & _reached(_turned(parents), asked)
    kept = asked | manifest.nodes.keys() & (read | between)
    there = kept | manifest.sources.keys()
    nodes = {unique_id: _copy(manifest.nodes[unique_id], there) for unique_id in kept}
    built = [nodes[unique_id] for unique_id in asked]
    part: Manifest = type(manifest)(
        nodes=nodes,
        sources=manifest.sources,
        macros=macros_in_reach(manifest.macros, built, str(manifest.metadata.adapter_type)),
        metadata=manifest.metadata,
        # What a macro sees as `graph` is the whole project.
        flat_graph=manifest.flat_graph,
    )
    for unique_id in asked:
        part.nodes[unique_id].tags = [*part.nodes[unique_id].tags, ASKED_FOR]
    return part


def _turned(edges: Mapping[str, Collection[str]]) -> Mapping[str, Collection[str]]:
    turned: dict[str, list[str]] = defaultdict(list)
    for start, ends in edges.items():
        for end in ends:
            turned[end].append(start)
    return turned


def _reached(edges: Mapping[str, Collection[str]], starts: Collection[str]) -> set[str]:
    reached: set[str] = set()
    ahead = list(starts)
    while ahead:
        new = set(edges.get(ahead.pop(), ())) - reached
        reached |= new
        ahead += new
    return reached


def _copy(node: Any, there: Collection[str]) -> Any:
    """A node that reads what is there, and nothing else."""
    found = copy.copy(node)
    if node.depends_on_nodes:
        reads = [parent for parent in node.depends_on_nodes if parent in there]
        found.depends_on = replace(node.depends_on, nodes=reads)
    return found
