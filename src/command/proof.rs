//! The flags by which Nix judges a change before it is written.

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use super::AskNix;

/// Whether Nix judges a change before it is written.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Proof")]
pub struct Proof {
    /// The limits.
    #[command(flatten)]
    pub nix: AskNix,
    /// With `--eval`, write the change although Nix finds an error
    #[arg(long, requires = "eval")]
    pub force_eval: bool,
}

/// A verb that writes, with the flags by which Nix judges what it would write.
#[derive(Debug)]
pub struct Writing<V> {
    /// The verb.
    pub verb: V,
    /// Whether Nix judges what it would write.
    pub proof: Proof,
}

impl<V: Args> Args for Writing<V> {
    fn augment_args(command: Command) -> Command {
        let command = V::augment_args(command);
        // The help is the verb's.
        let about = command.get_about().cloned().unwrap_or_default();
        let long_about = command.get_long_about().cloned().unwrap_or_default();
        let takes_url = command.get_arguments().any(|arg| arg.get_id() == "url");
        let command = Proof::augment_args(command).mut_arg("eval", |eval| eval.help(EVAL));
        let command = if takes_url {
            command.mut_arg("online", |online| online.help(ONLINE))
        } else {
            command
        };
        command.about(about).long_about(long_about)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<V: FromArgMatches> FromArgMatches for Writing<V> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self {
            verb: V::from_arg_matches(matches)?,
            proof: Proof::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.verb.update_from_arg_matches(matches)?;
        self.proof.update_from_arg_matches(matches)
    }
}

const ONLINE: &str = "With `--url`, ask the cache for its priority and its public key, with curl; with `--eval`, let Nix fetch inputs";
const EVAL: &str = "Let the repository's own Nix judge the change before it is written";
