# SPDX-License-Identifier: MIT
"""Models that are told one rule wrongly. A mount that keeps the rules is not
like any of them, which shows that a mount that breaks one would be found."""
import os

from descriptor import Directory, File
from draft import Draft, Param, Scratch
from model import Model


class TruncatesAtOnce(File):
    def __init__(self, draft, node, flags):
        if flags & os.O_TRUNC and isinstance(node, Param):
            draft.put(node, "")
        super().__init__(draft, node, flags)


class KeepsBadText(File):
    def take_back(self):
        pass


class TornRead(File):
    def read(self, at, count):
        if not self.writes:
            self.held = self.node.text()
        return super().read(at, count)


class AppendsBlindly(File):
    def notice(self):
        pass


class ForgetsAtClose(File):
    def close(self):
        self.emptied = False
        super().close()


class RemovesNoName(Draft):
    def unlink(self, name):
        node = self.find(name)
        super().unlink(name)
        node.named = isinstance(node, Param)


class RenamesUnchecked(Draft):
    def rename(self, name, other):
        node, target = self.find(name), self.nodes.get(other)
        if isinstance(node, Scratch) and isinstance(target, Param):
            self.put(target, node.data.decode(errors="ignore"))
            self.unlink(name)
        else:
            super().rename(name, other)


class CreatesAnything(Draft):
    def is_scratch(self, name):
        return True


class ListsAnew(Directory):
    def got(self, entries):
        self.listed = {".", ".."} | self.names()
        return super().got(entries)


class DeadDrafts(Model):
    def rmdir(self, name):
        self.draft(name)
        del self.drafts[name]


WRONG = {"truncates-at-once": {"File": TruncatesAtOnce},
         "keeps-bad-text": {"File": KeepsBadText},
         "torn-read": {"File": TornRead},
         "appends-blindly": {"File": AppendsBlindly},
         "forgets-at-close": {"File": ForgetsAtClose},
         "removes-no-name": {"Draft": RemovesNoName},
         "renames-unchecked": {"Draft": RenamesUnchecked},
         "creates-anything": {"Draft": CreatesAnything},
         "lists-anew": {"Directory": ListsAnew}}


def wrong_model(rule):
    if rule == "writes-to-the-dead":
        return DeadDrafts
    return type("WrongModel", (Model,), WRONG[rule])
