//! Two tabs of one browser, its HTTP cache, a server, and everything on the wire between them, as one
//! small value: where each of them stands, and what may happen next.
//!
//! Nothing is on time here. What is on the wire arrives in any order, or is lost, and a timer goes off
//! at any moment from when it is due. A state says what is possible, and nothing of how it came about,
//! so that two ways to one state are explored once. Three things keep the states few, and none of them
//! leaves a behaviour out:
//!
//! - A fetch has no place on its way to the server and back. Instead it knows every state of the server
//!   since it began, and its answer shows any of them: the server may have read its data whenever the
//!   request was there.
//! - The tabs run the same code, and no rule of this world names one of them. A state and the one in
//!   which they have changed places are one state.
//! - A tab in the same state does the same with the same event ([`Clients`]), which is run once.

use std::hash::{BuildHasherDefault, Hash};
use std::mem;

use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHasher};

use crate::client::{
    CALLS, Client, Event, KEYS, Moment, Mutation, Post, Setting, Step, Transport, keys,
};
use crate::invariant::{Invariant, Violation};

pub const CLIENTS: usize = 2;
const MUTATIONS: usize = CALLS;
const LOGINS: u8 = 3;
const VERSIONS: u8 = 4;

pub type Table<T> = IndexSet<T, BuildHasherDefault<FxHasher>>;

/// What may happen in a world, beside what is on its way arriving.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Answers that never come.
    pub losses: u8,
    /// Fetches that the server answers with 404, and with 500.
    pub gone: u8,
    pub failures: u8,
    /// Calls that the server refuses.
    pub refusals: u8,
    /// Observers that come and go, reads that begin and are given up, refetches.
    pub subscribes: u8,
    pub unsubscribes: u8,
    pub reads: u8,
    pub give_ups: u8,
    pub refetches: u8,
    /// How often a tab is hidden and becomes visible again, comes back from the back/forward cache, goes
    /// offline.
    pub hidden: u8,
    pub restored: u8,
    pub outages: u8,
    /// Answers that come though their fetch was given up.
    pub late: u8,
}

/// A world, as a test describes it.
#[derive(Clone, Debug)]
pub struct Plan {
    pub name: &'static str,
    pub mutations: Vec<Mutation>,
    /// What both tabs show from the start, as a set of keys.
    pub subscribed: u8,
    /// How far ahead a timer may be that goes off.
    pub horizon: u64,
    /// Answers name who is logged in.
    pub identity: bool,
    /// The cache mode of fetches: `no-cache`, or else the default one, in which the browser may answer
    /// with what it has stored.
    pub no_cache: bool,
    /// Every tab sees the cookies of redirects by itself, as soon as they are set.
    pub cookie_store: bool,
    /// How often a fetch is tried again, how many are under way at a time, and where the random numbers
    /// begin.
    pub retries: u32,
    pub concurrency: u32,
    pub seed: u32,
    pub limits: Limits,
}

/// The states of the server that an answer may show, as a set.
type Moments = u16;

const _: () = assert!(LOGINS * VERSIONS <= 16);

fn moment_bit(moment: Moment) -> Moments {
    assert!(moment.version < VERSIONS && moment.epoch < LOGINS, "too many changes for a set");
    1 << (moment.version * LOGINS + moment.epoch)
}

fn moments(set: Moments) -> impl Iterator<Item = Moment> {
    (0..VERSIONS * LOGINS)
        .filter(move |at| set & 1 << at != 0)
        .map(|at| Moment { version: at / LOGINS, epoch: at % LOGINS })
}

/// Where a mutation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Sent {
    #[default]
    Not,
    /// This tab waits for its turn to send it.
    Queued(u8),
    /// On its way to the server, from this tab.
    Request(u8),
    /// Carried out, and the answer on its way.
    Answer(u8),
    Done,
}

/// What of a state belongs to one tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Side {
    client: u32,
    /// What the answer of the fetch under way may show; nothing where there is none.
    gets: [Moments; KEYS.len()],
    /// The same of a fetch that was given up.
    late: [Moments; KEYS.len()],
    /// The versions that it has been told of.
    told: [u8; KEYS.len()],
    /// What other tabs have told it, not yet arrived: one more than the number of the post, in order.
    posts: [u8; POSTS],
    /// How often it may still see the cookie of a redirect. It must see each once.
    cookies: [u8; MUTATIONS],
    offline: bool,
    hidden: bool,
}

