#include "services/server/serve_verbs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/log.h"
#include "base/status.h"
#include "db/embedded/embedded_postgres.h"
#include "db/migrate/migrate.h"
#include "db/pg/pool.h"
#include "db/store/access_store.h"
#include "services/access/token.h"
#include "services/server/doctor.h"
#include "services/server/server.h"

namespace snowfield::server {
namespace {
constexpr int kConnectionsDefault = 16;
constexpr rlim_t kFilesWanted = 65536;
constexpr char kOperatorTokenFile[] = "operator.token";
constexpr char kStandardOutput[] = "-";
// A connection string may hold a password, which a command line shows to the whole machine.
constexpr char kDatabaseVariable[] = "SNOWFIELD_DATABASE";
constexpr char kOwnerDatabaseVariable[] = "SNOWFIELD_OWNER_DATABASE";
// How often it is seen whether an own database still runs.
constexpr absl::Duration kLookAfterPause = absl::Seconds(1);
constexpr int kConnectionAgeMaxSeconds = 86400;

struct ServeOrder {
  std::string data_folder;
  std::string database;
  int connections = kConnectionsDefault;
  base::LogLevel log_level = base::LogLevel::kInfo;
  ServerOptions server;
};

// gRPC 1.51 never accepts again after one EMFILE (CVE-2023-4785): have files enough.
void RaiseFileLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min(limit.rlim_max, std::max(limit.rlim_cur, kFilesWanted));
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

absl::Status WriteSecret(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return base::NotNow("TOKEN_NOT_WRITTEN",
                        absl::StrCat("can't write ", path, ": choose a folder that you may write to"));
  }
  const std::string line = text + "\n";
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (::close(file) != 0 || !written) {
    return base::NotNow("TOKEN_NOT_WRITTEN", absl::StrCat("can't write ", path, ": is the disk full?"));
  }
  return absl::OkStatus();
}

// `owner_connection` is the schema owner's.
absl::Status StoreOperatorToken(const std::string& owner_connection, const access::NewSecret& secret) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const auto pool, db::Pool::Open({.connection_string = owner_connection, .role = "", .connection_count_max = 1}));
  SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, pool->Begin({}));
  SNOWFIELD_RETURN_IF_ERROR(db::InsertOperatorToken(transaction, secret.hash));
  return transaction.Commit();
}

// Makes an operator token where `path` has none yet.
absl::Status EnsureOperatorToken(const std::string& owner_connection, const std::string& path) {
  if (std::filesystem::exists(path)) return absl::OkStatus();
  const access::NewSecret secret = access::NewToken(access::TokenKind::kOperator, base::CampaignId());
  // The file first: a token that is stored but was never shown is of no use to anyone.
  SNOWFIELD_RETURN_IF_ERROR(WriteSecret(path, secret.text));
  absl::Status status = StoreOperatorToken(owner_connection, secret);
  if (!status.ok()) std::filesystem::remove(path);
  return status;
}

// Makes an operator token, and is the only one to say it: for a place where no file outlives the command.
absl::Status PrintOperatorToken(const std::string& owner_connection) {
  const access::NewSecret secret = access::NewToken(access::TokenKind::kOperator, base::CampaignId());
  SNOWFIELD_RETURN_IF_ERROR(StoreOperatorToken(owner_connection, secret));
  std::printf("%s\n", secret.text.c_str());
  return absl::OkStatus();
}

// Blocks SIGINT and SIGTERM for all threads made after it; WaitForEnd() takes them.
sigset_t BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Looks after what may end by itself, from time to time.
void WaitForEnd(const sigset_t& signals, const std::function<void()>& look_after) {
  const timespec pause = absl::ToTimespec(kLookAfterPause);
  while (sigtimedwait(&signals, nullptr, &pause) < 0) look_after();
}

// The cluster of a data folder. One that has ended, as PostgreSQL does where its disk is full, is started again.
class OwnDatabase {
 public:
  static absl::StatusOr<OwnDatabase> Start(const std::string& data_folder) {
    OwnDatabase own({.data_folder = absl::StrCat(data_folder, "/postgres")});
    SNOWFIELD_ASSIGN_OR_RETURN(own.cluster_, db::StartEmbedded(own.options_));
    own.connection_ = own.cluster_->ConnectionString();
    return own;
  }

  const std::string& connection() const { return connection_; }
  void LookAfter() {
    if (cluster_ != nullptr && cluster_->IsRunning()) return;
    base::Log(base::LogLevel::kError, "database.ended");
    cluster_.reset();  // lets the folder go
    auto started = db::StartEmbedded(options_);
    if (!started.ok()) {
      base::Log(base::LogLevel::kError, "database.start_failed", {{"reason", base::DetailOf(started.status()).reason}});
      return;
    }
    cluster_ = *std::move(started);
    base::Log(base::LogLevel::kInfo, "database.started_again");
  }
  absl::Status Stop() { return cluster_ == nullptr ? absl::OkStatus() : cluster_->Stop(); }

