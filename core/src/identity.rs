//! Who is logged in, and from which schema the page was made (protocol rules U1 to U4).

use core::mem;

use crate::cache::Cache;
use crate::output::{Output, Update};
use crate::text::set;
use crate::wire::Said;

impl Cache {
    /// Takes note of who is logged in, and tells the other tabs, unless they told us and nothing was
    /// done here. `bearer` is the entry whose answer brought the news: its value belongs to the new
    /// identity.
    ///
    /// Where the answer was asked for under the identity that is `known`, it decides. Otherwise nobody
    /// is known after it, and the next answers will tell. They may never come, and so the other tabs
    /// are told at once what this one says.
    pub(crate) fn identify(&mut self, identity: &[u8], known: bool, bearer: Option<u32>) {
        if self.differs(identity) {
            self.epoch = self.epoch.wrapping_add(1);
            let first = self.identity.is_empty() && known;
            set(&mut self.identity, if known { identity } else { &[] });
            if !mem::take(&mut self.heard) || self.acted {
                self.acted = !self.calls.is_empty();
                self.say(Output::Share);
            }
            if !first {
                self.drop(bearer);
            }
        }
    }

    /// Another tab says who is logged in. Who it is here only this page's own answers can say: a tab may
    /// have a token of its own. What they say then is no news to the other tabs.
    pub(crate) fn hear(&mut self, identity: &[u8]) {
        if self.differs(identity) {
            self.identity.clear();
            self.heard = true;
            self.epoch = self.epoch.wrapping_add(1);
            self.drop(None);
        }
    }

    /// Drops every value and patch of the identity that was known, and gives up every fetch of it.
    fn drop(&mut self, bearer: Option<u32>) {
        self.say(Output::Identity);
        for call in &mut self.calls {
            call.patches.clear();
        }
        for at in self.slots() {
            while let Some(call) = self.entry(at).layers.last().copied() {
                self.uncover(at, call);
            }
            if bearer == Some(at) {
                self.publish(at, Update::Clear, Update::Clear);
            } else {
                self.outdate(at, Update::Clear);
            }
        }
    }

    /// Whether a response names somebody else than the one who is known to be logged in.
    pub(crate) fn differs(&self, identity: &[u8]) -> bool {
        !identity.is_empty() && self.identity != identity
    }

    pub(crate) fn check_schema(&mut self, answer: Said<'_>) {
        let known = !self.schema.is_empty() && !answer.schema.is_empty();
        if known && self.schema != answer.schema && !self.outdated {
            self.outdated = true;
            self.say(Output::Outdated);
        }
    }
}
