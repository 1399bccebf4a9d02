// AdminPorts: what operators read and clients have no business with, on ports of its own.
//
// Metrics for Prometheus over HTTP at /metrics; health, reflection and channelz over gRPC. Neither asks who reads:
// metrics name no campaign and no person, channelz tells the network addresses of clients. So listen on loopback, or
// where a network policy keeps others out.
// Thread safety: made and destroyed by one thread. The collectables are kept alive by it.
#pragma once

#include <grpcpp/server.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace snowfield::server {

struct AdminOptions {
  std::string metrics_listen = {};  // HOST:PORT for HTTP, port 0 takes a free one; empty: none
  std::string admin_listen = {};    // HOST:PORT for gRPC; empty: none
};

class AdminPorts {
 public:
  // INVALID_ARGUMENT for an address that can't be; UNAVAILABLE with reason PORT_TAKEN.
  static absl::StatusOr<std::unique_ptr<AdminPorts>> Open(
      const AdminOptions& options, std::vector<std::shared_ptr<prometheus::Collectable>> collectables);
  ~AdminPorts();

  // The ports that it listens on; 0 where there is none.
  int metrics_port() const;
  int admin_port() const { return admin_port_; }

 private:
  AdminPorts() = default;
  absl::Status OpenMetrics(const std::string& listen);
  absl::Status OpenAdmin(const std::string& listen);

  std::vector<std::shared_ptr<prometheus::Collectable>> collectables_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  std::unique_ptr<grpc::Server> admin_;
  int admin_port_ = 0;
};

}  // namespace snowfield::server
