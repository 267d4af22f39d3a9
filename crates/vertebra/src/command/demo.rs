//! `vertebra demo`: who lives in the demonstration nation.

use clap::Subcommand;

use crate::{nation, say};

/// Look at the demonstration nation.
#[derive(clap::Args)]
pub(crate) struct Demo {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Show people worth asking for: restricted, superseded, twins, moved, deceased
    People(People),
}

#[derive(clap::Args)]
struct People {
    /// How many made-up people the nation has
    #[arg(long = "people", value_name = "N", default_value_t = 10_000)]
    count: u64,
    /// The seed that the nation grew from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Show so many people spread over the nation instead
    #[arg(long, value_name = "N")]
    sample: Option<u64>,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub(crate) fn run(&self) {
        let What::People(people) = &self.what;
        people.show();
    }
}

impl People {
    fn show(&self) {
        let plan = nation::Plan::new(self.count, self.seed);
        let shown = match self.sample {
            Some(most) => nation::sample(&plan, most),
            None => nation::interesting(&plan),
        };
        if self.json {
            say::line(&serde_json::json!(shown).to_string());
            return;
        }
        for person in shown {
            say::line(&format!("{}  {}", person.id, person.why));
        }
    }
}
