//! The machine, told what a trace says.

use std::collections::BTreeMap;

use mizan_core::{
    Answer, Cache, CallId, Changes, FetchId, Handle, InvalidList, Invalidation, Key, NEVER,
    Options, Outcome, Settings,
};

use super::{Case, Input, Malformed, Observer, Output, Source, Step, Update};

struct Player {
    cache: Cache,
    handles: BTreeMap<String, Handle>,
    /// The fetches that have begun, in their order.
    fetches: Vec<(String, Handle, FetchId)>,
    now: u64,
    /// Who the last input has said is logged in.
    identity: String,
    /// When the timer is set to go off.
    armed: Option<u64>,
}

impl Case {
    /// The same case, with what comes out of the machine.
    pub fn play(&self) -> Result<Self, String> {
        if self.steps.is_empty() {
            return Err("no steps".to_owned());
        }
        let cache = Cache::new();
        let mut player = Player {
            cache,
            handles: BTreeMap::new(),
            fetches: Vec::new(),
            now: 0,
            identity: String::new(),
            armed: None,
        };
        let mut played = self.clone();
        for (at, step) in played.steps.iter_mut().enumerate() {
            step.outputs = player.take(step).map_err(|why| format!("step {at}: {why}"))?;
        }
        Ok(played)
    }
}

impl Player {
    fn take(&mut self, step: &Step) -> Result<Vec<Output>, String> {
        if step.at < self.now {
            return Err("time runs backwards".to_owned());
        }
        self.now = step.at;
        for key in &step.open {
            self.open(key)?;
        }
        self.tell(&step.input)?;
        let mut outputs = Vec::new();
        while let Some(output) = self.cache.poll_output() {
            outputs.push(self.output(output)?);
        }
        let timeout = self.cache.poll_timeout();
        if timeout != self.armed {
            self.armed = timeout;
            outputs.push(Output::Timer(timeout.map(|at| at.saturating_sub(self.now))));
        }
        Ok(outputs)
    }

    fn tell(&mut self, input: &Input) -> Result<(), String> {
        let input = match input {
            Input::Configure { identity, schema, seed, retries, concurrency } => {
                mizan_core::Input::Configure(Settings {
                    identity,
                    schema,
                    seed: *seed,
                    retries: *retries,
                    concurrency: *concurrency,
                })
            }
            Input::Subscribe(observer) => {
                mizan_core::Input::Subscribe(self.open(&observer.entry)?, observer.options())
            }
            Input::Unsubscribe(observer) => {
                mizan_core::Input::Unsubscribe(self.handle(&observer.entry)?, observer.options())
            }
            Input::Read(it) => mizan_core::Input::Read(self.open(&it.entry)?),
            Input::Unread(it) => mizan_core::Input::Unread(self.handle(&it.entry)?),
            Input::Refetch(it) => mizan_core::Input::Refetch(self.handle(&it.entry)?),
            Input::Fetched { entry, fetch, status, retry_after, identity, schema } => {
                let begun = fetch.checked_sub(1).and_then(|place| self.fetches.get(place));
                let (_, handle, id) = begun
                    .filter(|(key, ..)| key == entry)
                    .ok_or_else(|| format!("no fetch {fetch} of {entry} has begun"))?;
                let outcome = Outcome { status: *status, retry_after: *retry_after };
                mizan_core::Input::Fetched(*handle, *id, outcome, Answer { identity, schema })
            }
            Input::Hydrated { entry, identity, schema } => {
                mizan_core::Input::Hydrated(self.open(entry)?, Answer { identity, schema })
            }
            Input::Call { call, awaits, scope, patches } => {
                let patches = list(patches).map_err(|error| error.message())?;
                mizan_core::Input::Call(CallId(*call), *awaits, scope, patches)
            }
            Input::CallAnswered { call, ok, identity, schema, list: named, header } => {
                let changes = Changes { list: list(named), header };
                let answer = Answer { identity, schema };
                mizan_core::Input::CallAnswered(CallId(*call), *ok, answer, changes)
            }
            Input::CallLost { call } => mizan_core::Input::CallLost(CallId(*call)),
            Input::Seen { id, header } => mizan_core::Input::Seen(id, changes(&[], header)),
            Input::Cookie { nonce, header } => {
                mizan_core::Input::Cookie(nonce, changes(&[], header))
            }
            Input::TabInvalidated { id, list } => {
                mizan_core::Input::TabInvalidated(id, changes(list, ""))
            }
            Input::TabIdentity { identity } => mizan_core::Input::TabIdentity(identity),
            Input::Invalidate { list } => mizan_core::Input::Invalidate(changes(list, "")),
            Input::Visible(visible) => mizan_core::Input::Visible(*visible),
            Input::Online(online) => mizan_core::Input::Online(*online),
            Input::Restored => mizan_core::Input::Restored,
            Input::Tick => {
                self.armed = None;
                mizan_core::Input::Tick
            }
        };
        input.identity().clone_into(&mut self.identity);
        self.cache.handle_input(self.now, input);
        Ok(())
    }

