//! One tab: the machine, and what the page knows of what it said. Every output is checked when it
//! comes, and what may stand at no time is checked after every input.

use std::iter;

use mizan_core::{
    Answer, Cache, CallId, Changes, FetchId, Handle, Input, Invalidation, Key, Output, Timestamp,
    Update, header,
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
}

impl Mutation {
    pub const fn new(keys: u8, transport: Transport) -> Self {
        Self { keys, transport, login: false }
    }

    pub const fn login(mut self) -> Self {
        self.login = true;
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
    Invalidated(String),
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
    Lost(u8),
    Seen(u8),
    Cookie(u8),
    Value(u8, Moment),
    Failure(u8, u16),
    /// The answer to a fetch that was given up.
    Late(u8, Moment),
    Tab(u8),
    Visible,
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
}

/// What an event led to beside the next client.
#[derive(Clone, Default)]
pub struct Step {
    /// The keys that were named as no longer true.
    pub named: u8,
    /// The keys of fetches that were given up, and of those that were begun after that.
    pub aborted: u8,
    pub began: u8,
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
    /// The calls that wait for an answer, and then for the keys in the set.
    waits: [Option<(bool, u8)>; 4],
    /// The redirects that it knows of, as a set.
    heard: u8,
}

fn token(epoch: u8) -> String {
    format!("login{epoch}")
}

fn bit(key: u8) -> u8 {
    1 << key
}

impl Client {
    pub fn new() -> Self {
        Self {
            cache: Cache::new(),
            now: 0,
            views: [View::default(); KEYS.len()],
            told: 0,
            waits: [None; 4],
            heard: 0,
        }
    }

    /// Equal for two clients that behave alike and have seen alike.
    pub fn fingerprint(&self) -> Vec<u8> {
        let Self { cache, now, views, told, waits, heard } = self;
        let mut print = cache.fingerprint(*now);
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
                get,
                given_up,
                newest,
            } = view;
            let handle = handle.map_or(u8::MAX, |Handle(at)| at.try_into().expect("few entries"));
            let parts = [handle, *subscribers, *reads, *newest];
            print.extend(parts);
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
        for wait in waits {
            match wait {
                Some((answered, keys)) => print.extend([u8::from(*answered), *keys]),
                None => print.push(u8::MAX),
            }
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
            Event::Answered(_, epoch) => identity = token(epoch),
            Event::Value(_, moment) | Event::Late(_, moment) => identity = token(moment.epoch),
            _ => {}
        }
        let answer = Answer { identity: &identity, schema: "" };
        let input = match event {
            Event::Subscribe(key) => {
                cause.wanted = bit(key);
                let handle = self.open(key);
                self.view(key).subscribers += 1;
                Input::Subscribe(handle)
            }
            Event::Unsubscribe(key) => {
                let handle = self.open(key);
                self.view(key).subscribers -= 1;
                self.left(key);
                Input::Unsubscribe(handle)
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
                self.left(key);
                Input::Unread(handle)
            }
            Event::Refetch(key) => {
                cause.named = bit(key);
                Input::Refetch(self.open(key))
            }
            Event::Call(number) => {
                self.waits[usize::from(number)] = Some((false, 0));
                Input::Call(CallId(number.into()))
            }
            Event::Answered(number, epoch) => {
                cause.named = mutation(number).keys;
                cause.by_call = true;
                cause.epoch = epoch;
                cause.call = Some(number);
                Input::CallAnswered(CallId(number.into()), true, answer, mutation(number).changes())
            }
            Event::Lost(number) => {
                cause.named = BOTH;
                cause.by_call = true;
                self.waits[usize::from(number)] = Some((true, 0));
                Input::CallLost(CallId(number.into()))
            }
            Event::Seen(number) => {
                cause.named = mutation(number).keys;
                cause.by_call = true;
                Input::Seen(mutation(number).changes())
            }
            Event::Cookie(number) => {
                if self.heard & bit(number) == 0 {
                    self.heard |= bit(number);
                    cause.named = mutation(number).keys;
                }
                Input::Cookie(NONCES[usize::from(number)], mutation(number).changes())
            }
            Event::Value(key, moment) => {
                cause.epoch = moment.epoch;
                cause.answer(self.answered(key));
                cause.arrival = Arrival::Value(moment);
                Input::Fetched(self.open(key), cause.fetch(), 200, answer)
            }
            Event::Failure(key, status) => {
                cause.answer(self.answered(key));
                cause.arrival = Arrival::Error(status);
                Input::Fetched(self.open(key), cause.fetch(), status, answer)
            }
            Event::Late(key, moment) => {
                let fetch = self.view(key).given_up.take().expect("a fetch that was given up");
                cause.arrival = Arrival::Value(moment);
                cause.late = true;
                Input::Fetched(self.open(key), fetch, 200, answer)
            }
            Event::Tab(number) => match &posts[usize::from(number)] {
                Post::Invalidated(list) => {
                    let list: Vec<_> = list.split(',').map(member).collect();
                    cause.named = matched(&list);
                    Input::TabInvalidated(Changes { list: Ok(list), header: "" })
                }
                Post::Identity(epoch) => {
                    cause.epoch = *epoch;
                    identity = token(*epoch);
                    Input::TabIdentity(&identity)
                }
            },
            Event::Visible => {
                cause.wanted = self.subscribed();
                Input::Revalidate
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
        self.cache.handle_input(self.now, input);
        let outputs: Vec<_> = iter::from_fn(|| self.cache.poll_output()).collect();
        let changed = outputs.contains(&Output::Identity);
        if let Some(call) = cause.call {
            let named = if changed { BOTH } else { cause.named };
            self.waits[usize::from(call)] = Some((true, named & self.subscribed()));
        }
        let mut checked = Checked { cause, changed, step: &mut step };
        if cause.late && !outputs.is_empty() {
            checked.violate(Invariant::I4, "the answer to a fetch that was given up is looked at");
        }
        for output in outputs {
            checked.step.said.push(self.words(output));
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
                    self.left_alone(key);
                }
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
                let wait = &mut self.waits[call.0 as usize];
                match wait.take() {
                    Some((true, 0)) => {}
                    _ => checked
                        .violate(Invariant::I1, "a call settles before what it has named is there"),
                }
            }
            Output::Invalidated { share, .. } => {
                if share {
                    checked.step.posts.push(Post::Invalidated(self.cache.invalidated().into()));
                }
            }
            Output::Share => {
                let epoch = self.cache.identity().trim_start_matches("login").parse();
                checked.step.posts.push(Post::Identity(epoch.expect("a token")));
            }
            Output::Identity | Output::Outdated | Output::Malformed { .. } => {}
        }
    }

