"""Support: a menu with two tries, then the support queue or sales."""

from sbctl.flows.builder import FlowBuilder

FLOW = (
    FlowBuilder("SupportInbound", description="Inbound support calls: a short menu, then the support queue")
    .on_error("sorry")
    .logging()
    .recording()
    .play("Welcome to our ${region-name} support center.")
    .label("menu")
    .menu(
        "For help with a product, press 1. For sales, press 2.",
        {"1": "support", "2": "sales"},
        on_timeout="again",
        on_other="again",
    )
    .label("again")
    .loop(2, again="menu", done="support")
    .label("support")
    .priority(5)
    .transfer_to_queue("Support", at_capacity="busy")
    .label("sales")
    .transfer_to_flow("SalesInbound")
    .label("busy")
    .play("All our colleagues are busy and the queue is full. Please call again later.")
    .disconnect()
    .label("sorry")
    .play("We are sorry, we cannot take your call right now. Please call again later.")
    .disconnect()
)
