// Gate: the one way into every RPC. It finds the RPC's policy, the caller behind the token, and refuses what is not
// allowed; then it runs the method's body and turns its status into gRPC's.
//
//   grpc::Status TurfService::GetCut(grpc::ServerContext* context, const v1::GetCutRequest* request,
//                                    v1::GetCutResponse* response) {
//     return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
//       SNOWFIELD_ASSIGN_OR_RETURN(*response->mutable_cut(), cuts_.Get(call, base::CutId(request->cut_id())));
//       return absl::OkStatus();
//     });
//   }
//
// Thread safety: Serve() from any thread. The pool must outlive the gate.
#pragma once

#include <grpcpp/server_context.h>

#include <exception>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/status.h"
#include "base/trace.h"
#include "db/pg/pool.h"
#include "services/access/call_metrics.h"
#include "services/access/caller.h"
#include "services/access/rate_limiter.h"
#include "services/access/sign_in/sign_in.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/policy.h"

namespace snowfield::access {

struct GateOptions {
  // Told after each call of a campaign, whatever came of it: there may be audit entries to seal.
  std::function<void(base::CampaignId campaign)> on_served = nullptr;
  // Takes ID tokens; none: they are refused. Must outlive the gate.
  SignIn* sign_in = nullptr;
  RateLimits rates = {};
  // Counts each call; none: they are not counted. Must outlive the gate.
  const CallMetrics* metrics = nullptr;
  // Calls come through a proxy that writes x-forwarded-for: only then is the header believed.
  bool behind_proxy = false;
};

class Gate {
 public:
  Gate(db::Pool* pool, rpc::PolicyTable policies, const base::Clock& clock, const GateOptions& options = {})
      : pool_(pool), policies_(std::move(policies)), clock_(clock), options_(options) {}

  // Admits a call by the type of its request and its `authorization` metadata, then runs `body` (a callable from
  // const Call& to absl::Status). UNAUTHENTICATED: TOKEN_MISSING, TOKEN_UNKNOWN, TOKEN_EXPIRED, TOKEN_REVOKED.
  // PERMISSION_DENIED: PERMISSION_MISSING, SCOPE_MISSING. RESOURCE_EXHAUSTED: RATE_LIMITED. ID tokens of OpenID Connect
  // have reasons of their own (services/access/sign_in). For a client stream the request is the type of its messages.
  template <typename Request, typename Body>
  grpc::Status Serve(grpc::ServerContext& context, const Request& request, Body body) const {
    (void)request;
    return Serve<Request>(context, body);
  }
  template <typename Request, typename Body>
  grpc::Status Serve(grpc::ServerContext& context, Body body) const {
    const base::TraceScope trace(TraceOf(context));
    const absl::Time start = absl::Now();
    const rpc::MethodRule* rule = policies_.Find(*Request::descriptor());
    const absl::Status status = Run(context, rule, body);
    if (rule != nullptr) Note(context, *rule, status, absl::Now() - start);
    return rpc::ToGrpcStatus(status);
  }

 private:
  template <typename Body>
  absl::Status Run(grpc::ServerContext& context, const rpc::MethodRule* rule, Body& body) const {
    SNOWFIELD_ASSIGN_OR_RETURN(const Call call, Admit(context, rule));
    absl::Status status;
    try {
      status = body(call);
    } catch (const std::exception&) {
      // No exception should get here; one that does must not end the server.
      status = absl::InternalError("exception");
    }
    if (call.caller.campaign && options_.on_served) options_.on_served(call.caller.campaign);
    return status;
  }

  absl::StatusOr<Call> Admit(grpc::ServerContext& context, const rpc::MethodRule* rule) const;
  absl::StatusOr<Caller> FindCaller(const grpc::ServerContext& context, absl::Time deadline) const;
  absl::StatusOr<Caller> FindTokenOwner(const std::string& token, absl::Time deadline) const;
  absl::StatusOr<Caller> SignInCaller(const grpc::ServerContext& context, const std::string& token,
                                      absl::Time deadline) const;
  // Before it is known who calls: RESOURCE_EXHAUSTED with reason RATE_LIMITED and the time until which.
  absl::Status CheckSource(const Call& call) const;
  // One call of this source without a good token.
  absl::Status TakeOpen(const Call& call) const;
  absl::Status CheckRate(const Call& call, const rpc::MethodRule& rule) const;
  // The trace id that the caller sent, or a new one.
  static std::string TraceOf(const grpc::ServerContext& context);
  // The call was answered: counts and logs it. A caller who is refused is told the trace to ask about.
  void Note(grpc::ServerContext& context, const rpc::MethodRule& rule, const absl::Status& status,
            absl::Duration time) const;

  db::Pool* const pool_;
  const rpc::PolicyTable policies_;
  const base::Clock& clock_;
  const GateOptions options_;
  mutable RateLimiter rates_;
};

}  // namespace snowfield::access
