"""`sbctl state forget` and `rename`: single records, taken out or kept under another address. AWS is not touched."""

from __future__ import annotations

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.confirm import DECLINED, confirm
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.core.report import Report
from sbctl.store.state.edit import forget, forgettable, rename
from sbctl.ui.views import Pairs

CODES = "0 done, 2 no such address, 5 another run holds the state, 7 not confirmed"
FORGET = epilog_of("sbctl state forget connect_queue.us-west-2.support", CODES)
RENAME = epilog_of(
    """
    sbctl state rename connect_queue.us-west-2.old connect_queue.us-west-2.new
    """,
    "0 done, 2 no such address, or refused, 5 another run holds the state, 7 not confirmed",
)


@click.command("forget", epilog=FORGET)
@click.argument("addresses", nargs=-1, required=True, shell_complete=completions.addresses)
@command("state forget")
def forget_records(app: App, addresses: tuple[str, ...]) -> Report:
    """Remove the records of ADDRESSES from the state. The resources stay in AWS as they are.

    From then on sbctl neither changes nor deletes it; but what the config still wants is found by its name, and taken
    over, by the next deploy. To undo: `sbctl state restore`, or `sbctl KIND adopt ADDRESS`.
    """
    with app.store.lock():
        chosen = forgettable(app.store.load(), addresses)
        what = chosen[0].address if len(chosen) == 1 else f"these {len(chosen)} records"
        if not confirm(app.settings, app.listen, f"Forget {what}? Nothing is deleted in AWS."):
            return Report(command="state forget", problems=(DECLINED,))
        before = app.store.compact().serial
        gone = forget(app.store, addresses)
        serial = app.store.load().serial
    rows = [(record.address, "forgotten, stays in AWS") for record in gone]
    data = {
        "forgotten": [{"address": record.address, "id": _id(record.ids)} for record in gone],
        "serial": serial,
        "restore": before,
    }
    undo = ("to undo", f"{app.call} state restore {before}")
    return Report(command="state forget", data=data, view=Pairs("The state", (*rows, undo)))


@click.command("rename", epilog=RENAME)
@click.argument("old", shell_complete=completions.addresses)
@click.argument("new")
@command("state rename")
def rename_record(app: App, old: str, new: str) -> Report:
    """Rename the record of OLD to NEW. Both are addresses of the same kind and region.

    For an item with a new name in the config: the resource is then renamed, where AWS allows it, instead of being created
    again and deleted. To take the whole state elsewhere: `sbctl state move`.
    """
    with app.store.lock():
        if not confirm(app.settings, app.listen, f"Keep {old} as {new}? Nothing is changed in AWS."):
            return Report(command="state rename", problems=(DECLINED,))
        record = rename(app.store, old, new)
        serial = app.store.load().serial
    data = {"from": old, "to": record.address, "serial": serial}
    rows = (("was", old), ("is now", record.address), ("next", f"{app.call} plan"))
    return Report(command="state rename", data=data, view=Pairs("The state", rows))


def _id(ids: dict[str, str]) -> str:
    return ids.get("id", ids.get("name", ""))
