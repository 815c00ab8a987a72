//! A page, a server and the wire between them, in simulated time.
//!
//! The page does what the machine says and nothing else, as the browser's half does. The server
//! numbers its changes, so that every value says how new it is and whose it is. What no output of the
//! machine may ever do is checked here at every output, in each test; what must have been reached in the
//! end is checked by [`World::check_rest`].

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use mizan_core::{
    Answer, Cache, CallId, Changes, FetchId, GC_TIME, Handle, Input, InvalidList, Invalidation,
    Key, Options, Outcome, Output, Settings, Source, State, Timestamp, Update, header,
};

/// How long an entry stays that nobody wants, unless somebody has asked for another time.
pub const GC: Timestamp = GC_TIME as Timestamp;

/// As the machine begins: nothing is tried again.
pub const SETTINGS: Settings<'_> =
    Settings { identity: "", schema: "", seed: 1, retries: 0, concurrency: 6 };

pub const ADA: &str = "ada";
pub const BOB: &str = "bob";

/// The invalidations that a header text says.
pub fn list(text: &str) -> Vec<Invalidation> {
    header::parse(text).expect("a header")
}

/// A member of the machine's own lists: the text of a key, or `*`.
fn read_back(text: &str) -> Invalidation {
    match text {
        "*" => Invalidation::All,
        text => Key::parse(text).expect("the text of a key").into(),
    }
}

/// What the server knows. Its state is the list of its changes; a key's version is the number of the
/// last change that names it.
pub struct Server {
    changes: Vec<Invalidation>,
    pub identity: &'static str,
    /// How often the identity has changed.
    epoch: u32,
    pub schema: Option<&'static str>,
    /// The status with which fetches are answered, unless it is 200.
    pub status: u16,
    /// How long a failure asks to wait, in milliseconds.
    pub retry_after: u32,
    /// The keys of the fetches that have reached it.
    pub requests: Vec<String>,
}

impl Server {
    pub fn change(&mut self, changes: &[Invalidation]) {
        self.changes.extend_from_slice(changes);
    }

    pub fn log_in(&mut self, identity: &'static str) {
        if self.identity != identity {
            self.identity = identity;
            self.epoch += 1;
        }
    }

    pub fn version(&self, key: &Key) -> usize {
        self.changes.iter().rposition(|change| change.matches(key)).map_or(0, |at| at + 1)
    }
}

/// Who was logged in when a response was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub identity: &'static str,
    pub epoch: u32,
}

impl Session {
    /// What the server sends: another one after each login, also of the same person.
    fn token(self) -> String {
        format!("{}-{}", self.identity, self.epoch)
    }
}

/// A value, with what the tests need to know of its origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    pub version: usize,
    pub session: Session,
    /// The step of the machine in which its fetch began.
    begun: usize,
}

/// A mutation: what it does at the server, and how the answer says so.
#[derive(Clone, Default)]
pub struct Call {
    list: Option<Result<String, InvalidList>>,
    header: Option<String>,
    awaits: bool,
    login: Option<&'static str>,
    scope: &'static str,
    patches: Vec<Invalidation>,
    fails: bool,
}

impl Call {
    /// Announced by the `invalidate` member of the answer.
    pub fn body(text: &str) -> Self {
        Self { list: Some(Ok(text.to_owned())), ..Self::default() }
    }

    /// Announced by the header of the answer.
    pub fn header(text: &str) -> Self {
        Self { header: Some(text.to_owned()), ..Self::default() }
    }

    pub fn and_header(mut self, text: &str) -> Self {
        self.header = Some(text.to_owned());
        self
    }

    /// Answered with a list whose member `position` is no invalidation.
    pub fn broken_list(position: usize) -> Self {
        Self { list: Some(Err(InvalidList { position })), ..Self::default() }
    }

    pub fn login(mut self, identity: &'static str) -> Self {
        self.login = Some(identity);
        self
    }

    /// The call settles when what it invalidated has arrived.
    pub fn awaiting(mut self) -> Self {
        self.awaits = true;
        self
    }

    /// It follows the calls of the same scope.
    pub fn scope(mut self, scope: &'static str) -> Self {
        self.scope = scope;
        self
    }

    /// What it has patches for.
    pub fn patching(mut self, text: &str) -> Self {
        self.patches = list(text);
        self
    }

    /// It changes nothing, and its answer says so.
    pub fn failing() -> Self {
        Self { fails: true, ..Self::default() }
    }

