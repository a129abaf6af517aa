"""After hours: callers who want nothing more hear a good-bye."""

from sbctl.flows.testing.builder import FlowTest


def closed(name: str, description: str) -> FlowTest:
    """A call outside business hours."""
    return FlowTest(name, flow="AfterHours", description=description).call().hears("sales center is closed")


TESTS = [
    closed("closed-other-key", "Another key ends the call").presses("2").hears("Goodbye").ends(),
    closed("closed-silence", "So does silence").hears("Goodbye").ends(),
]
