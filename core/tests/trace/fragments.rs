//! Timed traces of the machine of fragments, for `fragments.json`.

use mizan_core::{Fragments, wire};
use serde::{Deserialize, Serialize};

use super::{Source, is_default};

pub type Case = super::Case<Input, Output>;

#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    Configure {
        seed: u32,
        retries: u32,
    },
    Watch {
        fragment: u32,
        shows: String,
    },
    Unwatch {
        fragment: u32,
    },
    Begin {
        request: u32,
        #[serde(default, skip_serializing_if = "is_default")]
        fragment: u32,
        #[serde(default, skip_serializing_if = "is_default")]
        id: String,
    },
    End {
        request: u32,
        status: u32,
        #[serde(default, skip_serializing_if = "is_default")]
        retry_after: u32,
    },
    Dropped {
        fragment: u32,
    },
    Seen {
        #[serde(default, skip_serializing_if = "is_default")]
        request: u32,
        #[serde(default, skip_serializing_if = "is_default")]
        id: String,
        header: String,
    },
    Cookie {
        nonce: String,
        header: String,
    },
    TabInvalidated {
        id: String,
        list: Vec<String>,
    },
    TabIdentity {
        identity: String,
    },
    Invalidate {
        list: Vec<String>,
    },
    Applied {
        nonce: String,
    },
    Visible(bool),
    Online(bool),
    Restored,
    Tick,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Output {
    Refresh { fragment: u32 },
    Stale { fragment: u32 },
    Fresh { fragment: u32 },
    Failed { fragment: u32, status: u32 },
    Invalidated { source: Source, share: bool, request: u32, list: Vec<String> },
    Malformed { what: Malformed, position: u32 },
    Timer(Option<u64>),
}

/// What cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Malformed {
    Header,
    List,
    Fragment(u32),
}

impl Case {
    /// The same case, with what comes out of the machine.
    pub fn play(&self) -> Result<Self, String> {
        if self.steps.is_empty() {
            return Err("no steps".to_owned());
        }
        let (mut fragments, mut now, mut armed) = (Fragments::new(), 0, f64::INFINITY);
        let mut played = self.clone();
        for (at, step) in played.steps.iter_mut().enumerate() {
            if step.at < now || !step.open.is_empty() {
                return Err(format!("step {at}: time runs backwards, or something is opened"));
            }
            now = step.at;
            let time = u32::try_from(now).map(f64::from).map_err(|error| error.to_string())?;
            if matches!(step.input, Input::Tick) {
                armed = f64::INFINITY;
            }
            let (kind, numbers, [id, header, list]) = step.input.told();
            fragments.handle_told(
                time,
                kind,
                numbers,
                [&id, &header, &list].map(|it| it.as_bytes()),
            );
            step.outputs = outputs(&mut fragments).map_err(|why| format!("step {at}: {why}"))?;
            if fragments.timeout() != armed {
                armed = fragments.timeout();
                let wait = Some(armed - time).filter(|wait| *wait < f64::INFINITY);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "small"
                )]
                step.outputs.push(Output::Timer(wait.map(|wait| wait as u64)));
            }
        }
        Ok(played)
    }
}

impl Input {
    /// The input as it crosses (core/src/fragments.rs).
    fn told(&self) -> (u32, [u32; 3], [String; 3]) {
        let none = String::new;
        match self {
            Self::Watch { fragment, shows } => {
                (0, [*fragment, 0, 0], [none(), shows.clone(), none()])
            }
            Self::Unwatch { fragment } => (1, [*fragment, 0, 0], [none(), none(), none()]),
            Self::Begin { request, fragment, id } => {
                (2, [*request, *fragment, 0], [id.clone(), none(), none()])
            }
            Self::End { request, status, retry_after } => {
                (3, [*request, *status, *retry_after], [none(), none(), none()])
            }
            Self::Dropped { fragment } => (4, [*fragment, 0, 0], [none(), none(), none()]),
            Self::Seen { request, id, header } => {
                (wire::SEEN, [*request, 0, 0], [id.clone(), header.clone(), none()])
            }
            Self::Cookie { nonce, header } => {
                (wire::COOKIE, [0; 3], [nonce.clone(), header.clone(), none()])
            }
            Self::TabInvalidated { id, list } => {
                (wire::TAB_INVALIDATED, [0; 3], [id.clone(), none(), specs(list)])
            }
            Self::TabIdentity { identity } => {
                (wire::TAB_IDENTITY, [0; 3], [identity.clone(), none(), none()])
            }
            Self::Invalidate { list } => (wire::INVALIDATE, [0; 3], [none(), none(), specs(list)]),
            Self::Configure { seed, retries } => {
                (wire::CONFIGURE, [*seed, *retries, 0], [none(), none(), none()])
            }
            Self::Visible(yes) => (wire::VISIBLE, [(*yes).into(), 0, 0], [none(), none(), none()]),
            Self::Online(yes) => (wire::ONLINE, [(*yes).into(), 0, 0], [none(), none(), none()]),
            Self::Restored => (wire::RESTORED, [0; 3], [none(), none(), none()]),
            Self::Tick => (wire::TICK, [0; 3], [none(), none(), none()]),
            Self::Applied { nonce } => (23, [0; 3], [nonce.clone(), none(), none()]),
        }
    }
}

/// Texts of keys in the grammar of core/src/spec.rs.
fn specs(list: &[String]) -> String {
    let spec = |text: &String| match text.split_once('?') {
        None => text.clone(),
        Some((name, pairs)) => {
            let pair = |pair: &str| format!(";{}\"", pair.replacen('=', "=%\"", 1));
            name.to_owned() + &pairs.split('&').map(pair).collect::<String>()
        }
    };
    list.iter().map(spec).collect::<Vec<_>>().join(",")
}

fn outputs(fragments: &mut Fragments) -> Result<Vec<Output>, String> {
    let (words, list) = fragments.outputs();
    let list = str::from_utf8(list).map_err(|error| error.to_string())?;
    words
        .drain(..)
        .map(|[what, number, detail]| {
            Ok(match what {
                0 => Output::Refresh { fragment: number },
                1 => Output::Stale { fragment: number },
                2 => Output::Fresh { fragment: number },
                3 => Output::Failed { fragment: number, status: detail },
                6 => Output::Invalidated {
                    source: match number & 7 {
                        1 => Source::Header,
                        2 => Source::Cookie,
                        3 => Source::Tab,
                        4 => Source::Local,
                        _ => Source::Unknown,
                    },
                    share: number & 8 > 0,
                    request: detail,
                    list: list.split(',').map(str::to_owned).collect(),
                },
                9 => {
                    let what = match number & 3 {
                        0 => Malformed::List,
                        1 => Malformed::Header,
                        _ => Malformed::Fragment(number >> 2),
                    };
                    Output::Malformed { what, position: detail }
                }
                _ => return Err(format!("the machine says {what}")),
            })
        })
        .collect()
}
