// Limits that hold for every RPC: pages, sizes, rates.
#include "services/rpc/limits.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/retry_delay.h"
#include "services/rpc/grpc_status.h"
#include "services/server/server.h"
#include "snowfield/access/v1/access.grpc.pb.h"
#include "tests/services/server/access_matrix.h"
#include "tests/services/server/matrix_campaign.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace snowfield::server {
namespace {
using google::protobuf::Message;
using tests::CallerKind;

// Who of the row is answered: the owner, or the canvasser's phone.
CallerKind WhoMay(const tests::MatrixRow& row) {
  std::string letters(row.outcomes);
  letters.erase(std::remove(letters.begin(), letters.end(), ' '), letters.end());
  const auto owner = static_cast<size_t>(CallerKind::kOwner);
  return letters[owner] == 'A' || letters[owner] == 'E' ? CallerKind::kOwner : CallerKind::kCanvasser;
}

TEST(Limits, EveryPageIsBounded) {
  tests::MatrixCampaign campaign;
  int paged = 0;
  for (const tests::MatrixRow& row : tests::AccessMatrix()) {
    const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
        absl::StrCat("snowfield.", std::string(row.method)));
    ASSERT_NE(method, nullptr) << row.method;
    const auto* field = method->input_type()->FindFieldByName("page_size");
    if (field == nullptr) continue;
    ++paged;
    for (const int32_t size : {rpc::kPageSizeMax + 1, -1}) {
      const tests::RawAnswer answer = campaign.Call(row.method, row.request, WhoMay(row), [&](Message& request) {
        request.GetReflection()->SetInt32(&request, field, size);
      });
      EXPECT_EQ(tests::ReasonOf(answer.status), "PAGE_SIZE_OUT_OF_RANGE") << row.method << " with " << size;
    }
  }
  EXPECT_GT(paged, 15);
}

TEST(Limits, EveryListThatGrowsIsPagedOrStreamed) {
  for (const std::string& name : ServiceFullNames()) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      if (method.name().rfind("List", 0) != 0) continue;
      EXPECT_NE(method.input_type()->FindFieldByName("page_size"), nullptr) << method.full_name();
    }
  }
}

TEST(Limits, TheEdgeLetsStreamsOfAnyLengthIn) {
  std::ifstream file(absl::StrCat(SNOWFIELD_SOURCE_DIR, "/helm/snowfield/files/nginx.conf.template"));
  const std::string edge{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  int streams = 0;
  for (const std::string& name : ServiceFullNames()) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      if (!method.client_streaming()) continue;
      ++streams;
      const std::string location =
          absl::StrCat("location = /", name, "/", method.name(), " {\n      client_max_body_size 0;");
      EXPECT_NE(edge.find(location), std::string::npos) << method.full_name();
    }
  }
  EXPECT_GE(streams, 2);
}

class LimitedServer : public ::testing::Test {
 protected:
  LimitedServer() : campaign_(tests::MakeCampaign(database_)) {}
  void Start(const access::RateLimits& rates) {
    auto server = Server::Start(
        &database_.pool(), {.listen = "127.0.0.1:0", .rates = rates, .behind_proxy = true, .services = {"access"}});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = access::v1::AccessService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }
  grpc::Status WhoAmI(const std::string& token) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    context.AddMetadata("x-forwarded-for", forwarded_for_);
    access::v1::WhoAmIResponse who;
    return stub_->WhoAmI(&context, {}, &who);
  }
  // Calls until one is refused; how many were not.
  int CallsUntilRefused(const std::string& token, const std::string& reason) {
    for (int i = 0; i < 100; ++i) {
      const std::string got = tests::ReasonOf(WhoAmI(token));
      if (got == "RATE_LIMITED") return i;
      EXPECT_EQ(got, reason);
    }
    return 100;
  }

  tests::TestDatabase database_;
  tests::TestCampaign campaign_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<access::v1::AccessService::Stub> stub_;
  std::string forwarded_for_ = "192.0.2.7";
};

