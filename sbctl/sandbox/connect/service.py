"""Amazon Connect as a service of the sandbox: all its operations under one lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from sbctl.sandbox.connect.centre.audio import Objects
from sbctl.sandbox.connect.centre.prompts import KIND
from sbctl.sandbox.connect.chat.chats import Chats
from sbctl.sandbox.connect.contacts.account.engine import ENGINE, Engine
from sbctl.sandbox.connect.contacts.account.hub import LiveContacts
from sbctl.sandbox.connect.contacts.live.ground import Surroundings
from sbctl.sandbox.connect.contacts.store import ContactsPart
from sbctl.sandbox.connect.flow_language.accepted import without_resource
from sbctl.sandbox.connect.numbers.book import answering, numbers
from sbctl.sandbox.connect.part import Site, codes, parts, quotas
from sbctl.sandbox.connect.running.log_lines import lines
from sbctl.sandbox.connect.store import Quotas, ResourceStore, nothing_applied
from sbctl.sandbox.connect.traces.sinks import NOWHERE
from sbctl.sandbox.connect.traces.subscribe import subscribe
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import Operation, alone
from sbctl.sandbox.snapshot.part import Part, Whole
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler


class ConnectService:
    """All of Connect that the sandbox models."""

    name = "connect"
    differs = (
        "Users sign in by PutUserStatus, since there is no workspace. A user whose phone accepts by itself takes what rings; "
        "others miss it, unless `sbctl sandbox agents start` lets them answer. Their passwords are looked at and not kept.",
        "Calls are simulated: prompts take no time, a customer reacts after a second, whoever is called answers after five, a "
        "third party talks for a minute. Agents cannot dial, nobody can listen in, and e-mails are absent. A callback is dialled "
        "once its agent has accepted, whatever its CallbackMode. Routing criteria are kept, and agents chosen without them.",
        "When a sandbox is reopened, contacts that were in progress have ended with TELECOM_PROBLEM, nobody is signed in, and "
        "no callers call.",
        "Telephone numbers are a fixed, fictional inventory. Chosen here, since AWS's pages do not say: a claim takes five "
        "seconds, and one above the quota or above 200 percent of it in 180 days ends FAILED; a move to a full instance leaves "
        "the number where it is.",
        "Chosen here as well: with SAML an e-mail address is refused and a secondary one taken; names of hierarchy groups are "
        "unique in an instance; UpdateUserHierarchy without a group takes the user out of its own; a quick connect's flow may "
        "be of any type; a queue is deleted though quick connects lead to it.",
        "Bots, integrations, rules, evaluation forms, vocabularies, views, task templates, data tables and e-mail addresses are "
        "kept with AWS's rules for names, states and what they name in the instance. Nothing comes of them: no rule runs, "
        "nothing is evaluated, no e-mail is sent, and what is in other services is not looked at. Permissions of security "
        "profiles are any, and those that come with an instance are only some of AWS's.",
        "Instances take as long as on AWS to be made, names are unique as there, and searches are behind "
        "recent writes.",
        "Audio of prompts is a .wav file of the instance's region; its sampling rate and length are not looked at. Nothing "
        "keeps a module from being deleted while flows invoke it.",
        "Test cases run published flows for a simulated contact, which stands in no queue that agents serve. Messages up to the "
        "next input are one. Chosen here, since AWS's pages do not say: a text is alike when four of five words are; keys wait for "
        "the next input; a record's text is JSON with the blocks that were passed; a test fails as soon as its contact has ended.",
        "Flows of every type have versions and aliases. Chosen here, since AWS's pages do not say: 1,000 versions and 100 "
        "aliases of a flow or module, a version is kept while an alias points to it, lists of versions begin with the newest.",
        "Published content is checked by what people saw the service refuse, and by the queues, flows, modules, prompts and "
        "hours that it names; what only AWS's pages forbid is taken, and said in the sandbox's log. "
        "Content of campaigns is only read as JSON, and functions need not be associated.",
        "Contact search is five seconds behind, historical metrics fifteen: AWS does not say. Metrics that need Contact Lens, "
        "bots, evaluations, campaigns, cases, AI agents, schedules or the times of agents' states come without a value. All "
        "contact attributes can be searched for; what was written in chats cannot.",
        "Recordings are half a second of tone in each channel, put 20 seconds after a call; transcripts of chats likewise. "
        "Metrics, log lines and objects of the last moments before a sandbox stops are lost, and so is what was written in chats.",
        without_resource(),
    )

    def __init__(
        self,
        clock: WorldClock,
        account: str,
        objects: Objects,
        fails: Callable[[str], str],
        raised: Callable[..., float | None] = nothing_applied,
        around: Surroundings | None = None,
        engine: Engine = ENGINE,
    ) -> None:
        """`raised`: what is applied to a quota, by region, code, and id or ARN of an instance; None for AWS's default."""
        self._around = around or Surroundings(Scheduler(clock))
        self._engine = engine
        self._clock = clock
        self._raised = raised
        self._account = account
        self._objects = objects
        self._fails = fails
        self.live: LiveContacts
        self.chats: Chats
        self.sinks = NOWHERE
        """Where metrics, log lines and recordings of contacts go."""
        self.endpoint: Callable[[], str] = str
        """Where this world is served: the addresses of prompts' audio begin with it."""
        self._begin()
        self._contacts = ContactsPart(lambda: self.live.store, lambda: self._store.lock, clock.seconds)
        self._around.listen(lambda: self.live.look_at_regions())

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    def reset(self) -> None:
        """A new account without instances."""
        self.close()
        self._begin()

    def _begin(self) -> None:
        self._store = store = ResourceStore(self._clock, self._account, self._fails, self._quotas())
        self.live = LiveContacts(store, self._around, self._engine)
        transcripts = subscribe(self.live, self._account, lambda: self.sinks, lines)
        self.chats = Chats(self.live, self.live.participants, transcripts)
        site = Site(store, self._objects, lambda: self.endpoint(), self.live)
        found: dict[str, Operation] = {}
        for part in parts().values():
            found.update(part.make(site).operations())
        self._operations = {name: alone(store.lock, operation) for name, operation in found.items()}

    def close(self) -> None:
        """Invoke no functions for contacts any more."""
        self.live.close()

    def _quotas(self) -> Quotas:
        return Quotas(quotas(), codes(), self._raised)

    def refuse_creation(self, region: str, reason: str) -> None:
        """Let instances that are made in a region from now on fail, because of `reason`; "" lets them succeed again."""
        self._store.refusing[region] = reason

    def audio(self, path: str) -> bytes | None:
        """The audio at `REGION/INSTANCE/PROMPT.wav`; None where there is none."""
        region, _, rest = path.partition("/")
        named, _, file = rest.partition("/")
        with self._store.lock:
            for instance in self._store.living(region):
                found = instance.all(KIND).get(file.removesuffix(".wav")) if instance.id == named else None
                if found is not None:
                    return bytes(found.values["Audio"])
        return None

    def answering(self, number: str) -> tuple[str, str] | None:
        """The ids of the instance and the flow ("" for none) that answer a number; None where nobody has it."""
        with self._store.lock:
            found = answering(self._store, number)
            return (found[0].id, found[1]) if found is not None else None

    def tagged(self, region: str) -> Mapping[str, dict[str, str]]:
        """Tags by ARN, of instances and of what is in them."""
        with self._store.lock:
            found: dict[str, dict[str, str]] = {}
            for instance in self._store.living(region):
                found[instance.arn] = dict(instance.tags)
                resources = (resource for kind in instance.resources.values() for resource in kind.values())
                found |= {resource.arn: dict(resource.tags) for resource in resources}
            return found | {one.arn: dict(one.tags) for one in numbers(self._store) if one.region == region}

    @property
    def parts(self) -> Iterable[Part]:
        return [Whole("connect", self._taken, self._put_back, lambda: self._store.lock), self._contacts]

    def _taken(self) -> Any:
        return self._store.instances, self._store.tokens, self._store.numbers

    def _put_back(self, state: Any) -> None:
        self._store.instances, self._store.tokens, self._store.numbers = state


def connect_service(
    clock: WorldClock,
    account: str,
    upstream: Upstream,
    fails: Callable[[str], str],
    raised: Callable[..., float | None] = nothing_applied,
    around: Surroundings | None = None,
) -> ConnectService:
    """The service for one account. Prompts are read from the buckets of `upstream`; `fails` says why a region makes nothing."""
    return ConnectService(clock, account, partial(upstream.call, "s3"), fails, raised, around)