    fn output(&mut self, output: mizan_core::Output) -> Result<Output, String> {
        Ok(match output {
            mizan_core::Output::Fetch { entry, fetch } => {
                let key = self.key(entry)?;
                self.fetches.push((key.clone(), entry, fetch));
                Output::Fetch { entry: key, fetch: self.fetches.len() }
            }
            mizan_core::Output::Abort { entry, fetch } => {
                let key = self.key(entry)?;
                let place = self.fetches.iter().position(|(_, _, other)| *other == fetch);
                let place =
                    place.ok_or_else(|| format!("{fetch:?} is given up and never began"))?;
                Output::Abort { entry: key, fetch: place + 1 }
            }
            mizan_core::Output::Publish { entry, value, error, state } => Output::Publish {
                entry: self.key(entry)?,
                value: value.into(),
                error: error.into(),
                fetching: state.fetching,
                stale: state.stale,
            },
            mizan_core::Output::Settle { entry, ok } => {
                Output::Settle { entry: self.key(entry)?, ok }
            }
            mizan_core::Output::Collect { entry } => {
                let key = self.key(entry)?;
                self.handles.remove(&key);
                Output::Collect { entry: key }
            }
            mizan_core::Output::Send { call } => Output::Send { call: call.0 },
            mizan_core::Output::Settled { call } => Output::Settled { call: call.0 },
            mizan_core::Output::Patch { entry, call, patch } => {
                Output::Patch { entry: self.key(entry)?, call: call.0, patch }
            }
            mizan_core::Output::Unpatch { entry, call } => {
                Output::Unpatch { entry: self.key(entry)?, call: call.0 }
            }
            mizan_core::Output::Invalidated { source, share } => {
                let list = self.cache.invalidated().split(',').map(str::to_owned).collect();
                Output::Invalidated { source: source.into(), share, list }
            }
            mizan_core::Output::Share => Output::Share { identity: self.identity.clone() },
            mizan_core::Output::Identity => Output::Identity,
            mizan_core::Output::Outdated => Output::Outdated,
            mizan_core::Output::Malformed { header, position } => {
                let what = if header { Malformed::Header } else { Malformed::List };
                Output::Malformed { what, position }
            }
        })
    }

    /// The entry of a key, opened where it is not.
    fn open(&mut self, key: &str) -> Result<Handle, String> {
        let parsed = Key::parse(key).map_err(|error| format!("{key:?}: {error}"))?;
        let handle = self.cache.open(self.now, parsed);
        match self.handles.insert(key.to_owned(), handle) {
            Some(other) if other != handle => Err(format!("{key} has two handles")),
            _ => Ok(handle),
        }
    }

    fn handle(&self, key: &str) -> Result<Handle, String> {
        self.handles.get(key).copied().ok_or_else(|| format!("{key} is not open"))
    }

    fn key(&self, handle: Handle) -> Result<String, String> {
        let found = self.handles.iter().find(|(_, other)| **other == handle);
        found.map(|(key, _)| key.clone()).ok_or_else(|| format!("{handle:?} is not open"))
    }
}

impl Observer {
    fn options(&self) -> Options {
        Options {
            stale_time: self.stale_time.unwrap_or(NEVER),
            refetch_interval: self.refetch_interval,
            gc_time: self.gc_time.unwrap_or(NEVER),
        }
    }
}

fn changes<'a>(named: &[String], header: &'a str) -> Changes<'a> {
    Changes { list: list(named), header }
}

fn list(named: &[String]) -> Result<Vec<Invalidation>, InvalidList> {
    let member = |(position, text): (usize, &String)| match text.as_str() {
        "*" => Ok(Invalidation::All),
        text => Key::parse(text).map(Invalidation::from).map_err(|_| InvalidList { position }),
    };
    named.iter().enumerate().map(member).collect()
}

impl From<mizan_core::Update> for Update {
    fn from(update: mizan_core::Update) -> Self {
        match update {
            mizan_core::Update::Keep => Self::Keep,
            mizan_core::Update::Take => Self::Take,
            mizan_core::Update::Clear => Self::Clear,
        }
    }
}

impl From<mizan_core::Source> for Source {
    fn from(source: mizan_core::Source) -> Self {
        match source {
            mizan_core::Source::Call => Self::Call,
            mizan_core::Source::Header => Self::Header,
            mizan_core::Source::Cookie => Self::Cookie,
            mizan_core::Source::Tab => Self::Tab,
            mizan_core::Source::Local => Self::Local,
            mizan_core::Source::Unknown => Self::Unknown,
        }
    }
}