const POSTS: usize = 9;
const SIGHTINGS: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State {
    sides: [Side; CLIENTS],
    sent: [Sent; MUTATIONS],
    /// What the server has.
    versions: [u8; KEYS.len()],
    epoch: u8,
    /// What the browser has stored.
    stored: [Moments; KEYS.len()],
    left: Left,
}

/// What may still happen, in the order of [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Left([u8; 13]);

const LOSSES: usize = 0;
const GONE: usize = 1;
const FAILURES: usize = 2;
const SUBSCRIBES: usize = 3;
const UNSUBSCRIBES: usize = 4;
const READS: usize = 5;
const GIVE_UPS: usize = 6;
const REFETCHES: usize = 7;
const HIDDEN: usize = 8;
const RESTORED: usize = 9;
const OUTAGES: usize = 10;
const LATE: usize = 11;
const REFUSALS: usize = 12;

/// Something that happens, to this tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// What a client is told, and nothing else happens.
    Tell(usize, Event),
    /// A mutation is sent.
    Send(usize, u8),
    /// The server carries a mutation out.
    CarryOut(u8),
    /// Its answer arrives.
    Answer(u8),
    /// The server refuses a mutation, and the answer arrives.
    Refuse(u8),
    /// No answer ever comes; with `true`, the mutation was carried out.
    Lose(u8, bool),
    /// A context's answer arrives, or none does.
    Value(usize, u8, Moment),
    Failure(usize, u8, u16),
    /// The answer to a fetch that was given up.
    Late(usize, u8, Moment),
    Post(usize, u8),
    Cookie(usize, u8),
    Online(usize, bool),
    Visible(usize, bool),
    /// With `true`, what other tabs have told it in the meantime is lost.
    Restored(usize, bool),
}

/// The clients that there have been, each once, and what they did.
pub struct Clients {
    setting: Setting,
    prints: Table<Vec<u8>>,
    clients: Vec<Client>,
    posts: Table<Post>,
    done: FxHashMap<(u32, Event), Done>,
}

/// What an event led to.
#[derive(Clone, Default)]
struct Done {
    client: u32,
    named: u8,
    aborted: u8,
    began: u8,
    sent: u8,
    posts: Vec<u8>,
    violations: Vec<Violation>,
}

impl Clients {
    fn new(setting: Setting) -> Self {
        let mut clients = Self {
            setting,
            prints: Table::default(),
            clients: Vec::new(),
            posts: Table::default(),
            done: FxHashMap::default(),
        };
        let client = Client::new(&clients.setting);
        clients.number(client);
        clients
    }

    pub fn len(&self) -> usize {
        self.clients.len()
    }

    pub fn runs(&self) -> usize {
        self.done.len()
    }

    fn number(&mut self, client: Client) -> u32 {
        let (number, new) = self.prints.insert_full(client.fingerprint());
        if new {
            self.clients.push(client);
        }
        u32::try_from(number).expect("few clients")
    }

    fn get(&self, number: u32) -> &Client {
        &self.clients[number as usize]
    }

    fn run(&self, number: u32, event: Event) -> (Client, Step) {
        let mut client = self.get(number).clone();
        let step = client.take(event, &self.setting, &self.posts);
        (client, step)
    }

    fn tell(&mut self, number: u32, event: Event) -> Done {
        if let Some(done) = self.done.get(&(number, event)) {
            return done.clone();
        }
        let (client, Step { named, aborted, began, sent, posts, violations, .. }) =
            self.run(number, event);
        let posts = posts
            .into_iter()
            .map(|post| u8::try_from(self.posts.insert_full(post).0).expect("few posts"))
            .collect();
        let done =
            Done { client: self.number(client), named, aborted, began, sent, posts, violations };
        self.done.insert((number, event), done.clone());
        done
    }
}

pub struct World {
    pub plan: Plan,
    pub clients: Clients,
}

