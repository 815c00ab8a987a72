//! One tab: the machine, and what the page knows of what it said. Every output is checked when it
//! comes, and what may stand at no time is checked after every input.

use std::{iter, mem};

use mizan_core::{
    Answer, Cache, CallId, Changes, FetchId, Handle, Input, Invalidation, Key, Options, Outcome,
    Output, Settings, Source, Timestamp, Update, header,
};

use crate::invariant::{Invariant, Violation};
use crate::world::Table;

/// The contexts of these worlds.
pub const KEYS: [&str; 2] = ["user?user_id=1", "user?user_id=2"];

/// Both of them, as a set: a bit for each.
pub const BOTH: u8 = 0b11;

/// The keys in a set of them.
pub fn keys(set: u8) -> impl Iterator<Item = usize> {
    (0..KEYS.len()).filter(move |key| set & 1 << key != 0)
}

/// How the word of what a mutation has changed comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// The `invalidate` member of a call's answer.
    Body,
    /// The header of a call's answer.
    Header,
    /// Both of them.
    BodyAndHeader,
    /// The header of the answer to a request that the page made by itself.
    Seen,
    /// The cookie of a redirect.
    Redirect,
}

/// Something that can be done at the server, once.
#[derive(Clone, Copy, Debug)]
pub struct Mutation {
    /// What it changes.
    pub keys: u8,
    pub transport: Transport,
    /// Somebody is logged in by it.
    pub login: bool,
    /// The keys that its call has a patch for, which is shown until the server's word is there.
    pub patches: u8,
    /// Its call waits for those before it that say the same.
    pub scoped: bool,
}

impl Mutation {
    pub const fn new(keys: u8, transport: Transport) -> Self {
        Self { keys, transport, login: false, patches: 0, scoped: false }
    }

    pub const fn login(mut self) -> Self {
        self.login = true;
        self
    }

    pub const fn patching(mut self, keys: u8) -> Self {
        self.patches = keys;
        self
    }

    pub const fn scoped(mut self) -> Self {
        self.scoped = true;
        self
    }

    pub fn is_call(self) -> bool {
        !matches!(self.transport, Transport::Seen | Transport::Redirect)
    }

    fn header(self) -> &'static str {
        match self.keys {
            0b01 => "user;user_id=1",
            0b10 => "user;user_id=2",
            0b11 => "user",
            _ => "",
        }
    }

    fn changes(self) -> Changes<'static> {
        let text = self.header();
        let list = || Ok(header::parse(text).expect("a header"));
        match self.transport {
            Transport::Body => Changes { list: list(), header: "" },
            Transport::BodyAndHeader => Changes { list: list(), header: text },
            _ => Changes { list: Ok(Vec::new()), header: text },
        }
    }
}

/// What one tab tells the others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Post {
    /// The id, and the list.
    Invalidated(String, String),
    Identity(u8),
}

/// A state of the server, as far as a value shows it: how often the key has changed, and how often
/// somebody has logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment {
    pub version: u8,
    pub epoch: u8,
}

/// What happens to a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    Subscribe(u8),
    Unsubscribe(u8),
    Read(u8),
    GiveUp(u8),
    Refetch(u8),
    /// A mutation is about to be sent by a call.
    Call(u8),
    Answered(u8, u8),
    /// Its answer is an error.
    Refused(u8, u8),
    Lost(u8),
    Seen(u8),
    Cookie(u8),
    Value(u8, Moment),
    Failure(u8, u16),
    /// The answer to a fetch that was given up.
    Late(u8, Moment),
    Tab(u8),
    Visible(bool),
    Online(bool),
    Restored,
    Tick,
}

/// Who has said that something is no longer true.
const BY_CALL: u8 = 1;
const BY_OTHERS: u8 = 2;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Get {
    id: FetchId,
    /// Who has named the key since it began.
    overtaken: u8,
}