    /// What may stand at no time.
    fn check(&self, checked: &mut Checked) {
        for view in &self.views {
            if view.fetching != view.get.is_some() {
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
        if self.waits.contains(&Some((true, 0))) {
            checked.violate(Invariant::I6, "a call does not settle though all is there");
        }
    }

    /// What must have been reached when nothing is on its way: everything that is in use is as the
    /// server has it, and nobody waits.
    pub fn check_rest(&self, moments: [Moment; KEYS.len()], offline: bool) -> Vec<Violation> {
        let mut step = Step::default();
        let mut checked = Checked { cause: &Cause::default(), changed: false, step: &mut step };
        for (view, moment) in self.views.iter().zip(moments) {
            let used = view.subscribers > 0 && view.error.is_none() && !offline;
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
            if view.reads > 0 {
                checked.violate(Invariant::I6, "a read never ends");
            }
        }
        if self.waits.iter().any(Option::is_some) {
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
    fn left(&mut self, key: u8) {
        if !self.view(key).wanted() {
            self.left_alone(key.into());
        }
    }

    fn left_alone(&mut self, key: usize) {
        for (_, waits) in self.waits.iter_mut().flatten() {
            *waits &= !(1 << key);
        }
    }

    /// The fetch of a key that ends.
    fn answered(&mut self, key: u8) -> (u8, Get) {
        (key, self.view(key).get.take().expect("a fetch"))
    }

    /// An output, for people.
    fn words(&self, output: Output) -> String {
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
            Output::Share => format!("share {}", self.cache.identity()),
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
    call: Option<u8>,
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
    /// Somebody else is logged in.
    changed: bool,
    step: &'a mut Step,
}

impl Checked<'_> {
    fn violate(&mut self, invariant: Invariant, how: &str) {
        self.step.violations.push(Violation { invariant, how: how.into() });
    }
}

const NONCES: [&str; 4] = ["a", "b", "c", "d"];

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