impl World {
    pub fn new(plan: Plan) -> Self {
        let setting = Setting {
            mutations: plan.mutations.clone(),
            identity: plan.identity,
            late: plan.limits.late > 0,
            horizon: plan.horizon,
            cookie_store: plan.cookie_store,
            retries: plan.retries,
            concurrency: plan.concurrency,
            seed: plan.seed,
        };
        assert!(plan.mutations.len() <= MUTATIONS);
        Self { plan, clients: Clients::new(setting) }
    }

    /// Both tabs show what they show from the start, and nothing has arrived.
    pub fn start(&mut self, violations: &mut Vec<Violation>) -> State {
        let Limits {
            losses,
            gone,
            failures,
            refusals,
            subscribes,
            unsubscribes,
            reads,
            give_ups,
            refetches,
            hidden,
            restored,
            outages,
            late,
        } = self.plan.limits;
        let mut state = State {
            sides: [Side::default(); CLIENTS],
            sent: [Sent::Not; MUTATIONS],
            versions: [0; KEYS.len()],
            epoch: 0,
            stored: [0; KEYS.len()],
            left: Left([
                losses,
                gone,
                failures,
                subscribes,
                unsubscribes,
                reads,
                give_ups,
                refetches,
                hidden,
                restored,
                outages,
                late,
                refusals,
            ]),
        };
        for side in 0..CLIENTS {
            for key in [0, 1] {
                if self.plan.subscribed & 1 << key != 0 {
                    self.tell(&mut state, side, Event::Subscribe(key), violations);
                }
            }
        }
        state
    }

    /// Whether nothing is on its way and no timer is due.
    pub fn is_at_rest(&self, state: &State) -> bool {
        let on_its_way = |sent: &Sent| matches!(sent, Sent::Request(_) | Sent::Answer(_));
        !state.sent.iter().any(on_its_way)
            && state.sides.iter().all(|side| {
                side.gets == [0; KEYS.len()]
                    && side.posts == [0; POSTS]
                    && !side.cookies.contains(&SIGHTINGS)
                    && !self.clients.get(side.client).is_due(&self.clients.setting)
            })
    }

    pub fn check_rest(&self, state: &State, violations: &mut Vec<Violation>) {
        for side in &state.sides {
            let client = self.clients.get(side.client);
            violations.extend(client.check_rest([0, 1].map(|key| state.moment(key)), side.offline));
            violations.extend(client.check_release(&self.clients.setting));
        }
    }