    fn changes(&self) -> Changes<'_> {
        let list = match &self.list {
            Some(Ok(text)) => Ok(list(text)),
            Some(Err(error)) => Err(*error),
            None => Ok(Vec::new()),
        };
        Changes { list, header: self.header.as_deref().unwrap_or_default() }
    }

    /// What the client must take to be changed: what cannot be read may have named anything.
    fn named(&self) -> Vec<Invalidation> {
        let Changes { list, header } = self.changes();
        let mut named = list.unwrap_or(vec![Invalidation::All]);
        named.extend(header::parse(header).unwrap_or(vec![Invalidation::All]));
        named
    }
}

enum What {
    Fetch {
        entry: Handle,
        fetch: FetchId,
        begun: usize,
    },
    Call(CallId, Call),
    /// A message of another tab, with what it says.
    Post {
        post: Post,
        session: Option<Session>,
        named: Vec<Invalidation>,
    },
}

/// What one tab tells the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Post {
    Invalidated(String),
    Identity(String),
}

/// Something on its way: to the server as long as it has no reply, then back.
struct Letter {
    what: What,
    due: Timestamp,
    reply: Option<Reply>,
    /// How much the machine knew of identities when it was sent.
    knew: usize,
}

#[derive(Clone, Copy)]
struct Reply {
    status: u16,
    retry_after: u32,
    version: usize,
    session: Session,
}

/// What the page knows of an entry.
pub struct Entry {
    pub key: Key,
    pub shown: Option<Body>,
    pub error: Option<u16>,
    pub state: State,
    pub subscribers: usize,
    /// The patches that are shown on top of the value: the call, and their place in it.
    pub layers: Vec<(usize, usize)>,
    fetch: Option<FetchId>,
    reads: Vec<usize>,
    /// The newest version that was ever shown.
    newest: usize,
    /// The last step in which it became fresh, or failed.
    arrived: usize,
    /// The last step in which nobody was subscribed any longer.
    left: usize,
    /// The step in which it was opened.
    opened: usize,
    /// Since when nobody has wanted it.
    idle_since: Timestamp,
    /// How long it then stays at least.
    gc_time: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadOutcome {
    Waiting,
    Value(usize),
    Error(u16),
    GivenUp,
}

struct CallRecord {
    /// The keys that it waits for, and the step in which the answer came.
    waits: Vec<Key>,
    answered: Option<usize>,
    settled: Option<Timestamp>,
    sent: Option<Timestamp>,
    call: Call,
    /// The keys that its patches still lie over although it was answered: until their refetch arrives.
    covers: Vec<Key>,
    /// How often everything had been dropped when it was made.
    drops: usize,
}

/// What comes with an input, for the outputs that show it.
#[derive(Clone, Copy)]
enum Arrival {
    Nothing,
    Value(Body),
    Error(u16),
}

pub struct World {
    pub now: Timestamp,
    pub server: Server,
    /// How long a letter takes in one direction, in milliseconds.
    pub latency: Timestamp,
    pub entries: BTreeMap<Handle, Entry>,
    pub reads: Vec<ReadOutcome>,
    /// Everything that the machine said, in order.
    pub outputs: Vec<Output>,
    /// What goes with each of the outputs in words.
    texts: Vec<String>,
    cache: Cache,
    wire: Vec<Letter>,
    calls: Vec<CallRecord>,
    step: usize,
    fetches: BTreeSet<u32>,
    /// What the machine has been told to be changed, with the step.
    announced: Vec<(usize, Invalidation)>,
    /// The newest session that the machine has been told of.
    told: Option<Session>,
    knowledge: usize,
    /// How many messages of other tabs have come.
    posts: usize,
    pub offline: bool,
    concurrency: usize,
    /// How often everything was dropped because somebody else is logged in.
    drops: usize,
    /// How many inputs the machine was given.
    pub inputs: usize,
}

impl World {
    pub fn new() -> Self {
        Self {
            now: 1_000_000,
            server: Server {
                changes: Vec::new(),
                identity: ADA,
                epoch: 0,
                schema: None,
                status: 200,
                retry_after: 0,
                requests: Vec::new(),
            },
            latency: 10,
            entries: BTreeMap::new(),
            reads: Vec::new(),
            outputs: Vec::new(),
            texts: Vec::new(),
            cache: Cache::new(),
            wire: Vec::new(),
            calls: Vec::new(),
            step: 0,
            fetches: BTreeSet::new(),
            announced: Vec::new(),
            told: None,
            knowledge: 0,
            posts: 0,
            offline: false,
            concurrency: usize::MAX,
            drops: 0,
            inputs: 0,
        }
    }

    // -- What a page does --------------------------------------------------------------------------