/// A value, with who has named its key since its fetch began.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shown {
    pub moment: Moment,
    pub overtaken: u8,
}

/// What the page knows of a key.
#[derive(Clone, Copy, Default)]
pub struct View {
    pub handle: Option<Handle>,
    pub subscribers: u8,
    pub reads: u8,
    pub shown: Option<Shown>,
    pub error: Option<u16>,
    pub fresh: bool,
    pub fetching: bool,
    /// The calls whose patches lie over the value: one more than the number of each, in order.
    layers: [u8; CALLS],
    get: Option<Get>,
    /// The fetch that was given up last.
    given_up: Option<FetchId>,
    /// The newest version that was ever shown.
    newest: u8,
}

impl View {
    pub fn wanted(&self) -> bool {
        self.subscribers > 0 || self.reads > 0
    }
}

/// What is the same for all clients of a world.
pub struct Setting {
    pub mutations: Vec<Mutation>,
    /// Answers name who is logged in.
    pub identity: bool,
    /// The answer to a fetch that was given up may come all the same.
    pub late: bool,
    /// How far ahead a timer may be that goes off.
    pub horizon: Timestamp,
    /// Every tab sees the cookies of redirects by itself, as soon as they are set.
    pub cookie_store: bool,
    pub retries: u32,
    pub concurrency: u32,
    pub seed: u32,
}

/// What an event led to beside the next client.
#[derive(Clone, Default)]
pub struct Step {
    /// The keys that were named as no longer true.
    pub named: u8,
    /// The keys of fetches that were given up, and of those that were begun after that.
    pub aborted: u8,
    pub began: u8,
    /// The mutations that are to be sent.
    pub sent: u8,
    pub posts: Vec<Post>,
    pub violations: Vec<Violation>,
    /// What the machine said, for people.
    pub said: Vec<String>,
}

#[derive(Clone)]
pub struct Client {
    cache: Cache,
    /// Its own time. No two clients compare theirs, so each may go at its own pace.
    now: Timestamp,
    pub views: [View; KEYS.len()],
    /// The newest login that an answer or a tab has told it of.
    told: u8,
    calls: [Call; CALLS],
    /// The calls that are not over: one more than the number of each, in the order in which they were
    /// made.
    order: [u8; CALLS],
    /// The redirects that it knows of, as a set.
    heard: u8,
}

/// As many mutations as a world may have.
pub const CALLS: usize = 3;

/// What the page knows of a call.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Call {
    sent: bool,
    /// Its answer is not there.
    open: bool,
    /// The keys that it waits for after that.
    waits: u8,
    /// The keys over which its patches must lie.
    covers: u8,
}

fn token(epoch: u8) -> String {
    format!("login{epoch}")
}

fn bit(key: u8) -> u8 {
    1 << key
}

impl Client {
    pub fn new(setting: &Setting) -> Self {
        let mut cache = Cache::new();
        let Setting { retries, concurrency, seed, .. } = *setting;
        let settings = Settings { identity: "", schema: "", seed, retries, concurrency };
        cache.handle_input(0, Input::Configure(settings));
        assert_eq!(cache.poll_output(), None, "it is told how to be, not what to do");
        Self {
            cache,
            now: 0,
            views: [View::default(); KEYS.len()],
            told: 0,
            calls: [Call::default(); CALLS],
            order: [0; CALLS],
            heard: 0,
        }
    }

