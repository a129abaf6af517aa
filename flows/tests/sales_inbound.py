"""Sales: VIP customers, business hours, full queues, and a look-up that fails."""

from sbctl.flows.testing.builder import FlowTest

LOOKUP, HOURS = "customer_lookup", "Business Hours"


def sales(name: str, description: str) -> FlowTest:
    """A call to sales."""
    return FlowTest(name, flow="SalesInbound", description=description).call()


def vip(name: str, description: str) -> FlowTest:
    """A call of a VIP customer."""
    return sales(name, description).lambda_returns(LOOKUP, found="true", tier="VIP").hears("Welcome to our")


def unknown(name: str, description: str) -> FlowTest:
    """A call of somebody whom the look-up does not know."""
    return sales(name, description).lambda_returns(LOOKUP, found="false", tier="").hears("Welcome to our")


TESTS = [
    vip("sales-vip", "VIP customers have a queue of their own").reaches_queue("VIP-Sales"),
    vip("sales-vip-full", "VIP customers go to sales when their queue is full")
    .queue_full("VIP-Sales")
    .reaches_queue("Sales"),
    vip("sales-vip-fails", "VIP customers go to sales when their queue fails")
    .queue_fails("VIP-Sales")
    .reaches_queue("Sales"),
    unknown("sales-open", "Others are served in business hours; hours that are always open are checked really")
    .hours_instead(HOURS, "24x7")
    .reaches_queue("Sales"),
    unknown("sales-closed", "Others hear that sales is closed, and get back with 1")
    .out_of_hours(HOURS)
    .hears("sales center is closed")
    .presses("1")
    .hears("Welcome to our")
    .ends(),
    unknown("sales-hours-fail", "Callers are served when the hours cannot be checked")
    .hours_fail(HOURS)
    .reaches_queue("Sales"),
    unknown("sales-full", "A full queue is said").in_hours(HOURS).queue_full("Sales").hears("the queue is full").ends(),
    unknown("sales-fails", "A queue that fails is said")
    .in_hours(HOURS)
    .queue_fails("Sales")
    .hears("we cannot take your call right now")
    .ends(),
    sales("sales-lookup-fails", "Callers are served when the look-up fails")
    .lambda_fails(LOOKUP)
    .in_hours(HOURS)
    .hears("Welcome to our")
    .reaches_queue("Sales"),
]