TEST_F(LimitedServer, OneTokenIsToldToWaitAndForHowLong) {
  Start({.source = {}, .open = {}, .caller = {.per_second = 0.1, .burst = 5}, .heavy = {}});
  EXPECT_EQ(CallsUntilRefused(campaign_.owner_token, ""), 5);
  const grpc::Status refused = WhoAmI(campaign_.owner_token);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  const auto delay = base::RetryDelayOf(rpc::FromGrpcStatus(refused));
  ASSERT_TRUE(delay.has_value());
  EXPECT_GT(*delay, absl::Seconds(1));
  EXPECT_LE(*delay, absl::Seconds(10));
  const std::string other =
      tests::MakeToken(database_, campaign_.campaign, campaign_.owner, base::PhoneId(), absl::Now() + absl::Hours(1));
  EXPECT_EQ(tests::ReasonOf(WhoAmI(other)), "RATE_LIMITED") << "another token of the same member is no way round it";
  const tests::TestCampaign elsewhere = tests::MakeCampaign(database_);
  EXPECT_TRUE(WhoAmI(elsewhere.owner_token).ok()) << "others are not held up";
}

TEST_F(LimitedServer, WhoeverTriesTokensIsToldToWait) {
  Start({.source = {}, .open = {.per_second = 0.1, .burst = 5}, .caller = {}, .heavy = {}});
  EXPECT_EQ(CallsUntilRefused("sft_1_wrong", "TOKEN_UNKNOWN"), 5);
  forwarded_for_ = "192.0.2.8";
  EXPECT_EQ(CallsUntilRefused("sft_1_wrong", "TOKEN_UNKNOWN"), 5) << "another network has its own count";
}

TEST_F(LimitedServer, AGoodTokenIsNotCountedAmongTheBad) {
  Start({.source = {}, .open = {.per_second = 0.1, .burst = 5}, .caller = {}, .heavy = {}});
  EXPECT_EQ(CallsUntilRefused(campaign_.owner_token, ""), 100);
}

TEST_F(LimitedServer, OneNetworkIsToldToWait) {
  Start({.source = {.per_second = 0.1, .burst = 7}, .open = {}, .caller = {}, .heavy = {}});
  EXPECT_EQ(CallsUntilRefused(campaign_.owner_token, ""), 7);
}

TEST_F(LimitedServer, ARequestThatIsTooLargeIsRefused) {
  Start({});
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + campaign_.owner_token);
  access::v1::CreateTokenRequest request;
  request.set_label(std::string(rpc::kRequestBytesMax + 1, 'x'));
  access::v1::CreateTokenResponse response;
  EXPECT_EQ(stub_->CreateToken(&context, request, &response).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(Limits, APhoneThatCatchesUpIsNotHeldUp) {
  // 300 batches one after the other, far more than a day's walk, by the limits that hold unless told otherwise.
  tests::MatrixCampaign campaign;
  for (int i = 0; i < 300; ++i) {
    const tests::RawAnswer answer =
        campaign.Call("canvass.v1.CanvassService.SendKnocks",
                      "knocks { knock_id: '$uuid' door_id: $door list_number: '$list' result: KNOCK_RESULT_NOT_HOME"
                      " phone_time { seconds: $now } running_number: 7 }",
                      CallerKind::kCanvasser);
    ASSERT_TRUE(answer.status.ok()) << i << " " << answer.status.error_message();
  }
}

TEST(ConnectionAge, AnOldConnectionIsLeftForANewOneAndNoCallFails) {
  tests::TestDatabase database;
  const tests::TestCampaign campaign = tests::MakeCampaign(database);
  const auto server =
      Server::Start(&database.pool(), {.listen = "127.0.0.1:0", .connection_age_seconds = 1, .services = {"access"}});
  ASSERT_TRUE(server.ok()) << server.status();
  const auto channel =
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", (*server)->port()), grpc::InsecureChannelCredentials());
  const auto stub = access::v1::AccessService::NewStub(channel);
  int connections = 0;
  grpc_connectivity_state last = GRPC_CHANNEL_IDLE;
  for (const absl::Time end = absl::Now() + absl::Seconds(20); connections < 3 && absl::Now() < end;) {
    const grpc_connectivity_state state = channel->GetState(false);
    if (state == GRPC_CHANNEL_READY && last != GRPC_CHANNEL_READY) ++connections;
    last = state;
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + campaign.owner_token);
    context.set_wait_for_ready(true);
    access::v1::WhoAmIResponse who;
    const grpc::Status status = stub->WhoAmI(&context, {}, &who);
    ASSERT_TRUE(status.ok()) << status.error_message();
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_EQ(connections, 3) << "the server let a connection grow older than a second";
}

}  // namespace
}  // namespace snowfield::server