    /// Equal for two clients that behave alike and have seen alike.
    pub fn fingerprint(&self) -> Vec<u8> {
        let Self { cache, now, views, told, calls, order, heard } = self;
        let mut print = cache.fingerprint(*now, 0);
        let flags = |flags: &[bool]| flags.iter().fold(0, |all, flag| all << 1 | u8::from(*flag));
        for view in views {
            let View {
                handle,
                subscribers,
                reads,
                shown,
                error,
                fresh,
                fetching,
                layers,
                get,
                given_up,
                newest,
            } = view;
            let handle = handle.map_or(u8::MAX, |Handle(at)| at.try_into().expect("few entries"));
            let parts = [handle, *subscribers, *reads, *newest];
            print.extend(parts);
            print.extend(layers);
            print.push(flags(&[*fresh, *fetching, given_up.is_some()]));
            print.extend(error.unwrap_or(u16::MAX).to_le_bytes());
            print.push(get.map_or(u8::MAX, |get| get.overtaken));
            match shown {
                Some(Shown { moment: Moment { version, epoch }, overtaken }) => {
                    print.extend([*version, *epoch, *overtaken]);
                }
                None => print.push(u8::MAX),
            }
        }
        print.extend([*told, *heard]);
        print.extend(order);
        for Call { sent, open, waits, covers } in calls {
            print.extend([flags(&[*sent, *open]), *waits, *covers]);
        }
        print
    }

    /// Whether its timer goes off within the horizon.
    pub fn is_due(&self, setting: &Setting) -> bool {
        self.cache.poll_timeout().is_some_and(|due| due <= self.now + setting.horizon)
    }