    /// What may happen next.
    pub fn actions(&self, state: &State) -> Vec<Action> {
        let mut actions = Vec::new();
        let left = |what: usize| state.left.0[what] > 0;
        for (number, mutation) in (0..).zip(&self.plan.mutations) {
            match state.sent[usize::from(number)] {
                Sent::Not => {
                    actions.extend((0..CLIENTS).map(|side| Action::Send(side, number)));
                }
                // Nothing has become of it yet; it can be given up.
                Sent::Queued(_) => {
                    if left(LOSSES) {
                        actions.push(Action::Lose(number, false));
                    }
                }
                Sent::Request(side) => {
                    let offline = state.sides[usize::from(side)].offline;
                    if !offline {
                        actions.push(Action::CarryOut(number));
                        if mutation.is_call() && left(REFUSALS) {
                            actions.push(Action::Refuse(number));
                        }
                    }
                    if mutation.is_call() && (offline || left(LOSSES)) {
                        actions.push(Action::Lose(number, false));
                    }
                }
                Sent::Answer(side) => {
                    let offline = state.sides[usize::from(side)].offline;
                    if !offline {
                        actions.push(Action::Answer(number));
                    }
                    if mutation.is_call() && (offline || left(LOSSES)) {
                        actions.push(Action::Lose(number, true));
                    }
                }
                Sent::Done => {}
            }
        }
        for (at, side) in state.sides.iter().enumerate() {
            let client = self.clients.get(side.client);
            for key in 0..KEYS.len() {
                let name = u8::try_from(key).expect("few keys");
                let view = &client.views[key];
                if side.gets[key] != 0 {
                    if !side.offline {
                        actions.extend(
                            moments(side.gets[key]).map(|moment| Action::Value(at, name, moment)),
                        );
                        if left(GONE) {
                            actions.push(Action::Failure(at, name, 404));
                        }
                        if left(FAILURES) {
                            actions.push(Action::Failure(at, name, 500));
                        }
                    }
                    if side.offline || left(LOSSES) {
                        actions.push(Action::Failure(at, name, 0));
                    }
                }
                if left(LATE) {
                    actions.extend(
                        moments(side.late[key]).map(|moment| Action::Late(at, name, moment)),
                    );
                }
                let mut tell = |what: usize, possible: bool, event| {
                    if left(what) && possible {
                        actions.push(Action::Tell(at, event));
                    }
                };
                // What three observers do, two do.
                tell(SUBSCRIBES, view.subscribers < 2, Event::Subscribe(name));
                tell(UNSUBSCRIBES, view.subscribers > 0, Event::Unsubscribe(name));
                tell(READS, view.reads < 2, Event::Read(name));
                tell(GIVE_UPS, view.reads > 0, Event::GiveUp(name));
                tell(REFETCHES, view.handle.is_some(), Event::Refetch(name));
            }
            let mut before = 0;
            for post in side.posts {
                if post > 0 && post != before {
                    actions.push(Action::Post(at, post - 1));
                }
                before = post;
            }
            for (number, sightings) in (0..).zip(side.cookies) {
                if sightings > 0 {
                    actions.push(Action::Cookie(at, number));
                }
            }
            if client.is_due(&self.clients.setting) {
                actions.push(Action::Tell(at, Event::Tick));
            }
            if side.hidden || left(HIDDEN) {
                actions.push(Action::Visible(at, side.hidden));
            }
            if left(RESTORED) {
                actions.push(Action::Restored(at, false));
                if side.posts != [0; POSTS] {
                    actions.push(Action::Restored(at, true));
                }
            }
            if side.offline || left(OUTAGES) {
                actions.push(Action::Online(at, side.offline));
            }
        }
        actions
    }