    pub fn open(&mut self, key: &str) -> Handle {
        let key = Key::parse(key).expect("a key");
        let handle = self.cache.open(self.now, key.clone());
        assert_eq!(self.cache.key(handle), Some(&key));
        let entry = self.entries.entry(handle).or_insert(Entry {
            key: key.clone(),
            shown: None,
            error: None,
            state: State { fetching: false, stale: true },
            subscribers: 0,
            layers: Vec::new(),
            fetch: None,
            reads: Vec::new(),
            newest: 0,
            arrived: 0,
            left: 0,
            opened: self.step,
            idle_since: self.now,
            gc_time: GC,
        });
        assert_eq!(entry.key, key, "one handle for two keys");
        handle
    }

    pub fn subscribe(&mut self, key: &str) -> Handle {
        self.observe(key, Options::default())
    }

    pub fn observe(&mut self, key: &str, options: Options) -> Handle {
        let handle = self.open(key);
        let entry = self.entry_mut(handle);
        let known = if entry.subscribers == 0 { 0 } else { entry.gc_time };
        entry.gc_time = known.max(options.gc_time.into());
        entry.subscribers += 1;
        self.tell(Input::Subscribe(handle, options), Arrival::Nothing);
        handle
    }

    pub fn unsubscribe(&mut self, key: &str) {
        self.leave(key, Options::default());
    }

    /// An observer leaves that had asked for this.
    pub fn leave(&mut self, key: &str, options: Options) {
        let handle = self.open(key);
        let (left, now) = (self.step + 1, self.now);
        let entry = self.entry_mut(handle);
        entry.idle_since = now;
        entry.subscribers -= 1;
        if entry.subscribers == 0 {
            entry.left = left;
        }
        self.tell(Input::Unsubscribe(handle, options), Arrival::Nothing);
    }

    /// Waits for one fresh value. The result is the place of the outcome in `reads`.
    pub fn read(&mut self, key: &str) -> usize {
        let handle = self.open(key);
        let read = self.reads.len();
        self.reads.push(ReadOutcome::Waiting);
        self.entry_mut(handle).reads.push(read);
        self.tell(Input::Read(handle), Arrival::Nothing);
        read
    }

    pub fn give_up(&mut self, read: usize) {
        let waiting = self.entries.iter_mut().find(|(_, entry)| entry.reads.contains(&read));
        if let Some((&handle, entry)) = waiting {
            entry.reads.retain(|other| *other != read);
            entry.idle_since = self.now;
            self.reads[read] = ReadOutcome::GivenUp;
            self.tell(Input::Unread(handle), Arrival::Nothing);
        }
    }

    pub fn refetch(&mut self, key: &str) -> usize {
        let handle = self.open(key);
        self.tell(Input::Refetch(handle), Arrival::Nothing);
        self.read(key)
    }

    pub fn call(&mut self, call: Call) -> usize {
        let number = self.calls.len();
        let id = CallId(u32::try_from(number).expect("few calls"));
        let input = Input::Call(id, call.awaits, call.scope, call.patches.clone());
        self.calls.push(CallRecord {
            waits: Vec::new(),
            answered: None,
            settled: None,
            sent: None,
            call: call.clone(),
            covers: Vec::new(),
            drops: self.drops,
        });
        self.tell(input, Arrival::Nothing);
        number
    }

    /// Whoever made the call gives it up before it was sent.
    pub fn abandon(&mut self, call: usize) {
        assert_eq!(self.calls[call].sent, None, "it was sent");
        self.calls[call].answered = Some(self.step + 1);
        let id = CallId(u32::try_from(call).expect("few calls"));
        self.tell(Input::CallLost(id), Arrival::Nothing);
    }

    /// A call is answered, though it was not sent or has been answered before.
    pub fn answer_out_of_turn(&mut self, call: usize, text: &str) {
        self.calls[call].answered.get_or_insert(self.step + 1);
        self.announce(list(text));
        let id = CallId(u32::try_from(call).expect("few calls"));
        let changes = Changes { list: Ok(list(text)), header: "" };
        let input = Input::CallAnswered(id, true, Answer::default(), changes);
        self.tell(input, Arrival::Nothing);
    }

    /// The calls that wait for others of their scope.
    pub fn waiting_calls(&self) -> Vec<usize> {
        let waits = |call: &usize| {
            let CallRecord { sent, answered, .. } = &self.calls[*call];
            sent.is_none() && answered.is_none()
        };
        (0..self.calls.len()).filter(waits).collect()
    }

    /// Nobody waits for the word of the server on these entries any longer.
    fn uncover_what_was_given_up(&mut self) {
        let given_up = |entry: &&Entry| {
            entry.subscribers == 0 && entry.reads.is_empty() && !entry.state.fetching
        };
        let keys: Vec<_> =
            self.entries.values().filter(given_up).map(|it| it.key.clone()).collect();
        keys.iter().for_each(|key| self.uncover(key));
    }

    fn uncover(&mut self, key: &Key) {
        for call in &mut self.calls {
            call.covers.retain(|other| other != key);
        }
    }

