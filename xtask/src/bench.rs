//! `cargo xtask bench`: what the exchange does in a second, beside a bare web server that does
//! nothing, both measured in the same run on the same machine.
//!
//! The command builds the program as it is shipped, then itself once more with the load generator
//! and all optimisations, and hands over.

#[cfg(feature = "bench")]
mod case;
#[cfg(feature = "bench")]
mod hello;
#[cfg(feature = "bench")]
mod load;
#[cfg(feature = "bench")]
mod machine;
#[cfg(feature = "bench")]
mod messages;
#[cfg(feature = "bench")]
mod people;
#[cfg(feature = "bench")]
mod plan;
#[cfg(feature = "bench")]
mod report;
#[cfg(feature = "bench")]
mod security;
#[cfg(feature = "bench")]
mod size;
#[cfg(feature = "bench")]
mod spine;

#[cfg(feature = "bench")]
pub(crate) use hello::hello;

use crate::house::Outcome;

// What is measured in this process, such as the message engine, is to be as it is in the program.
#[cfg(feature = "bench")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Builds what is measured and what measures, and hands over to it.
#[cfg(not(feature = "bench"))]
pub(crate) fn bench(arguments: &[&str]) -> Outcome {
    use crate::house;
    house::run("cargo", &["build", "--release", "--package", "vertebra"])?;
    let own = ["run", "--release", "--package", "xtask", "--features", "bench", "--", "bench"];
    house::run("cargo", &[&own[..], arguments].concat())
}

/// Measures every size of nation in turn, and prints a table or JSON.
#[cfg(feature = "bench")]
pub(crate) fn bench(arguments: &[&str]) -> Outcome {
    if let ["messages", rest @ ..] = arguments {
        return messages::messages(rest);
    }
    if let ["security", rest @ ..] = arguments {
        return security::security(rest);
    }
    if let ["spine", rest @ ..] = arguments {
        return spine::spine(rest);
    }
    let plan = plan::Plan::parse(arguments)?;
    let mut sizes = Vec::new();
    for people in &plan.people {
        let mut size = size::measure(*people, &plan)?;
        if !plan.json {
            report::print(&mut size);
        }
        sizes.push(size);
    }
    if plan.json {
        println!("{:#}", report::json(&mut sizes, &plan));
    }
    Ok(())
}