    /// The state after something has happened, and what was wrong with it.
    pub fn next(
        &mut self,
        state: &State,
        action: Action,
        violations: &mut Vec<Violation>,
    ) -> State {
        let mut state = *state;
        let mutation = |number: u8| self.plan.mutations[usize::from(number)];
        match action {
            Action::Tell(side, event) => {
                let limit = match event {
                    Event::Subscribe(_) => Some(SUBSCRIBES),
                    Event::Unsubscribe(_) => Some(UNSUBSCRIBES),
                    Event::Read(_) => Some(READS),
                    Event::GiveUp(_) => Some(GIVE_UPS),
                    Event::Refetch(_) => Some(REFETCHES),
                    _ => None,
                };
                if let Some(limit) = limit {
                    state.left.0[limit] -= 1;
                }
                self.tell(&mut state, side, event, violations);
            }
            Action::Send(side, number) => {
                let tab = u8::try_from(side).expect("two tabs");
                if mutation(number).is_call() {
                    state.sent[usize::from(number)] = Sent::Queued(tab);
                    self.tell(&mut state, side, Event::Call(number), violations);
                } else {
                    state.sent[usize::from(number)] = Sent::Request(tab);
                }
            }
            Action::Refuse(number) => {
                state.left.0[REFUSALS] -= 1;
                let side = state.sender(number).expect("it was sent");
                state.sent[usize::from(number)] = Sent::Done;
                let event = Event::Refused(number, state.epoch);
                self.tell(&mut state, side, event, violations);
            }
            Action::CarryOut(number) => {
                let Sent::Request(side) = mem::take(&mut state.sent[usize::from(number)]) else {
                    unreachable!("it was sent");
                };
                state.sent[usize::from(number)] = Sent::Answer(side);
                state.epoch += u8::from(mutation(number).login);
                for key in keys(mutation(number).keys) {
                    state.versions[key] += 1;
                }
                state.changed();
            }
            Action::Answer(number) => {
                let sent = mem::replace(&mut state.sent[usize::from(number)], Sent::Done);
                let Sent::Answer(side) = sent else { unreachable!("it was carried out") };
                let side = usize::from(side);
                match mutation(number).transport {
                    Transport::Seen => {
                        self.tell(&mut state, side, Event::Seen(number), violations);
                    }
                    Transport::Redirect => {
                        for side in &mut state.sides {
                            side.cookies[usize::from(number)] = SIGHTINGS;
                        }
                    }
                    _ => {
                        let event = Event::Answered(number, state.epoch);
                        self.tell(&mut state, side, event, violations);
                    }
                }
            }
            Action::Lose(number, _) => {
                let sent = mem::replace(&mut state.sent[usize::from(number)], Sent::Done);
                let (Sent::Queued(side) | Sent::Request(side) | Sent::Answer(side)) = sent else {
                    unreachable!("it is on its way")
                };
                let side = usize::from(side);
                state.lose(side);
                self.tell(&mut state, side, Event::Lost(number), violations);
            }
            Action::Value(side, key, moment) => {
                state.sides[side].gets[usize::from(key)] = 0;
                state.stored[usize::from(key)] = moment_bit(moment);
                self.tell(&mut state, side, Event::Value(key, moment), violations);
            }
            Action::Failure(side, key, status) => {
                state.sides[side].gets[usize::from(key)] = 0;
                match status {
                    404 => state.left.0[GONE] -= 1,
                    500 => state.left.0[FAILURES] -= 1,
                    _ => state.lose(side),
                }
                self.tell(&mut state, side, Event::Failure(key, status), violations);
            }
            Action::Late(side, key, moment) => {
                state.sides[side].late[usize::from(key)] = 0;
                state.left.0[LATE] -= 1;
                self.tell(&mut state, side, Event::Late(key, moment), violations);
            }
            Action::Post(side, number) => {
                let posts = &mut state.sides[side].posts;
                let at = posts.iter().position(|post| *post == number + 1).expect("a post");
                posts[at] = 0;
                posts.sort_unstable_by(|one, other| other.cmp(one));
                self.tell(&mut state, side, Event::Tab(number), violations);
            }
            Action::Cookie(side, number) => {
                state.sides[side].cookies[usize::from(number)] -= 1;
                self.tell(&mut state, side, Event::Cookie(number), violations);
            }
            Action::Online(side, online) => {
                state.left.0[OUTAGES] -= u8::from(!online);
                state.sides[side].offline = !online;
                self.tell(&mut state, side, Event::Online(online), violations);
            }
            Action::Visible(side, visible) => {
                state.left.0[HIDDEN] -= u8::from(!visible);
                state.sides[side].hidden = !visible;
                self.tell(&mut state, side, Event::Visible(visible), violations);
            }
            Action::Restored(side, deaf) => {
                state.left.0[RESTORED] -= 1;
                if deaf {
                    state.sides[side].posts = [0; POSTS];
                }
                self.tell(&mut state, side, Event::Restored, violations);
            }
        }
        state
    }

    /// Tells a tab something, and lets the rest of the world know what it did.
    fn tell(
        &mut self,
        state: &mut State,
        side: usize,
        event: Event,
        violations: &mut Vec<Violation>,
    ) {
        let done = self.clients.tell(state.sides[side].client, event);
        violations.extend(done.violations);
        let default = !self.plan.no_cache;
        let late = self.plan.limits.late > 0;
        for key in 0..KEYS.len() {
            let (moment, stored) = (state.moment(key), state.stored[key]);
            let it = &mut state.sides[side];
            if done.named & 1 << key != 0 {
                it.told[key] = moment.version;
            }
            if done.aborted & 1 << key != 0 {
                let given_up = mem::take(&mut it.gets[key]);
                if late {
                    it.late[key] = given_up;
                }
            }
            if done.began & 1 << key != 0 {
                it.gets[key] = moment_bit(moment) | if default { stored } else { 0 };
            }
        }
        let it = &mut state.sides[side];
        it.client = done.client;
        let views = &self.clients.get(done.client).views;
        for ((view, told), key) in views.iter().zip(it.told).zip(KEYS) {
            match view.shown {
                Some(shown) if view.fresh && shown.moment.version < told => {
                    let how = format!("{key} calls fresh what is older than it was told");
                    violations.push(Violation { invariant: Invariant::I1, how });
                }
                _ => {}
            }
        }
        for (number, sent) in state.sent.iter_mut().enumerate() {
            if let Sent::Queued(side) = *sent
                && done.sent & 1 << number != 0
            {
                *sent = Sent::Request(side);
            }
        }
        for post in done.posts {
            let posts = &mut state.sides[1 - side].posts;
            let free = posts.iter().position(|post| *post == 0).expect("room for what tabs tell");
            posts[free] = post + 1;
            posts.sort_unstable_by(|one, other| other.cmp(one));
        }
    }

