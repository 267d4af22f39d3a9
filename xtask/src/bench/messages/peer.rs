//! The brokers that others run, each started privately for the measurement and stopped after it.
//! Their drivers are in `bench/peers`, a workspace of its own.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Row;
use crate::house::{self, Scratch};

/// Where Debian puts `RabbitMQ`'s own start script; the one on the path insists on a user.
const RABBITMQ: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";
/// How long a broker may take to start, in seconds.
const START_S_MAX: u64 = 60;

/// A broker that others run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    RabbitMq,
    Nats,
}

/// A running broker. It is stopped when this goes out of scope.
pub(crate) struct Running {
    peer: Peer,
    child: Child,
    url: String,
    /// Erlang's name server, which a private `RabbitMQ` starts and leaves behind.
    epmd_port: Option<u16>,
    _scratch: Scratch,
}

impl Peer {
    /// Every one, in the order of the table.
    pub(crate) const ALL: [Self; 2] = [Self::RabbitMq, Self::Nats];

    fn name(self) -> &'static str {
        match self {
            Self::RabbitMq => "rabbitmq",
            Self::Nats => "nats",
        }
    }

    /// Its name in the table.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::RabbitMq => "RabbitMQ, quorum queue, confirm and ack",
            Self::Nats => "NATS JetStream, file stream, publish and ack",
        }
    }

    /// What is on disk before its answer leaves.
    fn durable(self) -> &'static str {
        match self {
            Self::RabbitMq => "message",
            Self::Nats => "nothing before 2.10; else as configured",
        }
    }

    /// Whether it is installed.
    pub(crate) fn is_here(self) -> bool {
        match self {
            Self::RabbitMq => Path::new(RABBITMQ).exists(),
            Self::Nats => house::has("nats-server", &["--version"]),
        }
    }

    /// Starts it, listening on this machine only.
    pub(crate) fn start(self) -> Result<Running, String> {
        let scratch = Scratch::new(self.name())?;
        let port = free_port()?;
        let log = File::create(scratch.0.join("out")).map_err(|error| error.to_string())?;
        let (mut command, epmd_port) = match self {
            Self::RabbitMq => rabbitmq(&scratch, port)?,
            Self::Nats => (nats(&scratch, port)?, None),
        };
        let errors = log.try_clone().map_err(|error| error.to_string())?;
        let child = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", self.name()))?;
        let scheme = if self == Self::RabbitMq { "amqp" } else { "nats" };
        let url = format!("{scheme}://127.0.0.1:{port}");
        let running = Running { peer: self, child, url, epmd_port, _scratch: scratch };
        wait_for(port).map(|()| running)
    }
}

fn rabbitmq(scratch: &Scratch, port: u16) -> Result<(Command, Option<u16>), String> {
    let (distribution, epmd) = (free_port()?, free_port()?);
    let config = scratch.0.join("rabbitmq.conf");
    let text = format!("listeners.tcp.1 = 127.0.0.1:{port}\n");
    let plugins = scratch.0.join("plugins");
    fs::write(&config, text)
        .and_then(|()| fs::write(&plugins, "[]."))
        .map_err(|e| e.to_string())?;
    let mut command = Command::new(RABBITMQ);
    command
        .env("HOME", &scratch.0)
        .env("RABBITMQ_NODENAME", format!("bench{port}@localhost"))
        .env("RABBITMQ_MNESIA_BASE", scratch.0.join("mnesia"))
        .env("RABBITMQ_LOG_BASE", scratch.0.join("log"))
        .env("RABBITMQ_CONFIG_FILE", &config)
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", &plugins)
        .env("RABBITMQ_DIST_PORT", distribution.to_string())
        .env("RABBITMQ_PID_FILE", scratch.0.join("pid"))
        .env("ERL_EPMD_PORT", epmd.to_string())
        .env("ERL_EPMD_ADDRESS", "127.0.0.1");
    Ok((command, Some(epmd)))
}

/// NATS with a sync for each message, where it knows how (from 2.10 on); otherwise it says so
/// by its version in the table's last column.
fn nats(scratch: &Scratch, port: u16) -> Result<Command, String> {
    let version = house::run_quietly("nats-server", &["--version"])?;
    let number = version.trim().rsplit('v').next().unwrap_or_default();
    let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let new = (parts.next(), parts.next()) >= (Some(2), Some(10));
    let sync = if new { "sync_interval: always" } else { "" };
    let folder = scratch.at("jetstream");
    let text = format!(
        "host: 127.0.0.1\nport: {port}\njetstream {{\n store_dir: \"{folder}\"\n {sync}\n}}\n"
    );
    let config = scratch.at("nats.conf");
    fs::write(&config, text).map_err(|error| error.to_string())?;
    let mut command = Command::new("nats-server");
    command.args(["--config", &config]);
    Ok(command)
}

impl Running {
    /// Publishes for so long with so many in flight.
    pub(crate) fn accept(
        &self,
        flight: usize,
        bytes: usize,
        turn: Duration,
    ) -> Result<Row, String> {
        let driver = house::at("target/peers/release/peers").display().to_string();
        let (flight_text, bytes) = (flight.to_string(), bytes.to_string());
        let seconds = turn.as_secs().max(1).to_string();
        let arguments = [self.peer.name(), &self.url, &flight_text, &bytes, &seconds];
        let said = house::run_quietly(&driver, &arguments)?;
        let (mut took_us, mut elapsed) = (Vec::new(), turn);
        for line in said.lines() {
            if let Some(seconds) = line.strip_prefix("elapsed ") {
                let seconds = seconds.parse().map_err(|_| format!("`{line}` is no time"))?;
                elapsed = Duration::from_secs_f64(seconds);
            } else {
                took_us.push(line.parse().map_err(|_| format!("`{line}` is no number"))?);
            }
        }
        Ok(Row::new(self.peer.title(), flight, took_us, elapsed, self.peer.durable()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The start script becomes the broker: its id is the broker's.
        let _ = house::run_quietly("kill", &["-TERM", &self.child.id().to_string()]);
        let until = Instant::now() + Duration::from_secs(20);
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(port) = self.epmd_port {
            // It ends itself when asked on its own port, and no other is touched.
            let port = port.to_string();
            let _ = house::run_quietly("epmd", &["-port", &port, "-kill"]);
        }
    }
}

fn free_port() -> Result<u16, String> {
    let socket = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    Ok(socket.local_addr().map_err(|error| error.to_string())?.port())
}

fn wait_for(port: u16) -> Result<(), String> {
    let until = Instant::now() + Duration::from_secs(START_S_MAX);
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    while Instant::now() < until {
        if TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok() {
            // It listens a little before it serves.
            sleep(Duration::from_secs(2));
            return Ok(());
        }
        sleep(Duration::from_millis(100));
    }
    Err(format!("nothing listened on port {port} within {START_S_MAX} s"))
}
