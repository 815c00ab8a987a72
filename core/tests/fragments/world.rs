//! A page with fragments, its requests, and what is invalidated meanwhile.
//!
//! The page does what the machine says and nothing else, as the browser's half does. The world keeps its own books:
//! of whatever is in the page, and of each request, which topics were invalidated since its content was asked for.
//! What must never happen is checked after every input, what must have been reached, whenever nothing is left to do.

use std::collections::BTreeSet;

use mizan_core::{Fragments, wire};

/// What can be invalidated, as bits.
pub type Topics = u8;

/// Both contexts that there are: `a` and `b`.
const ALL: Topics = 3;

/// How much can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Plan {
    pub name: &'static str,
    /// What the fragments of the page show.
    pub shows: &'static [Topics],
    /// How often a fragment comes, and how often one leaves.
    pub arrivals: u8,
    pub departures: u8,
    /// How many requests begin, and how many of them belong to a fragment without having been asked for.
    pub requests: u8,
    pub own: u8,
    /// How often something is invalidated, by what: headers of answers, cookies, messages of tabs.
    pub invalidations: u8,
    /// What is invalidated at a time.
    pub topics: &'static [Topics],
    pub headers: bool,
    pub cookies: bool,
    pub messages: bool,
    /// How often an invalidation comes once more, by another way.
    pub echoes: u8,
    /// How many requests or refreshes fail, and the statuses.
    pub failures: u8,
    pub statuses: &'static [u32],
    pub drops: bool,
    pub retries: u32,
    /// How often the network goes and the page is looked at.
    pub outages: u8,
    pub looks: u8,
    /// How often the page comes back from the cache of the browser, or another tab tells of somebody else.
    pub returns: u8,
}

/// A request under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    number: u32,
    /// The number of its fragment, or 0.
    fragment: u32,
    asked: bool,
    /// What was invalidated since it began, but by its own answer.
    heard: Topics,
    /// Its answer has come, and with it its header.
    answered: bool,
}

/// A fragment in the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Fragment {
    number: u32,
    shows: Topics,
    /// What was invalidated since what it really contains was asked for.
    outdated: Topics,
    /// The same, if it contains the oldest that it may contain.
    doubted: Topics,
    /// What the machine has said.
    stale: bool,
    asked: bool,
    failed: bool,
}

/// An invalidation that may come once more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Echo {
    id: u8,
    topics: Topics,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Books {
    left: Plan,
    fragments: Vec<Fragment>,
    requests: Vec<Request>,
    echoes: Vec<Echo>,
    numbers: u32,
    ids: u8,
    offline: bool,
}

/// Two that are printed alike have the same before them.
#[derive(Clone, Debug)]
pub struct World {
    machine: Fragments,
    books: Books,
    now: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A fragment comes with the answer of the request at this place, or of none that is under way.
    Arrive {
        shows: Topics,
        by: Option<usize>,
    },
    Leave(usize),
    /// A request begins: what was asked for, or what the fragment does by itself, or nobody's.
    Refresh(usize),
    Own(usize),
    Begin,
    /// The refresh that was asked for does not begin.
    Drop(usize),
    /// The answer comes, and says that this has changed.
    Answer(usize, Topics),
    /// The cookie of a redirect of the request, or of another page's.
    Cookie(Option<usize>, Topics),
    /// Another tab tells.
    Message(Topics),
    Echo(usize),
    /// The answer is in the page: with `true`, also in each fragment that is there.
    Swap(usize, bool),
    Fail(usize, u32),
    Tick,
    Connect(bool),
    Look,
    Restore,
    Identity,
}

/// What does not hold.
pub type Violation = String;

const HEADERS: [&str; 4] = ["", "a", "b", "*"];

impl World {
    pub fn new(plan: Plan) -> Self {
        let books = Books {
            left: plan,
            fragments: Vec::new(),
            requests: Vec::new(),
            echoes: Vec::new(),
            numbers: 0,
            ids: 0,
            offline: false,
        };
        let mut world = Self { machine: Fragments::new(), books, now: 0.0 };
        world.machine.handle_told(0.0, wire::CONFIGURE, [1, plan.retries, 0], [b""; 3]);
        world
    }

