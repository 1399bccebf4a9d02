#include "services/server/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "grpc/health/v1/health.pb.h"
#include "services/access/access_service.h"
#include "services/access/audit_sealer.h"
#include "services/access/call_metrics.h"
#include "services/access/gate.h"
#include "services/access/sign_in/sign_in.h"
#include "services/canvass/canvass_service.h"
#include "services/canvass/ingest.h"
#include "services/canvass/report_service.h"
#include "services/canvass/review_service.h"
#include "services/canvass/script_service.h"
#include "services/followup/follow_up_work.h"
#include "services/followup/followup_service.h"
#include "services/organizing/organizing_service.h"
#include "services/organizing/organizing_work.h"
#include "services/paper/paper_service.h"
#include "services/rpc/draining.h"
#include "services/rpc/limits.h"
#include "services/rpc/policy.h"
#include "services/server/admin_ports.h"
#include "services/server/campaign_gauges.h"
#include "services/server/pool_collector.h"
#include "services/territory/territory_service.h"
#include "services/turf/edit_turfs.h"
#include "services/turf/turf_service.h"

namespace snowfield::server {
namespace {

struct Parts {
  const access::Gate& gate;
  db::Pool* pool;
  const base::Clock& clock;
  const rpc::Draining& draining;
  const access::HttpsLimits& issuers;
  prometheus::Registry& metrics;
  turf::TurfEditor* editor;  // one for all: it keeps maps in memory
};

struct ServiceMaker {
  const char* name;       // short
  const char* full_name;  // of the proto
  std::unique_ptr<grpc::Service> (*make)(const Parts& parts);
};

constexpr ServiceMaker kServices[] = {
    {"access", "snowfield.access.v1.AccessService",
     [](const Parts& parts) -> std::unique_ptr<grpc::Service> {
       return std::make_unique<access::AccessService>(parts.gate, parts.pool, parts.clock, parts.issuers);
     }},
    {"territory", "snowfield.territory.v1.TerritoryService",
     [](const Parts& parts) -> std::unique_ptr<grpc::Service> {
       return std::make_unique<territory::TerritoryService>(parts.gate, parts.pool);
     }},
    {"turf", "snowfield.turf.v1.TurfService",
     [](const Parts& parts) -> std::unique_ptr<grpc::Service> {
       return std::make_unique<turf::TurfService>(parts.gate, parts.pool, parts.editor);
     }},
    {"organizing", "snowfield.organizing.v1.OrganizingService",
     [](const Parts& parts) -> std::unique_ptr<grpc::Service> {
       return std::make_unique<organizing::OrganizingService>(parts.gate, parts.pool, parts.clock);
     }},
    {"canvass", "snowfield.canvass.v1.CanvassService",
     [](const Parts& parts) -> std::unique_ptr<grpc::Service> {
       return std::make_unique<canvass::CanvassService>(parts.gate, parts.pool, parts.clock, parts.metrics,
                                                        parts.draining);
     }},
    {"review", "snowfield.canvass.v1.ReviewService",
     [](const Parts& parts) -> std::unique_ptr<grpc::Service> {
       return std::make_unique<canvass::ReviewService>(
           parts.gate, parts.pool, parts.clock,
           [editor = parts.editor](const access::Call& call, const canvass::DoorAside& door) {
             return editor->PutBack(call, door.cut, door.door, door.edit);
           });
     }},
    {"paper", "snowfield.paper.v1.PaperService",
     [](const Parts& parts) -> std::unique_ptr<grpc::Service> {
       return std::make_unique<paper::PaperService>(parts.gate, parts.pool, parts.clock, canvass::IngestPaper);
     }},
    {"script", "snowfield.canvass.v1.ScriptService",
     [](const Parts& parts) -> std::unique_ptr<grpc::Service> {
       return std::make_unique<canvass::ScriptService>(parts.gate, parts.pool);
     }},
    {"report", "snowfield.canvass.v1.ReportService",
     [](const Parts& parts) -> std::unique_ptr<grpc::Service> {
       return std::make_unique<canvass::ReportService>(parts.gate, parts.pool, parts.clock);
     }},
    {"followup", "snowfield.followup.v1.FollowUpService",
     [](const Parts& parts) -> std::unique_ptr<grpc::Service> {
       return std::make_unique<followup::FollowUpService>(parts.gate, parts.pool, parts.clock, parts.draining);
     }},
};

// Whose background work runs where the service does.
constexpr std::string_view kOrganizing = "organizing";
constexpr std::string_view kFollowup = "followup";

absl::StatusOr<std::vector<const ServiceMaker*>> Choose(const std::vector<std::string>& names) {
  std::vector<const ServiceMaker*> chosen;
  for (const ServiceMaker& service : kServices) {
    if (names.empty() || std::find(names.begin(), names.end(), service.name) != names.end()) chosen.push_back(&service);
  }
  if (names.empty() || chosen.size() == names.size()) return chosen;
  return base::InvalidField("--service", "SERVICE_UNKNOWN",
                            absl::StrCat("choose each once among ", absl::StrJoin(ServiceNames(), ", ")));
}

bool IsLoopback(absl::string_view listen) {
  return absl::StartsWith(listen, "127.") || absl::StartsWith(listen, "localhost:") ||
         absl::StartsWith(listen, "[::1]:") || absl::StartsWith(listen, "unix:");
}

absl::Status CheckListen(const ServerOptions& options) {
  const bool has_port = absl::StartsWith(options.listen, "unix:") || options.listen.find(':') != std::string::npos;
  if (!has_port) return base::InvalidField("--listen", "LISTEN_INVALID", "send HOST:PORT, as in 127.0.0.1:7311");
  if (options.tls.IsOn()) return CheckTlsFiles(options.tls);
  if (IsLoopback(options.listen) || options.plain_text_off_loopback) return absl::OkStatus();
  return base::NotNow("PLAIN_TEXT_OFF_LOOPBACK",
                      absl::StrCat(options.listen,
                                   " is reachable from other machines, and this server would speak plain text: give it "
                                   "--tls-certificate and --tls-key, listen on 127.0.0.1 behind a proxy with TLS, or "
                                   "say --plain-text-off-loopback"));
}

class RunningServer : public Server {
 public:
  RunningServer(db::Pool* pool, rpc::PolicyTable policies, const base::Clock& clock, const ServerOptions& options)
      : call_metrics_(*registry_, policies),
        sealer_(pool),
        sign_in_(pool, clock, options.sign_in),
        gate_(pool, std::move(policies), clock,
              {.on_served = [this](base::CampaignId campaign) { sealer_.Note(campaign); },
               .sign_in = &sign_in_,
               .rates = options.rates,
               .metrics = &call_metrics_,
               .behind_proxy = options.behind_proxy}),
        pool_(pool),
        clock_(clock),
        editor_(pool, std::max(1, static_cast<int>(std::thread::hardware_concurrency()))) {}
  ~RunningServer() override { Stop(); }