    pub fn invalidate(&mut self, text: &str) {
        self.server.change(&list(text));
        self.announce(list(text));
        let changes = Changes { list: Ok(list(text)), header: "" };
        self.tell(Input::Invalidate(changes), Arrival::Nothing);
    }

    /// The answer to a request that the page made by itself has this header.
    pub fn see(&mut self, text: &str) {
        let named = header::parse(text).unwrap_or(vec![Invalidation::All]);
        self.server.change(&named);
        self.announce(named);
        let changes = Changes { list: Ok(Vec::new()), header: text };
        self.tell(Input::Seen("", changes), Arrival::Nothing);
    }

    /// The cookie of a redirect is there. Whether that is news, the machine must know.
    pub fn cookie(&mut self, nonce: &str, text: &str, news: bool) {
        if news {
            let named = header::parse(text).unwrap_or(vec![Invalidation::All]);
            self.server.change(&named);
            self.announce(named);
        }
        let changes = Changes { list: Ok(Vec::new()), header: text };
        self.tell(Input::Cookie(nonce, changes), Arrival::Nothing);
    }

    /// Another tab posts what its machine said.
    pub fn hear(&mut self, post: &Post) {
        let input = match post {
            Post::Invalidated(list) => {
                let list = Ok(list.split(',').map(read_back).collect());
                self.posts += 1;
                let id = format!("post-{}", self.posts);
                return self.tell(
                    Input::TabInvalidated(&id, Changes { list, header: "" }),
                    Arrival::Nothing,
                );
            }
            Post::Identity(identity) => Input::TabIdentity(identity),
        };
        self.tell(input, Arrival::Nothing);
    }

    /// In another tab somebody else logs in. Its message comes by the wire.
    pub fn log_in_elsewhere(&mut self, identity: &'static str) {
        self.server.log_in(identity);
        let session = Session { identity, epoch: self.server.epoch };
        let post = Post::Identity(session.token());
        self.send(What::Post { post, session: Some(session), named: Vec::new() });
    }

    /// A call in another tab changes something. Its message comes by the wire.
    pub fn change_elsewhere(&mut self, text: &str) {
        self.server.change(&list(text));
        let post = Self::posted_by(|other| other.invalidate(text));
        self.send(What::Post { post, session: None, named: list(text) });
    }

    /// Another tab posts an invalidation under an id that this one may have heard before.
    pub fn hear_again(&mut self, id: &str, text: &str) {
        let changes = Changes { list: Ok(list(text)), header: "" };
        self.tell(Input::TabInvalidated(id, changes), Arrival::Nothing);
    }

    pub fn schema(&mut self, schema: &str) {
        self.configure(Settings { schema, ..SETTINGS });
    }

    pub fn configure(&mut self, settings: Settings<'_>) {
        self.concurrency = settings.concurrency as usize;
        self.tell(Input::Configure(settings), Arrival::Nothing);
    }

    /// Goes to another tab and comes back.
    pub fn revalidate(&mut self) {
        self.look(false);
        self.look(true);
    }

    /// Looks at the page, or at another one.
    pub fn look(&mut self, visible: bool) {
        self.tell(Input::Visible(visible), Arrival::Nothing);
    }

    pub fn connect(&mut self, online: bool) {
        self.offline = !online;
        self.tell(Input::Online(online), Arrival::Nothing);
    }

    /// The page came with the value of a key, as the server has it now.
    pub fn hydrate(&mut self, key: &str, schema: &str) -> Handle {
        let handle = self.open(key);
        let session = Session { identity: self.server.identity, epoch: self.server.epoch };
        let version = self.server.version(&self.entries[&handle].key);
        let body = Body { version, session, begun: self.step };
        let answer = Answer { identity: &session.token(), schema };
        self.tell(Input::Hydrated(handle, answer), Arrival::Value(body));
        handle
    }

    pub fn restore(&mut self) {
        self.announce(vec![Invalidation::All]);
        self.tell(Input::Restored, Arrival::Nothing);
    }

    /// What the machine of another tab posts, whose life this is.
    pub fn posted_by(life: impl FnOnce(&mut World)) -> Post {
        let mut other = World::new();
        life(&mut other);
        other.posts().pop().expect("a post")
    }

    pub fn identify_by_call(&mut self, identity: &'static str) {
        self.call(Call::default().login(identity));
        self.settle();
    }

    // -- Time and the wire -------------------------------------------------------------------------

    /// Lets time go by: letters arrive, timers go off.
    pub fn advance(&mut self, duration: Timestamp) {
        let end = self.now + duration;
        while let Some(due) = self.next_due().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.tick_if_due();
            while let Some(at) = self.wire.iter().position(|letter| letter.due <= self.now) {
                self.carry(at);
            }
        }
        self.now = end;
    }