 private:
  explicit OwnDatabase(db::EmbeddedOptions options) : options_(std::move(options)) {}

  db::EmbeddedOptions options_;
  std::unique_ptr<db::EmbeddedPostgres> cluster_;
  std::string connection_;
};

absl::Status ServeOn(
    const std::string& connection, const ServeOrder& order, const sigset_t& end_signals,
    const std::function<void()>& look_after = [] {}) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const auto pool, db::Pool::Open({.connection_string = connection, .connection_count_max = order.connections}));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto server, Server::Start(pool.get(), order.server));
  base::Log(base::LogLevel::kInfo, "server.ready",
            {{"port", server->port()}, {"metrics_port", server->metrics_port()}, {"admin_port", server->admin_port()}});
  WaitForEnd(end_signals, look_after);
  base::Log(base::LogLevel::kInfo, "server.stopping");
  server->Stop();
  return absl::OkStatus();
}

absl::Status ServeEmbedded(const ServeOrder& order, const sigset_t& end_signals) {
  std::error_code error;
  std::filesystem::create_directories(order.data_folder, error);
  if (error) {
    return base::NotNow("DATA_FOLDER_UNUSABLE",
                        absl::StrCat("can't make ", order.data_folder, ": choose another with --data"));
  }
  base::Log(base::LogLevel::kInfo, "database.starting");
  SNOWFIELD_ASSIGN_OR_RETURN(OwnDatabase database, OwnDatabase::Start(order.data_folder));
  SNOWFIELD_ASSIGN_OR_RETURN(const int applied, db::Migrate(database.connection()));
  base::Log(base::LogLevel::kInfo, "database.ready", {{"migrations_applied", applied}});
  SNOWFIELD_RETURN_IF_ERROR(
      EnsureOperatorToken(database.connection(), absl::StrCat(order.data_folder, "/", kOperatorTokenFile)));
  const absl::Status served = ServeOn(database.connection(), order, end_signals, [&] { database.LookAfter(); });
  const absl::Status stopped = database.Stop();
  return served.ok() ? stopped : served;
}

absl::Status Serve(const ServeOrder& order) {
  if (order.data_folder.empty() == order.database.empty()) {
    return base::InvalidField("--data", "DATABASE_UNCLEAR",
                              "give either --data FOLDER for a database of its own, or --database for one that others "
                              "look after");
  }
  base::SetLogLevel(order.log_level);
  RaiseFileLimit();
  const sigset_t end_signals = BlockEndSignals();
  if (order.database.empty()) return ServeEmbedded(order, end_signals);
  SNOWFIELD_RETURN_IF_ERROR(db::CheckSchema(order.database));
  return ServeOn(order.database, order, end_signals);
}

absl::Status Migrate(const std::string& database, const std::string& operator_token_file) {
  SNOWFIELD_ASSIGN_OR_RETURN(const int applied, db::Migrate(database));
  if (operator_token_file == kStandardOutput) return PrintOperatorToken(database);
  std::printf("%d migrations applied\n", applied);
  if (operator_token_file.empty()) return absl::OkStatus();
  SNOWFIELD_RETURN_IF_ERROR(EnsureOperatorToken(database, operator_token_file));
  std::printf("the operator's token is in %s\n", operator_token_file.c_str());
  return absl::OkStatus();
}

}  // namespace

namespace {

// The socket of `serve --data`, and its login role.
std::string OwnDatabaseOf(const std::string& data_folder) {
  return absl::StrCat("host=", data_folder, "/postgres/socket port=5432 user=snowfield dbname=snowfield");
}

void AddDoctorVerb(CLI::App& app, std::function<absl::Status()>* run) {
  struct DoctorOrder {
    std::string data_folder, database;
  };
  CLI::App* doctor = app.add_subcommand("doctor", "Look a deployment's database over, and say the mend");
  doctor->footer(
      "Ends with 0 where nothing is bad. Whether a server answers: snowfield probe.\n"
      "Examples:\n"
      "  snowfield doctor --data /var/lib/snowfield\n"
      "  snowfield doctor --database \"host=db dbname=snowfield user=snowfield_server\" --json");
  const auto order = std::make_shared<DoctorOrder>();
  doctor->add_option("--data", order->data_folder, "The folder of `snowfield serve --data`, which is running");
  doctor->add_option("--database", order->database, "libpq connection string, as the servers have it")
      ->envname(kDatabaseVariable);
  doctor->callback([&app, run, order] {
    *run = [&app, order]() -> absl::Status {
      const bool json = app.get_option("--json")->as<bool>();
      if (!order->data_folder.empty()) return RunDoctor(OwnDatabaseOf(order->data_folder), /*is_own=*/true, json);
      if (!order->database.empty()) return RunDoctor(order->database, /*is_own=*/false, json);
      return base::InvalidField("--database", "DATABASE_UNCLEAR", "give --data FOLDER, or --database");
    };
  });
}

}  // namespace

