// TestServer: real services on a real gRPC port of loopback, on a test database, with real clients.
//
//   TestDatabase database;
//   TestServer server(database, {"snowfield.turf.v1.TurfService"}, [&](const access::Gate& gate) {
//     return OneService(std::make_unique<turf::TurfService>(gate, &database.pool()));
//   });
//   const TestCampaign campaign = MakeCampaign(database);
//   auto stub = turf::v1::TurfService::NewStub(server.channel());
//   auto context = server.As(campaign.owner_token);
//   grpc::Status status = stub->GetCut(context.get(), request, &response);
//
// Thread safety: construct and destroy on one thread; channels and contexts as gRPC says.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/clock.h"
#include "base/ids.h"
#include "services/access/gate.h"
#include "tests/support/test_database.h"

namespace snowfield::tests {

using Services = std::vector<std::unique_ptr<grpc::Service>>;
using MakeServices = std::function<Services(const access::Gate&)>;

Services OneService(std::unique_ptr<grpc::Service> service);

class TestServer {
 public:
  // `names` are the full names of the services that `make` makes; their policies hold.
  TestServer(TestDatabase& database, const std::vector<std::string>& names, const MakeServices& make,
             const base::Clock& clock = base::Clock::System());
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  // Ends it as a server ends: running calls may finish, new ones fail. Repeating it does no harm.
  void Stop();

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  std::string address() const;
  // A context for one call with this token and a deadline; no token where it is empty.
  std::unique_ptr<grpc::ClientContext> As(const std::string& token, absl::Duration time = absl::Seconds(30)) const;

 private:
  std::unique_ptr<access::Gate> gate_;
  Services services_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  int port_ = 0;
};

struct TestCampaign {
  base::CampaignId campaign;
  base::MemberId owner;
  std::string owner_token;
};
// A campaign as CreateCampaign makes it: with owner, default rules and default script.
TestCampaign MakeCampaign(TestDatabase& database, int span = 8);

// A token for a member or, with `phone`, for their phone. It never expires within a test unless told so.
std::string MakeToken(TestDatabase& database, base::CampaignId campaign, base::MemberId member,
                      base::PhoneId phone = base::PhoneId(), absl::Time expire_time = absl::InfiniteFuture());

// The reason and the field of an error that came over the wire.
std::string ReasonOf(const grpc::Status& status);
std::string FieldOf(const grpc::Status& status);

}  // namespace snowfield::tests
