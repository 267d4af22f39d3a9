//! `vertebra serve`: runs the exchange.

use std::collections::HashMap;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base::limit::{CALLS_A_MINUTE, FAILURES_A_MINUTE, MAILBOX_CALLS_A_MINUTE};
use base::{Clock, Dice};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use security::rate::Rates;
use security::{Failures, Gate, Meters, Tokens};
use service::Registry;
use store::Store;
use transport::{Exchange, Health, Listener, Stop, Tls};

use super::{Failure, apply};
use crate::beside::Beside;
use crate::config::{Config, Said};
use crate::control::{Door, Ground, Live};
use crate::credentials::keys;
use crate::credentials::people::Secrets;
use crate::house::Site;
use crate::local::{At, Locals};
use crate::logs::Logs;
use crate::nation::{self, Sign};
use crate::progress::Progress;
use crate::stop::Told;
use crate::{credentials, hl7, house, model, quotas, tls, watch};

/// Run the exchange.
#[derive(clap::Args)]
pub(crate) struct Serve {
    /// The data folder [default: ./vertebra-data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The address to listen on [default: 127.0.0.1:8600]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// The address to listen on for TLS as well [default: none; of a demonstration, the next port]
    #[arg(long, value_name = "ADDR")]
    tls_listen: Option<String>,
    /// The address to listen on for HL7 version 2 over MLLP, without TLS; loopback only [default:
    /// none]
    #[arg(long, value_name = "ADDR")]
    mllp_listen: Option<String>,
    /// The same with TLS, for systems that show a certificate [default: none]
    #[arg(long, value_name = "ADDR")]
    mllp_tls_listen: Option<String>,
    /// Fill an empty data folder with the demonstration nation
    #[arg(long)]
    demo: bool,
    /// How many made-up people the demonstration nation has
    #[arg(long, value_name = "N", default_value_t = 10_000, requires = "demo")]
    people: u64,
    /// Start no local systems beside the demonstration
    #[arg(long, requires = "demo")]
    no_local: bool,
    /// The seed that the demonstration nation grows from
    #[arg(long, value_name = "N", default_value_t = 1, requires = "demo")]
    seed: u64,
    /// Let calls in without credentials, as a health worker; loopback addresses only
    #[arg(long)]
    open: bool,
    /// A file of bearer tokens, for development
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
    /// A configuration file; see `vertebra settings`
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A directory file to apply before serving; see `vertebra apply`
    #[arg(long, value_name = "FILE")]
    apply: Option<PathBuf>,
}

