# SPDX-License-Identifier: MIT
"""What ackfs may make of an answer, for each use of one.

A check gets cell and poke, see calls.py, and says what is wrong, or nothing.
"""

from oracle import CLUSTER_ID, Pairs, answer_of, is_refusal, made_id, parse
from service import cluster_id, name


def home(i):
    return f"clusters/{name(i)}"


def anything(play, i, cell, result, text):
    return None


def refused(play, i, cell, result, text):
    """No success without an answer that can be one."""
    if result == "OK" and not answer_of(cell)[0]:
        return "a success out of no answer"
    if result != "OK" and not play.error(i):
        return "the reason is not told"
    return None


def is_about(i, value):
    return isinstance(value, Pairs) and \
        value.first("cluster_id") == cluster_id(i)


def shows(member=None, about=False):
    """What is shown is what was said."""
    def check(play, i, cell, result, text):
        wrong = refused(play, i, cell, result, text)
        if wrong or result != "OK":
            return wrong
        said = answer_of(cell)[1]
        if about and not is_about(i, said):
            return "it is about another"
        if member:
            said = said.first(member) if isinstance(said, Pairs) else None
        return None if parse(text) == (True, said) else \
            "it shows something else"
    return check


def lines(play, i, cell, result, text):
    wrong = refused(play, i, cell, result, text)
    if not wrong and result == "OK" and not isinstance(
            answer_of(cell)[1], list):
        return "versions out of no list"
    return wrong


def config(play, i, cell, result, text):
    wrong = refused(play, i, cell, result, text)
    if wrong or result != "OK":
        return wrong
    said = answer_of(cell)[1]
    said = said.first("config") if isinstance(said, Pairs) else None
    return None if said and text.decode() in (said, said + "\n") else \
        "it is another kubeconfig"


def told(what):
    """One part of live/account."""
    def check(play, i, cell, result, text):
        # nothing is signed until it is known whose keys these are, and a
        # service that has never said so leaves no part to show
        if result != "OK" and what == "identity" and cell.hasty:
            return refused(play, i, cell, result, text)
        if result != "OK":
            return f"the other parts are not told: {result}"
        missed = f"{what}: cannot be read:" in text.decode()
        return None if missed or answer_of(cell)[0] else \
            "told out of no answer"
    return check


def changed(play, i, cell, result, text):
    """A change may be answered by its status alone."""
    if result == "OK":
        ok = cell.status // 100 == 2 and (
            not cell.body or cell.status == 204 or parse(cell.body)[0])
        return None if ok else "a change out of no answer"
    state = play.mount.text(f"{home(i)}/state").strip()
    if state not in ("running", "updating"):
        return f"it is {state}, though it was refused"
    return None if play.error(i) else "the reason is not told"


def adopted(play, i, cell, result, text):
    good, value = answer_of(cell)
    is_ours = good and is_about(i, value) and value.first("name") == name(i)
    if result == "OK":
        return None if is_ours else "adopted what nobody said"
    state = play.mount.text(f"{home(i)}/state").strip()
    play.mount.write(f"{home(i)}/adopt", b"none")
    return None if state == "unknown" else f"it is {state}"


def free(play, i, cell, result, text):
    """The name is looked for first; nothing is made when that fails."""
    if i not in play.service.posts:
        state = play.mount.text(f"{home(i)}/state").strip()
        return None if state == "draft" and play.error(i) else \
            f"it is {state}"
    good, value = answer_of(cell)
    listed = value.first("clusters") if isinstance(value, Pairs) else None
    if not good or not isinstance(listed, list):
        return "it was made, though the name was not looked for"
    names = [c.first("name") if isinstance(c, Pairs) else None
             for c in listed]
    return None if all(isinstance(n, str) and n != name(i) for n in names) \
        else f"it was made, though there is {names}"


def made(at, noun, key, form):
    """The one thing that must never be taken for another."""
    def check(play, i, cell, result, text):
        there = f"{at}/{name(i)}"
        state = play.mount.text(f"{there}/state").strip()
        shown = play.mount.text(f"{there}/{noun}").strip()
        said = made_id(cell, key, form)
        if result == "OK" or shown:
            return None if shown and shown == said else \
                f"it shows the ID {shown[:40]}"
        if state == "draft":
            return None if is_refusal(cell) else \
                "a draft again, though it may have been executed"
        play.mount.write(f"{there}/adopt", b"none")
        return None if state == "unknown" else f"it is {state}"
    return check


def listed(play, i, cell, result, text):
    now = play.clusters()
    said = answer_of(cell)[1]
    pages = said.first("clusters") if isinstance(said, Pairs) else None
    if not isinstance(pages, list):
        if result == "OK":
            return "a list out of no answer"
        return None if now == play.names else "the directories changed"
    ids = {c.first("cluster_id") for c in pages if isinstance(c, Pairs)
           and isinstance(c.first("cluster_id"), str)}
    for new in now - play.names:
        shown = play.mount.text(f"clusters/{new}/cluster_id").strip()
        if not CLUSTER_ID.fullmatch(shown) or shown not in ids:
            return f"a directory of {shown[:40]!r}"
    return None


ON_ITS_WAY = ("initial", "updating", "upgrading", "scaling", "removing",
              "draining", "deleting")


def followed(play, i, cell, result, text):
    good, value = answer_of(cell)
    state = play.mount.text(f"{home(i)}/state").strip()
    progress = play.mount.text(f"{home(i)}/progress")
    said = value.first("state") if good and isinstance(value, Pairs) else ""
    told = play.row.call == "detail" and is_about(i, value) and state == said
    # a state that nobody knows is no reason to wait for another
    ended = said in ("success", "succeeded", "running") or (
        told and said not in ON_ITS_WAY)
    if "100%" in progress and not ended:
        return f"the end out of no answer: {progress}"
    return None if told or state == play.row.state else f"it is {state}"


def started(play, i, cell, result, text):
    if result == "OK" and not (answer_of(cell)[0] or (
            play.row.is_text and cell.status == 200)):
        return "keys out of no answer"
    return None