    /// Lets time go by until nothing is on its way.
    pub fn settle(&mut self) {
        self.tick_if_due();
        for _ in 0..1_000 {
            let waits = !self.offline && self.entries.values().any(|entry| entry.state.fetching);
            let timer = self.cache.poll_timeout().filter(|_| waits);
            let Some(due) = self.wire.iter().map(|letter| letter.due).chain(timer).min() else {
                return;
            };
            self.advance(due.saturating_sub(self.now));
        }
        panic!("the page never comes to rest");
    }

    /// When the machine's timer goes off, in milliseconds from now.
    pub fn timer(&self) -> Option<Timestamp> {
        self.cache.poll_timeout().map(|at| at.saturating_sub(self.now))
    }

    pub fn tick(&mut self) {
        self.tell(Input::Tick, Arrival::Nothing);
    }

    fn tick_if_due(&mut self) {
        // Twice at most, for what is to be forgotten at once: a timer that is always due again would never
        // let a page rest.
        for _ in 0..2 {
            if self.timer() == Some(0) {
                self.tick();
            }
        }
        assert_ne!(self.timer(), Some(0), "a tick leaves its timer behind");
    }

    fn next_due(&self) -> Option<Timestamp> {
        let timer = self.cache.poll_timeout();
        self.wire.iter().map(|letter| letter.due).chain(timer).min()
    }

    /// How many letters are on their way.
    pub fn on_the_wire(&self) -> usize {
        self.wire.len()
    }

    /// Takes a letter one way: to the server, or from there to the page.
    pub fn carry(&mut self, at: usize) {
        if self.wire[at].reply.is_some() || matches!(self.wire[at].what, What::Post { .. }) {
            let letter = self.wire.remove(at);
            self.deliver(letter);
        } else {
            self.reach_server(at);
            self.wire[at].due = self.now + self.latency;
        }
    }

    /// No answer will come; the server may have seen the request or not.
    pub fn lose(&mut self, at: usize, after_it_was_carried_out: bool) {
        if let What::Post { .. } = self.wire[at].what {
            return self.carry(at);
        }
        if after_it_was_carried_out && self.wire[at].reply.is_none() {
            self.reach_server(at);
        }
        match self.wire.remove(at).what {
            What::Fetch { entry, fetch, .. } => {
                let outcome = Outcome { status: 0, retry_after: 0 };
                let input = Input::Fetched(entry, fetch, outcome, Answer::default());
                self.fetch_done(entry, fetch);
                self.tell(input, Arrival::Error(0));
            }
            What::Call(id, _) => {
                self.announce(vec![Invalidation::All]);
                self.calls[id.0 as usize].answered = Some(self.step + 1);
                self.tell(Input::CallLost(id), Arrival::Nothing);
            }
            What::Post { .. } => {}
        }
    }

    fn send(&mut self, what: What) {
        let (due, knew) = (self.now + self.latency, self.knowledge());
        self.wire.push(Letter { what, due, reply: None, knew });
    }

    fn reach_server(&mut self, at: usize) {
        let server = &mut self.server;
        let (mut status, mut version) = (200, 0);
        match &self.wire[at].what {
            What::Fetch { entry, .. } => {
                let key = &self.entries[entry].key;
                server.requests.push(key.text().to_owned());
                status = server.status;
                version = server.version(key);
            }
            What::Call(_, call) if call.fails => {}
            What::Call(_, call) => {
                if let Some(identity) = call.login {
                    server.log_in(identity);
                }
                server.change(&call.named());
            }
            What::Post { .. } => {}
        }
        let session = Session { identity: server.identity, epoch: server.epoch };
        self.wire[at].reply =
            Some(Reply { status, retry_after: server.retry_after, version, session });
    }