    /// An action in words, with what the machine says to it.
    pub fn words(&mut self, state: &State, action: Action) -> String {
        let mut words = format!("{action:?}");
        if let Action::Post(_, number) = action {
            words += &format!(" {:?}", self.clients.posts[usize::from(number)]);
        }
        let told = match action {
            Action::Tell(side, event) => Some((side, event)),
            Action::Send(side, number) => Some((side, Event::Call(number))),
            Action::Value(side, key, moment) => Some((side, Event::Value(key, moment))),
            Action::Failure(side, key, status) => Some((side, Event::Failure(key, status))),
            Action::Late(side, key, moment) => Some((side, Event::Late(key, moment))),
            Action::Post(side, number) => Some((side, Event::Tab(number))),
            Action::Cookie(side, number) => Some((side, Event::Cookie(number))),
            Action::Restored(side, _) => Some((side, Event::Restored)),
            Action::Online(side, online) => Some((side, Event::Online(online))),
            Action::Visible(side, visible) => Some((side, Event::Visible(visible))),
            Action::Refuse(number) => {
                state.sender(number).map(|side| (side, Event::Refused(number, state.epoch)))
            }
            Action::Lose(number, _) => state.sender(number).map(|side| (side, Event::Lost(number))),
            Action::Answer(number) => {
                let event = match self.plan.mutations[usize::from(number)].transport {
                    Transport::Seen => Some(Event::Seen(number)),
                    Transport::Redirect => None,
                    _ => Some(Event::Answered(number, state.epoch)),
                };
                state.sender(number).zip(event)
            }
            Action::CarryOut(_) => None,
        };
        if let Some((side, event)) = told {
            let (_, step) = self.clients.run(state.sides[side].client, event);
            for said in step.said {
                words += &format!("\n        {said}");
            }
        }
        words
    }
}

impl State {
    /// The same state for both ways to name the tabs.
    pub fn canonical(mut self) -> Self {
        if self.sides[0] > self.sides[1]
            || self.sides[0] == self.sides[1] && self.sent > self.swapped_sent()
        {
            self.sides.swap(0, 1);
            self.sent = self.swapped_sent();
        }
        self
    }

    fn swapped_sent(&self) -> [Sent; MUTATIONS] {
        self.sent.map(|sent| match sent {
            Sent::Queued(side) => Sent::Queued(1 - side),
            Sent::Request(side) => Sent::Request(1 - side),
            Sent::Answer(side) => Sent::Answer(1 - side),
            sent => sent,
        })
    }

    fn sender(&self, number: u8) -> Option<usize> {
        match self.sent[usize::from(number)] {
            Sent::Queued(side) | Sent::Request(side) | Sent::Answer(side) => Some(side.into()),
            _ => None,
        }
    }

    fn moment(&self, key: usize) -> Moment {
        Moment { version: self.versions[key], epoch: self.epoch }
    }

    /// What is under way may show what the server has now.
    fn changed(&mut self) {
        let now = [0, 1].map(|key| moment_bit(self.moment(key)));
        for side in &mut self.sides {
            for (key, now) in now.iter().enumerate() {
                for set in [&mut side.gets[key], &mut side.late[key]] {
                    if *set != 0 {
                        *set |= now;
                    }
                }
            }
        }
    }

    /// An answer does not come. Offline none does.
    fn lose(&mut self, side: usize) {
        if !self.sides[side].offline {
            self.left.0[LOSSES] -= 1;
        }
    }
}