    /// Tells the machine, and does what it says. `posts` are those that a tab may tell.
    pub fn take(&mut self, event: Event, setting: &Setting, posts: &Table<Post>) -> Step {
        let mutation = |number: u8| setting.mutations[usize::from(number)];
        let mut cause = Cause::default();
        let token = |epoch| if setting.identity { token(epoch) } else { String::new() };
        let mut identity = String::new();
        match event {
            Event::Answered(_, epoch) | Event::Refused(_, epoch) => identity = token(epoch),
            Event::Value(_, moment) | Event::Late(_, moment) => identity = token(moment.epoch),
            _ => {}
        }
        let answer = Answer { identity: &identity, schema: "" };
        let input = match event {
            Event::Subscribe(key) => {
                cause.wanted = bit(key);
                let handle = self.open(key);
                self.view(key).subscribers += 1;
                Input::Subscribe(handle, Options::default())
            }
            Event::Unsubscribe(key) => {
                let handle = self.open(key);
                self.view(key).subscribers -= 1;
                self.left(key.into());
                Input::Unsubscribe(handle, Options::default())
            }
            Event::Read(key) => {
                cause.wanted = bit(key);
                let handle = self.open(key);
                self.view(key).reads += 1;
                Input::Read(handle)
            }
            Event::GiveUp(key) => {
                let handle = self.open(key);
                self.view(key).reads -= 1;
                self.left(key.into());
                Input::Unread(handle)
            }
            Event::Refetch(key) => {
                cause.named = bit(key);
                Input::Refetch(self.open(key))
            }
            Event::Call(number) => {
                let Mutation { patches, scoped, .. } = mutation(number);
                self.calls[usize::from(number)] =
                    Call { open: true, covers: patches, ..Call::default() };
                *self.order.iter_mut().find(|other| **other == 0).expect("room for a call") =
                    number + 1;
                let patches = keys(patches).map(|key| parsed(key).into()).collect();
                Input::Call(CallId(number.into()), true, if scoped { "one" } else { "" }, patches)
            }
            Event::Answered(number, epoch) => {
                cause.named = mutation(number).keys;
                cause.by_call = true;
                cause.epoch = epoch;
                cause.call = Some((number, true));
                Input::CallAnswered(CallId(number.into()), true, answer, mutation(number).changes())
            }
            Event::Refused(number, epoch) => {
                cause.epoch = epoch;
                cause.call = Some((number, false));
                let mutation = mutation(number);
                // A view may say what it has changed all the same.
                let changes = if mutation.transport == Transport::Header {
                    cause.named = mutation.keys;
                    cause.by_call = true;
                    mutation.changes()
                } else {
                    Changes { list: Ok(Vec::new()), header: "" }
                };
                Input::CallAnswered(CallId(number.into()), false, answer, changes)
            }
            Event::Lost(number) => {
                // What was never sent has changed nothing.
                cause.named = if self.calls[usize::from(number)].sent { BOTH } else { 0 };
                cause.by_call = true;
                cause.call = Some((number, false));
                Input::CallLost(CallId(number.into()))
            }
            Event::Seen(number) => {
                cause.named = mutation(number).keys;
                cause.by_call = true;
                Input::Seen("", mutation(number).changes())
            }
            Event::Cookie(number) => {
                cause.id = NONCES[usize::from(number)];
                if self.is_news(cause.id) {
                    cause.named = mutation(number).keys;
                }
                Input::Cookie(cause.id, mutation(number).changes())
            }
            Event::Value(key, moment) => {
                cause.epoch = moment.epoch;
                cause.answer(self.answered(key));
                cause.arrival = Arrival::Value(moment);
                Input::Fetched(self.open(key), cause.fetch(), outcome(200), answer)
            }
            Event::Failure(key, status) => {
                cause.answer(self.answered(key));
                cause.arrival = Arrival::Error(status);
                Input::Fetched(self.open(key), cause.fetch(), outcome(status), answer)
            }
            Event::Late(key, moment) => {
                let fetch = self.view(key).given_up.take().expect("a fetch that was given up");
                cause.arrival = Arrival::Value(moment);
                cause.late = true;
                Input::Fetched(self.open(key), fetch, outcome(200), answer)
            }
            Event::Tab(number) => match &posts[usize::from(number)] {
                Post::Invalidated(id, list) => {
                    let list: Vec<_> = list.split(',').map(member).collect();
                    if self.is_news(id) {
                        cause.named = matched(&list);
                    }
                    Input::TabInvalidated(id, Changes { list: Ok(list), header: "" })
                }
                Post::Identity(epoch) => {
                    cause.epoch = *epoch;
                    identity = token(*epoch);
                    Input::TabIdentity(&identity)
                }
            },
            Event::Visible(awake) | Event::Online(awake) => {
                cause.wanted = if awake { self.subscribed() } else { 0 };
                match event {
                    Event::Visible(_) => Input::Visible(awake),
                    _ => Input::Online(awake),
                }
            }
            Event::Restored => {
                cause.named = BOTH;
                Input::Restored
            }
            Event::Tick => {
                self.now = self.now.max(self.cache.poll_timeout().expect("a timer"));
                Input::Tick
            }
        };
        // What was put off is fetched when there is room, a network, or time for it.
        let put_off = |key: &usize| self.views[*key].fetching && self.views[*key].get.is_none();
        cause.wanted |= keys(BOTH).filter(put_off).fold(0, |set, key| set | 1 << key);
        if cause.id.is_empty() {
            cause.id = IDS[match event {
                Event::Answered(number, _) | Event::Refused(number, _) => usize::from(number),
                Event::Lost(number) => CALLS + usize::from(number),
                Event::Seen(number) => 2 * CALLS + usize::from(number),
                _ => 3 * CALLS,
            }];
        }
        self.tell(input, &cause, setting)
    }

    fn tell(&mut self, input: Input<'_>, cause: &Cause, setting: &Setting) -> Step {
        let mut step = Step { named: cause.named, ..Step::default() };
        let by = if cause.by_call { BY_CALL } else { BY_OTHERS };
        for key in keys(cause.named) {
            let view = &mut self.views[key];
            view.get.iter_mut().for_each(|get| get.overtaken |= by);
            view.shown.iter_mut().for_each(|shown| shown.overtaken |= by);
        }
        self.told = self.told.max(cause.epoch);
        let identity = input.identity();
        self.cache.handle_input(self.now, input);
        let outputs: Vec<_> = iter::from_fn(|| self.cache.poll_output()).collect();
        let changed = outputs.contains(&Output::Identity);
        if changed {
            self.calls.iter_mut().for_each(|call| call.covers = 0);
        }
        if let Some((number, ok)) = cause.call {
            let named = if changed { BOTH } else { cause.named };
            let answered = !matches!(cause.id, "lost0" | "lost1" | "lost2");
            let waits = if answered { named & self.subscribed() } else { 0 };
            let call = &mut self.calls[usize::from(number)];
            call.open = false;
            call.waits = waits;
            call.covers &= if ok { waits } else { 0 };
        }
        let mut checked = Checked { cause, identity, changed, step: &mut step };
        if cause.late && !outputs.is_empty() {
            checked.violate(Invariant::I4, "the answer to a fetch that was given up is looked at");
        }
        for output in outputs {
            checked.step.said.push(self.words(output, identity));
            self.perform(output, &mut checked, setting);
        }
        self.check(&mut checked);
        step
    }

