"""The state graph: what was met, what led there, what is news."""

from collector.explore.graph.graph import Edge, Node, Place, StateGraph
from collector.explore.graph.signature import State, state_of

__all__ = ["Edge", "Node", "Place", "State", "StateGraph", "state_of"]