    /// All that can happen next.
    pub fn actions(&self) -> Vec<Action> {
        let Books { left, fragments, requests, echoes, offline, .. } = &self.books;
        let mut actions = Vec::new();
        let answered = |it: &&(usize, &Request)| it.1.answered;
        if left.arrivals > 0 {
            let mut swapping: Vec<_> = requests
                .iter()
                .enumerate()
                .filter(|it| answered(&it))
                .map(|it| Some(it.0))
                .collect();
            if requests.is_empty() {
                swapping.push(None);
            }
            for &shows in left.shows {
                actions.extend(swapping.iter().map(|&by| Action::Arrive { shows, by }));
            }
        }
        for (at, it) in fragments.iter().enumerate() {
            if left.departures > 0 {
                actions.push(Action::Leave(at));
            }
            if it.asked && left.requests > 0 {
                actions.push(Action::Refresh(at));
            }
            if it.asked && left.drops && left.failures > 0 {
                actions.push(Action::Drop(at));
            }
            if left.own > 0 && left.requests > 0 {
                actions.push(Action::Own(at));
            }
        }
        if left.requests > 0 {
            actions.push(Action::Begin);
        }
        for (at, it) in requests.iter().enumerate() {
            if it.answered {
                actions.push(Action::Swap(at, false));
                if it.fragment == 0 && !fragments.is_empty() {
                    actions.push(Action::Swap(at, true));
                }
            } else {
                actions.push(Action::Answer(at, 0));
            }
            if left.failures > 0 {
                actions.extend(left.statuses.iter().map(|&status| Action::Fail(at, status)));
            }
        }
        if left.invalidations > 0 {
            for &topics in left.topics {
                for (at, it) in requests.iter().enumerate().filter(|it| !it.1.answered) {
                    if left.headers && !it.asked {
                        actions.push(Action::Answer(at, topics));
                    }
                    if left.cookies && !it.asked {
                        actions.push(Action::Cookie(Some(at), topics));
                    }
                }
                if left.cookies {
                    actions.push(Action::Cookie(None, topics));
                }
                if left.messages {
                    actions.push(Action::Message(topics));
                }
            }
        }
        if left.echoes > 0 {
            actions.extend((0..echoes.len()).map(Action::Echo));
        }
        if self.machine.timeout() < f64::INFINITY {
            actions.push(Action::Tick);
        }
        if *offline {
            actions.push(Action::Connect(true));
        } else if left.outages > 0 {
            actions.push(Action::Connect(false));
        }
        if left.looks > 0 {
            actions.push(Action::Look);
        }
        if left.returns > 0 {
            actions.extend([Action::Restore, Action::Identity]);
        }
        actions
    }

