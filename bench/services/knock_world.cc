#include "bench/services/knock_world.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "db/migrate/migrate.h"
#include "db/pg/connection.h"

namespace snowfield::bench {
namespace {
constexpr absl::Duration kStatementTime = absl::Minutes(10);
}  // namespace

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

void Require(const grpc::Status& status) {
  if (!status.ok()) Require(absl::InternalError(status.error_message()));
}

KnockWorld::KnockWorld(int list_count) : postgres_(Require(db::StartEmbedded({.data_folder = folder_.path()}))) {
  Require(db::Migrate(postgres_->ConnectionString()).status());
  const std::string superuser = postgres_->SuperuserConnectionString("snowfield");
  superuser_ = Require(db::Pool::Open({.connection_string = superuser, .role = "", .connection_count_max = 16}));
  pool_ = Require(db::Pool::Open({.connection_string = postgres_->ConnectionString(), .connection_count_max = 16}));
  ground_ = std::make_unique<tests::KnockGround>(superuser, list_count);
  server::ServerOptions options;
  options.listen = "127.0.0.1:0";
  // What is measured is the data path, not what one caller is held to.
  options.rates = {.source = {}, .open = {}, .caller = {}, .heavy = {}};
  server_ = Require(server::Server::Start(pool_.get(), options));
}

void KnockWorld::Analyze() {
  const auto connection =
      Require(db::Connection::Open({.connection_string = postgres_->SuperuserConnectionString("snowfield")}));
  Require(connection->RunScript("analyze", {.deadline = absl::Now() + kStatementTime}).status());
}

int64_t KnockWorld::Number(const std::string& sql) {
  static int count = 0;
  // Names and texts of statements live for ever.
  auto* name = new std::string(absl::StrCat("knock_bench.", ++count));
  auto* text = new std::string(sql);
  db::Transaction transaction = Require(superuser_->Begin({.campaign = campaign()}));
  return Require(transaction.Run({name->c_str(), text->c_str()}))[0].Int64(0);
}

std::shared_ptr<grpc::Channel> KnockWorld::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // its own connection
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials(),
                                   arguments);
}

std::unique_ptr<grpc::ClientContext> KnockWorld::As(const GroundPhone& phone) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  context->AddMetadata("authorization", absl::StrCat("Bearer ", phone.token));
  return context;
}

}  // namespace snowfield::bench