    fn perform(&mut self, output: Output, checked: &mut Checked, setting: &Setting) {
        let Checked { cause, changed, .. } = *checked;
        match output {
            Output::Fetch { entry, fetch } => {
                let key = self.key(entry);
                let view = &mut self.views[key];
                if view.get.is_some() {
                    checked.violate(Invariant::I3, "two fetches of a key at a time");
                }
                if !view.wanted() {
                    checked.violate(Invariant::I3, "a fetch that nobody wants");
                }
                if (cause.named | cause.wanted) & 1 << key == 0 && !changed {
                    checked.violate(Invariant::I8, "a fetch without a cause that is new");
                }
                if checked.step.began & 1 << key != 0 {
                    checked.violate(Invariant::I8, "two fetches for one cause");
                }
                view.get = Some(Get { id: fetch, overtaken: 0 });
                checked.step.began |= 1 << key;
            }
            Output::Abort { entry, fetch } => {
                let key = self.key(entry);
                let view = &mut self.views[key];
                if view.get.take().is_none_or(|get| get.id != fetch) {
                    checked.violate(Invariant::I3, "a fetch is given up that is none");
                }
                if setting.late {
                    view.given_up = Some(fetch);
                }
                checked.step.aborted |= 1 << key;
            }
            Output::Publish { entry, value, error, state } => {
                let key = self.key(entry);
                let told = self.told;
                let view = &mut self.views[key];
                match (value, cause.arrival) {
                    (Update::Keep, _) => {}
                    (Update::Take, Arrival::Value(moment)) => {
                        if moment.version < view.newest {
                            checked.violate(Invariant::I4, "an older value overwrites a newer one");
                        }
                        if moment.epoch < told {
                            checked.violate(Invariant::I5, "a value of another identity is shown");
                        }
                        view.newest = view.newest.max(moment.version);
                        view.shown = Some(Shown { moment, overtaken: cause.overtaken });
                    }
                    (Update::Take, _) => {
                        checked.violate(Invariant::I4, "there is no value to take")
                    }
                    (Update::Clear, arrival) => {
                        let gone = matches!(arrival, Arrival::Error(404 | 410));
                        if view.shown.is_some() && !gone && !changed {
                            checked.violate(Invariant::I7, "a value vanishes");
                        }
                        view.shown = None;
                    }
                }
                match (error, cause.arrival) {
                    (Update::Keep, _) => {}
                    (Update::Take, Arrival::Error(status)) => view.error = Some(status),
                    (Update::Take, _) => {
                        checked.violate(Invariant::I4, "there is no error to take")
                    }
                    (Update::Clear, _) => view.error = None,
                }
                view.fresh = !state.stale;
                view.fetching = state.fetching;
                if view.fresh || error == Update::Take {
                    self.arrived(key);
                }
                self.left(key);
            }
            Output::Settle { entry, ok } => {
                let key = self.key(entry);
                let view = &mut self.views[key];
                if ok && (!view.fresh || view.shown.is_none()) {
                    checked.violate(Invariant::I1, "a read ends without a fresh value");
                }
                if !ok && view.error.is_none() {
                    checked.violate(Invariant::I6, "a read ends without an error");
                }
                view.reads = 0;
            }
            Output::Collect { entry } => {
                let key = self.key(entry);
                if self.views[key].wanted() || self.views[key].get.is_some() {
                    checked.violate(Invariant::I7, "what is in use is collected");
                }
                self.views[key] = View::default();
            }
            Output::Settled { call } => {
                let call = u8::try_from(call.0).expect("few calls");
                let Call { open, waits, .. } = mem::take(&mut self.calls[usize::from(call)]);
                if open || waits != 0 || !self.order.contains(&(call + 1)) {
                    checked
                        .violate(Invariant::I1, "a call settles before what it has named is there");
                }
                remove(&mut self.order, call + 1);
            }
            Output::Send { call: CallId(id) } => {
                let call = &mut self.calls[id as usize];
                if !call.open || mem::replace(&mut call.sent, true) {
                    checked.violate(Invariant::I6, "a call is sent twice, or after its end");
                }
                checked.step.sent |= 1 << id;
            }
            Output::Patch { entry, call, .. } => {
                let key = self.key(entry);
                let layers = &mut self.views[key].layers;
                match layers.iter_mut().find(|layer| **layer == 0) {
                    Some(free) => *free = u8::try_from(call.0 + 1).expect("few calls"),
                    None => checked.violate(Invariant::I9, "more patches than calls"),
                }
            }
            Output::Unpatch { entry, call } => {
                let key = self.key(entry);
                remove(&mut self.views[key].layers, u8::try_from(call.0 + 1).expect("few calls"));
            }
            Output::Invalidated { source, share } => {
                if share || source == Source::Cookie && !setting.cookie_store {
                    let list = self.cache.invalidated().into();
                    checked.step.posts.push(Post::Invalidated(cause.id.into(), list));
                }
            }
            Output::Share => {
                let epoch = checked.identity.trim_start_matches("login").parse();
                checked.step.posts.push(Post::Identity(epoch.expect("a token")));
            }
            Output::Identity | Output::Outdated | Output::Malformed { .. } => {}
        }
    }