  absl::Status Listen(const ServerOptions& options, const std::vector<const ServiceMaker*>& chosen) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(options.listen,
                             options.tls.IsOn() ? ServerCredentialsOf(options.tls) : grpc::InsecureServerCredentials(),
                             &port_);
    builder.SetMaxReceiveMessageSize(rpc::kRequestBytesMax);
    builder.SetMaxSendMessageSize(rpc::kResponseBytesMax);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, rpc::kMetadataBytesMax);
    // A second server on the same port is told so, and does not silently share it.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    if (options.connection_age_seconds > 0) {
      builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, options.connection_age_seconds * 1000);
      builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                                 static_cast<int>(absl::ToInt64Milliseconds(kConnectionGrace)));
    }
    grpc::ResourceQuota quota("snowfield");
    quota.SetMaxThreads(rpc::kServerThreadsMax);
    builder.SetResourceQuota(quota);
    for (const ServiceMaker* service : chosen) {
      services_.push_back(service->make({gate_, pool_, clock_, draining_, sign_in_.limits(), *registry_, &editor_}));
      builder.RegisterService(services_.back().get());
      if (service->name == kOrganizing) organizing_work_ = std::make_unique<organizing::OrganizingWork>(pool_, clock_);
      if (service->name == kFollowup) follow_up_work_ = std::make_unique<followup::FollowUpWork>(pool_, clock_);
    }
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) {
      return base::Problem(absl::StatusCode::kUnavailable, "PORT_TAKEN", "--listen",
                           absl::StrCat("can't listen on ", options.listen,
                                        ": another program has the port; stop it or choose another with --listen"));
    }
    if (!options.admin.metrics_listen.empty()) gauges_ = std::make_unique<CampaignGauges>(pool_, clock_, *registry_);
    SNOWFIELD_ASSIGN_OR_RETURN(admin_ports_,
                               AdminPorts::Open(options.admin, {registry_, std::make_shared<PoolCollector>(pool_)}));
    return absl::OkStatus();
  }

  int port() const override { return port_; }
  int metrics_port() const override { return admin_ports_->metrics_port(); }
  int admin_port() const override { return admin_ports_->admin_port(); }

  void Stop() override {
    const std::lock_guard lock(stop_mutex_);
    if (server_ == nullptr) return;
    draining_.Begin();
    server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoSeconds(kDrainTime));
    server_->Wait();
    server_.reset();
    services_.clear();
    organizing_work_.reset();
    follow_up_work_.reset();
  }

 private:
  const std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  const access::CallMetrics call_metrics_;
  access::AuditSealer sealer_;
  access::SignIn sign_in_;
  const access::Gate gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
  rpc::Draining draining_;
  turf::TurfEditor editor_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<organizing::OrganizingWork> organizing_work_;
  std::unique_ptr<followup::FollowUpWork> follow_up_work_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<CampaignGauges> gauges_;
  std::unique_ptr<AdminPorts> admin_ports_;
  std::mutex stop_mutex_;
  int port_ = 0;
};

}  // namespace

std::vector<std::string> ServiceNames() {
  std::vector<std::string> names;
  for (const ServiceMaker& service : kServices) names.emplace_back(service.name);
  return names;
}

std::vector<std::string> ServiceFullNames() {
  std::vector<std::string> names;
  for (const ServiceMaker& service : kServices) names.emplace_back(service.full_name);
  return names;
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(db::Pool* pool, const ServerOptions& options,
                                                      const base::Clock& clock) {
  SNOWFIELD_RETURN_IF_ERROR(CheckListen(options));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto chosen, Choose(options.services));
  std::vector<std::string> full_names;
  for (const ServiceMaker* service : chosen) full_names.emplace_back(service->full_name);
  SNOWFIELD_ASSIGN_OR_RETURN(rpc::PolicyTable policies, rpc::PolicyTable::Read(full_names));
  if (options.admin.admin_listen.empty()) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::EnableDefaultHealthCheckService(true);
  // Links the description of the health service in, for reflection.
  grpc::health::v1::HealthCheckRequest::descriptor();
  auto server = std::make_unique<RunningServer>(pool, std::move(policies), clock, options);
  SNOWFIELD_RETURN_IF_ERROR(server->Listen(options, chosen));
  return server;
}

}  // namespace snowfield::server
