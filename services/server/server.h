// Server: all services on one port. The only place that knows them all.
//
// Health is on, for it is this port that a probe has to reach, and reflection, so that grpcurl works, unless there is
// an admin port for it (services/server/admin_ports.h). Plain text is served on loopback only, unless told otherwise;
// TLS anywhere (services/server/tls.h). Put nginx in front of anything public (docs/architecture.md). Invariants: an
// RPC that states no policy keeps the server from starting. Thread safety: Start(), then any number of RPCs; Stop()
// from one thread. The pool must outlive the server.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/rate_limiter.h"
#include "services/access/sign_in/sign_in.h"
#include "services/server/admin_ports.h"
#include "services/server/tls.h"

namespace snowfield::server {

// Running calls get this long when the server stops.
inline constexpr absl::Duration kDrainTime = absl::Seconds(10);
// The calls of a connection that is asked to come anew get this long: longer than any deadline.
inline constexpr absl::Duration kConnectionGrace = absl::Minutes(6);

struct ServerOptions {
  // HOST:PORT; port 0 takes a free one. Hosts off loopback need TLS or plain_text_off_loopback.
  std::string listen = "127.0.0.1:7311";
  bool plain_text_off_loopback = false;
  TlsFiles tls = {};
  access::SignInOptions sign_in = {};
  access::RateLimits rates = {};
  // Behind a proxy that writes x-forwarded-for, by which callers are then told apart.
  bool behind_proxy = false;
  // A connection this old is asked to come anew (give or take a tenth); its running calls end first. 0: never.
  int connection_age_seconds = 0;
  // Reflection stands on the admin port where there is one, and else beside the services.
  AdminOptions admin = {};
  // Short names ("turf", "canvass"); none means all.
  std::vector<std::string> services;
};

// The short names of all services, in the order in which they are registered.
std::vector<std::string> ServiceNames();
// Their names in the proto: "snowfield.turf.v1.TurfService".
std::vector<std::string> ServiceFullNames();

class Server {
 public:
  // INVALID_ARGUMENT for a listen address or service name that can't be; FAILED_PRECONDITION where plain text would
  // leave this machine; UNAVAILABLE where the port is taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(db::Pool* pool, const ServerOptions& options,
                                                       const base::Clock& clock = base::Clock::System());
  virtual ~Server() = default;

  // The port it listens on.
  virtual int port() const = 0;
  // Those for operators; 0 where there is none.
  virtual int metrics_port() const = 0;
  virtual int admin_port() const = 0;
  // Lets running calls end within kDrainTime, then ends them. Repeating it does no harm.
  virtual void Stop() = 0;
};

}  // namespace snowfield::server