    /// What may stand at no time.
    fn check(&self, checked: &mut Checked) {
        for (key, view) in self.views.iter().enumerate() {
            let mut layers = [0; CALLS];
            let pending = self.order.iter().filter(|call| {
                **call > 0 && self.calls[usize::from(**call) - 1].covers & 1 << key != 0
            });
            layers.iter_mut().zip(pending).for_each(|(layer, call)| *layer = *call);
            if view.handle.is_some() && view.layers != layers {
                checked.violate(
                    Invariant::I9,
                    "the patches that are shown are not those that are pending",
                );
            }
            if view.get.is_some() && !view.fetching {
                checked.violate(Invariant::I3, "whether a key is being fetched is told wrongly");
            }
            match view.shown {
                None if view.fresh => checked.violate(Invariant::I1, "nothing is called fresh"),
                Some(shown) if view.fresh && shown.overtaken & BY_CALL != 0 => {
                    checked.violate(Invariant::I1, "a value from before the call is called fresh");
                }
                Some(shown) if view.fresh && shown.overtaken != 0 => {
                    checked.violate(
                        Invariant::I2,
                        "a value from before the invalidation is called fresh",
                    );
                }
                _ => {}
            }
            if view.shown.is_some_and(|shown| shown.moment.epoch < self.told) {
                checked.violate(Invariant::I5, "a value of another identity is kept");
            }
        }
        let over = |call: &u8| {
            *call > 0
                && !self.calls[usize::from(*call) - 1].open
                && self.calls[usize::from(*call) - 1].waits == 0
        };
        if self.order.iter().any(over) {
            checked.violate(Invariant::I6, "a call does not settle though all is there");
        }
    }