void AddServeVerbs(CLI::App& app, std::function<absl::Status()>* run) {
  CLI::App* serve = app.add_subcommand("serve", "Run the server until Ctrl-C");
  serve->footer(
      "Examples:\n"
      "  snowfield serve --data /var/lib/snowfield\n"
      "  snowfield serve --data /var/lib/snowfield --listen 0.0.0.0:7311 --tls-certificate fullchain.pem --tls-key "
      "key.pem\n"
      "  snowfield serve --database \"host=db dbname=snowfield user=snowfield_server\" --service turf");
  const auto order = std::make_shared<ServeOrder>();
  serve->add_option("--data", order->data_folder, "Folder for a PostgreSQL of its own, made where it is not there");
  serve->add_option("--database", order->database, "libpq connection string of a database that others look after")
      ->envname(kDatabaseVariable);
  serve->add_option("--connections", order->connections, "Database connections at most")
      ->check(CLI::Range(1, db::kPoolConnectionsMax))
      ->capture_default_str();
  serve->add_option("--listen", order->server.listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
  static const std::map<std::string, base::LogLevel> kLevels = {{"debug", base::LogLevel::kDebug},
                                                                {"info", base::LogLevel::kInfo},
                                                                {"warning", base::LogLevel::kWarning},
                                                                {"error", base::LogLevel::kError}};
  serve->add_option("--log-level", order->log_level, "debug (each call with its time), info, warning or error (info)")
      ->transform(CLI::CheckedTransformer(kLevels, CLI::ignore_case))
      ->option_text("LEVEL");
  serve->add_option("--metrics-listen", order->server.admin.metrics_listen,
                    "HOST:PORT for Prometheus, http://HOST:PORT/metrics; asks nobody who they are");
  serve->add_option("--admin-listen", order->server.admin.admin_listen,
                    "HOST:PORT for health, reflection and channelz over gRPC; asks nobody who they are");
  serve->add_flag("--plain-text-off-loopback", order->server.plain_text_off_loopback,
                  "Serve without TLS to other machines (only behind a proxy that has it)");
  serve->add_option("--tls-certificate", order->server.tls.certificate,
                    "PEM file of the certificate with its chain; read again when it is renewed");
  serve->add_option("--tls-key", order->server.tls.key, "PEM file of its private key");
  serve->add_option("--tls-client-ca", order->server.tls.client_ca,
                    "Mutual TLS: let in only clients with a certificate of this CA");
  serve
      ->add_option("--connection-age", order->server.connection_age_seconds,
                   "Seconds after which a connection is asked to come anew, so that replicas share the load; 0: never")
      ->check(CLI::Range(0, kConnectionAgeMaxSeconds))
      ->capture_default_str();
  access::HttpsLimits& issuers = order->server.sign_in.https;
  serve->add_option("--sign-in-ca", issuers.ca_file, "PEM file of the CA of OpenID Connect issuers (this machine's)");
  serve->add_flag("--sign-in-private", issuers.allow_private, "Issuers may be in a private network");
  serve->add_flag("--sign-in-loopback", issuers.allow_loopback,
                  "Issuers may be on this machine, there without TLS too");
  access::RateLimits& rates = order->server.rates;
  serve->add_option("--calls-per-second", rates.caller.per_second, "Of one token, after a burst; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  serve->add_option("--calls-per-second-and-source", rates.source.per_second, "Of one network; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  serve->add_flag("--behind-proxy", order->server.behind_proxy,
                  "Believe the x-forwarded-for that a proxy in front writes (never without one)");
  serve->add_option("--service", order->server.services,
                    absl::StrCat("Run only these: ", absl::StrJoin(ServiceNames(), ", ")));
  serve->callback([run, order] { *run = [order] { return Serve(*order); }; });

  CLI::App* migrate = app.add_subcommand("migrate", "Bring a database's schema up to date");
  migrate->footer("Example:\n  snowfield migrate --database \"host=db dbname=snowfield user=snowfield_owner\"");
  const auto database = std::make_shared<std::string>();
  const auto token_file = std::make_shared<std::string>();
  migrate->add_option("--database", *database, "libpq connection string of the schema's owner")
      ->envname(kOwnerDatabaseVariable)
      ->required();
  migrate->add_option("--operator-token-file", *token_file,
                      "Write an operator token here where there is none; - prints a new one, and nothing else");
  migrate->callback(
      [run, database, token_file] { *run = [database, token_file] { return Migrate(*database, *token_file); }; });
  AddDoctorVerb(app, run);
}

}  // namespace snowfield::server
