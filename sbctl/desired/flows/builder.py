"""The path that flow files written for earlier versions import. New ones write `from sbctl.flows.builder import FlowBuilder`."""

from sbctl.flows.builder import FlowBuilder

__all__ = ["FlowBuilder"]