    /// What must have been reached when nothing is on its way: everything that is in use is as the
    /// server has it, and nobody waits.
    pub fn check_rest(&self, moments: [Moment; KEYS.len()], offline: bool) -> Vec<Violation> {
        let mut step = Step::default();
        let cause = &Cause::default();
        let mut checked = Checked { cause, identity: "", changed: false, step: &mut step };
        for (view, moment) in self.views.iter().zip(moments) {
            let used = view.subscribers > 0 && view.error.is_none() && !offline;
            if view.layers != [0; CALLS] && !offline {
                checked.violate(Invariant::I9, "a patch is left");
            }
            match view.shown {
                None if used => checked.violate(Invariant::I6, "what is in use has no value"),
                Some(shown) if used || view.fresh => {
                    if shown.overtaken & BY_CALL != 0 {
                        checked.violate(Invariant::I1, "a value from before the call is left");
                    } else if shown.moment.version != moment.version || shown.overtaken != 0 {
                        checked.violate(Invariant::I2, "an old value is left");
                    }
                    if shown.moment.epoch != moment.epoch {
                        checked.violate(Invariant::I5, "a value of another identity is left");
                    }
                }
                _ => {}
            }
            if used && !view.fresh {
                checked.violate(Invariant::I6, "what is in use is left stale");
            }
            if view.reads > 0 && !offline {
                checked.violate(Invariant::I6, "a read never ends");
            }
        }
        if self.order != [0; CALLS] && !offline {
            checked.violate(Invariant::I6, "a call never settles");
        }
        step.violations
    }

    /// Everybody leaves: what is left then?
    pub fn check_release(&self, setting: &Setting) -> Vec<Violation> {
        let mut client = self.clone();
        let mut violations = Vec::new();
        for key in 0..2 {
            while client.views[usize::from(key)].subscribers > 0 {
                violations.extend(
                    client.take(Event::Unsubscribe(key), setting, &Table::default()).violations,
                );
            }
        }
        for _ in 0..4 {
            if client.cache.poll_timeout().is_some() {
                violations.extend(client.take(Event::Tick, setting, &Table::default()).violations);
            }
        }
        let left = client.views.iter().any(|view| view.handle.is_some());
        if left || client.cache.poll_timeout().is_some() {
            let how = String::from("something is left after everything was released");
            violations.push(Violation { invariant: Invariant::I6, how });
        }
        violations
    }

    /// The keys that somebody subscribes to.
    fn subscribed(&self) -> u8 {
        let subscribed = keys(BOTH).filter(|key| self.views[*key].subscribers > 0);
        subscribed.fold(0, |set, key| set | 1 << key)
    }

    fn open(&mut self, key: u8) -> Handle {
        let parsed = Key::parse(KEYS[usize::from(key)]).expect("a key");
        let handle = self.cache.open(self.now, parsed);
        *self.view(key).handle.insert(handle)
    }

    fn view(&mut self, key: u8) -> &mut View {
        &mut self.views[usize::from(key)]
    }

    fn key(&self, entry: Handle) -> usize {
        self.views.iter().position(|view| view.handle == Some(entry)).expect("an entry of the page")
    }

    /// No call waits for a key that nobody wants.
    fn left(&mut self, key: usize) {
        if !self.views[key].wanted() && !self.views[key].fetching {
            self.arrived(key);
        }
    }

    /// The word of the server is there: what waited for it no longer does, and shows it.
    fn arrived(&mut self, key: usize) {
        for call in self.calls.iter_mut().filter(|call| !call.open) {
            call.waits &= !(1 << key);
            call.covers &= call.waits;
        }
    }

    /// Whether it hears of a redirect for the first time.
    fn is_news(&mut self, id: &str) -> bool {
        let Some(number) = NONCES.iter().position(|nonce| *nonce == id) else { return true };
        let known = self.heard & 1 << number != 0;
        self.heard |= 1 << number;
        !known
    }

    /// The fetch of a key that ends.
    fn answered(&mut self, key: u8) -> (u8, Get) {
        (key, self.view(key).get.take().expect("a fetch"))
    }

