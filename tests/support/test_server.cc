#include "tests/support/test_server.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/server_builder.h>

#include <chrono>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/access_store.h"
#include "db/store/follow_up_store.h"
#include "db/store/script_store.h"
#include "services/access/token.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "services/rpc/policy.h"

namespace snowfield::tests {
namespace {
// "Never" for a timestamptz that is also a protobuf timestamp.
const absl::Time kFar = absl::FromCivil(absl::CivilSecond(2200, 1, 1, 0, 0, 0), absl::UTCTimeZone());

// A test makes more calls in a second than anyone else; what limits do has a test of its own.
constexpr access::RateLimits kNoLimits = {.source = {}, .open = {}, .caller = {}, .heavy = {}};

db::Transaction Begin(TestDatabase& database, base::CampaignId campaign) {
  absl::StatusOr<db::Transaction> transaction = database.pool().Begin({.campaign = campaign});
  if (!transaction.ok()) ADD_FAILURE() << transaction.status();
  return *std::move(transaction);
}
}  // namespace

Services OneService(std::unique_ptr<grpc::Service> service) {
  Services services;
  services.push_back(std::move(service));
  return services;
}

TestServer::TestServer(TestDatabase& database, const std::vector<std::string>& names, const MakeServices& make,
                       const base::Clock& clock) {
  absl::StatusOr<rpc::PolicyTable> policies = rpc::PolicyTable::Read(names);
  if (!policies.ok()) ADD_FAILURE() << policies.status();
  gate_ = std::make_unique<access::Gate>(&database.pool(), *std::move(policies), clock,
                                         access::GateOptions{.rates = kNoLimits});
  services_ = make(*gate_);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.SetMaxReceiveMessageSize(rpc::kRequestBytesMax);
  builder.SetMaxSendMessageSize(rpc::kResponseBytesMax);
  for (const auto& service : services_) builder.RegisterService(service.get());
  server_ = builder.BuildAndStart();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(rpc::kResponseBytesMax);
  channel_ = grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), arguments);
}

TestServer::~TestServer() { Stop(); }

void TestServer::Stop() {
  if (server_ == nullptr) return;
  server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(2));
  server_->Wait();
  server_.reset();
}

std::string TestServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

std::unique_ptr<grpc::ClientContext> TestServer::As(const std::string& token, absl::Duration time) const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(time));
  if (!token.empty()) context->AddMetadata("authorization", absl::StrCat("Bearer ", token));
  return context;
}

TestCampaign MakeCampaign(TestDatabase& database, int span) {
  TestCampaign made;
  {
    db::Transaction transaction = Begin(database, base::CampaignId());
    const auto id = db::NextCampaignId(transaction);
    EXPECT_TRUE(id.ok()) << id.status();
    made.campaign = *id;
  }
  db::Transaction transaction = Begin(database, made.campaign);
  const auto owner = db::CreateCampaign(transaction, {.name = "Test", .span = span, .owner_name = "Owner"});
  EXPECT_TRUE(owner.ok()) << owner.status();
  made.owner = *owner;
  EXPECT_TRUE(db::InstallDefaultRules(transaction).ok());
  EXPECT_TRUE(db::InstallDefaultScript(transaction).ok());
  EXPECT_TRUE(transaction.Commit().ok());
  made.owner_token = MakeToken(database, made.campaign, made.owner);
  return made;
}

std::string MakeToken(TestDatabase& database, base::CampaignId campaign, base::MemberId member, base::PhoneId phone,
                      absl::Time expire_time) {
  const access::NewSecret secret =
      access::NewToken(phone ? access::TokenKind::kPhone : access::TokenKind::kMember, campaign);
  db::Transaction transaction = Begin(database, campaign);
  const auto token = db::InsertToken(
      transaction, {.hash = secret.hash, .member = member, .phone = phone, .expire_time = std::min(expire_time, kFar)});
  EXPECT_TRUE(token.ok()) << token.status();
  EXPECT_TRUE(transaction.Commit().ok());
  return secret.text;
}

std::string ReasonOf(const grpc::Status& status) { return base::DetailOf(rpc::FromGrpcStatus(status)).reason; }

std::string FieldOf(const grpc::Status& status) { return base::DetailOf(rpc::FromGrpcStatus(status)).field; }

}  // namespace snowfield::tests