impl Serve {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let config = self.settle()?;
        let runtime = house::runtime()?;
        let logs = {
            let _here = runtime.enter();
            Logs::start(&config.log, config.traces.as_deref())?
        };
        let told = runtime.block_on(async { Told::watch() })?;
        let store = house::open_store(&config.data)?;
        if self.demo {
            fill(&store, self.people, self.seed, &told)?;
        }
        let tokens = tokens(&config, self.demo)?;
        let served = runtime.block_on(async {
            if self.demo {
                register(&config, &store).await?;
            }
            if let Some(file) = &self.apply {
                apply::write(&store, &apply::compare(&store, file)?).await?;
            }
            self.serve(&config, &store, tokens, &told).await
        });
        store.close();
        logs.stop();
        served
    }

    fn settle(&self) -> Result<Config, Failure> {
        let file = self.config.as_deref().map(Said::read).transpose()?.unwrap_or_default();
        let line = Said {
            data: self.data.clone(),
            listen: self.listen.clone(),
            tls_listen: self.tls_listen.clone(),
            mllp_listen: self.mllp_listen.clone(),
            mllp_tls_listen: self.mllp_tls_listen.clone(),
            open: self.open.then_some(true),
            tokens: self.tokens.clone(),
            ..Said::default()
        };
        line.or(file).settle()
    }

    async fn serve(
        &self,
        config: &Config,
        store: &Store,
        tokens: Tokens,
        told: &Told,
    ) -> Result<(), Failure> {
        // From here on a hang-up ends nothing.
        let hangups = tls::hangups()?;
        let metrics = start_metrics()?;
        let (listener, address) = listen(config.listen).await?;
        let secure = self.listen_for_tls(config).await?;
        let origin = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let tls_url = secure.as_ref().map(|(_, address, _)| format!("https://{address}"));
        let access = keys::access_tokens(&config.data, store)?;
        let courier = tls::courier(config, store, &origin)?;
        let meters = Arc::new(self.meters(config, store)?);
        let site = Site {
            origins: &origins(&origin, address, tls_url.as_deref()),
            courier: &courier,
            access: access.clone(),
            meters: &meters,
            demonstration: self.demo,
        };
        let locals = self.locals(config, store, address, tls_url.as_deref()).await?;
        let house = house::wire(store, config, &site)?;
        quotas::take_up(store, &meters, &house.registry).await?;
        let gate = gate(config, store, tokens)?
            .with_access_tokens(access.clone())
            .with_meters(Arc::clone(&meters))
            .with_failures(self.failures(config).map(Arc::new));
        let (counted, known) = (Arc::clone(&meters), gate.clone());
        let live = Live { gate: gate.clone(), access, meters, broker: house.broker.clone() };
        let door = Door::open(&config.data)?;
        let pusher = house.pusher.clone();
        if self.demo {
            credentials::publish(&config.data, &origin, tls_url.as_deref(), locals.rows())?;
        }
        let doors = hl7::Doors::open(config, self.demo).await?;
        let pages = self.portal(&house.registry, gate.is_open(), origin);
        let messages = doors.serve(house.mllp, gate.clone(), told.in_order());
        let exchange = Exchange {
            registry: house.registry,
            gate,
            health: health(store),
            metrics,
            public_url: config.public_url.clone(),
            proxies: config.trusted_proxies.clone(),
            witness: Some(watch::witness(house.recorder.clone())),
        };
        tokio::spawn(background(house.pds, store.clone()));
        let stop = told.in_order();
        let ground = Ground::live(store.clone(), &config.data, live);
        let mut beside = Beside::default();
        beside.start("control door", door.serve(ground, stop.clone()));
        beside.start("quotas", quotas::keep(store.clone(), counted, stop.clone()));
        beside.start("record of what travelled", house.recorder.run(stop.clone()));
        beside.start("messages of HL7 version 2", messages);
        let (broker, stopped) = (house.broker, stop.clone());
        beside.start("deliveries", async move { broker.run(pusher, stopped).await });
        say_ready(&address.to_string())?;
        let file = credentials::file(config, self.demo);
        beside.start("tokens", credentials::watch(file, hangups, known, stop.clone()));
        tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "serving");
        answer(listener, secure, exchange, pages, stop).await;
        locals.stop().await;
        beside.end().await;
        tracing::info!("stopped");
        Ok(())
    }

    /// What the pages for people tell.
    fn portal(&self, registry: &Registry, open: bool, origin: String) -> portal::House {
        portal::House {
            registry: registry.clone(),
            version: env!("CARGO_PKG_VERSION"),
            open,
            demonstration: self.demo,
            origin,
        }
    }

    /// What counts calls: of clients with rates of their own, and but for a demonstration and an
    /// open exchange, of all others.
    fn meters(&self, config: &Config, store: &Store) -> Result<Meters, Failure> {
        let own = model::with_rates(store).map_err(|error| error.to_string())?;
        let default = (!self.demo && !config.open).then(|| {
            HashMap::from([
                ("app".to_owned(), Rates::a_minute(CALLS_A_MINUTE)),
                (mesh::SERVICE.to_owned(), Rates::a_minute(MAILBOX_CALLS_A_MINUTE)),
            ])
        });
        let whole = config.api_calls_a_minute;
        Ok(Meters::new(Clock::System, own, default).with_whole_apis(whole))
    }

    /// What counts credentials that fail: but for a demonstration and an open exchange, unless the
    /// operator says how many are taken. Those who try things out have them fail on purpose.
    fn failures(&self, config: &Config) -> Option<Failures> {
        let default = if self.demo || config.open { 0 } else { FAILURES_A_MINUTE };
        let a_minute = config.failures_a_minute.unwrap_or(default);
        (a_minute > 0).then(|| Failures::new(Clock::System, a_minute))
    }

    /// The local systems of a demonstration, which find the exchange at its addresses. They start
    /// before the house is wired, which then knows where they are.
    async fn locals(
        &self,
        config: &Config,
        store: &Store,
        address: SocketAddr,
        secure: Option<&str>,
    ) -> Result<Locals, Failure> {
        if !self.demo || self.no_local {
            return Ok(Locals::default());
        }
        let plain = format!("http://{address}");
        Locals::start(&config.data, &At { plain: &plain, secure }, store).await
    }

    async fn listen_for_tls(&self, config: &Config) -> Result<Option<Secure>, Failure> {
        let beside = self.demo.then(|| next_to(config.listen));
        let Some(address) = config.tls_listen.or(beside) else { return Ok(None) };
        let (tls, files) = tls::prepare(config, self.demo)?;
        match listen(address).await {
            Ok((listener, address)) => {
                tracing::info!(%address, "listening for TLS");
                Ok(Some((listener.with_tls(tls.clone()), address, (tls, files))))
            }
            // Nobody asked for this address: it is not worth a demonstration.
            Err(failure) if config.tls_listen.is_none() => {
                let hint = "--tls-listen another address";
                eprintln!("vertebra: {failure}: no TLS, so no record transfers. hint: {hint}");
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }
}

/// A listener for TLS, its address, and what is shown there.
type Secure = (Listener, SocketAddr, (Tls, tls::Files));

/// Answers calls until it is time to stop.
async fn answer(
    listener: Listener,
    secure: Option<Secure>,
    exchange: Exchange,
    pages: portal::House,
    stop: Stop,
) {
    let router = transport::router(exchange, portal::router(pages));
    if let Some((secure, _, (tls, files))) = secure {
        tokio::spawn(tls::watch(tls, files, stop.clone()));
        tokio::join!(secure.serve(router.clone(), stop.clone()), listener.serve(router, stop));
    } else {
        listener.serve(router, stop).await;
    }
}

/// The address with the next port; a free one, where a free one was asked for.
fn next_to(address: SocketAddr) -> SocketAddr {
    let port = if address.port() == 0 { 0 } else { address.port().wrapping_add(1) };
    SocketAddr::new(address.ip(), port)
}

/// A socket on an address, and the address with its port.
async fn listen(address: SocketAddr) -> Result<(Listener, SocketAddr), Failure> {
    let failed = |error| {
        format!(
            "cannot listen on {address}: {error}. hint: if another program has that port, take one \
             that is free, as with --listen 127.0.0.1:0"
        )
    };
    let listener = Listener::bind(address).await.map_err(failed)?;
    let address = listener.address().map_err(failed)?;
    Ok((listener, address))
}

fn fill(store: &Store, people: u64, seed: u64, told: &Told) -> Result<(), Failure> {
    let plan = nation::Plan::new(people, seed);
    let mut progress = Progress::new("people");
    told.beside(&progress);
    nation::load(store, &plan, &mut |sign| match sign {
        Sign::People(done, total) => progress.at(done, total),
        Sign::Index => progress.step("building the index"),
    })?;
    progress.done(people);
    Ok(())
}

/// Where callers may say that they find the house: the preferred address, and those that are
/// listened on, by number and, on this machine, by name.
fn origins(origin: &str, address: SocketAddr, tls_url: Option<&str>) -> Vec<String> {
    let by_name = address.ip().is_loopback();
    let mut origins = vec![origin.to_owned(), format!("http://{address}")];
    origins.extend(by_name.then(|| format!("http://localhost:{}", address.port())));
    let secure = tls_url.map(str::to_owned);
    let port = tls_url.and_then(|url| url.rsplit(':').next());
    let named = port.filter(|_| by_name).map(|port| format!("https://localhost:{port}"));
    origins.extend(secure.into_iter().chain(named));
    origins
}

/// The development credentials.
fn tokens(config: &Config, demo: bool) -> Result<Tokens, Failure> {
    let made = demo.then(|| credentials::demonstration(&config.data, &Dice::System)).transpose()?;
    match &config.tokens {
        Some(path) => credentials::read(path),
        None => Ok(made.unwrap_or_default()),
    }
}

async fn register(config: &Config, store: &Store) -> Result<(), Failure> {
    let clients = credentials::demonstration_clients(&config.data)?;
    let secrets = Secrets::of(&config.data, &Dice::System)?;
    keys::register(&config.data, store, clients, &secrets).await?;
    credentials::certificates::register(&config.data, store).await
}

/// The gate, with the API keys of the directory's clients.
fn gate(config: &Config, store: &Store, tokens: Tokens) -> Result<Gate, Failure> {
    let gate = if config.open { Gate::open(tokens) } else { Gate::closed(tokens) };
    gate.know(model::with_keys(store).map_err(|error| error.to_string())?);
    gate.know_certificates(model::with_certificates(store).map_err(|error| error.to_string())?);
    Ok(gate)
}

fn start_metrics() -> Result<PrometheusHandle, Failure> {
    const SECONDS: [f64; 12] =
        [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0, 30.0];
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| format!("cannot start the counters: {error}"))
}