    /// Lets it happen. Fails with what does not hold afterwards.
    pub fn take(&mut self, action: Action) -> Result<(), Violation> {
        match action {
            Action::Arrive { shows, by } => {
                self.books.left.arrivals -= 1;
                let number = self.number();
                let heard = |it: &Request| it.heard;
                self.books.fragments.push(Fragment {
                    number,
                    shows,
                    outdated: by.map_or(0, |at| self.books.requests[at].heard),
                    doubted: self.books.requests.iter().map(heard).fold(0, |all, it| all | it),
                    stale: false,
                    asked: false,
                    failed: false,
                });
                self.tell(0, [number, 0, 0], ["", shown(shows), ""])
            }
            Action::Leave(at) => {
                self.books.left.departures -= 1;
                let number = self.books.fragments.remove(at).number;
                self.tell(1, [number, 0, 0], [""; 3])
            }
            Action::Refresh(at) => {
                let it = &mut self.books.fragments[at];
                it.asked = false;
                let number = it.number;
                self.begin(number, true)
            }
            Action::Own(at) => {
                self.books.left.own -= 1;
                // Where one was asked for, this one takes its place.
                let it = &mut self.books.fragments[at];
                let asked = it.asked;
                it.asked = false;
                let number = it.number;
                self.begin(number, asked)
            }
            Action::Begin => self.begin(0, false),
            Action::Drop(at) => {
                self.books.left.failures -= 1;
                let it = &mut self.books.fragments[at];
                it.asked = false;
                let number = it.number;
                self.tell(4, [number, 0, 0], [""; 3])
            }
            Action::Answer(at, topics) => {
                let it = &mut self.books.requests[at];
                it.answered = true;
                if topics == 0 {
                    return Ok(());
                }
                self.books.left.invalidations -= 1;
                let number = self.books.requests[at].number;
                let id = self.echo(topics);
                self.invalidated(topics, number);
                let text = id.to_string();
                self.tell(wire::SEEN, [number, 0, 0], [&text, HEADERS[usize::from(topics)], ""])
            }
            Action::Cookie(by, topics) => {
                self.books.left.invalidations -= 1;
                let number = by.map_or(0, |at| self.books.requests[at].number);
                // The server uses the id of the request.
                let (nonce, topics) = match by {
                    Some(_) => (format!("r{number:03}"), topics),
                    None => (self.echo(topics).to_string(), topics),
                };
                // Once only: the same nonce says the same.
                if let Some(at) = by {
                    self.books.requests[at].answered = true;
                }
                self.invalidated(topics, number);
                self.tell(wire::COOKIE, [0; 3], [&nonce, HEADERS[usize::from(topics)], ""])
            }
            Action::Message(topics) => {
                self.books.left.invalidations -= 1;
                let id = self.echo(topics).to_string();
                self.invalidated(topics, 0);
                self.tell(wire::TAB_INVALIDATED, [0; 3], [&id, "", HEADERS[usize::from(topics)]])
            }
            Action::Echo(at) => {
                self.books.left.echoes -= 1;
                let Echo { id, topics } = self.books.echoes.remove(at);
                let (id, text) = (id.to_string(), HEADERS[usize::from(topics)]);
                let before = self.machine_said();
                self.tell(wire::TAB_INVALIDATED, [0; 3], [&id, "", text])?;
                if self.machine_said() == before {
                    Ok(())
                } else {
                    Err("one invalidation was applied twice".to_owned())
                }
            }
            Action::Swap(at, everywhere) => {
                let request = self.books.requests.remove(at);
                for it in &mut self.books.fragments {
                    if it.number == request.fragment {
                        (it.outdated, it.doubted) = (request.heard, request.heard);
                    } else if request.fragment == 0 {
                        it.doubted |= request.heard;
                        if everywhere {
                            it.outdated = request.heard;
                        }
                    }
                }
                self.tell(3, [request.number, 200, 0], [""; 3])
            }
            Action::Fail(at, status) => {
                self.books.left.failures -= 1;
                let request = self.books.requests.remove(at);
                self.tell(3, [request.number, status, 0], [""; 3])
            }
            Action::Tick => {
                self.now = self.machine.timeout();
                self.tell(wire::TICK, [0; 3], [""; 3])
            }
            Action::Connect(yes) => {
                self.books.left.outages -= u8::from(!yes);
                self.books.offline = !yes;
                self.forgive(yes);
                self.tell(wire::ONLINE, [yes.into(), 0, 0], [""; 3])
            }
            Action::Look => {
                self.books.left.looks -= 1;
                self.forgive(true);
                self.tell(wire::VISIBLE, [1, 0, 0], [""; 3])
            }
            Action::Restore => {
                self.books.left.returns -= 1;
                self.invalidated(ALL, 0);
                self.tell(wire::RESTORED, [0; 3], [""; 3])
            }
            Action::Identity => {
                self.books.left.returns -= 1;
                self.invalidated(ALL, 0);
                let identity = format!("p{}", self.books.left.returns);
                self.tell(wire::TAB_IDENTITY, [0; 3], [&identity, "", ""])
            }
        }
    }

    fn begin(&mut self, fragment: u32, asked: bool) -> Result<(), Violation> {
        self.books.left.requests -= 1;
        self.books.left.own = self.books.left.own.min(self.books.left.requests);
        let number = self.number();
        self.books.requests.push(Request { number, fragment, asked, heard: 0, answered: false });
        self.tell(2, [number, fragment, 0], [&format!("r{number:03}"), "", ""])
    }

    fn number(&mut self) -> u32 {
        self.books.numbers += 1;
        self.books.numbers
    }

    /// An id under which the same may come again.
    fn echo(&mut self, topics: Topics) -> u8 {
        self.books.ids += 1;
        let id = self.books.ids;
        self.books.echoes.push(Echo { id, topics });
        id
    }