    /// An output, for people.
    fn words(&self, output: Output, identity: &str) -> String {
        let key = |entry| KEYS[self.key(entry)];
        match output {
            Output::Fetch { entry, .. } => format!("fetch {}", key(entry)),
            Output::Abort { entry, .. } => format!("abort {}", key(entry)),
            Output::Publish { entry, value, error, state } => {
                format!("publish {}: value {value:?}, error {error:?}, {state:?}", key(entry))
            }
            Output::Settle { entry, ok } => format!("settle {}: {ok}", key(entry)),
            Output::Collect { entry } => format!("collect {}", key(entry)),
            Output::Invalidated { source, share } => {
                format!("invalidated {} by {source:?}, share: {share}", self.cache.invalidated())
            }
            Output::Share => format!("share {identity}"),
            output => format!("{output:?}"),
        }
    }
}

/// Why the machine is told something, as far as its outputs depend on it.
#[derive(Default)]
struct Cause {
    /// The keys that are named as no longer true, and by whom.
    named: u8,
    by_call: bool,
    /// The keys that may be fetched for another reason.
    wanted: u8,
    /// The login that it tells of.
    epoch: u8,
    arrival: Arrival,
    /// Who has named the key while its fetch was under way.
    overtaken: u8,
    fetch: Option<FetchId>,
    /// It answers a fetch that was given up.
    late: bool,
    /// The call that ends, and whether with success.
    call: Option<(u8, bool)>,
    /// What other tabs know it by.
    id: &'static str,
}

impl Cause {
    /// An answer that was overtaken is followed by another fetch.
    fn answer(&mut self, (key, get): (u8, Get)) {
        self.overtaken = get.overtaken;
        self.fetch = Some(get.id);
        if get.overtaken != 0 {
            self.wanted = bit(key);
        }
    }

    fn fetch(&self) -> FetchId {
        self.fetch.expect("a fetch")
    }
}

/// What comes with an input, for the outputs that show it.
#[derive(Clone, Copy, Default)]
enum Arrival {
    #[default]
    Nothing,
    Value(Moment),
    Error(u16),
}

/// What is being done, with what was found.
struct Checked<'a> {
    cause: &'a Cause,
    /// Who the input says is logged in.
    identity: &'a str,
    /// Somebody else is.
    changed: bool,
    step: &'a mut Step,
}

impl Checked<'_> {
    fn violate(&mut self, invariant: Invariant, how: &str) {
        self.step.violations.push(Violation { invariant, how: how.into() });
    }
}

const NONCES: [&str; CALLS] = ["cookie0", "cookie1", "cookie2"];

/// What is told to other tabs has an id of its own: of the answers, of the calls without one, of the
/// page's own requests.
const IDS: [&str; 3 * CALLS + 1] =
    ["answer0", "answer1", "answer2", "lost0", "lost1", "lost2", "seen0", "seen1", "seen2", ""];

/// Takes one out of a row.
fn remove(row: &mut [u8; CALLS], what: u8) {
    if let Some(at) = row.iter().position(|other| *other == what) {
        row[at] = 0;
        row[at..].rotate_left(1);
    }
}

fn parsed(key: usize) -> Key {
    Key::parse(KEYS[key]).expect("a key")
}

/// No server here asks to wait.
fn outcome(status: u16) -> Outcome {
    Outcome { status, retry_after: 0 }
}

/// A member of the machine's own lists: the text of a key, or `*`.
fn member(text: &str) -> Invalidation {
    match text {
        "*" => Invalidation::All,
        text => Key::parse(text).expect("the text of a key").into(),
    }
}

/// The keys that a list names.
fn matched(list: &[Invalidation]) -> u8 {
    let named = |key: &usize| {
        let key = Key::parse(KEYS[*key]).expect("a key");
        list.iter().any(|member| member.matches(&key))
    };
    keys(BOTH).filter(named).fold(0, |set, key| set | 1 << key)
}