    fn deliver(&mut self, letter: Letter) {
        let session = match (&letter.what, letter.reply) {
            (What::Post { session, .. }, _) => *session,
            (_, reply) => reply.map(|reply| reply.session),
        };
        let token = session.map(Session::token).unwrap_or_default();
        let answer = Answer { identity: &token, schema: self.server.schema.unwrap_or_default() };
        // What answers a request of before the last news may be older than it. Nobody can tell which.
        let clear = matches!(letter.what, What::Post { .. }) || letter.knew == self.knowledge();
        let newer = |session: &Session| self.told.is_none_or(|told| session.epoch > told.epoch);
        self.told = session.filter(newer).filter(|_| clear).or(self.told);
        match (letter.what, letter.reply) {
            (
                What::Fetch { entry, fetch, begun },
                Some(Reply { status: 200, version, session, .. }),
            ) => {
                self.fetch_done(entry, fetch);
                let body = Body { version, session, begun };
                let outcome = Outcome { status: 200, retry_after: 0 };
                self.tell(Input::Fetched(entry, fetch, outcome, answer), Arrival::Value(body));
            }
            (What::Fetch { .. }, None) => unreachable!("only what was answered is delivered"),
            (What::Fetch { entry, fetch, .. }, Some(Reply { status, retry_after, .. })) => {
                self.fetch_done(entry, fetch);
                let outcome = Outcome { status, retry_after };
                self.tell(Input::Fetched(entry, fetch, outcome, answer), Arrival::Error(status));
            }
            (What::Call(id, call), _) => {
                let named = call.named();
                let entries = self.entries.values().filter(|entry| entry.subscribers > 0);
                let keys = entries.map(|entry| entry.key.clone()).filter(|key| {
                    call.awaits && named.iter().any(|invalidation| invalidation.matches(key))
                });
                let waits = keys.collect();
                let observed = self.entries.values().filter(|entry| entry.subscribers > 0);
                let named_keys = observed.map(|entry| entry.key.clone()).filter(|key| {
                    !call.fails && named.iter().any(|invalidation| invalidation.matches(key))
                });
                let covers = named_keys.collect();
                let record = &mut self.calls[id.0 as usize];
                record.waits = waits;
                record.covers = covers;
                record.answered = Some(self.step + 1);
                self.announce(named);
                let input = Input::CallAnswered(id, !call.fails, answer, call.changes());
                self.tell(input, Arrival::Nothing);
            }
            (What::Post { post, named, .. }, _) => {
                self.announce(named);
                self.hear(&post);
            }
        }
    }

    fn fetch_done(&mut self, entry: Handle, fetch: FetchId) {
        let entry = self.entry_mut(entry);
        assert_eq!(entry.fetch.take(), Some(fetch));
    }

    fn announce(&mut self, named: Vec<Invalidation>) {
        let step = self.step + 1;
        self.announced.extend(named.into_iter().map(|invalidation| (step, invalidation)));
    }

    // -- The machine -------------------------------------------------------------------------------

    fn tell(&mut self, input: Input<'_>, arrival: Arrival) {
        self.step += 1;
        self.inputs += 1;
        let known = String::from(self.cache.identity());
        let identity = input.identity();
        self.cache.handle_input(self.now, input);
        let mut batch = Vec::new();
        while let Some(output) = self.cache.poll_output() {
            batch.push(output);
        }
        assert_eq!(self.cache.poll_output(), None, "drained means drained");
        let changed = |output: &Output| matches!(output, Output::Identity);
        let identity_changed = batch.iter().any(changed);
        self.knowledge += usize::from(identity_changed || self.cache.identity() != known);
        let told = |output: &&Output| matches!(output, Output::Invalidated { .. });
        assert!(batch.iter().filter(told).count() <= 1, "one list an input, at most");
        for output in batch {
            self.outputs.push(output);
            self.texts.push(match output {
                Output::Invalidated { .. } => self.cache.invalidated().into(),
                Output::Share => identity.into(),
                _ => String::new(),
            });
            self.perform(output, arrival, identity_changed);
        }
        self.uncover_what_was_given_up();
        self.check_values();
    }

    fn perform(&mut self, output: Output, arrival: Arrival, identity_changed: bool) {
        match output {
            Output::Fetch { entry, fetch } => {
                assert!(self.fetches.insert(fetch.0), "{fetch:?} was given before");
                let begun = self.step;
                let it = self.entry_mut(entry);
                assert_eq!(it.fetch, None, "I3: two fetches of {} at a time", it.key);
                assert!(it.subscribers > 0 || !it.reads.is_empty(), "nobody wants {}", it.key);
                it.fetch = Some(fetch);
                assert!(!self.offline, "a fetch begins without a network");
                let under_way = self.entries.values().filter(|entry| entry.fetch.is_some());
                assert!(under_way.count() <= self.concurrency, "too many fetches at a time");
                self.send(What::Fetch { entry, fetch, begun });
            }
            Output::Abort { entry, fetch } => {
                let it = self.entry_mut(entry);
                assert_eq!(it.fetch.take(), Some(fetch), "a fetch is given up that is none");
                self.wire.retain(
                    |letter| !matches!(letter.what, What::Fetch { fetch: other, .. } if other == fetch),
                );
            }
            Output::Publish { entry, value, error, state } => {
                self.publish(entry, value, error, state, arrival, identity_changed);
            }
            Output::Settle { entry, ok } => {
                // A read that is answered from the cache does not lengthen the life of the entry.
                let now = self.now;
                if !matches!(arrival, Arrival::Nothing) {
                    self.entry_mut(entry).idle_since = now;
                }
                self.settle_reads(entry, ok);
            }
            Output::Collect { entry } => {
                let gone = self.entries.remove(&entry).expect("an entry is collected twice");
                assert!(gone.subscribers == 0 && gone.reads.is_empty() && gone.fetch.is_none());
                let idle = self.now - gone.idle_since;
                assert!(idle >= gone.gc_time, "{} is collected after {idle} ms", gone.key);
            }
            Output::Send { call } => {
                let now = self.now;
                let record = &mut self.calls[call.0 as usize];
                assert_eq!(record.sent.replace(now), None, "a call is sent twice");
                let what = What::Call(call, record.call.clone());
                self.send(what);
            }
            Output::Settled { call } => self.settled(call),
            Output::Patch { entry, call, patch } => {
                self.entry_mut(entry).layers.push((call.0 as usize, patch as usize));
            }
            Output::Unpatch { entry, call } => {
                let it = self.entry_mut(entry);
                let count = it.layers.len();
                it.layers.retain(|layer| layer.0 != call.0 as usize);
                assert!(it.layers.len() < count, "I9: a patch is taken off that lies nowhere");
            }
            Output::Invalidated { .. } => self.cache.invalidated().split(',').for_each(|text| {
                read_back(text);
            }),
            Output::Identity => self.drops += 1,
            Output::Share | Output::Outdated | Output::Malformed { .. } => {}
        }
    }

