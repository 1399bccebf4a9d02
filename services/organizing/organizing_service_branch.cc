// OrganizingService: what branches have done, and what their leaders need.
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/organizing/leader_home.h"
#include "services/organizing/organizing_service.h"
#include "services/organizing/roll_ups.h"

namespace snowfield::organizing {

grpc::Status OrganizingService::GetRollUp(grpc::ServerContext* context, const v1::GetRollUpRequest* request,
                                          v1::GetRollUpResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return organizing::GetRollUp(transaction, call.caller, *request);
                               }));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::GetLeaderHome(grpc::ServerContext* context, const v1::GetLeaderHomeRequest* request,
                                              v1::GetLeaderHomeResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    db::Scope scope = call.ReadScope();
    scope.one_snapshot = true;
    SNOWFIELD_ASSIGN_OR_RETURN(*response, db::RunInTransaction(*pool_, scope, [&](db::Transaction& transaction) {
      return organizing::GetLeaderHome(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

}  // namespace snowfield::organizing