    /// Notes that something was invalidated; the answer of `request` said so.
    fn invalidated(&mut self, topics: Topics, request: u32) {
        for it in &mut self.books.requests {
            if it.number != request {
                it.heard |= topics;
            }
        }
        for it in &mut self.books.fragments {
            it.outdated |= topics;
            it.doubted |= topics;
            if it.shows & topics != 0 {
                it.failed = false;
            }
        }
    }

    /// What has failed is to be tried again.
    fn forgive(&mut self, yes: bool) {
        for it in &mut self.books.fragments {
            it.failed &= !yes;
        }
    }

    /// What was said of each fragment so far.
    fn machine_said(&self) -> Vec<(u32, bool, bool)> {
        self.books.fragments.iter().map(|it| (it.number, it.stale, it.asked)).collect()
    }

    fn tell(&mut self, kind: u32, numbers: [u32; 3], texts: [&str; 3]) -> Result<(), Violation> {
        self.machine.handle_told(self.now, kind, numbers, texts.map(str::as_bytes));
        let outputs: Vec<_> = self.machine.outputs().0.drain(..).collect();
        for [what, number, _] in outputs {
            if what == 6 || what == 9 {
                continue;
            }
            let Some(it) = self.books.fragments.iter_mut().find(|it| it.number == number) else {
                return Err(format!("{number} has left, and the machine says {what} of it"));
            };
            match what {
                0 => {
                    if it.asked {
                        return Err(format!("{number} is asked for twice"));
                    }
                    if self.books.offline {
                        return Err(format!("{number} is asked for without a network"));
                    }
                    if self.books.requests.iter().any(|request| request.fragment == number) {
                        return Err(format!("{number} is asked for during a request of its own"));
                    }
                    if it.doubted & it.shows == 0 {
                        return Err(format!("{number} is asked for without a reason"));
                    }
                    it.asked = true;
                }
                1 | 2 => {
                    if it.stale == (what == 1) {
                        return Err(format!("it is said twice of {number}: {what}"));
                    }
                    it.stale = what == 1;
                    it.failed = false;
                }
                3 => it.failed = true,
                _ => return Err(format!("the machine says {what}")),
            }
        }
        self.check()
    }

    /// What holds whenever the machine has spoken.
    fn check(&self) -> Result<(), Violation> {
        for it in &self.books.fragments {
            let number = it.number;
            if !it.stale && it.outdated & it.shows != 0 {
                return Err(format!("{number} is old, and shown as fresh"));
            }
            if it.stale != (it.doubted & it.shows != 0) {
                return Err(format!("{number} is stale: {}, by the rules not", it.stale));
            }
        }
        if self.is_calm() {
            let forgotten = self.books.fragments.iter().find(|it| it.stale && !it.failed);
            if let Some(it) = forgotten {
                return Err(format!("{} is stale, and nothing will happen", it.number));
            }
        }
        Ok(())
    }

    /// Nothing is left to do, and nothing is waited for.
    pub fn is_calm(&self) -> bool {
        let Books { fragments, requests, offline, .. } = &self.books;
        !offline
            && requests.is_empty()
            && !fragments.iter().any(|it| it.asked)
            && self.machine.timeout() == f64::INFINITY
    }

    /// The fragments leave, the requests end: nothing may be left of them.
    pub fn check_empty(mut self) -> Result<(), Violation> {
        self.books.left.departures = u8::MAX;
        self.books.left.failures = u8::MAX;
        while !self.books.fragments.is_empty() {
            self.take(Action::Leave(0))?;
        }
        while !self.books.requests.is_empty() {
            self.take(Action::Fail(0, 0))?;
        }
        let rest = format!("{:?}", self.machine);
        if self.machine.timeout() < f64::INFINITY
            || rest.contains("heard")
            || rest.contains("shows")
        {
            return Err(format!("something is kept: {rest}"));
        }
        Ok(())
    }
}

/// What a fragment says that it shows.
fn shown(topics: Topics) -> &'static str {
    ["", "a", "b", "a, b"][usize::from(topics)]
}

/// The names of what can happen, for whoever counts them.
pub fn kind(action: Action) -> String {
    let text = format!("{action:?}");
    text.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

/// All of them.
pub type Kinds = BTreeSet<String>;
