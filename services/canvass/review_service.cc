#include "services/canvass/review_service.h"

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/canvass/review.h"

namespace snowfield::canvass {
namespace {
using access::Call;
using db::RunInTransaction;
using db::Transaction;
}  // namespace

grpc::Status ReviewService::ListFlaggedKnocks(grpc::ServerContext* context, const v1::ListFlaggedKnocksRequest* request,
                                              v1::ListFlaggedKnocksResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return ListFlagged(transaction, call.caller, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status ReviewService::JudgeKnock(grpc::ServerContext* context, const v1::JudgeKnockRequest* request,
                                       v1::JudgeKnockResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return Judge(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status ReviewService::GetEvidenceLimits(grpc::ServerContext* context, const v1::GetEvidenceLimitsRequest* request,
                                              v1::GetEvidenceLimitsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(
        *response->mutable_limits(),
        RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) { return ReadLimits(transaction); }));
    return absl::OkStatus();
  });
}

grpc::Status ReviewService::SetEvidenceLimits(grpc::ServerContext* context, const v1::SetEvidenceLimitsRequest* request,
                                              v1::SetEvidenceLimitsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response->mutable_limits(),
                               RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
                                 return SetLimits(transaction, call.caller, request->limits());
                               }));
    return absl::OkStatus();
  });
}

}  // namespace snowfield::canvass