fn health(store: &Store) -> Health {
    let store = store.clone();
    Health::new(move || match store.audit().head() {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    })
}

/// What goes on beside the calls: what was promised before the house was last closed is done now;
/// old answers are forgotten and files that nothing tells of removed, now and once a day.
async fn background(pds: pds::House, store: Store) {
    pds::resume(&pds).await;
    let mut daily = tokio::time::interval(Duration::from_hours(24));
    loop {
        daily.tick().await;
        sweep(store.clone()).await;
        match pds::forget_old_answers(&pds).await {
            Ok(forgotten) => tracing::info!(forgotten, "old answers forgotten"),
            Err(error) => tracing::warn!(%error, "old answers could not be forgotten"),
        }
    }
}

/// Removes the files of bodies that never came to an end, or were erased.
async fn sweep(store: Store) {
    match tokio::task::spawn_blocking(move || store.contents().sweep()).await {
        Ok(Ok(0)) => {}
        Ok(Ok(files)) => tracing::info!(files, "left-over files removed"),
        Ok(Err(error)) => tracing::warn!(%error, "left-over files could not be removed"),
        Err(error) => tracing::warn!(%error, "left-over files could not be looked for"),
    }
}

/// The one line that scripts wait for.
fn say_ready(address: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready http://{address}")
        .and_then(|()| out.flush())
        .map_err(|error| format!("cannot say that the house is ready: {error}"))
}