    fn publish(
        &mut self,
        entry: Handle,
        value: Update,
        error: Update,
        state: State,
        arrival: Arrival,
        identity_changed: bool,
    ) {
        let told = self.told;
        let step = self.step;
        let it = self.entry_mut(entry);
        let key = it.key.clone();
        match (value, arrival) {
            (Update::Keep, _) => {}
            (Update::Take, Arrival::Value(body)) => {
                assert!(body.version >= it.newest, "I4: {key} shows an older value: {body:?}");
                if let Some(told) = told {
                    assert!(
                        body.session.epoch >= told.epoch,
                        "I5: {key} shows {body:?} after {told:?}"
                    );
                }
                it.newest = body.version;
                it.shown = Some(body);
            }
            (Update::Take, _) => panic!("{key}: there is no value to take"),
            (Update::Clear, arrival) => {
                let gone = matches!(arrival, Arrival::Error(404 | 410));
                assert!(it.shown.is_none() || gone || identity_changed, "I7: {key} vanishes");
                it.shown = None;
            }
        }
        match (error, arrival) {
            (Update::Keep, _) => {}
            (Update::Take, Arrival::Error(status)) => it.error = Some(status),
            (Update::Take, _) => panic!("{key}: there is no error to take"),
            (Update::Clear, _) => it.error = None,
        }
        it.state = state;
        // A value that is fresh, or a failure for good, is the word that calls have waited for.
        if !state.stale || error == Update::Take {
            it.arrived = step;
            self.uncover(&key);
        }
    }

    fn settle_reads(&mut self, entry: Handle, ok: bool) {
        let it = self.entry_mut(entry);
        let reads = mem::take(&mut it.reads);
        let outcome = match (ok, it.shown, it.error) {
            (true, Some(body), _) => {
                assert!(!it.state.stale, "a read of {} ends with a stale value", it.key);
                ReadOutcome::Value(body.version)
            }
            (false, _, Some(status)) => ReadOutcome::Error(status),
            _ => panic!("a read of {} ends with nothing", it.key),
        };
        for read in reads {
            assert_eq!(self.reads[read], ReadOutcome::Waiting);
            self.reads[read] = outcome.clone();
        }
    }

    fn settled(&mut self, call: CallId) {
        let record = &mut self.calls[call.0 as usize];
        let answered = record.answered.expect("a call settles before its answer");
        assert_eq!(record.settled.replace(self.now), None, "a call settles twice");
        for entry in self.entries.values().filter(|entry| record.waits.contains(&entry.key)) {
            let left = entry.left > answered || entry.opened > answered;
            let done = entry.arrived >= answered || left;
            assert!(done, "a call settles before {} has arrived", entry.key);
        }
    }

    /// I1, I2: what is called fresh was fetched since it was last named. I5: nobody's value is kept but
    /// that of whom the machine knows to be logged in.
    ///
    /// I9: what is shown is the value with the patches of the calls whose outcome it does not yet have,
    /// in the order of the calls.
    fn check_values(&self) {
        for entry in self.entries.values() {
            let key = &entry.key;
            let mut layers = Vec::new();
            for (number, record) in self.calls.iter().enumerate() {
                let pending = record.answered.is_none() || record.covers.contains(key);
                for (place, patch) in record.call.patches.iter().enumerate() {
                    if record.drops == self.drops && pending && patch.matches(key) {
                        layers.push((number, place));
                    }
                }
            }
            assert_eq!(entry.layers, layers, "I9: the patches of {key}");
            if !entry.state.stale {
                let body = entry.shown.expect("nothing cannot be fresh");
                let last = self.last_announced(key);
                assert!(body.begun >= last, "I1, I2: {key} calls fresh what was named since");
            }
            if let (Some(body), Some(told)) = (entry.shown, self.told) {
                assert!(
                    body.session.epoch >= told.epoch,
                    "I5: {key} keeps {body:?} after {told:?}"
                );
            }
        }
    }

