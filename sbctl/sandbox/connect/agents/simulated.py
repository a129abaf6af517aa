"""Agents that answer by themselves: users of the instance who sign in, and where those do not suffice, synthetic ones.

Synthetic agents are in no list of AWS's API: they serve one queue each, on all channels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sbctl.sandbox.connect.agents.agent import OFFLINE, Agent
from sbctl.sandbox.connect.agents.roster import USER, Roster, available_status, status_named
from sbctl.sandbox.connect.agents.routing import rules_of
from sbctl.sandbox.connect.store import Instance

QUEUE = "queue"


@dataclass(frozen=True)
class Habits:
    """How simulated agents work; seconds."""

    per_queue: int = 3
    talk: float = 90.0
    acw: float = 10.0
    accept: float = 3.0


class SimulatedAgents:
    """Lets agents sign in and out. Used under Connect's lock."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def start(self, instance: Instance, habits: Habits) -> list[Agent]:
        """Let each queue of an instance be served by so many agents; those who are new or begin to answer."""
        begun = []
        for queue in instance.all(QUEUE):
            lacking = habits.per_queue - len(self._simulated(instance, queue))
            begun += [self._sign_in(instance, user, habits) for user in self._users(instance, queue, lacking)]
            lacking = habits.per_queue - len(self._simulated(instance, queue))
            begun += [
                self._synthetic(instance, queue, number, habits) for number in self._free(instance, queue, lacking)
            ]
        return begun

    def _simulated(self, instance: Instance, queue: str) -> list[Agent]:
        return [one for one in self._roster.serving_queue(instance, queue) if one.simulated and one.is_staffed]

    def _users(self, instance: Instance, queue: str, most: int) -> list[Agent]:
        """Users whose routing profile has the queue and who do not answer by themselves yet."""
        found: list[Agent] = []
        for user in instance.all(USER).values():
            if len(found) >= most:
                break
            agent = self._roster.user(instance, user)
            if not agent.simulated and any(named == queue for named, _ in rules_of(instance, agent).turns):
                found.append(agent)
        return found

    def _free(self, instance: Instance, queue: str, most: int) -> Iterator[int]:
        """Numbers of synthetic agents that are not there yet."""
        number = 0
        while most > 0:
            number += 1
            if f"sim-{queue}-{number}" not in self._roster.of(instance.id):
                most -= 1
                yield number

    def _sign_in(self, instance: Instance, agent: Agent, habits: Habits) -> Agent:
        _work(agent, habits)
        self._roster.put(agent, available_status(instance))
        return agent

    def _synthetic(self, instance: Instance, queue: str, number: int, habits: Habits) -> Agent:
        now = self._roster.now()
        name = f"{instance.all(QUEUE)[queue].values['Name']} agent {number}"
        status = available_status(instance)
        agent = Agent(f"sim-{queue}-{number}", instance.region, instance.id, name, status, now, now)
        agent.queues, agent.synthetic = (queue,), True
        _work(agent, habits)
        return self._roster.add(agent)

    def stop(self, instance: Instance) -> int:
        """Let the simulated agents of an instance sign out, those with a contact after it; how many they were."""
        found = [one for one in self._roster.of(instance.id).values() if one.simulated]
        for agent in found:
            agent.simulated = False
            self._roster.put(agent, status_named(instance, OFFLINE, "OFFLINE"))
        self._roster.forgotten(instance)
        return len(found)


def _work(agent: Agent, habits: Habits) -> None:
    agent.simulated = agent.answers = True
    agent.accept, agent.talk, agent.acw = habits.accept, habits.talk, habits.acw
