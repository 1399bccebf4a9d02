#include "services/server/admin_ports.h"

#include <grpcpp/ext/channelz_service_plugin.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/server_builder.h>

#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::server {
namespace {
// Prometheus asks from one place every few seconds.
constexpr size_t kHttpThreads = 2;

absl::Status CheckAddress(const std::string& flag, const std::string& listen) {
  if (listen.find(':') != std::string::npos) return absl::OkStatus();
  return base::InvalidField(flag, "LISTEN_INVALID", "send HOST:PORT, as in 127.0.0.1:7312");
}

absl::Status PortTaken(const std::string& flag, const std::string& listen) {
  return base::Problem(
      absl::StatusCode::kUnavailable, "PORT_TAKEN", flag,
      absl::StrCat("can't listen on ", listen, ": another program has the port, or this machine has no such address"));
}
}  // namespace

absl::StatusOr<std::unique_ptr<AdminPorts>> AdminPorts::Open(
    const AdminOptions& options, std::vector<std::shared_ptr<prometheus::Collectable>> collectables) {
  std::unique_ptr<AdminPorts> ports(new AdminPorts());
  ports->collectables_ = std::move(collectables);
  if (!options.metrics_listen.empty()) SNOWFIELD_RETURN_IF_ERROR(ports->OpenMetrics(options.metrics_listen));
  if (!options.admin_listen.empty()) SNOWFIELD_RETURN_IF_ERROR(ports->OpenAdmin(options.admin_listen));
  return ports;
}

AdminPorts::~AdminPorts() {
  if (admin_ != nullptr) admin_->Shutdown(std::chrono::system_clock::now());
}

absl::Status AdminPorts::OpenMetrics(const std::string& listen) {
  constexpr char kFlag[] = "--metrics-listen";
  SNOWFIELD_RETURN_IF_ERROR(CheckAddress(kFlag, listen));
  try {
    exposer_ = std::make_unique<prometheus::Exposer>(listen, kHttpThreads);
  } catch (const std::exception&) {
    return PortTaken(kFlag, listen);
  }
  for (const auto& collectable : collectables_) exposer_->RegisterCollectable(collectable);
  return absl::OkStatus();
}

absl::Status AdminPorts::OpenAdmin(const std::string& listen) {
  constexpr char kFlag[] = "--admin-listen";
  SNOWFIELD_RETURN_IF_ERROR(CheckAddress(kFlag, listen));
  // Both are put into every server that is built from here on, so this one is built last.
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::channelz::experimental::InitChannelzService();
  grpc::ServerBuilder builder;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &admin_port_);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  admin_ = builder.BuildAndStart();
  if (admin_ == nullptr || admin_port_ == 0) return PortTaken(kFlag, listen);
  return absl::OkStatus();
}

int AdminPorts::metrics_port() const { return exposer_ == nullptr ? 0 : exposer_->GetListeningPorts().front(); }

}  // namespace snowfield::server
