#include "services/canvass/review_service.h"

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/canvass/judge_addition.h"
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

grpc::Status ReviewService::ListAdditions(grpc::ServerContext* context, const v1::ListAdditionsRequest* request,
                                          v1::ListAdditionsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return ListFound(transaction, call.caller, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status ReviewService::JudgeAddition(grpc::ServerContext* context, const v1::JudgeAdditionRequest* request,
                                          v1::JudgeAdditionResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(JudgedAddition judged,
                               RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
                                 return JudgeFound(transaction, call.caller, *request, clock_.Now());
                               }));
    *response = std::move(judged.response);
    if (!judged.aside.has_value()) return absl::OkStatus();
    // The verdict stands whatever comes of this.
    const absl::Status put_back = put_back_(call, *judged.aside);
    if (!put_back.ok()) response->set_set_aside_reason(base::DetailOf(put_back).reason);
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
