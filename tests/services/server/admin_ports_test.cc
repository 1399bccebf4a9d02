// What operators see: metrics over HTTP, and health, reflection and channelz on a port of their own; and the trace of a
// call in the log and in the answer.
#include "services/server/admin_ports.h"

#include <gmock/gmock.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "services/server/server.h"
#include "snowfield/canvass/v1/canvass.grpc.pb.h"
#include "tests/services/canvass/field.h"
#include "tests/support/http_get.h"

namespace snowfield::server {
namespace {
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kReflection[] = "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
constexpr char kHealth[] = "grpc.health.v1.Health/Check";
constexpr char kOfPhones[] = "snowfield.canvass.v1.CanvassService/ListMyWalkLists";
constexpr char kTraceId[] = "0af7651916cd43dd8448eb211c80319c";

class AdminPortsTest : public ::testing::Test {
 protected:
  void Start(const AdminOptions& admin) {
    auto server =
        Server::Start(&field_.database.pool(), {.listen = "127.0.0.1:0", .admin = admin, .services = {}}, field_.clock);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = ChannelTo(server_->port());
  }
  static std::shared_ptr<grpc::Channel> ChannelTo(int port) {
    return grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials());
  }
  // Whether the server has this RPC at all.
  static bool Offers(const std::shared_ptr<grpc::Channel>& channel, const std::string& rpc) {
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    grpc::CompletionQueue queue;
    grpc::ByteBuffer request(nullptr, 0), response;
    grpc::Status status;
    const auto call = stub.PrepareUnaryCall(&context, "/" + rpc, request, &queue);
    call->StartCall();
    call->Finish(&response, &status, &queue);
    void* tag = nullptr;
    bool ok = false;
    EXPECT_TRUE(queue.Next(&tag, &ok));
    EXPECT_NE(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
    return status.error_code() != grpc::StatusCode::UNIMPLEMENTED;
  }
  // The value of the series whose name with labels begins so; -1 where there is none.
  double Series(const std::string& begin) const {
    for (const absl::string_view line : absl::StrSplit(tests::HttpGet(server_->metrics_port(), "/metrics"), '\n')) {
      if (line.substr(0, begin.size()) != begin) continue;
      double value = -1;
      EXPECT_TRUE(absl::SimpleAtod(line.substr(line.rfind(' ') + 1), &value)) << line;
      return value;
    }
    return -1;
  }
  // Follow-ups are read from time to time only.
  double SeriesOnceRead(const std::string& begin, double wanted) const {
    for (int i = 0; i < 100 && Series(begin) != wanted; ++i) absl::SleepFor(absl::Milliseconds(50));
    return Series(begin);
  }

  tests::Field field_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(AdminPortsTest, CallsAreCountedByRpcAndCode) {
  Start({.metrics_listen = "127.0.0.1:0"});
  const std::string list = "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"ListMyWalkLists\"";
  const std::string refused = "grpc_server_handled_total{grpc_code=\"Unauthenticated\",grpc_method=\"ListMyWalkLists\"";
  EXPECT_EQ(Series(list), 0) << "there before the first call";
  const auto stub = canvass::v1::CanvassService::NewStub(channel_);
  for (const char* token : {field_.phone.c_str(), ""}) {
    canvass::v1::ListMyWalkListsResponse response;
    const auto context = field_.As(token);
    stub->ListMyWalkLists(context.get(), {}, &response);
  }
  EXPECT_EQ(Series(list), 1);
  EXPECT_EQ(Series(refused), 1);
  EXPECT_EQ(Series("grpc_server_handling_seconds_count{grpc_method=\"ListMyWalkLists\""), 2);
  EXPECT_GT(Series("snowfield_db_transactions_total"), 0);
  EXPECT_GE(Series("snowfield_db_connections_max"), 1);
}

TEST_F(AdminPortsTest, KnocksAreCountedByWhatBecameOfThem) {
  Start({.metrics_listen = "127.0.0.1:0"});
  field_.CheckOut(field_.phone);
  const auto stub = canvass::v1::CanvassService::NewStub(channel_);
  canvass::v1::SendKnocksRequest request;
  *request.add_knocks() = field_.AskKnock(0, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES);
  *request.add_knocks() = field_.Knock(1);
  for (int i = 0; i < 2; ++i) {
    canvass::v1::SendKnocksResponse response;
    const auto context = field_.As(field_.phone);
    const grpc::Status status = stub->SendKnocks(context.get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  EXPECT_EQ(Series("snowfield_knocks_total{outcome=\"accepted\"}"), 2);
  EXPECT_EQ(Series("snowfield_knocks_total{outcome=\"duplicate\"}"), 2);
  EXPECT_EQ(Series("snowfield_intake_batch_knocks_sum"), 4);
  EXPECT_EQ(Series("snowfield_intake_waiting_batches"), 0);
}

TEST_F(AdminPortsTest, WorkOfTheCampaignsIsRead) {
  field_.CheckOut(field_.phone);
  field_.Send({field_.AskKnock(0, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES)});
  field_.Execute("update follow_up set due_time = due_time - interval '10 days'");
  Start({.metrics_listen = "127.0.0.1:0"});
  EXPECT_EQ(SeriesOnceRead("snowfield_follow_ups_open", 1), 1);
  EXPECT_EQ(SeriesOnceRead("snowfield_follow_ups_overdue", 1), 1);
  EXPECT_GT(Series("snowfield_follow_up_oldest_overdue_seconds"), 86400);
  EXPECT_EQ(Series("snowfield_walk_lists_out"), 1);
  EXPECT_GE(Series("snowfield_phone_quietest_seconds"), 0);
  EXPECT_EQ(Series("snowfield_cuts_running"), 0);
  EXPECT_EQ(Series("snowfield_cut_progress_ratio"), 1);
}

TEST_F(AdminPortsTest, ReflectionAndChannelzStandOnTheAdminPort) {
  Start({.admin_listen = "127.0.0.1:0"});
  const auto admin = ChannelTo(server_->admin_port());
  EXPECT_TRUE(Offers(admin, "grpc.channelz.v1.Channelz/GetServers"));
  EXPECT_TRUE(Offers(admin, kReflection));
  EXPECT_TRUE(Offers(admin, kHealth));
  EXPECT_FALSE(Offers(admin, kOfPhones)) << "no way past the gate";
  EXPECT_TRUE(Offers(channel_, kOfPhones));
  EXPECT_TRUE(Offers(channel_, kHealth)) << "a probe has to reach the port of the services";
}

TEST_F(AdminPortsTest, AnAddressThatCannotBeIsRefused) {
  const auto start = [&](const AdminOptions& admin) {
    return base::DetailOf(
        Server::Start(&field_.database.pool(), {.listen = "127.0.0.1:0", .admin = admin, .services = {}}, field_.clock)
            .status());
  };
  EXPECT_EQ(start({.metrics_listen = "9000"}).reason, "LISTEN_INVALID");
  EXPECT_EQ(start({.metrics_listen = "9000"}).field, "--metrics-listen");
  EXPECT_EQ(start({.admin_listen = "9000"}).field, "--admin-listen");
  Start({.metrics_listen = "127.0.0.1:0", .admin_listen = "127.0.0.1:0"});
  const std::string taken = absl::StrCat("127.0.0.1:", server_->port());
  EXPECT_EQ(start({.metrics_listen = taken}).reason, "PORT_TAKEN");
  EXPECT_EQ(start({.admin_listen = taken}).reason, "PORT_TAKEN");
}

TEST_F(AdminPortsTest, ATraceGoesWithTheCallToTheLogAndTheAnswer) {
  Start({});
  base::SetLogLevel(base::LogLevel::kDebug);
  testing::internal::CaptureStderr();
  const auto stub = canvass::v1::CanvassService::NewStub(channel_);
  const auto call = [&](const std::string& token, const std::string& traceparent) {
    canvass::v1::ListMyWalkListsResponse response;
    const auto context = field_.As(token);
    if (!traceparent.empty()) context->AddMetadata("traceparent", traceparent);
    stub->ListMyWalkLists(context.get(), {}, &response);
    const auto& trailing = context->GetServerTrailingMetadata();
    const auto found = trailing.find("snowfield-trace");
    return found == trailing.end() ? "" : std::string(found->second.data(), found->second.size());
  };
  const std::string traceparent = absl::StrCat("00-", kTraceId, "-b7ad6b7169203331-01");
  EXPECT_EQ(call(field_.phone, traceparent), "") << "nothing went wrong";
  EXPECT_EQ(call("", traceparent), kTraceId) << "to ask about";
  const std::string given = call("", "00-Snowmark");
  const std::string log = testing::internal::GetCapturedStderr();
  base::SetLogLevel(base::LogLevel::kInfo);
  EXPECT_EQ(given.size(), sizeof(kTraceId) - 1) << given;
  EXPECT_THAT(log, HasSubstr(absl::StrCat("\"event\":\"rpc.served\",\"trace\":\"", kTraceId)));
  EXPECT_THAT(log, HasSubstr(absl::StrCat("\"event\":\"rpc.failed\",\"trace\":\"", kTraceId)));
  EXPECT_THAT(log, HasSubstr(absl::StrCat("\"event\":\"rpc.failed\",\"trace\":\"", given)));
  EXPECT_THAT(log, Not(HasSubstr("Snowmark")));
}

}  // namespace
}  // namespace snowfield::server
