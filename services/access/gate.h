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

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/policy.h"

namespace snowfield::access {

struct GateOptions {
  // Calls come through a proxy that writes x-forwarded-for: only then is the header believed.
  bool behind_proxy = false;
};

class Gate {
 public:
  Gate(db::Pool* pool, rpc::PolicyTable policies, const base::Clock& clock, const GateOptions& options = {})
      : pool_(pool), policies_(std::move(policies)), clock_(clock), options_(options) {}

  // Admits a call by the type of its request and its `authorization` metadata, then runs `body` (a callable from
  // const Call& to absl::Status). UNAUTHENTICATED: TOKEN_MISSING, TOKEN_UNKNOWN, TOKEN_EXPIRED, TOKEN_REVOKED.
  // PERMISSION_DENIED: PERMISSION_MISSING, SCOPE_MISSING. For a client stream the request is the type of its messages.
  template <typename Request, typename Body>
  grpc::Status Serve(grpc::ServerContext& context, const Request& request, Body body) const {
    (void)request;
    return Serve<Request>(context, body);
  }
  template <typename Request, typename Body>
  grpc::Status Serve(grpc::ServerContext& context, Body body) const {
    const rpc::MethodRule* rule = policies_.Find(*Request::descriptor());
    absl::StatusOr<Call> call = Admit(context, rule);
    if (!call.ok()) return rpc::ToGrpcStatus(call.status());
    absl::Status status;
    try {
      status = body(*call);
    } catch (const std::exception&) {
      // No exception should get here; one that does must not end the server.
      status = absl::InternalError("exception");
    }
    if (!status.ok()) LogFailure(*rule, status);
    return rpc::ToGrpcStatus(status);
  }

 private:
  absl::StatusOr<Call> Admit(grpc::ServerContext& context, const rpc::MethodRule* rule) const;
  absl::StatusOr<Caller> FindCaller(const grpc::ServerContext& context, absl::Time deadline) const;
  static void LogFailure(const rpc::MethodRule& rule, const absl::Status& status);

  db::Pool* const pool_;
  const rpc::PolicyTable policies_;
  const base::Clock& clock_;
  const GateOptions options_;
};

}  // namespace snowfield::access
