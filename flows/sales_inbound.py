"""Sales: welcome, look the customer up, VIPs to their own queue, everybody else by business hours."""

from sbctl.flows.builder import FlowBuilder

FLOW = (
    FlowBuilder("SalesInbound", description="Inbound sales calls: VIP customers first, others by business hours")
    .on_error("sorry")
    .logging()
    .recording()
    .play("Welcome to our ${region-name} sales center.")
    .invoke_lambda("customer_lookup", inputs={"region": "${region}"}, timeout_seconds=5, on_error="hours")
    .set_attributes(region="${region}", tier="$.External.tier", on_error="hours")
    .check_attribute("$.External.tier", {"VIP": "vip"}, otherwise="hours")
    .label("vip")
    .priority(1)
    .transfer_to_queue("VIP-Sales", at_capacity="sales", on_error="sales")
    .label("hours")
    .check_hours("Business Hours", open_="sales", closed="closed", on_error="sales")
    .label("sales")
    .transfer_to_queue("Sales", at_capacity="busy")
    .label("closed")
    .transfer_to_flow("AfterHours")
    .label("busy")
    .play("All our colleagues are busy and the queue is full. Please call again later.")
    .disconnect()
    .label("sorry")
    .play("We are sorry, we cannot take your call right now. Please call again later.")
    .disconnect()
)