    /// What must be true when nothing is on its way any more.
    pub fn check_rest(&self) {
        assert!(self.wire.is_empty(), "something is on its way");
        for entry in self.entries.values() {
            assert!(entry.reads.is_empty(), "a read of {} never ends", entry.key);
            assert!(!entry.state.fetching, "{} says that it is being fetched", entry.key);
            if entry.subscribers > 0 && entry.error.is_none() {
                let body = entry.shown.expect("a value for whoever looks");
                let key = &entry.key;
                assert!(!entry.state.stale, "{key} is left stale");
                assert_eq!(body.version, self.server.version(key), "I1, I2: {key} is left old");
                let identity = body.session.identity;
                assert_eq!(identity, self.server.identity, "I5: {key} is somebody else's");
            }
        }
        for (number, call) in self.calls.iter().enumerate() {
            assert!(call.settled.is_some(), "call {number} never settles");
        }
    }

    // -- What tests ask ----------------------------------------------------------------------------

    pub fn entry(&self, handle: Handle) -> &Entry {
        &self.entries[&handle]
    }

    fn entry_mut(&mut self, handle: Handle) -> &mut Entry {
        self.entries.get_mut(&handle).expect("an entry of the page")
    }

    /// The version that the page shows.
    pub fn shown(&self, handle: Handle) -> Option<usize> {
        self.entry(handle).shown.map(|body| body.version)
    }

    pub fn is_fresh(&self, handle: Handle) -> bool {
        !self.entry(handle).state.stale
    }

    /// How many fetches of the entry have begun.
    pub fn fetched(&self, handle: Handle) -> usize {
        let of =
            |output: &&Output| matches!(output, Output::Fetch { entry, .. } if *entry == handle);
        self.outputs.iter().filter(of).count()
    }

    /// When the call was sent.
    pub fn sent_at(&self, call: usize) -> Option<Timestamp> {
        self.calls[call].sent
    }

    /// When the call settled.
    pub fn settled_at(&self, call: usize) -> Option<Timestamp> {
        self.calls[call].settled
    }

    /// What the other tabs were told, but for the page's introduction.
    pub fn posts(&self) -> Vec<Post> {
        let post = |(output, text): (&Output, &String)| match output {
            Output::Invalidated { share: true, .. } => Some(Post::Invalidated(text.clone())),
            Output::Share => Some(Post::Identity(text.clone())),
            _ => None,
        };
        let posts = self.outputs.iter().zip(&self.texts).filter_map(post);
        let mut introduced = false;
        posts
            .filter(|post| {
                let first =
                    matches!(post, Post::Identity(_)) && !mem::replace(&mut introduced, true);
                !first
            })
            .collect()
    }

    /// What the other tabs were told of who is logged in, when the page learnt it first.
    pub fn introduction(&self) -> Option<Post> {
        let at = self.outputs.iter().position(|output| *output == Output::Share)?;
        Some(Post::Identity(self.texts[at].clone()))
    }

    /// How often somebody else was found to be logged in.
    pub fn identity_changes(&self) -> usize {
        let changed = |output: &&Output| matches!(output, Output::Identity);
        self.outputs.iter().filter(changed).count()
    }

    /// How often what the page knows of who is logged in has changed, also to nothing.
    fn knowledge(&self) -> usize {
        self.knowledge
    }

    /// What could not be read: whether it was a header, and the position.
    pub fn malformed(&self) -> Vec<(bool, usize)> {
        let malformed = |output: &Output| match *output {
            Output::Malformed { header, position } => Some((header, position)),
            _ => None,
        };
        self.outputs.iter().filter_map(malformed).collect()
    }

    /// The invalidations that those who watch were told of.
    pub fn invalidated(&self) -> Vec<(Source, &str)> {
        let told = |(output, text)| match output {
            &Output::Invalidated { source, .. } => Some((source, String::as_str(text))),
            _ => None,
        };
        self.outputs.iter().zip(&self.texts).filter_map(told).collect()
    }

    fn last_announced(&self, key: &Key) -> usize {
        let last = self.announced.iter().rev().find(|(_, invalidation)| invalidation.matches(key));
        last.map_or(0, |(step, _)| *step)
    }
}
