#include "services/cli/probe_verb.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace snowfield::cli {
namespace {

constexpr int kTimeoutDefault_s = 5;
constexpr int kTimeoutMax_s = 60;

struct ProbeOrder {
  std::string service;
  int timeout_s = kTimeoutDefault_s;
};

// A connection of its own: the listener of gRPC 1.51 that was once out of file descriptors accepts nobody any more
// (CVE-2023-4785), while calls on old connections go on.
absl::Status Probe(const Session& session, const ProbeOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::OpenPublic(session));
  grpc::ClientContext context;
  client.Prepare(context, absl::Seconds(order.timeout_s));
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(order.service);
  grpc::health::v1::HealthCheckResponse response;
  const grpc::Status status = grpc::health::v1::Health::NewStub(client.channel())->Check(&context, request, &response);
  const bool serving = status.ok() && response.status() == grpc::health::v1::HealthCheckResponse::SERVING;
  if (!serving) {
    return base::Problem(absl::StatusCode::kUnavailable, "PROBE_FAILED", "",
                         absl::StrCat(client.address(), " does not serve within ", order.timeout_s,
                                      " s: restart it, and look at its log"));
  }
  if (!session.json) std::printf("%s serves\n", client.address().c_str());
  return absl::OkStatus();
}

}  // namespace

void AddProbeVerb(CLI::App& app, Session& session) {
  CLI::App* probe = app.add_subcommand("probe", "Whether the server serves, over a connection of its own");
  probe->footer(
      "Ends with 0 where it does, else with 1. For liveness probes and service managers.\n"
      "Example:\n  snowfield probe --address 127.0.0.1:7311 --timeout 3");
  const auto order = std::make_shared<ProbeOrder>();
  probe->add_option("--service", order->service, "One service's full name; all of them unless given");
  probe->add_option("--timeout", order->timeout_s, "Seconds, 1 to 60 (5)")->check(CLI::Range(1, kTimeoutMax_s));
  probe->callback([&session, order] { session.run = [&session, order] { return Probe(session, *order); }; });
}

}  // namespace snowfield::cli
