#include "services/followup/followup_service.h"

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/followup/follow_ups.h"

namespace snowfield::followup {
namespace {
using access::Call;
using db::RunInTransaction;
using db::Transaction;
}  // namespace

grpc::Status FollowUpService::ListFollowUps(grpc::ServerContext* context, const v1::ListFollowUpsRequest* request,
                                            v1::ListFollowUpsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return List(transaction, call.caller, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::CompleteFollowUp(grpc::ServerContext* context, const v1::CompleteFollowUpRequest* request,
                                               v1::CompleteFollowUpResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return Complete(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::ListRules(grpc::ServerContext* context, const v1::ListRulesRequest* request,
                                        v1::ListRulesResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return followup::ListRules(transaction, *request);
    }));
    return absl::OkStatus();
  });
}

}  // namespace snowfield::followup
