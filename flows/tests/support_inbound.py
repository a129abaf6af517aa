"""Support: the menu with its two tries, full queues, and the way to sales."""

from sbctl.flows.testing.builder import FlowTest

MENU = "For help with a product, press 1"


def support(name: str, description: str) -> FlowTest:
    """A call to support that has heard the menu."""
    return FlowTest(name, flow="SupportInbound", description=description).call().hears(MENU)


TESTS = [
    support("support-product", "1 leads to support").presses("1").reaches_queue("Support"),
    support("support-sales", "2 leads to sales").presses("2").hears("sales center").ends(),
    support("support-other-key", "Another key repeats the menu")
    .presses("9")
    .hears(MENU)
    .presses("1")
    .reaches_queue("Support"),
    support("support-silence", "Who presses nothing comes to support").hears(MENU).reaches_queue("Support"),
    support("support-full", "A full queue is said")
    .presses("1")
    .queue_full("Support")
    .hears("the queue is full")
    .ends(),
    support("support-fails", "A queue that fails is said")
    .presses("1")
    .queue_fails("Support")
    .hears("we cannot take your call right now")
    .ends(),
]
